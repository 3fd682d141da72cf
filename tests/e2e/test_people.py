"""Coming in, going out, and what one finds first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import PHONE, violations
from tests.e2e.conftest import Opens
from tests.e2e.house import PASSWORD, House, email
from tests.whole.program import until

pytestmark = pytest.mark.browser
Stranger = Callable[..., Page]


@pytest.fixture
def stranger(opens: Opens) -> Stranger:
    """A browser in which nobody is signed in."""
    return lambda path="/", **options: opens(path, "", **options)


def knock(page: Page, address: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in and send it."""
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def answered(page: Page) -> Page:
    """The home page, once the first questions are skipped."""
    if page.url.endswith("/welcome/"):
        page.get_by_role("button", name="Skip this").click()
    expect(page.get_by_role("heading", name="Good day")).to_be_visible()
    return page


def test_the_first_admin_answers_a_few_questions_and_comes_home(opens: Opens) -> None:
    page = opens("/welcome/", locale="th-TH")
    assert violations(page) == []
    expect(page.locator("#f-country")).to_have_value("TH")
    page.locator("#f-name").fill("บริษัท โคมไฟ จำกัด")
    page.locator("#f-language").select_option("en")
    page.locator("form[data-welcome] button[type=submit]").click()
    expect(page.get_by_role("heading", name="Good day, Alice")).to_be_visible()
    page.goto(page.url + "settings/company/")
    expect(page.get_by_label("Currency")).to_have_value("THB")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Bangkok")


def test_a_stranger_comes_back_to_the_page_that_was_wanted(stranger: Stranger) -> None:
    page = stranger("/leads/?q=lamp")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    assert violations(page) == []
    knock(page, email("erin"))
    expect(page).to_have_url(re.compile(r"/leads/\?q=lamp$"))


def test_after_five_wrong_passwords_the_right_one_waits_too(stranger: Stranger, house: House) -> None:
    page = stranger("/sign-in/")
    for _attempt in range(5):
        knock(page, email("frank"), "not this one at all")
        expect(page.get_by_role("alert")).to_contain_text("is not right")
        page.goto(f"{house.base}/sign-in/")
    knock(page, email("frank"))
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts")


def test_a_lost_password_is_set_anew_by_the_link_in_the_mail(stranger: Stranger, house: House) -> None:
    page = stranger("/sign-in/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail").fill(email("grace"))
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    until(lambda: re.search(r"http://\S+/sign-in/reset/[\w-]+/", house.program.said))
    link = re.findall(r"http://\S+/sign-in/reset/[\w-]+/", house.program.said)[-1]
    page.goto(link)
    assert violations(page) == []
    page.get_by_label("New password").fill("five other words of mine")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Your new password is set")).to_be_visible()
    page.goto(f"{house.base}/sign-in/")
    knock(page, email("grace"), "five other words of mine")
    expect(page.get_by_role("heading", name="Good day, Grace")).to_be_visible()


def test_an_admin_lets_a_colleague_in_with_a_link(opens: Opens, stranger: Stranger) -> None:
    page = opens("/settings/invite/")
    page.get_by_label("E-mail").fill("heidi@example.com")
    page.get_by_label("Role").select_option(label="Sales representative")
    page.get_by_role("button", name="Invite").click()
    guest = stranger("/sign-in/")
    guest.goto(page.locator("#link").inner_text())
    assert violations(guest) == []
    guest.get_by_label("Your name").fill("Heidi Lamp")
    guest.get_by_label("Choose a password").fill("many good words here")
    guest.get_by_role("button", name="Come in").click()
    expect(guest.get_by_role("heading", name="Good day, Heidi Lamp")).to_be_visible()


def test_signing_out_everywhere_ends_the_other_browser_too(stranger: Stranger, house: House) -> None:
    here, there = stranger("/sign-in/"), stranger("/sign-in/")
    for page in (here, there):
        knock(page, email("ivan"))
        expect(page.get_by_role("heading", name="Good day, Ivan")).to_be_visible()
    here.locator("[popovertarget=person]").click()
    here.get_by_role("button", name="Sign out everywhere").click()
    expect(here).to_have_url(re.compile("/sign-in/$"))
    there.goto(f"{house.base}/leads/")
    expect(there).to_have_url(re.compile("/sign-in/"))


def test_a_task_is_done_with_one_touch(opens: Opens, house: House) -> None:
    user = house.call("GET", "users/?q=alice")["items"][0]["id"]
    house.make("tasks", subject="Hang up the lamp", assignee=user)
    page = answered(opens("/", viewport=PHONE))
    page.get_by_role("button", name="Done: Hang up the lamp").click()
    expect(page.locator("#to-do").get_by_role("link", name="Hang up the lamp")).to_have_count(0)


def test_what_others_do_shows_on_the_home_page_at_once(opens: Opens, house: House) -> None:
    page = answered(opens("/"))  # the first questions listen to nothing
    page.wait_for_selector("html[data-live=on]")
    house.make("leads", name="Lamp buyer of today")
    expect(page.locator("#recent")).to_contain_text("Lamp buyer of today", timeout=15_000)


def test_settings_are_found_by_their_words(opens: Opens) -> None:
    page = opens("/settings/")
    page.get_by_placeholder("Find a setting").fill("password")
    expect(page.locator(".settings-card:visible")).to_have_count(1)
    page.get_by_placeholder("Find a setting").fill("no such thing")
    expect(page.get_by_text("No setting matches.")).to_be_visible()
