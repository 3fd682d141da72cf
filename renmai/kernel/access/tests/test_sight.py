"""Nobody does anything to what they do not see, however far a role opens the verb."""

from __future__ import annotations

from typing import Any

import pytest

from renmai.kernel.access.user import Team, User
from renmai.kernel.access.why import why
from renmai.kernel.actions.errors import Missing
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create, remove, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api

LEADS = registry["leads"]
IN_THAILAND = {"criteria": {"field": "country", "op": "eq", "value": "TH"}}


@pytest.fixture
def clerk(dao: User, north: Team) -> Any:
    """May do everything to every lead, and sees those of Thailand."""
    rights = {"leads": {"*": "all", "view": IN_THAILAND}}
    role = create(registry["roles"], {"name": "Clerk", "rights": rights}, dao)
    return create(registry["users"], {"name": "Clerk", "email": "clerk@example.com", "roles": [str(role.pk)], "team": north}, dao)


@pytest.fixture
def far(dao: User) -> Any:
    return create(LEADS, {"name": "Far", "country": "DE"}, dao)


def test_what_is_not_seen_is_not_there_for_any_verb(clerk: User, far: Any) -> None:
    with pytest.raises(Missing):
        update(LEADS, far.pk, {"name": "Mine"}, clerk)
    with pytest.raises(Missing):
        remove(LEADS, far.pk, clerk)
    with pytest.raises(Missing):
        run(LEADS, "qualify", far.pk, by=clerk)
    assert not any(clerk.may(verb, far) for verb in ("edit", "delete", "export", "share", "qualify"))
    assert Api(clerk).patch(f"leads/{far.pk}/", {"name": "Mine"}).status_code == 404
    assert set(why(far, clerk).may.values()) == {False}


def test_what_is_seen_is_done(clerk: User, dao: User) -> None:
    near: Any = create(LEADS, {"name": "Near", "country": "TH"}, dao)
    assert update(LEADS, near.pk, {"name": "Mine"}, clerk).title == "Mine"
    remove(LEADS, near.pk, clerk)
    assert list(LEADS.model.objects.visible_to(clerk, "delete", deleted=True)) == [near]


def test_the_recycle_bin_holds_only_what_was_seen(clerk: User, dao: User, far: Any) -> None:
    remove(LEADS, far.pk, dao)
    assert not LEADS.model.objects.visible_to(clerk, "delete", deleted=True).exists()


def test_a_narrower_verb_asks_nothing_more_of_the_database(clerk: User, alice: User) -> None:
    assert alice.access.is_within_sight(LEADS.model, "edit")
    assert not clerk.access.is_within_sight(LEADS.model, "edit")
    assert clerk.access.is_within_sight(LEADS.model, "create")
