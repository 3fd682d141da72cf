"""The first questions, and the same later."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.user import User
from renmai.kernel.overlay.company import Company, change_company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    """Nobody has answered yet."""
    change_company(set_up_at=None, language="en", country="", currency="USD", time_zone="UTC", name="")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(**more: str) -> dict[str, str]:
    return {"name": "Lotus", "language": "th", "country": "TH", "currency": "", "industry": "retail", "time_zone": "", **more}


def test_the_first_admin_is_asked_about_the_company(dao: User) -> None:
    assert signed_in(dao).get("/")["Location"] == "/welcome/"


def test_others_are_not(alice: User) -> None:
    assert signed_in(alice).get("/").status_code == 200
    assert signed_in(alice).get("/welcome/").status_code == 403


def test_currency_and_time_zone_follow_the_country(dao: User) -> None:
    response = signed_in(dao).post("/welcome/", answers())
    assert response["Location"] == "/"
    ours = Company.objects.get()
    assert (ours.name, ours.language, ours.country, ours.industry) == ("Lotus", "th", "TH", "retail")
    assert (ours.currency, ours.time_zone) == ("THB", "Asia/Bangkok")
    assert ours.set_up_at is not None


def test_whoever_answers_reads_on_in_that_language(dao: User) -> None:
    client = signed_in(dao)
    client.post("/welcome/", answers())
    assert client.get("/")["Content-Language"] == "th"


def test_another_currency_may_be_chosen(dao: User) -> None:
    signed_in(dao).post("/welcome/", answers(currency="USD", time_zone="Asia/Shanghai"))
    ours = Company.objects.get()
    assert (ours.currency, ours.time_zone) == ("USD", "Asia/Shanghai")


def test_the_questions_can_be_skipped(dao: User) -> None:
    client = signed_in(dao)
    client.post("/welcome/skip/")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("header", "country"), [("zh-TW,zh;q=0.9", "TW"), ("th-TH", "TH"), ("zh-Hant-HK", "HK"), ("th", ""), ("zh-Hant", ""), ("", "")]
)
def test_the_country_is_guessed_from_the_browser(dao: User, header: str, country: str) -> None:
    page = signed_in(dao).get("/welcome/", headers={"accept-language": header}).content.decode()
    assert (f'<option value="{country}" selected' in page) is bool(country)


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"currency": "ZZZ"}, {"time_zone": "Mars/Base"}, {"language": "de"}])
def test_what_does_not_exist_is_refused_beside_its_field(dao: User, wrong: dict[str, Any]) -> None:
    response = signed_in(dao).post("/welcome/", answers(**wrong))
    assert response.status_code == 422
    assert f'id="f-{next(iter(wrong))}-problem"' in response.content.decode()
    assert Company.objects.get().set_up_at is None


def test_the_company_is_changed_by_admins_only(dao: User, alice: User) -> None:
    assert signed_in(alice).get("/settings/company/").status_code == 403
    assert signed_in(dao).post("/settings/company/", answers(name="Other"))["Location"] == "/settings/company/"
    assert Company.objects.get().name == "Other"
