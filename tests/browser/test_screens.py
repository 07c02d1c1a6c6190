"""The pictures of docs/screens, taken of the seed's town as it runs; `make screens` keeps them.

No producer's name is on them: pages that everybody reads show nobody.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.cli.upkeep.session_scene import sheet_below
from ocop_workflow.councils.scoring.filling import save_entries
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.sweep.daily import sweep
from tests.browser.conftest import DESK, SESSION_BEGUN
from tests.factories import IMPORT_DAY, SEED, SENDER, write
from tests.fakes import FixedClock

if TYPE_CHECKING:
    from tests.browser.conftest import Site

#: as wide as a telephone of today
HAND = (390, 780)
SCREENS = {
    "today-phone": ("lan", "/", HAND),
    "today": ("minh", "/", DESK),
    "year": ("minh", "/year", DESK),
    "product": ("lan", "/products/DP24-002", DESK),
    "plan": ("minh", f"/plans/{SEED}", DESK),
    "sheet-phone": ("lan", "/rubrics/21", HAND),
    "papers": ("lan", "/products/DP24-002/papers", DESK),
}
#: of the made-up province while its council sits; the member has scored the first criteria
EVENING_SCREENS = {
    "session": ("thu", "/sessions/1", DESK),
    "session-documents": ("thu", "/sessions/1/documents", DESK),
    "session-result": ("thu", "/sessions/1/products/VD26-003", DESK),
    "session-sheet-phone": ("binh", "/sessions/1/products/VD26-001/sheet#f-choices.1.4", HAND),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_taken(site: Site, tmp_path: Path, name: str) -> None:
    sweep(site.database, FixedClock.at(IMPORT_DAY), SENDER)
    write(site.database, "UPDATE producers SET name = 'Hợp tác xã (ví dụ)', representative = ''")
    write(site.database, "UPDATE products SET address_id = NULL")
    take(site, SCREENS[name], name, tmp_path)


@pytest.mark.parametrize("name", EVENING_SCREENS)
def test_a_screen_of_a_session_is_taken(evening: Site, tmp_path: Path, name: str) -> None:
    said = dict(list(sheet_below(4, 12).items())[:4])
    with evening.database.write() as tx:
        save_entries(tx, 1, "VD26-001", said, actor=actor_on_host(tx, "binh", "host"), now=SESSION_BEGUN)
    take(evening, EVENING_SCREENS[name], name, tmp_path)


def take(site: Site, screen: tuple[str, str, tuple[int, int]], name: str, tmp_path: Path) -> None:
    """Take a picture of a page, as wide as its reader sees it."""
    login, path, size = screen
    folder = Path(os.environ.get("OCOP_TEST_SCREENS", tmp_path))  # noqa: TID251 - told by `make screens`
    with site.page(login, size) as page:
        page.goto(site.url + path)
        assert page.locator("h1").is_visible()
        taken = page.screenshot(path=folder / f"{name}.png", animations="disabled")
    assert len(taken) > 10_000, "an empty page"
