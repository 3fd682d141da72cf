"""Browsers, signed in, that tell of every script error and every report of the content security policy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.axe import DESK
from tests.e2e.house import PASSWORD, House, email
from tests.whole.program import Program
from tools import tables

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Opens = Callable[..., Page]
BROKEN = "ERROR django.request"  # how a page that fails is told to the operator
BROKEN_OFF = "Failed to fetch dynamically imported module"  # a part that was still on its way when a new page was opened
expect.set_options(timeout=15_000)  # a small machine that does much else is slow, not wrong
PASSED_OVER = ("Failed to load resource", "Response Status Error Code", "htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The program with its people, started once."""
    import signal

    folder = Path(tempfile.mkdtemp(prefix="renmai-browser-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as another user, who must reach its folder in here
    program = Program(folder / "data")
    tables.begin(program.data)
    try:
        yield House(program.start()).furnish()
    finally:
        if program.process and program.process.poll() is None:
            program.signal(signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


def is_problem(said: ConsoleMessage) -> bool:
    """Whether a browser complains of us; that a request was refused is an answer, and one that a new page broke off needs none."""
    return said.type == "error" and not said.text.startswith(PASSED_OVER)


def sign_in(context: BrowserContext, house: House, name: str) -> None:
    """Sign in once and without a page: how a person does it, other tests show."""
    if name not in house.signed_in:
        door = f"{house.base}/sign-in/"
        context.request.get(door)
        token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
        said = {"login": email(name), "password": PASSWORD, "csrfmiddlewaretoken": token}
        answer = context.request.post(door, form=said, headers={"Referer": door}, max_redirects=0)
        assert answer.status == 302, answer.text()
        house.signed_in[name] = context.storage_state()


@pytest.fixture
def opens(house: House, browser: Browser) -> Iterator[Opens]:
    """Open a page as somebody: ``opens("/leads/", "alice", viewport=PHONE)``. Problems that it meets, or makes, fail the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []
    before = len(house.program.said)

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}") if BROKEN_OFF not in str(error) else None)
        page.on("console", lambda said: problems.append(f"{page.url}: {said.text}") if is_problem(said) else None)

    def opened(path: str, name: str = "alice", **options: Any) -> Page:
        settings = {"viewport": DESK, "locale": "en-GB", **options}
        context = browser.new_context(storage_state=house.signed_in.get(name), **settings)
        contexts.append(context)
        if name:
            sign_in(context, house, name)
        page = context.new_page()
        listen(page)
        page.goto(f"{house.base}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
    assert BROKEN not in house.program.said[before:], house.program.said[before:]


@pytest.fixture(scope="session")
def furnished(house: House) -> dict[str, str]:
    """One record of several types, with links between them: address by type."""
    account = house.make("accounts", name="Axe Ltd", email="info@axe.example", country="TH")
    person = house.make("people", name="สมชาย ใจดี", account=account["id"], phone="+66812345678")
    deal = house.make("opportunities", name="Axe deal", account=account["id"], person=person["id"], amount="1200.50", currency="THB")
    quote = house.make(
        "quotes", opportunity=deal["id"], currency="THB", lines=[{"description": "Chair", "quantity": "2", "unit_price": "10"}]
    )
    house.make("notes", body="A note", about=[{"type": "accounts", "id": account["id"]}])
    house.make("tasks", subject="Call", about=[{"type": "accounts", "id": account["id"]}])
    house.make("leads", name="王伟", company="华为", status="working")
    ticket = house.make("tickets", subject="Broken", account=account["id"])
    made = [account, person, deal, quote, ticket]
    return {record["type"]: f"/{record['type']}/{record['id']}/" for record in made}


@pytest.fixture
def live(opens: Opens) -> Opens:
    """Open a page and wait until it listens to the live stream."""

    def opened(path: str, name: str = "alice", **options: Any) -> Page:
        page = opens(path, name, **options)
        page.wait_for_selector("html[data-live=on]")
        return page

    return opened
