"""Each page in two sizes and five fillings: axe, tab key, width, large letters, forced colours, no script."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.people.sign_in.sessions import checksum
from ocop_workflow.sweep.daily import sweep
from tests.browser.conftest import DESK, PHONE, SESSION_BEGUN, Site, site_on
from tests.browser.looking import axe_findings, enlarge, is_too_wide, tab_walk
from tests.factories import IMPORT_DAY, SEED, SENDER, write
from tests.fakes import FixedClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from ocop_workflow.store import Database
    from tests.browser.conftest import Evening


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
    Look("/products/DP24-002/difference", "lan"),
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
    Look("/certificates"),
    Look("/certificates/1"),
    Look("/certificates/1/documents"),
    Look("/renewals"),
    Look("/certificates/expired"),
    Look("/renewals/forecast"),
    Look("/inspections"),
    Look("/products/DP24-002/visits", "lan"),
    Look("/products/DP24-002/visits/new", "lan", "/products/DP24-002/visits/new"),
    Look("/visits/1", "lan", "/visits/1/findings/1/done"),
    Look("/products/DP24-002/documents", "lan"),
    Look("/certificates/1/correction", "minh", "/certificates/1/correction"),
    Look("/imports/1", "minh", "/imports"),
    Look("/imports/answers", "minh", "/imports/answers"),
    Look("/c/a-certificate", ""),
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
#: what is looked at while a council sits
EVENING = "/sessions/1"
EVENING_PAGES = (
    Look("/", "binh"),
    Look("/sessions", "thu"),
    Look("/sessions/new", "thu", "/sessions/new"),
    Look(EVENING, "binh"),
    Look(EVENING, "thu", f"{EVENING}/products"),
    Look(f"{EVENING}/documents", "thu"),
    Look(f"{EVENING}/products/VD26-001", "thu"),
    Look(f"{EVENING}/products/VD26-001/sheet", "binh"),
    Look(f"{EVENING}/products/VD26-001/sheet", "hung"),
    Look(f"{EVENING}/products/VD26-002", "tam"),
    Look(f"{EVENING}/products/VD26-002/paper/6", "thu", f"{EVENING}/products/VD26-002/paper/6"),
    Look(f"{EVENING}/products/VD26-003", "thu", f"{EVENING}/products/VD26-003/rescoring"),
    Look("/councils/1", "thu", "/councils/1/rules"),
    Look("/councils/new", "thu", "/councils/new"),
    Look("/products/VD26-001/papers", "lan"),
)
#: on the phone, and on the desk; with each next filling the other way round
LANGUAGES = (("vi", "en"), ("en", "vi"))
NAMES = (
    ("products", "name"),
    ("producers", "name"),
    ("units", "name"),
    ("officers", "name"),
    ("certificates", "product"),
    ("visits", "visitors"),
)
LONG = "Sản phẩm có tên rất dài của Phòng Kinh tế, Hạ tầng và Đô thị " * 3


def fill(database: Database, filling: Filling) -> None:
    """Leave as many products as are wanted; letters are written, or every name is long."""
    sweep(database, FixedClock.at(IMPORT_DAY), SENDER)
    hand_something_in(database)
    certify_something(database)
    visit_something(database)
    stage_something(database)
    keep = {Filling.EMPTY: 0, Filling.ONE: 1, Filling.THREE: 3}.get(filling)
    if keep is not None:
        hidden = "SELECT id FROM units WHERE slug = 'nguyen-nghiem'"
        first = ", ".join(f"'DP24-{number:03}'" for number in range(2, 2 + keep)) or "''"
        write(
            database,
            f"UPDATE products SET unit_id = ({hidden}), state = 'withdrawn' WHERE code NOT IN ({first})",
        )
    if filling is Filling.LONG:
        for table, column in NAMES:
            write(database, f"UPDATE {table} SET {column} = substr(:long, 1, 190)", long=LONG)


def fill_evening(database: Database, filling: Filling) -> None:
    """Leave as many products in the session as are wanted, or make every name long."""
    if filling in (Filling.EMPTY, Filling.ONE):
        code = "" if filling is Filling.EMPTY else "VD26-001"
        gone = (
            "SELECT s.id FROM session_products s JOIN products p ON p.id = s.product_id WHERE p.code != :code"
        )
        for delete in (
            f"sheet_entries WHERE sheet_id IN (SELECT id FROM score_sheets WHERE scored_id IN ({gone}))",
            f"score_sheets WHERE scored_id IN ({gone})",
            f"session_conflicts WHERE scored_id IN ({gone})",
            f"session_products WHERE id IN ({gone})",
        ):
            write(database, f"DELETE FROM {delete}", code=code)
    if filling is Filling.LONG:
        for table, column in (
            *NAMES,
            ("council_sessions", "name"),
            ("council_sessions", "place"),
            ("council_members", "position"),
            ("councils", "name"),
            ("session_conflicts", "reason"),
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


def certify_something(database: Database) -> None:
    """Let three certificates stand in the register, the first of a product of the plan."""
    for number, more in enumerate(("a-certificate", "b", "c"), start=1):
        write(
            database,
            "INSERT INTO certificates (product_id, unit_id, star, number, decided_on, valid_until, signer, "
            "standing, product, producer, commune, province, issuer, evidence, token, shown_since, ended_on, "
            "ended_because) SELECT CASE WHEN :number = 1 THEN id END, unit_id, 3, '77/QĐ-UBND', "
            "'2022-06-01', '2025-06-01', 'Chủ tịch', 'confirmed', name, 'HTX Nhà Nông', 'Xã Phổ An', "
            "'Tỉnh Quảng Ngãi', 'UBND thị xã Đức Phổ', 'A', :token, '2024-04-22 00:00:00', "
            "CASE WHEN :number > 1 THEN '2023-05-04' END, CASE WHEN :number > 1 THEN 'revoked' END "
            "FROM products WHERE code = 'DP24-002'",
            number=number,
            token=more,
        )


def visit_something(database: Database) -> None:
    """Let somebody have been there: of what was found one thing is late, one done, one only noted."""
    write(
        database,
        "INSERT INTO visits (product_id, certificate_id, visited_on, visitors, place, conclusion, "
        "recorded_at, recorded_by) SELECT product_id, id, '2024-03-07', 'Phòng Kinh tế, UBND xã Phổ An', "
        "'Xưởng sấy', :long, '2024-04-22 00:00:00', 'lan' FROM certificates WHERE id = 1",
        long=LONG,
    )
    found = (
        ("not_met", "2024-04-01", None),
        ("note", None, None),
        ("met", "2024-04-01", "2024-03-31"),
    )
    for result, due_on, done_on in found:
        write(
            database,
            "INSERT INTO visit_findings (visit_id, criterion, what, result, follow_up, due_on, done_on, "
            "done_by) VALUES (1, '5.1', 'Nhãn thiếu hạn sử dụng', :result, :asked, :due_on, :done_on, 'lan')",
            result=result,
            asked="In lại nhãn" if due_on else None,
            due_on=due_on,
            done_on=done_on,
        )


def stage_something(database: Database) -> None:
    """Let a list of certificates wait for Minh: one row is clear, one is asked about, one at fault."""
    write(
        database,
        "INSERT INTO staged_lists (officer_id, evidence, file_name, content, answers, at) "
        "SELECT id, 'A', 'sổ cấp xã.csv', :content, :answers, '2024-04-22 00:00:00' FROM officers "
        "WHERE login = 'minh'",
        content="\n".join(LISTED).encode(),
        answers='{"xã xa pho anh: pho-an": "đúng"}',
    )
    write(
        database,
        "INSERT INTO register_answers (unit_id, key, question, answer, at, \"by\") SELECT id, 'xã pho khan', "
        "'“Phổ Khan” có phải là Xã Phổ Khánh?', 'đúng', '2024-04-22 00:00:00', 'minh' FROM units "
        "WHERE slug = 'duc-pho'",
    )


LISTED = (
    "TT,Tên sản phẩm,Chủ thể,Địa chỉ,Hạng sao,Số quyết định,Ngày cấp,Ngày hết hạn,Cơ quan",
    '1,Mắm cái,HTX A,"Thôn 1, xã Phổ Anh",3 sao,0001/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện',
    '2,Muối hầm,HTX B,"xã Phổ Khanhh",3 sao,0001/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện',
    '3,Tôm,HTX C,"xã Phổ An",3 sao,,05/8/2023,,',
)


def rotation() -> int | None:
    """Return the number of commits, where a run looks at one filling a page; none: at all of them."""
    told = os.environ.get("OCOP_TEST_ROTATION", "")  # noqa: TID251 - told by CI
    return int(told) if told.isdecimal() else None


def wanted(pages: Sequence[Look]) -> list[tuple[int, Filling]]:
    count = rotation()
    return [
        (number, filling)
        for number in range(len(pages))
        for filling in Filling
        if count is None or (number + count) % len(Filling) == filling
    ]


@pytest.fixture(scope="module")
def sites(
    chromium: Browser, _seed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Filling, Site]]:
    """One service for each filling."""
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
            for filling in {filling for _, filling in wanted(PAGES)}
        }


@pytest.fixture(scope="module")
def evenings(
    chromium: Browser, lived: Evening, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Filling, Site]]:
    """One service for each filling of a council's session."""
    with ExitStack() as stack:
        yield {
            filling: stack.enter_context(
                site_on(
                    chromium,
                    lived.database,
                    tmp_path_factory.mktemp(f"evening-{filling.name.lower()}"),
                    lambda database, filling=filling: fill_evening(database, filling),  # type: ignore[misc]  # likewise
                    SESSION_BEGUN,
                )
            )
            for filling in {filling for _, filling in wanted(EVENING_PAGES)}
        }


def put_at_fault(page: Page, look: Look) -> None:
    """Send a form as it is, past what the browser itself would ask for."""
    form = page.locator(f"form[action='{look.form}'][method=post]").first
    if not form.count():
        return  # there is nothing that could be sent
    form.evaluate("form => { form.noValidate = true; form.closest('details')?.setAttribute('open', ''); }")
    with page.expect_navigation():
        form.locator("button[type=submit]").first.click()


@pytest.mark.parametrize(
    ("number", "filling"),
    wanted(PAGES),
    ids=lambda value: value.name.lower() if isinstance(value, Filling) else PAGES[value].path,
)
def test_a_page(sites: dict[Filling, Site], number: int, filling: Filling) -> None:
    look_at(sites[filling], PAGES[number], number, filling)


@pytest.mark.parametrize(
    ("number", "filling"),
    wanted(EVENING_PAGES),
    ids=lambda value: value.name.lower() if isinstance(value, Filling) else EVENING_PAGES[value].path,
)
def test_a_page_while_a_council_sits(evenings: dict[Filling, Site], number: int, filling: Filling) -> None:
    look_at(evenings[filling], EVENING_PAGES[number], number, filling)


def look_at(site: Site, look: Look, number: int, filling: Filling) -> None:
    """Look at a page on a phone and on a desk, in both languages."""
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
