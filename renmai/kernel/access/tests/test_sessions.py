"""Sessions that ended by themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from renmai.kernel.access.sessions import Session, devices, forget_ended_sessions
from renmai.kernel.access.user import User

pytestmark = pytest.mark.django_db


def test_only_ended_sessions_are_forgotten(alice: User) -> None:
    for _browser in range(2):
        Client().force_login(alice)
    ended = Session.objects.filter(user=alice).first()
    assert ended is not None
    Session.objects.filter(pk=ended.pk).update(expire_date=timezone.now() - dt.timedelta(hours=1))
    assert forget_ended_sessions() == 1
    assert len(devices(alice, None)) == 1


def test_the_person_is_asked_for_none_but_their_own(alice: User, bob: User) -> None:
    Client().force_login(alice)
    assert devices(bob, None) == []
