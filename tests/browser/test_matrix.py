"""Each page in two sizes and five fillings: axe, tab key, width, large letters, forced colours, no script."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.people.sign_in.sessions import checksum
from ocop_workflow.sweep.daily import sweep
from tests.browser.conftest import DESK, PHONE, Site, site_on
from tests.browser.looking import axe_findings, enlarge, is_too_wide, tab_walk
from tests.factories import IMPORT_DAY, SEED, SENDER, write
from tests.fakes import FixedClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from ocop_workflow.store import Database


class Filling(IntEnum):
    """What there is on the pages."""

    EMPTY = 0
    ONE = 1
    THREE = 2
    LONG = 3
    ERRORS = 4


@dataclass(frozen=True)
class Look:
    """A page: who looks at it, and which of its forms is sent as it is, to see it at fault."""

    path: str
    login: str = "minh"
    form: str = ""


PAGES = (
    Look("/sign-in", "", "/sign-in"),
    Look("/"),
    Look("/year"),
    Look("/products"),
    Look("/products/board"),
    Look("/products/new", "lan", "/products/new"),
    Look("/products/DP24-002", "lan"),
    Look("/products/DP24-002/events/register", "lan", "/products/DP24-002/events/register"),
    Look("/products/DP24-002/events/withdraw", "lan", "/products/DP24-002/events/withdraw"),
    Look("/products/DP24-002/undo", "lan", "/products/DP24-002/undo"),
    Look("/products/DP24-002/edit", "lan", "/products/DP24-002/edit"),
    Look("/papers", "lan"),
    Look("/products/DP24-002/papers", "lan", "/products/DP24-002/papers"),
    Look("/products/DP24-002/forms", "lan", "/products/DP24-002/revenues"),
    Look("/products/DP24-002/forms/mau-01", "lan", "/products/DP24-002/forms/mau-01"),
    Look("/products/DP24-002/forms/mau-02", "lan"),
    Look("/products/DP24-002/forms/mau-03", "lan"),
    Look("/products/DP24-002/forms/mau-03/print", "lan"),
    Look("/forms/mau-01", "lan"),
    Look("/u/a-link", "", "/u/a-link"),
    Look("/plans"),
    Look(f"/plans/{SEED}"),
    Look("/plans/new", "minh", "/plans/new"),
    Look(f"/plans/{SEED}/extend", "minh", f"/plans/{SEED}/extend"),
    Look("/imports", "minh", "/imports"),
    Look("/rubrics", "lan"),
    Look("/rubrics/21", "lan", "/rubrics/21"),
    Look("/letters"),
    Look("/letters/1"),
    Look("/units"),
    Look("/units/pho-an", "quan", "/units/pho-an/contacts"),
    Look("/officers", "quan", "/officers"),
    Look("/officers/lan", "quan"),
    Look("/account", "lan", "/account/password"),
    Look("/account/code", "lan", "/account/code"),
    Look("/audit", "quan"),
    Look("/search?q=kho"),
    Look("/nothing", "lan"),
)
#: on the phone, and on the desk; with each next filling the other way round
LANGUAGES = (("vi", "en"), ("en", "vi"))
LONG = "Sản phẩm có tên rất dài của Phòng Kinh tế, Hạ tầng và Đô thị " * 3


def fill(database: Database, filling: Filling) -> None:
    """Leave as many products as are wanted; letters are written, or every name is long."""
    sweep(database, FixedClock.at(IMPORT_DAY), SENDER)
    hand_something_in(database)
    keep = {Filling.EMPTY: 0, Filling.ONE: 1, Filling.THREE: 3}.get(filling)
    if keep is not None:
        hidden = "SELECT id FROM units WHERE slug = 'nguyen-nghiem'"
        first = ", ".join(f"'DP24-{number:03}'" for number in range(2, 2 + keep)) or "''"
        write(
            database,
            f"UPDATE products SET unit_id = ({hidden}), state = 'withdrawn' WHERE code NOT IN ({first})",
        )
    if filling is Filling.LONG:
        for table, column in (
            ("products", "name"),
            ("producers", "name"),
            ("units", "name"),
            ("officers", "name"),
        ):
            write(database, f"UPDATE {table} SET {column} = substr(:long, 1, 190)", long=LONG)


def hand_something_in(database: Database) -> None:
    """Let a producer hold a link, and a file have come by it that waits and one that was returned."""
    write(
        database,
        "INSERT INTO upload_links (product_id, dossier, sha256, ends_on, made_at, made_by) "
        "SELECT id, 1, :sha256, '2099-01-01', '2024-04-22 00:00:00', 'lan' FROM products "
        "WHERE code = 'DP24-002'",
        sha256=checksum("a-link"),
    )
    for settled, why in ((None, None), ("2024-04-22 02:00:00", LONG)):
        write(
            database,
            "INSERT INTO handed_in (link_id, kind, name, size, sha256, media_type, brought_at, settled_at, "
            "returned_because) VALUES (1, 'registration', 'phiếu-đăng-ký-chụp-bằng-điện-thoại.pdf', 187597, "
            "'0', 'application/pdf', '2024-04-22 01:00:00', :settled, :why)",
            settled=settled,
            why=why,
        )


def rotation() -> int | None:
    """Return the number of commits, where a run looks at one filling a page; none: at all of them."""
    told = os.environ.get("OCOP_TEST_ROTATION", "")  # noqa: TID251 - told by CI
    return int(told) if told.isdecimal() else None


def wanted() -> list[tuple[int, Filling]]:
    count = rotation()
    return [
        (number, filling)
        for number in range(len(PAGES))
        for filling in Filling
        if count is None or (number + count) % len(Filling) == filling
    ]


@pytest.fixture(scope="module")
def sites(
    chromium: Browser, _seed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Filling, Site]]:
    """One service for each filling."""
    from contextlib import ExitStack  # noqa: PLC0415 - of this fixture alone

    with ExitStack() as stack:
        yield {
            filling: stack.enter_context(
                site_on(
                    chromium,
                    _seed,
                    tmp_path_factory.mktemp(filling.name.lower()),
                    lambda database, filling=filling: fill(database, filling),  # type: ignore[misc]  # bound at once
                )
            )
            for filling in {filling for _, filling in wanted()}
        }


def put_at_fault(page: Page, look: Look) -> None:
    """Send a form as it is, past what the browser itself would ask for."""
    form = page.locator(f"form[action='{look.form}'][method=post]").first
    if not form.count():
        return  # there is nothing that could be sent
    form.evaluate("form => { form.noValidate = true; }")
    with page.expect_navigation():
        form.locator("button[type=submit]").first.click()


@pytest.mark.parametrize(
    ("number", "filling"),
    wanted(),
    ids=lambda value: value.name.lower() if isinstance(value, Filling) else PAGES[value].path,
)
def test_a_page(sites: dict[Filling, Site], number: int, filling: Filling) -> None:
    look, site = PAGES[number], sites[filling]
    for size, language in zip((PHONE, DESK), LANGUAGES[(number + filling) % 2], strict=True):
        with site.page(look.login, size, language=language) as page:
            page.goto(site.url + look.path)
            if filling is Filling.ERRORS and look.form:
                put_at_fault(page, look)
            assert page.title().endswith(" – OCOP")
            assert page.locator("h1").count() == 1
            found = axe_findings(page)
            assert found == [], "\n".join(found)
            assert not is_too_wide(page), f"too wide at {size[0]}"
            amiss = tab_walk(page)
            assert amiss == [], "\n".join(amiss)
            page.emulate_media(forced_colors="active")
            assert page.locator("h1").is_visible()
            page.emulate_media(forced_colors="none")
            if size == DESK:
                enlarge(page)
                assert not is_too_wide(page), "too wide with letters twice as large"


@pytest.mark.parametrize("login", ["lan", "minh"])
def test_without_scripts_the_pages_are_the_same(site: Site, login: str) -> None:
    for path in ("/", "/products", "/products/DP24-002", "/year"):
        seen = []
        for scripts in (True, False):
            with site.page(login, scripts=scripts) as page:
                page.goto(site.url + path)
                seen.append(page.locator("main").inner_text())
        assert seen[0] == seen[1]
