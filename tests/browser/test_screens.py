"""The pictures of docs/screens, taken of the seed's town as it runs; `make screens` keeps them.

No producer's name is on them: pages that everybody reads show nobody.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.sweep.daily import sweep
from tests.browser.conftest import DESK
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


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_taken(site: Site, tmp_path: Path, name: str) -> None:
    sweep(site.database, FixedClock.at(IMPORT_DAY), SENDER)
    write(site.database, "UPDATE producers SET name = 'Hợp tác xã (ví dụ)', representative = ''")
    write(site.database, "UPDATE products SET address_id = NULL")
    login, path, size = SCREENS[name]
    folder = Path(os.environ.get("OCOP_TEST_SCREENS", tmp_path))  # noqa: TID251 - told by `make screens`
    with site.page(login, size) as page:
        page.goto(site.url + path)
        assert page.locator("h1").is_visible()
        taken = page.screenshot(path=folder / f"{name}.png", animations="disabled")
    assert len(taken) > 10_000, "an empty page"
