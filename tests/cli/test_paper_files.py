"""`ocop paper attach`, `fetch`, `detach`: a file put to a paper, saved again, taken out."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.products.papers.handing_in import hand_in
from ocop_workflow.store import Database
from tests.factories import IMPORT_DAY
from tests.fakes import FixedClock
from tests.files.samples import PDF, PNG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]


def test_a_file_is_put_to_a_paper_saved_again_and_taken_out(town: Ocop, tmp_path: Path) -> None:
    scan = tmp_path / "phiếu.pdf"
    scan.write_bytes(PDF)
    town("paper", "add", "DP24-002", "registration")
    done = town("paper", "attach", "DP24-002", "1", str(scan))
    assert done.out == f"Đã gắn tệp số 1 (phiếu.pdf, {len(PDF)} byte) vào giấy tờ số 1 của DP24-002.\n"
    assert "phiếu.pdf" in town("paper", "list", "DP24-002").out
    out = tmp_path / "out.pdf"
    assert town("paper", "fetch", "DP24-002", "1", "1", "--out", str(out)).code == 0
    assert (out.read_bytes(), out.stat().st_mode & 0o777) == (PDF, 0o600)
    again = town("paper", "fetch", "DP24-002", "1", "1", "--out", str(out))
    assert (again.code, "Đã có tệp" in again.err) == (1, True)
    gone = town("paper", "detach", "DP24-002", "1", "1", "--reason", "chụp mờ")
    assert gone.out == "Đã rút tệp số 1 khỏi giấy tờ số 1 của DP24-002.\n"
    assert town("paper", "fetch", "DP24-002", "1", "1", "--out", str(out)).code == 2


def test_what_cannot_be_is_refused_in_words(town: Ocop, tmp_path: Path) -> None:
    scan = tmp_path / "a.png"
    scan.write_bytes(PNG)
    assert town("paper", "attach", "DP24-002", "7", str(scan)).code == 2
    town("paper", "add", "DP24-002", "registration")
    missing = town("paper", "attach", "DP24-002", "1", str(tmp_path / "none.pdf"))
    assert (missing.code, "Không đọc được tệp" in missing.err) == (2, True)
    scan.write_bytes(b"MZ a program")
    wrong = town("paper", "attach", "DP24-002", "1", str(scan))
    assert (wrong.code, "chỉ nhận PDF, JPEG, PNG" in wrong.err) == (1, True)
    assert town("paper", "attach", "DP24-002", "1", str(scan), "--json").code == 1
    listed = town("paper", "list", "DP24-002", "--json").json
    assert listed["tasks"][0]["papers"][0]["files"] == []


def test_backup_restore_and_doctor_take_the_files_along(town: Ocop, home: Path) -> None:
    scan = home / "phiếu.pdf"
    scan.write_bytes(PDF)
    town("paper", "add", "DP24-002", "registration")
    town("paper", "attach", "DP24-002", "1", str(scan))
    (kept,) = (home / "var" / "files").iterdir()
    (home / "usb").mkdir()
    made = town("backup", "usb/1.bak")
    assert (made.code, f"1 tệp của giấy tờ trong {home / 'usb' / 'files'}, mới chép thêm 1." in made.out) == (
        0,
        True,
    )
    again = town("backup", "usb/2.bak", "--json").json
    assert (again["files"], again["files_copied"], again["checked"]) == (1, 0, True)
    kept.unlink()
    doctor = town("doctor")
    assert (doctor.code, "không còn trong kho tệp" in doctor.out) == (2, True)
    gc.collect()  # the commands before ran in this process and may still hold the file open
    restored = town("restore", "usb/2.bak", "--yes")
    assert (restored.code, "1 tệp của giấy tờ, vừa chép về 1." in restored.out) == (0, True)
    assert kept.read_bytes() == PDF
    kept.unlink()
    (home / "usb" / "files" / kept.name).unlink()
    gc.collect()
    lacking = town("restore", "usb/2.bak", "--yes", "--json")
    assert (lacking.code, len(lacking.json["files_lacking"])) == (1, 1)


def test_a_producers_link_is_made_and_revoked(town: Ocop) -> None:
    made = town("paper", "link", "DP24-002", "--until", "2024-05-01", "--json").json
    assert (made["id"], made["code"], made["ends_on"]) == (1, "DP24-002", "2024-05-01")
    assert made["address"].startswith("http://127.0.0.1:8000/u/")
    shown = town("paper", "link", "DP24-002")
    assert shown.out.startswith("Liên kết số 2 của DP24-002, dùng được đến hết ")
    assert town("paper", "unlink", "DP24-002", "1").out == "Đã thu hồi liên kết số 1 của DP24-002.\n"
    assert town("paper", "unlink", "DP24-002", "1").code == 2
    assert town("paper", "link", "DP24-002", "--until", "2020-01-01").code == 1


def test_what_a_producer_sent_is_seen_taken_and_returned(town: Ocop, home: Path) -> None:
    token = town("paper", "link", "DP24-002", "--json").json["address"].rpartition("/")[2]
    assert "chờ xem" in town("paper", "waiting", "DP24-002").out
    database = Database(f"sqlite:///{home / 'var' / 'ocop.sqlite3'}")
    clock = FixedClock.at(IMPORT_DAY)
    for sha256 in ("a" * 64, "b" * 64):
        kept = KeptFile("phiếu.pdf", 12, sha256, FileKind.PDF)
        with database.write() as tx:
            hand_in(tx, token, "registration", kept, origin="here", today=clock.today(), now=clock.now())
    database.close()
    waiting = town("paper", "waiting", "DP24-002", "--json").json["files"]
    assert [(item["id"], item["kind"]) for item in waiting] == [(1, "registration"), (2, "registration")]
    taken = town("paper", "take", "DP24-002", "1", "--data", '{"number": "12/PĐK", "issued_on": "20/4/2024"}')
    assert taken.out == "Đã nhận tệp số 1 vào hồ sơ của DP24-002.\n"
    assert "12/PĐK" in town("paper", "list", "DP24-002").out
    gone = town("paper", "return", "DP24-002", "2", "--reason", "ảnh mờ")
    assert gone.out == "Đã trả lại tệp số 2 của DP24-002.\n"
    assert town("paper", "return", "DP24-002", "2", "--reason", "ảnh mờ").code == 2
    assert town("paper", "waiting", "DP24-002", "--json").json["files"] == []
