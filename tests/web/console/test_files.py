"""The files of papers on a page: sent by a form, saved by a link, taken out with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.web.console.frame.words import size
from tests.factories import rows
from tests.files.samples import PDF, PNG

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.web.console.visitor import Page, Visitor

PAPERS = "/products/DP24-002/papers"
FILES = f"{PAPERS}/1/files"


@pytest.fixture
def lan(visitor: Callable[[str], Visitor]) -> Visitor:
    found = visitor("lan")
    found.fill(found.open(PAPERS), PAPERS, kind="registration", number="12/PĐK")
    return found


def upload(visitor: Visitor, content: bytes, name: str = "ảnh chụp.png") -> Page:
    page = visitor.open(PAPERS)
    fields = {name: value for name, value in page.form(FILES).fields.items() if name != "file"}
    return visitor.send_file(FILES, fields, {"file": (name, content)})


def test_a_file_is_sent_saved_and_taken_out(lan: Visitor, seeded: Database) -> None:
    done = upload(lan, PNG)
    assert "Đã gắn tệp." in done.text
    assert "ảnh chụp.png (33 byte)" in done.text
    assert f"{FILES}/1" in done.links
    saved = lan.open(f"{FILES}/1")
    assert saved.response.content == PNG
    assert saved.response.headers["content-disposition"].startswith("attachment; ")
    assert saved.response.headers["content-security-policy"] == "sandbox; default-src 'none'"
    upload(lan, PNG)  # pressed twice
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(1,)]
    gone = lan.fill(lan.open(PAPERS), f"{FILES}/1/withdraw", reason="chụp mờ")
    assert ("Đã rút tệp." in gone.text, "ảnh chụp.png" in gone.text) == (True, False)
    assert lan.open(f"{FILES}/1").status == 404


def test_what_is_not_taken_is_told_on_the_page_with_what_is(lan: Visitor, seeded: Database) -> None:
    for content, told in (
        (b"MZ a program", "chỉ nhận PDF, JPEG, PNG, DOCX, XLSX, ZIP"),
        (b"", "tệp trống"),
    ):
        refused = upload(lan, content)
        assert (refused.status, refused.title) == (422, "Lỗi: Giấy tờ của Khô Bò – OCOP")
        assert told in refused.text
    page = lan.open(PAPERS)
    none = lan.fill(page, FILES)
    assert (none.status, "Chưa chọn tệp." in none.text) == (422, True)
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(0,)]


def test_a_pdf_that_is_named_like_a_picture_is_kept_as_a_pdf(lan: Visitor) -> None:
    assert "quét.jpg.pdf" in upload(lan, PDF, "quét.jpg").text
    assert lan.open(f"{FILES}/1").response.headers["content-type"] == "application/pdf"


def test_whoever_only_looks_saves_and_another_commune_sees_nothing(
    lan: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    upload(lan, PNG)
    viewer = visitor("tam")
    page = viewer.open(PAPERS)
    assert f"{FILES}/1" in page.links
    assert [form.action for form in page.forms if "files" in form.action] == []
    assert viewer.open(f"{FILES}/1").response.content == PNG
    assert visitor("ha").open(f"{FILES}/1").status == 404
    nobody = visitor("").open(f"{FILES}/1")
    assert (nobody.path.startswith("/sign-in"), PNG in nobody.response.content) == (True, False)


def test_a_form_of_another_session_sends_nothing(lan: Visitor, seeded: Database) -> None:
    refused = lan.send_file(FILES, {"form": "guessed"}, {"file": ("a.png", PNG)})
    assert (refused.status, rows(seeded, "SELECT COUNT(*) FROM paper_files")) == (403, [(0,)])


@pytest.mark.parametrize(
    ("count", "vi", "en"),
    [
        (1, "1 byte", "1 byte"),
        (1023, "1023 byte", "1023 bytes"),
        (187_597, "183 KB", "183 KB"),
        (3_600_000, "3,4 MB", "3.4 MB"),
    ],
)
def test_sizes_are_written_as_people_say_them(count: int, vi: str, en: str) -> None:
    assert (size(count), size(count, "en")) == (vi, en)
