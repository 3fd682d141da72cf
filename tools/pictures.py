"""Take the README's pictures: start Renmai with the sample company, sign in, and photograph a few pages in every language.

``make pictures`` runs it; Chromium must be there.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "pictures"
WIDE, PHONE = (1280, 800), (390, 844)
# file name, path, language, colour scheme, size
SHOTS = [
    ("board", "/opportunities/?view=board", "en", "light", WIDE),
    ("board-dark", "/opportunities/?view=board", "th", "dark", WIDE),
    ("list", "/leads/", "zh-Hans", "light", WIDE),
    ("home-phone", "/", "zh-Hant", "light", PHONE),
    ("account", "/accounts/", "en", "light", WIDE),
]
OPENED = {"account"}  # lists of which the first record is opened


def main() -> None:
    """Take all pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with _renmai() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
        for name, path, language, scheme, size in SHOTS:
            _take(browser, address, name, path, language, scheme, size)
        browser.close()


def _take(browser: Browser, address: str, name: str, path: str, language: str, scheme: str, size: tuple[int, int]) -> None:
    context = browser.new_context(
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size == PHONE else 1,
    )
    page = context.new_page()
    _sign_in(page, address)
    page.goto(address + path)
    if name in OPENED:
        page.locator("main table tbody a").first.click()
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
    page.screenshot(path=TARGET / f"{name}.png")
    print(f"docs/pictures/{name}.png")
    context.close()


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("input[type=email]", "mina@example.com")
    page.fill("input[type=password]", "lantern-sample")
    page.press("input[type=password]", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@contextmanager
def _renmai() -> Iterator[str]:
    """A Renmai with the sample company, in a folder that goes away."""
    folder = Path(tempfile.mkdtemp(prefix="renmai-pictures-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as another user, who must reach its folder in here
    address = f"http://127.0.0.1:{(port := _free_port())}"
    variables = {"RENMAI_DATA": str(folder / "data"), "RENMAI_PORT": str(port)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "RENMAI"))}
    process = subprocess.Popen([sys.executable, "-m", "renmai", "serve", "--sample"], cwd=ROOT, env={**kept, **variables})
    try:
        while not _answers(address) and process.poll() is None:
            time.sleep(0.2)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("The pictures need Chromium: install it (on Debian: apt install chromium fonts-noto-cjk fonts-thai-tlwg).")
    return found


if __name__ == "__main__":
    main()
