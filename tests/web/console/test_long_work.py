"""A long list: its page begins before it is done, says how far it is, and ends with what came of it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict
from ocop_workflow.imports import staging
from ocop_workflow.web.console.frame import long_work
from tests.factories import rows
from tests.web.console.lists import bring, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.web.console.visitor import Visitor

NAMES = [f"Nước mắm số {number}" for number in range(1, 41)]


@pytest.fixture
def minh(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("minh")


@pytest.fixture
def impatient(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - after it
    """Let every page begin at once, and its work hold on so that the page can say how far it is."""
    monkeypatch.setattr(long_work, "PATIENCE", 0)
    monkeypatch.setattr(long_work, "_EVERY", 0.001)


@pytest.mark.usefixtures("impatient")
def test_a_long_list_says_how_far_it_is_and_ends_with_the_page_itself(
    minh: Visitor, seeded: Database
) -> None:
    look = bring(minh, "bổ sung.xlsx", workbook(*NAMES))
    assert look.title == "Đang xem danh sách – OCOP"
    assert "/40 dòng." in look.text or "Đã xem đủ 40 dòng, đang hoàn tất." in look.text
    assert "40 dòng: 40 sản phẩm mới, 0 chờ trả lời" in look.text
    assert look.html.count("</html>") == look.html.count("<main") == look.html.count("</main>") == 1
    done = minh.fill(look, "/imports/1/publish")
    assert "Đã thêm 40 sản phẩm" in done.text
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(54,)]


@pytest.mark.usefixtures("impatient")
def test_a_refusal_comes_at_the_end_and_nothing_was_done(
    minh: Visitor, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = bring(minh, "bổ sung.xlsx", workbook(*NAMES))

    def refuse(*_args: object, **_given: object) -> None:
        raise Conflict("Kế hoạch đang được người khác sửa.", "The plan is being changed by somebody else.")

    monkeypatch.setattr(staging, "import_annex", refuse)
    refused = minh.fill(look, "/imports/1/publish")
    assert "Kế hoạch đang được người khác sửa." in refused.text
    assert refused.headings[0] == "Đang công bố danh sách"
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(14,)]
    gone = minh.fill(look, "/imports/1/publish", form="another session's")
    assert gone.status == 403


@pytest.mark.usefixtures("impatient")
def test_a_fault_of_the_server_is_told_in_words_and_nothing_was_done(
    minh: Visitor, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = bring(minh, "bổ sung.xlsx", workbook(*NAMES))

    def fail(*_args: object, **_given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(staging, "import_annex", fail)
    monkeypatch.setattr(minh.client._transport, "raise_server_exceptions", False)
    told = minh.fill(look, "/imports/1/publish")
    assert "Máy chủ gặp lỗi giữa chừng; chưa có gì được ghi. Hãy thử lại." in told.text
    assert rows(seeded, "SELECT COUNT(*) FROM products") == [(14,)]


def test_a_short_list_is_answered_as_any_page(minh: Visitor) -> None:
    look = bring(minh, "bổ sung.xlsx", workbook("Nước mắm"))
    assert (look.title, 'class="work"' in look.html) == ("bổ sung.xlsx – OCOP", False)


def test_pages_are_packed_for_whoever_takes_them_so(minh: Visitor) -> None:
    packed = minh.client.get("/products", headers={"Accept-Encoding": "gzip"})
    plain = minh.client.get("/products", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert ("content-encoding" in plain.headers, plain.headers["vary"]) == (False, "Accept-Encoding")
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert len(gzip.compress(plain.content, 1)) == pytest.approx(
        int(packed.headers["content-length"]), abs=99
    )


def test_no_two_pages_hold_the_same_secret(minh: Visitor) -> None:
    """Whoever sees how small a page is packed, and has a say in it, could otherwise guess it by letters."""
    first, second = [minh.open("/account").form("/sign-out").fields["form"] for _ in range(2)]
    assert first != second
    for token in (second, first):  # each of them is taken
        assert minh.send("/language", {"form": token, "language": "vi", "next": "/"}).status == 200
