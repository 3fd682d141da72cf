"""How a new colleague comes in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.core.signing import dumps
from django.test import Client

from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.records.store import update
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db
CHOSEN = {"name": "Malee Suk", "password": "many good words here", "language": "th"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def invite(by: User, email: str = "malee@example.com", role: str = "rep", **more: Any) -> Any:
    return signed_in(by).post("/settings/invite/", {"email": email, "role": str(Role.objects.get(name=role).pk), "name": "Malee", **more})


def link_in(response: Any) -> str:
    found = re.search(r'id="link">https?://[^/]+(/invitation/[^<]+)<', response.content.decode())
    assert found is not None
    return found[1]


def test_an_admin_gets_a_link_with_which_somebody_comes_in(client: Client, dao: User, north: Team) -> None:
    link = link_in(invite(dao, team=str(north.pk)))
    assert "malee@example.com" in client.get(link).content.decode()
    assert client.post(link, CHOSEN)["Location"] == "/"
    malee = User.objects.get(email="malee@example.com")
    assert (malee.name, malee.title, malee.language, malee.team) == ("Malee Suk", "Malee Suk", "th", north)
    assert client.session["_auth_user_id"] == str(malee.pk)
    assert Client().post("/sign-in/", {"login": malee.email, "password": CHOSEN["password"]}).status_code == 302


def test_a_link_works_only_once(client: Client, dao: User) -> None:
    link = link_in(invite(dao))
    client.post(link, CHOSEN)
    assert Client().get(link).status_code == 410
    assert Client().post(link, {**CHOSEN, "password": "another set of words"}).status_code == 410


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 410)])
def test_a_link_works_for_a_week(client: Client, dao: User, monkeypatch: pytest.MonkeyPatch, days: int, status: int) -> None:
    then = dt.datetime.now().timestamp() - dt.timedelta(days=days).total_seconds()
    with monkeypatch.context() as earlier:
        earlier.setattr("django.core.signing.time.time", lambda: then)
        link = link_in(invite(dao))
    assert client.get(link).status_code == status


def test_a_link_of_somebody_whose_account_is_closed_does_not_work(client: Client, dao: User) -> None:
    link = link_in(invite(dao))
    update(registry["users"], User.objects.get(email="malee@example.com").pk, {"active": False}, dao)
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_forged_link_does_not_work(client: Client, db: None, token: str) -> None:
    assert client.get(f"/invitation/{token}/").status_code == 410


def test_what_was_signed_for_another_purpose_is_no_invitation(client: Client, alice: User) -> None:
    assert client.get(f"/invitation/{dumps([str(alice.pk), ''], salt='other')}/").status_code == 410


@pytest.mark.parametrize("wrong", [{"name": ""}, {"password": "short"}, {"language": "de"}])
def test_what_does_not_do_is_said_beside_its_field(client: Client, dao: User, wrong: dict[str, str]) -> None:
    link = link_in(invite(dao))
    response = client.post(link, {**CHOSEN, **wrong})
    assert response.status_code == 422
    assert f'id="f-{next(iter(wrong))}-problem"' in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_address_that_is_taken_is_refused(dao: User, alice: User) -> None:
    alice.set_password("four plain words here")
    alice.save(update_fields=["password"])
    response = invite(dao, alice.email)
    assert response.status_code == 422
    assert "Another user has this e-mail address." in response.content.decode()


def test_only_admins_invite(alice: User) -> None:
    assert signed_in(alice).get("/settings/invite/").status_code == 403
    assert invite(alice).status_code == 403
    assert not User.objects.filter(email="malee@example.com").exists()


def test_who_has_not_come_in_yet_can_get_a_new_link(client: Client, dao: User) -> None:
    invite(dao)
    malee = User.objects.get(email="malee@example.com")
    link = link_in(signed_in(dao).post(f"/settings/invite/{malee.pk}/"))
    client.post(link, CHOSEN)
    assert signed_in(dao).post(f"/settings/invite/{malee.pk}/").status_code == 404


def test_the_link_is_mailed_where_mail_is_set_up(client: Client, dao: User, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    invite(dao)
    for job in Job.objects.filter(kind="mail-invitation"):
        perform(job)
    (letter,) = mail.outbox
    assert letter.to == ["malee@example.com"]
    found = re.search(r"(/invitation/\S+)", str(letter.body))
    assert found is not None
    assert client.get(found[1]).status_code == 200


def test_somebody_who_was_made_without_a_password_can_be_invited(client: Client, dao: User, alice: User) -> None:
    link = link_in(invite(dao, alice.email))
    client.post(link, CHOSEN)
    assert client.session["_auth_user_id"] == str(alice.pk)
