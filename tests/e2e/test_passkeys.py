"""A passkey is made, opens the door by itself, and is the second step after the password. The browser keeps it in a virtual device."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.axe import violations
from tests.e2e.house import PASSWORD, House

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(house: House, browser: Browser) -> Iterator[Page]:
    """A browser with a device for passkeys; these belong to names, so that the house is asked for by its name."""
    context = browser.new_context(base_url=f"http://localhost:{house.program.port}", locale="en-GB")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def type_password(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    page.locator("input[type=email]").fill(f"{name}@example.com")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_opens_the_door_and_is_the_second_step(house: House, page: Page) -> None:
    type_password(page, "key")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto("/settings/me/steps/passkeys/add/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/settings/me/steps/codes/")
    assert page.locator("#codes li").count() == 10

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/settings/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda address: address.endswith("/settings/me/") and "sign-in" not in address)

    page.context.clear_cookies()
    type_password(page, "key")
    page.wait_for_url("**/sign-in/code/")
    assert violations(page) == []
    page.get_by_role("button", name="Use the passkey").click()
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto("/settings/me/sign-ins/")
    assert page.get_by_text("Password + Passkey").count() == 1
