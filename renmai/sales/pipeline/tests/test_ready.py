"""Stages and roles that come with the program are called as their reader calls them, until somebody renames them."""

from __future__ import annotations

import pytest
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.run import run
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry
from renmai.kernel.testing.people import Api
from renmai.sales.pipeline.model import Stage

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


@pytest.fixture
def thai(client: Client, dao: User) -> Client:
    """Dao reads Thai."""
    User.objects.filter(pk=dao.pk).update(language="th")
    client.force_login(dao)
    return client


def test_lists_boards_forms_and_timelines_say_stages_in_the_readers_language(thai: Client, dao: User) -> None:
    deal = create(registry["opportunities"], {"name": "Deal"}, dao)
    run(registry["opportunities"], "move", deal.pk, by=dao, arguments={"stage": str(Stage.objects.get(name="Contact").pk)})
    for path in (
        "/stages/",
        "/opportunities/",
        "/opportunities/?view=board",
        f"/opportunities/{deal.pk}/",
        f"/opportunities/{deal.pk}/edit/",
    ):
        page = read(thai, path)
        assert "ติดต่อ" in page, path
        assert "Contact<" not in page and 'value="Contact"' not in page, path


def test_a_name_stored_in_another_language_is_the_same_ready_name(thai: Client, dao: User) -> None:
    update(registry["stages"], Stage.objects.get(name="Contact").pk, {"name": "初步接触"}, dao)
    page = read(thai, "/stages/")
    assert "初步接触" not in page and "ติดต่อ" in page


def test_a_renamed_one_is_called_as_it_was_renamed(thai: Client, dao: User) -> None:
    update(registry["stages"], Stage.objects.get(name="Contact").pk, {"name": "First talk"}, dao)
    assert "First talk" in read(thai, "/stages/")


def test_roles_in_generic_lists_too(thai: Client, dao: User) -> None:
    role = Role.objects.get(name="rep")
    for path in ("/roles/", f"/roles/{role.pk}/"):
        assert "พนักงานขาย" in read(thai, path), path
    assert "ผู้ดูแลระบบ" in read(thai, f"/users/{dao.pk}/")


def test_programs_read_names_as_they_are_stored(dao: User) -> None:
    User.objects.filter(pk=dao.pk).update(language="th")
    assert {item["name"] for item in Api(dao).get("stages/").json()["items"]} >= {"Prospect", "Won"}
