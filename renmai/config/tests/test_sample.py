"""Taking the sample company away."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renmai.config.sample import KIND
from renmai.kernel.access.user import User
from renmai.kernel.jobs.model import Job
from renmai.kernel.jobs.work import perform
from renmai.kernel.overlay.company import change_company
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    """A sample company is there."""
    change_company(set_up_at=timezone.now(), sample_at=timezone.now())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(response: Any) -> str:
    return str(response.content.decode())


def test_admins_find_the_way_to_it_while_there_is_something_to_remove(dao: User, alice: User) -> None:
    assert "/settings/sample/" in page(signed_in(dao).get("/settings/"))
    assert "/settings/sample/" not in page(signed_in(alice).get("/settings/"))
    change_company(sample_at=None)
    assert "/settings/sample/" not in page(signed_in(dao).get("/settings/"))


def test_the_sample_goes_and_ones_own_stays(dao: User) -> None:
    create(registry["accounts"], {"name": "Of the sample", "external_ids": {"sample": "1"}}, None)
    create(registry["accounts"], {"name": "Our own"}, dao)
    client = signed_in(dao)
    assert "is being removed" in page(client.post("/settings/sample/", follow=True))
    perform(Job.objects.get(kind=KIND))
    assert list(registry["accounts"].model.objects.values_list("title", flat=True)) == ["Our own"]
    assert "There is no sample data" in page(client.get("/settings/sample/"))


def test_asking_twice_removes_once(dao: User) -> None:
    client = signed_in(dao)
    client.post("/settings/sample/")
    client.post("/settings/sample/")
    assert Job.objects.filter(kind=KIND).count() == 1


def test_others_may_not(alice: User) -> None:
    assert signed_in(alice).post("/settings/sample/").status_code == 403
    assert not Job.objects.filter(kind=KIND).exists()


def test_nobody_removes_themselves(dao: User) -> None:
    update(registry["users"], dao.pk, {"external_ids": {"sample": "dao"}}, None)
    assert signed_in(dao).post("/settings/sample/").status_code == 409
    assert not Job.objects.filter(kind=KIND).exists()
