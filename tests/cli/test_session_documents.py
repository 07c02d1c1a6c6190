"""`ocop session documents`, `ocop session document`: what can be drafted, and a draft saved as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.councils.sittings import NewSession, draft_session
from ocop_workflow.store import Database
from tests.councils.stage import DAY, appoint_council, seat_council
from tests.documents.nd30 import faults_of
from tests.factories import IMPORT_DAY
from tests.fakes import FixedClock
from tests.files.samples import PDF
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]


@pytest.fixture
def council(town: Ocop, home: Path) -> Ocop:
    """The town with a council and a session that is prepared."""
    database, clock = Database(f"sqlite:///{home}/var/ocop.sqlite3"), FixedClock.at(IMPORT_DAY)
    appoint_council(database, clock)
    number = seat_council(database, clock)
    with database.write() as tx:
        draft_session(tx, NewSession(number, "Phiên 1 năm 2024", DAY), actor=HOST, now=clock.now())
    database.close()
    return town


def test_the_list_says_what_each_still_lacks(council: Ocop) -> None:
    told = council("session", "documents", "1", "--as", "secretary")
    assert told.code == 0
    assert "Văn bản, Phiên 1 năm 2024" in told.out
    listed = council("session", "documents", "1", "--json").json["documents"]
    assert {line["kind"]: line["ready"] for line in listed} == {
        "invitation": True,
        "minutes": False,
        "results": False,
        "results-workbook": False,
        "council-report": False,
        "submission": False,
        "decision": False,
        "letter-up": False,
    }
    assert listed[0]["lacks"] == ["địa điểm", "ngày gửi hồ sơ", "danh mục sản phẩm"]


def test_a_draft_is_saved_once_and_never_over_another(council: Ocop, tmp_path: Path) -> None:
    out = tmp_path / "giay-moi.docx"
    done = council("session", "document", "1", "invitation", "--out", str(out), "--as", "secretary")
    assert done.out == f"Đã dự thảo giấy mời họp ({out.stat().st_size} byte) thành {out}.\n"
    assert faults_of(out.read_bytes(), signs=("TM. HỘI ĐỒNG", "CHỦ TỊCH HỘI ĐỒNG")) == []
    again = council("session", "document", "1", "invitation", "--out", str(out), "--json")
    assert (again.code, "Đã có tệp" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("1", "menu"), "Không có văn bản menu; có: invitation"),
        (("1", "decision"), "Chưa lập được quyết định công nhận: chưa có sản phẩm nào để công nhận."),
        (("1", "notice"), "Chưa rõ văn bản nào."),
        (("9", "invitation"), "Không có phiên họp số 9."),
        (("1", "invitation", "--as", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_drafted_is_said_in_a_sentence(
    council: Ocop, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "x.docx"
    told = council("session", "document", *words, "--out", str(out))
    assert told.code in {1, 2}
    assert said in told.err
    assert not out.exists()


def test_a_signed_invitation_is_filed_and_not_drafted_again(council: Ocop, tmp_path: Path) -> None:
    signed = tmp_path / "giấy mời.pdf"
    signed.write_bytes(PDF)
    words = ("--number", "3/GM-HĐOCOP", "--on", "2024-04-23", "--signer", "Chủ tịch Hội đồng")
    done = council("session", "issue", "1", "invitation", str(signed), *words, "--as", "secretary")
    assert done.out == (
        "Đã lưu Giấy mời dự Phiên 1 năm 2024: số 3/GM-HĐOCOP ngày 23/04/2024 (giấy mời.pdf).\n"
    )
    again = council("session", "issue", "1", "invitation", str(signed), *words, "--as", "secretary")
    assert (again.code, "đã ban hành số 3/GM-HĐOCOP ngày 23/04/2024" in again.err) == (1, True)
    drafted = council("session", "document", "1", "invitation", "--out", str(tmp_path / "x.docx"))
    assert (drafted.code, "không lập lại" in drafted.err) == (1, True)
    (line, *_) = council("session", "documents", "1", "--json").json["documents"]
    assert (line["issued"]["number"], line["issued"]["signer"]) == ("3/GM-HĐOCOP", "Chủ tịch Hội đồng")


def test_what_was_filed_by_mistake_is_taken_back(council: Ocop, tmp_path: Path) -> None:
    scan = tmp_path / "nham.pdf"
    scan.write_bytes(PDF)
    number = ("--number", "2/GM-HĐOCOP", "--on", "2024-04-22", "--signer", "Chủ tịch Hội đồng")
    assert council("session", "issue", "1", "invitation", str(scan), *number, "--as", "secretary").code == 0
    wrong = ("session", "take-back", "1", "invitation", "--reason", "đính nhầm", "--as", "secretary")
    done = council(*wrong)
    assert done.out.startswith("Đã rút lại bản lưu của ")
    assert done.out.endswith(" số 2/GM-HĐOCOP (nham.pdf); bản ấy vẫn giữ, không xoá.\n")
    (line, *_) = council("session", "documents", "1", "--json").json["documents"]
    assert (line["ready"], line["issued"], line["taken_back"][0]["taken_back_because"]) == (
        True,
        None,
        "đính nhầm",
    )
    again = council(*wrong)
    assert (again.code, "chưa lưu bản đã ký nào" in again.err) == (2, True)


def test_documents_that_end_certificates_say_what_they_lack(council: Ocop, tmp_path: Path) -> None:
    out = str(tmp_path / "qd.docx")
    none = council("document", "draft", "1", "revocation", "--out", out, "--as", "secretary")
    assert (none.code, "Không có giấy chứng nhận số 1" in none.err) == (2, True)
    span = ("--since", "2024-01-01", "--until", "2024-12-31")
    nothing = council("certificates", "expired-notice", "--unit", "duc-pho", *span, "--out", out)
    assert (nothing.code, "Không có giấy chứng nhận nào của" in nothing.err) == (1, True)


@pytest.fixture
def ran_out(town: Ocop) -> None:
    """A certificate of the town that ran out on 1/6/2023."""
    past = {
        "unit": "pho-an",
        "product": "Mắm cái",
        "producer": "HTX Nhà Nông",
        "signer": "Chủ tịch UBND thị xã",
        "certificate": {
            "star": 3,
            "number": "77/QĐ-UBND",
            "decided_on": "2020-06-01",
            "valid_until": "2023-06-01",
        },
    }
    assert town("certificates", "enter", "--data", json.dumps(past)).code == 0


@pytest.mark.usefixtures("ran_out")
def test_the_signed_notice_of_what_ran_out_is_filed_and_taken_back(council: Ocop, tmp_path: Path) -> None:
    span = ("--unit", "duc-pho", "--since", "2023-01-01", "--until", "2023-12-31")
    stands = ("certificates", "expired", *span)
    assert council(*stands).out == "Thị xã Đức Phổ, 01/01/2023 – 31/12/2023: 1 giấy chứng nhận hết hạn.\n"
    scan = tmp_path / "tb.pdf"
    scan.write_bytes(PDF)
    filing = ("certificates", "issue-expired-notice", str(scan), *span, "--as", "secretary")
    signed = ("--number", "5/TB-PKT", "--on", "2024-02-01", "--signer", "Trưởng phòng")
    named = "Thông báo hết hạn giấy chứng nhận, Thị xã Đức Phổ"
    kept = f"Đã lưu {named}: số 5/TB-PKT ngày 01/02/2024 (tb.pdf).\n"
    assert council(*filing, *signed).out.startswith(kept)
    assert council(*stands).out == (
        "Thị xã Đức Phổ, 01/01/2023 – 31/12/2023: đã ban hành số 5/TB-PKT (tb.pdf).\n"
    )
    again = council(*filing, *signed)
    assert (again.code, "không lập lại" in again.err) == (1, True)
    wider = council("certificates", "expired", "--unit", "duc-pho", "--since", "2022-01-01", *span[4:])
    other = "Khoảng khác: 01/01/2023 – 31/12/2023, số 5/TB-PKT ngày 01/02/2024."
    assert wider.out.splitlines()[1:] == [other]
    reason = ("--reason", "nhầm", "--as", "secretary")
    back = council("certificates", "take-back-expired-notice", *span, *reason)
    assert back.out == f"Đã rút lại bản lưu của {named} số 5/TB-PKT (tb.pdf); bản ấy vẫn giữ, không xoá.\n"
    shown = council(*stands, "--json").json
    assert (shown["ready"], shown["issued"], len(shown["taken_back"])) == (True, None, 1)
