"""In whose language, zone and era a page is written."""

from __future__ import annotations

import pytest
from django.test import Client

from renmai.config.env import env
from renmai.kernel.access.user import User
from renmai.kernel.ui.reader import accepted, language_of, tag


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-CN", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-Hant-HK", "zh-hant"),
        ("th-TH,en;q=0.5", "th"),
        ("fr,de;q=0.9,en-GB;q=0.2", "en"),
        ("en;q=0.3,th;q=0.8", "th"),
        ("fr", None),
        ("", None),
        (";;q=x,th", "th"),
    ],
)
def test_the_browser_says_which_language_is_wanted(header: str, language: str | None) -> None:
    assert accepted(header) == language


def test_a_language_that_we_do_not_speak_is_none() -> None:
    assert language_of("de-AT") is None


def test_the_tag_has_its_script_in_capitals() -> None:
    assert (tag("zh-hant"), tag("th")) == ("zh-Hant", "th")


@pytest.mark.django_db
def test_a_stranger_reads_the_language_of_the_browser(client: Client) -> None:
    page = client.get("/sign-in/", headers={"Accept-Language": "zh-TW"})
    assert '<html lang="zh-Hant"' in page.content.decode()


def test_what_a_person_has_set_counts_more_than_the_browser(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="th", theme="dark")
    client.force_login(alice)
    page = client.get("/leads/", headers={"Accept-Language": "zh-TW"}).content.decode()
    assert '<html lang="th" data-bs-theme="dark"' in page


def test_a_person_changes_look_and_era(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/me/", {"theme": "dark"})
    client.post("/me/", {"era": "be"})
    alice.refresh_from_db()
    assert (alice.theme, alice.era) == ("dark", "be")


def test_an_unknown_setting_is_refused(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.post("/me/", {"theme": "purple"}).status_code == 400


@pytest.mark.django_db
def test_a_language_chosen_by_a_stranger_does_not_lead_elsewhere(client: Client) -> None:
    response = client.post("/me/language/", {"language": "th", "next": "https://elsewhere.example/"})
    assert (response["Location"], client.cookies["language"].value) == ("/", "th")


def test_nothing_inline_and_nothing_of_others_is_allowed(client: Client, alice: User) -> None:
    client.force_login(alice)
    policy = client.get("/leads/", headers={"Host": f"127.0.0.1:{env.port}"})["Content-Security-Policy"]
    assert "default-src 'self';" in policy
    assert "unsafe" not in policy
    assert f"connect-src 'self' http://127.0.0.1:{env.live_port};" in policy


def test_behind_a_proxy_the_live_stream_is_our_own_address(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "connect-src 'self';" in client.get("/leads/", headers={"Host": "127.0.0.1"})["Content-Security-Policy"]
