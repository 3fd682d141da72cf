"""What axe finds wrong on a page: by day and at night, at a desk and on a phone."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
COLOURS = ["color-contrast", "link-in-text-block"]
RULES: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
BUILD = RULES | {"rules": {rule: {"enabled": False} for rule in COLOURS}}
SHADES: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": COLOURS}}
LOOKS = [(DESK, "light"), (PHONE, "dark"), (DESK, "dark"), (PHONE, "light")]
# Colours take axe ten times as long as all else together. One text of each look is enough: the same colours and sizes, with the same
# grounds behind them, and nothing else that floats.
ONE_OF_EACH_LOOK = """options => {
  const looks = new Map();
  for (const element of document.querySelectorAll("body *")) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (!texts.length && !element.matches("input, select, textarea")) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const look = [color, fontSize, fontWeight];
    for (let ground = element; ground; ground = ground.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(ground);
      const behind = `${backgroundColor} ${backgroundImage} ${opacity}`;
      if (behind !== "rgba(0, 0, 0, 0) none 1") look.push(behind);
      if (!["static", "relative"].includes(position)) look.push(ground.className);
    }
    if (!looks.has(String(look))) looks.set(String(look), element);
  }
  return axe.run({ include: [...looks.values()] }, options).then((found) => found.violations);
}"""
# What fades from one colour to the next is still on its way when it is looked at.
STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""
# The hours of a calendar scroll, and an empty one holds nothing to step to. Browsers let the keyboard reach what scrolls by themselves; a
# place of its own in the grid would break the grid's roles.
ALL = """options => axe.run(document, options).then((found) => found.violations.filter(
  ({ id, nodes }) =>
    id !== "scrollable-region-focusable" || nodes.some(({ target }) => !document.querySelector(target[0]).matches(".fc-scroller"))
))"""


def violations(page: Page, options: dict[str, Any] = RULES, *, of: str = ALL) -> list[str]:
    """What axe finds wrong, with the elements."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(STILL)
    found: list[dict[str, Any]] = page.evaluate(of, options)
    return [f"{problem['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for problem in found for node in problem["nodes"][:3]]


MATRIX = 3000  # elements; the fields of such a page look alike, and axe would take twenty seconds for their colours


def everywhere(page: Page, turn: int = 0) -> list[str]:
    """What is wrong with a page in any of the four looks: everything in one of them, by turns; its build once more on the other screen.

    Args:
        turn: which look is examined with every rule on every element.
    """
    problems: list[str] = []
    turn %= len(LOOKS)
    for number, (size, light) in enumerate(LOOKS[turn:] + LOOKS[:turn]):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        is_whole = number == 0 and page.locator("body *").count() < MATRIX
        found = violations(page) if is_whole else violations(page, SHADES, of=ONE_OF_EACH_LOOK)
        if number == 1 or (number == 0 and not is_whole):  # of two looks in a row, the second is on the other screen
            found += violations(page, BUILD)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found += ["wider than the screen"]
        problems += [f"{size['width']} {light}: {problem}" for problem in found]
    return problems
