"""The pages of a role: a table of types, a page per type, and what a change comes to before it is saved."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.roles.difference import difference
from renmai.kernel.access.roles.table import actions_of
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Forbidden
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api, again, person

LEADS = registry["leads"]
IN_THAILAND = {"field": "country", "op": "eq", "value": "TH"}


@pytest.fixture
def rep(db: None) -> Any:
    """The ready role of those who sell, as if it said nothing of leads alone."""
    found = Role.objects.get(name="rep")
    found.rights.pop("leads", None)
    found.save()
    return found


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def saved(client: Client, path: str, values: dict[str, Any]) -> Any:
    """The answer after the difference was shown and agreed to."""
    answer = client.post(path, values)
    proposed = re.search(r'name="proposed" value="([^"]*)"', answer.content.decode())
    assert proposed, answer.status_code
    sent = {"proposed": proposed[1].replace("&#34;", '"').replace("&amp;", "&"), "version": values.get("version", ""), "save": "1"}
    return client.post(path, sent)


def test_everybody_reads_what_a_role_may_do_and_nobody_else_changes_it(alice: User, rep: Any) -> None:
    client = signed_in(alice)
    page = client.get(f"/roles/{rep.pk}/").content.decode()
    assert "Sales representative" in page
    assert 'name="leads.view"' not in page
    assert client.post(f"/roles/{rep.pk}/", {"leads.view": "all"}).status_code == 403
    assert client.post(f"/roles/{rep.pk}/types/leads/", {"leads.view": "all"}).status_code == 403


def test_a_ready_role_is_called_by_its_title_which_is_no_new_name(dao: User, rep: Any) -> None:
    client = signed_in(dao)
    assert 'name="name" value="Sales representative"' in client.get(f"/roles/{rep.pk}/").content.decode()
    saved(client, f"/roles/{rep.pk}/", {"name": "Sales representative", "leads.export": "none", "version": str(rep.version)})
    assert (Role.objects.get(pk=rep.pk).name, Role.objects.get(pk=rep.pk).rights["leads"]) == ("rep", {"export": "none"})


def test_nothing_is_saved_before_the_difference_was_shown(dao: User, rep: Any) -> None:
    page = signed_in(dao).post(f"/roles/{rep.pk}/", {"name": "rep", "leads.export": "none"}).content.decode()
    assert "Leads – Export: Nothing, before: Own." in page
    assert Role.objects.get(pk=rep.pk).rights == rep.rights


def test_one_cell_changes_and_the_rest_stays(dao: User, rep: Any) -> None:
    before = rep.rights
    saved(signed_in(dao), f"/roles/{rep.pk}/", {"name": "rep", "leads.export": "none", "version": str(rep.version)})
    rep.refresh_from_db()
    assert rep.rights == {**before, "leads": {"export": "none"}}


def test_a_type_can_go_as_every_type_again(dao: User, rep: Any) -> None:
    client, path = signed_in(dao), f"/roles/{rep.pk}/"
    saved(client, path, {"name": "rep", "leads.export": "none"})
    saved(client, path, {"name": "rep", "leads.export": ""})
    rep.refresh_from_db()
    assert "leads" not in rep.rights


def test_a_rule_is_written_with_the_builder_and_fields_and_actions_beside_it(dao: User, rep: Any) -> None:
    path, client = f"/roles/{rep.pk}/types/leads/", signed_in(dao)
    shaped = client.post(path, {"leads.view": "criteria", "shape": "1"}).content.decode()
    assert 'id="criteria-rule-view"' in shaped and '<option value="city"' not in shaped
    line = {"step": "country", "op": "in", "value": "TH", "kind": "line"}
    rule = {"rule-view.kind": "group", "rule-view.match": "all", **{f"rule-view.0.{name}": value for name, value in line.items()}}
    chosen = {"leads.view": "criteria", "leads.convert": "none", "field.score": "hidden", "field.source": "read"}
    assert client.post(path, {**chosen, **rule, "rule-view.0.value": ""}).status_code == 422
    assert saved(client, path, {**chosen, **rule}).status_code == 302
    rep.refresh_from_db()
    assert rep.rights["leads"] == {"view": {"criteria": {**IN_THAILAND, "op": "in", "value": ["TH"]}}, "convert": "none"}
    assert rep.fields == {"leads": {"score": "hidden", "source": "read"}}


def test_a_rule_looks_only_where_an_index_leads(dao: User) -> None:
    for tree, said in [
        ({"field": "city", "op": "eq", "value": "Bangkok"}, "City"),
        ({"field": "campaign.kind", "op": "is_set"}, "Kind"),
        ({"field": "tasks", "op": "any", "value": {}}, "related records"),
    ]:
        answer = Api(dao).post("roles/", {"name": "Odd", "rights": {"leads": {"view": {"criteria": tree}}}})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "rights")
        assert said in answer.json()["errors"][0]["message"]


def test_an_action_that_a_role_closes_is_closed(alice: User, dao: User, rep: Any) -> None:
    assert {"qualify", "convert", "claim"} <= set(actions_of(LEADS))
    lead = create(LEADS, {"name": "Ann"}, alice)
    Api(dao).patch(f"roles/{rep.pk}/", {"rights": {**rep.rights, "leads": {"qualify": "none"}}})
    with pytest.raises(Forbidden):
        run(LEADS, "qualify", lead.pk, by=again(alice))
    assert run(LEADS, "disqualify", lead.pk, by=again(alice), arguments={"reason": "No"}).item.pk == lead.pk


def test_the_difference_tells_who_sees_how_much(alice: User, bob: User, charlie: User, dao: User, rep: Any) -> None:
    for owner in (alice, alice, charlie):
        create(LEADS, {"name": "Ann", "owner": owner}, dao)
    wider = Role(name="rep", rights={**rep.rights, "leads": {"view": "own"}}, fields={"leads": {"score": "hidden"}}, second_step=True)
    told = difference(rep, wider, dao, bob)
    assert [(one.kind.slug, one.person, one.before, one.after) for one in told.seen] == [("leads", bob, 2, 0), ("leads", None, 3, 3)]
    assert told.sentences == [
        "Leads – See: Own, before: Team.",
        "Leads – field “Score”: Hidden, before: Open.",
        "Whoever has this role needs a second step to sign in from now on.",
    ]


def test_somebody_without_the_role_is_shown_as_if_they_had_it(dao: User, rep: Any) -> None:
    newcomer = person("Eve", "rep", None)
    create(LEADS, {"name": "Ann"}, dao)
    told = difference(None, Role(name="All", rights={"leads": {"view": "all"}}), dao, newcomer)
    assert [(one.before, one.after) for one in told.seen if one.kind is LEADS] == [(0, 1)]


def test_a_program_rehearses_a_change(dao: User, alice: User, rep: Any) -> None:
    program, change = Api(dao), {"rights": {**rep.rights, "leads": {"view": "none"}}}
    told = program.client.patch(f"/api/v1/roles/{rep.pk}/?dry_run=1&person={alice.pk}", json.dumps(change), content_type="application/json")
    assert told.json()["difference"]["sentences"] == ["Leads – See: Nothing, before: Team."]
    assert told.json()["difference"]["seen"][0]["person"]["title"] == "Alice"
    assert Role.objects.get(pk=rep.pk).version == rep.version
    assert program.post("roles/?dry_run=1", {"name": "New", "rights": {"leads": {"view": "all"}}}).json()["dry_run"] is True
    assert not Role.objects.filter(name="New").exists()
    assert program.post("leads/?dry_run=1", {"name": "Ann"}).status_code == 422
    assert program.client.patch(f"/api/v1/roles/{rep.pk}/?dry_run=1", '{"rights": 3}', content_type="application/json").status_code == 422


def test_a_field_that_has_gone_is_shown_as_such_and_stays_closed_until_somebody_opens_it(dao: User, rep: Any) -> None:
    Role.objects.filter(pk=rep.pk).update(fields={"leads": {"custom.salary": "hidden"}})
    client, path = signed_in(dao), f"/roles/{rep.pk}/types/leads/"
    assert "custom.salary (this field no longer exists)" in client.get(path).content.decode()
    saved(client, path, {"field.score": "read"})
    assert Role.objects.get(pk=rep.pk).fields == {"leads": {"custom.salary": "hidden", "score": "read"}}
    saved(client, path, {"field.score": "read", "field.custom.salary": "write"})
    assert Role.objects.get(pk=rep.pk).fields == {"leads": {"score": "read"}}
