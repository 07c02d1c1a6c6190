"""What is looked at on every page: axe, the tab key, width, larger letters, forced colours."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_AXE = Path(__file__).with_name("axe.min.js")
#: what is asked of a page, named: of WCAG 2.2 axe asks only where its tag is given
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: controls that the tab key has to reach
_CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


@cache
def axe_source() -> str:
    return _AXE.read_text("utf-8")


def axe_findings(page: Page) -> list[str]:
    """Return what axe finds, as rule and place. It is read in past the page's policy, which stays."""
    page.evaluate(axe_source())
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{rule['id']}: {node['target'][0]} {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def is_too_wide(page: Page) -> bool:
    """Tell whether the page as a whole has to be moved sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def enlarge(page: Page) -> None:
    """Double the letters, as a reader does."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")


def tab_walk(page: Page, most: int = 400) -> list[str]:
    """Go through the page by the tab key. Returns what is amiss: not reached, not seen, or hidden."""
    expected = page.evaluate(
        f"""() => [...document.querySelectorAll("{_CONTROLS}")]
            .filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0)
            .filter(e => !(e.type === 'radio' && document.querySelector(`[name="${{e.name}}"]`) !== e))
            .map((e, n) => (e.dataset.walk = String(n), n)).length"""
    )
    page.evaluate("document.activeElement && document.activeElement.blur()")
    seen: set[str] = set()
    shown: set[str] = set()
    hidden: set[str] = set()
    names: dict[str, str] = {}
    parts = page.locator("input[type=date]").count() * 4  # day, month, year and the calendar of each
    for _ in range(min(expected + parts + 5, most)):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (!e || e === document.body) return null;
                const box = e.getBoundingClientRect(), style = getComputedStyle(e);
                const visible = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
                    || style.boxShadow !== 'none';
                const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
                return {walk: e.dataset.walk ?? '', name: e.outerHTML.slice(0, 80), visible, inside};
            }"""
        )
        if found is None:
            continue
        walk = found["walk"]
        seen.add(walk)
        names[walk] = found["name"]
        (shown if found["visible"] else hidden).add(walk)
        if not found["inside"]:
            hidden.add(walk)
            shown.discard(walk)
    amiss = [f"not to be seen while it has the focus: {names[walk]}" for walk in sorted(hidden - shown)]
    left = expected - len(seen - {""})
    return [*amiss, *([f"{left} of {expected} controls were not reached"] if left else [])]
