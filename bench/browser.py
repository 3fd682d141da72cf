"""The scenario ``web_page``: list, board and customer in Chromium, with an empty cache and with a filled one."""

from __future__ import annotations

import shutil
import statistics
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.house import House
from bench.sessions import session_of
from renmai.directory.account.model import Account
from renmai.kernel.access.user import User

TIMES = 7
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SEEN = {"list": "table tbody tr", "board": ".column", "record": "#facts"}
TALLY = """() => {
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return {requests: all.length, bytes: all.reduce((sum, one) => sum + one.transferSize, 0),
          ready: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd};
}"""


def web_page(house: House) -> dict[str, dict[str, Any]]:
    """Per page and state of the cache: requests, kB on the wire, and ms until the page is drawn and its script has run."""
    cookie = session_of(User.objects.get(email="dao@example.com"))  # before Playwright's event loop, in which Django asks no database
    account = Account.objects.live().order_by("-last_touch_at").first()
    paths = {"list": "/leads/", "board": "/opportunities/?view=board", "record": f"/accounts/{account.pk}/"}
    found: dict[str, dict[str, Any]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, path in paths.items():
            found[f"web_page_{name}_cold"] = _median([_open(_signed_in(browser, house, cookie), house, path, name) for _ in range(TIMES)])
            context = _signed_in(browser, house, cookie)
            _open(context, house, path, name)
            found[f"web_page_{name}_warm"] = _median([_open(context, house, path, name) for _ in range(TIMES)])
        browser.close()
    return found


def _signed_in(browser: Browser, house: House, cookie: str) -> BrowserContext:
    context = browser.new_context()
    name, _equals, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{house.port}"}])
    return context


def _open(context: BrowserContext, house: House, path: str, name: str) -> dict[str, float]:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{house.port}{path}")
    page.locator(SEEN[name]).first.wait_for()
    told: dict[str, float] = page.evaluate(TALLY)
    page.close()
    return told


def _median(several: list[dict[str, float]]) -> dict[str, Any]:
    middle = {key: statistics.median(one[key] for one in several) for key in several[0]}
    return {"requests": round(middle["requests"]), "kb": round(middle["bytes"] / 1024), "ready_ms": round(middle["ready"], 1)}
