"""One's own settings, tokens, roles, and the page that leads to them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from renmai.kernel.access.token import Token
from renmai.kernel.access.user import Role, User

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def mine(**more: str) -> dict[str, str]:
    return {"name": "Alice Liddell", "language": "zh-Hant", "time_zone": "Asia/Taipei", "era": "roc", "theme": "dark", **more}


def test_the_settings_show_what_a_person_may_set(alice: User, dao: User) -> None:
    assert 'href="/settings/company/"' in text(signed_in(dao).get("/settings/"))
    page = text(signed_in(alice).get("/settings/"))
    assert 'href="/settings/me/"' in page
    assert 'href="/settings/company/"' not in page


SOUGHT = {
    "/roles/": ["permissions", "权限", "權限", "สิทธิ์"],
    "/settings/sign-in/": ["SSO", "单点登录", "單一登入", "SAML"],
    "/settings/me/#sign-in": ["2FA", "双重认证", "雙重驗證", "MFA"],
    "/settings/fields/": ["formula", "公式", "公式", "สูตร"],
    "/settings/layouts/": ["required", "必填", "必填", "แบบฟอร์ม"],
    "/approval-flows/": ["approver", "审批", "簽核", "อนุมัติ"],
    "/teams/": ["departments", "部门", "部門", "แผนก"],
    "/recycle-bin/": ["restore", "恢复", "還原", "กู้คืน"],
}


@pytest.mark.parametrize(("place", "code"), enumerate(["en", "zh-Hans", "zh-Hant", "th"]))
def test_settings_are_found_in_every_language_by_the_words_of_who_looks_for_them(dao: User, place: int, code: str) -> None:
    User.objects.filter(pk=dao.pk).update(language=code)
    page = text(signed_in(dao).get("/settings/"))
    cards = dict(re.findall(r'class="settings-card" href="([^"]+)" data-words="([^"]*)"', page))
    assert {address: words[place] for address, words in SOUGHT.items() if words[place].lower() not in cards[address].lower()} == {}


def test_every_setting_says_what_it_is_for(dao: User) -> None:
    page = text(signed_in(dao).get("/settings/"))
    said = re.findall(r'class="settings-card" href="([^"]+)".*?class="soft small">([^<]*)<', page)
    assert [address for address, sentence in said if len(sentence) < 12] == []
    assert len(said) == page.count('class="settings-card"') > 20


def test_a_person_changes_their_own_record_without_any_right(alice: User) -> None:
    client = signed_in(alice)
    assert client.post("/settings/me/", mine()).status_code == 302
    now = User.objects.get(pk=alice.pk)
    assert (now.name, now.title, now.language, now.time_zone, now.era, now.theme) == (
        "Alice Liddell",
        "Alice Liddell",
        "zh-Hant",
        "Asia/Taipei",
        "roc",
        "dark",
    )
    assert client.get("/settings/me/")["Content-Language"] == "zh-Hant"


def test_nobody_gives_themselves_rights_on_the_way(alice: User) -> None:
    admin = str(Role.objects.get(name="admin").pk)
    signed_in(alice).post("/settings/me/", mine(roles=admin, email="x@example.com"))
    now = User.objects.get(pk=alice.pk)
    assert (now.roles, now.email) == (alice.roles, alice.email)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"time_zone": "Mars/Base"}, {"era": "bc"}])
def test_a_wrong_setting_is_refused_beside_its_field(alice: User, wrong: dict[str, str]) -> None:
    response = signed_in(alice).post("/settings/me/", mine(**wrong))
    assert response.status_code == 422
    assert f'id="f-{next(iter(wrong))}-problem"' in text(response)


@pytest.fixture
def known(alice: User, settings: Any) -> User:
    """Alice, who has a password, of which a quick digest is kept here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    alice.set_password(PASSWORD)
    alice.save(update_fields=["password"])
    return alice


def change_password(client: Client, present: str, new: str = "five other words of mine") -> Any:
    return client.post("/settings/me/password/", {"oldpassword": present, "password1": new})


def test_a_new_password_signs_other_browsers_out_and_this_one_not(known: User) -> None:
    here, there = signed_in(known), signed_in(known)
    assert change_password(here, PASSWORD)["Location"] == "/settings/me/"
    assert here.get("/settings/me/").status_code == 200
    assert there.get("/settings/me/").status_code == 302


def test_the_present_password_is_asked_for(known: User) -> None:
    response = change_password(signed_in(known), "a guess of somebody")
    assert response.status_code == 422
    assert "This is not your present password." in text(response)


def test_a_browser_is_signed_out_from_another(alice: User) -> None:
    here, there = signed_in(alice), signed_in(alice)
    (handle,) = re.findall(r"/settings/me/sessions/([0-9a-f]{20})/", text(here.get("/settings/me/")))
    here.post(f"/settings/me/sessions/{handle}/")
    assert there.get("/settings/me/").status_code == 302
    assert here.get("/settings/me/").status_code == 200


def test_all_others_are_signed_out_at_once(alice: User) -> None:
    here, *others = [signed_in(alice) for _browser in range(3)]
    here.post("/settings/me/sessions/others/")
    assert [client.get("/settings/me/").status_code for client in (here, *others)] == [200, 302, 302]


def test_the_list_of_browsers_holds_no_key_to_them(alice: User) -> None:
    here, there = signed_in(alice), signed_in(alice)
    assert str(there.session.session_key) not in text(here.get("/settings/me/"))


def test_a_token_is_shown_once_and_works(alice: User) -> None:
    client = signed_in(alice)
    found = re.search(r'id="token">(rm_[^<]+)<', text(client.post("/settings/tokens/", {"name": "Till", "lasts": "30"})))
    assert found is not None
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {found[1]}"}).status_code == 200
    page = text(client.get("/settings/tokens/"))
    assert "Till" in page
    assert found[1] not in page
    token = Token.objects.get(user=alice)
    assert token.expires_at is not None
    assert token.last_used_at is not None


def test_a_revoked_token_is_worthless(alice: User) -> None:
    key = Token.issue(alice, "Till")
    signed_in(alice).post(f"/settings/tokens/{Token.objects.get(user=alice).pk}/revoke/")
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_nobody_revokes_the_tokens_of_others(alice: User, bob: User) -> None:
    Token.issue(alice)
    signed_in(bob).post(f"/settings/tokens/{Token.objects.get(user=alice).pk}/revoke/")
    assert Token.objects.filter(user=alice).exists()


@pytest.mark.parametrize("path", ["/settings/", "/settings/me/", "/settings/tokens/", "/settings/about/", "/settings/me/password/"])
def test_every_page_of_ones_own_opens(alice: User, path: str) -> None:
    assert signed_in(alice).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/settings/company/", "/settings/invite/"])
def test_pages_of_admins_open_for_them_only(alice: User, dao: User, path: str) -> None:
    assert signed_in(alice).get(path).status_code == 403
    assert signed_in(dao).get(path).status_code == 200
