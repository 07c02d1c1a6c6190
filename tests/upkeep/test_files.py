"""Files of papers beside the database: compared by the doctor, copied by backups, brought back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.files import FileStore
from ocop_workflow.letters.journal import Journal
from ocop_workflow.products.papers.attaching import attach_file, withdraw_file
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.upkeep.backup import back_up, bring_files_back, restore
from ocop_workflow.upkeep.examination import Severity, examine
from ocop_workflow.upkeep.file_backup import FilesCopied
from tests import postgres
from tests.factories import write
from tests.files.samples import PDF, PNG
from tests.stories.cast import HOST
from tests.upkeep.test_backup import elsewhere as elsewhere  # noqa: PLC0414 - a fixture of theirs

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from ocop_workflow.upkeep.examination import Finding
    from tests.fakes import FixedClock

CODE = "DP24-002"
NOW = datetime(2024, 5, 2, 1, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore((tmp_path / "store").as_uri())


def bring(database: Database, clock: FixedClock, files: FileStore, content: bytes) -> str:
    """Record a paper with this file; returns the name under which it lies."""
    with files.upload() as upload:
        upload.add(content)
        kept = files.keep(upload, "phiếu")
    with database.write() as tx:
        given = NewPaper("registration")
        paper = add_paper(tx, CODE, given, actor=HOST, today=clock.today(), now=clock.now())
        attach_file(tx, CODE, paper.id, kept, actor=HOST, now=clock.now())
    return kept.sha256


def lying(files: FileStore, name: str) -> Path:
    assert files.folder is not None
    return files.folder / name


def found(database: Database, clock: FixedClock, files: FileStore) -> tuple[list[Finding], list[Finding]]:
    told = examine(database, clock, files=files)
    return [item for item in told.findings if item.invariant == 42], list(told.notes)


# -- the doctor ------------------------------------------------------------------------------------


def test_what_is_on_record_and_in_the_store_alike_is_nothing_to_tell(
    seeded: Database, clock: FixedClock, files: FileStore
) -> None:
    bring(seeded, clock, files, PDF)
    with seeded.write() as tx:
        withdraw_file(tx, CODE, 1, 1, "nhầm", actor=HOST, now=clock.now())
    assert found(seeded, clock, files) == ([], [])


def test_a_file_that_is_gone_and_one_that_was_cut_are_wrong(
    seeded: Database, clock: FixedClock, files: FileStore
) -> None:
    gone, cut = bring(seeded, clock, files, PDF), bring(seeded, clock, files, PNG)
    lying(files, gone).unlink()
    lying(files, cut).write_bytes(PNG[:5])
    wrong, notes = found(seeded, clock, files)
    assert [item.text.vi for item in wrong] == [
        f"Tệp 1 (phiếu.pdf, {gone}) của {CODE}: không còn trong kho tệp, lẽ ra {len(PDF)} byte.",
        f"Tệp 2 (phiếu.png, {cut}) của {CODE}: trong kho tệp dài 5 byte, lẽ ra {len(PNG)} byte.",
    ]
    assert {item.severity for item in wrong} == {Severity.VIOLATED}
    assert notes == []


def test_a_file_that_no_paper_speaks_of_is_noted_and_nothing_more(
    seeded: Database, clock: FixedClock, files: FileStore
) -> None:
    bring(seeded, clock, files, PDF)
    with files.upload() as upload:
        upload.add(PNG)
        name = files.keep(upload, "a").sha256
    wrong, (note,) = found(seeded, clock, files)
    assert wrong == []
    assert f"Kho tệp còn 1 tệp ({len(PNG)} byte) mà không giấy tờ nào nhắc tới, ví dụ {name}" in note.text.vi


def test_a_store_that_is_away_is_to_be_looked_at(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for name in ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    (told,), _ = found(seeded, clock, FileStore("s3://bucket/files"))
    assert (told.severity, "OCOP_FILES_URL" in told.advice.vi) == (Severity.WARNING, True)


# -- backup and restore ----------------------------------------------------------------------------


def _needs_tools(database: Database) -> None:
    if database.file is None and not postgres.HAS_TOOLS:
        pytest.skip("pg_dump is neither on the PATH nor under /usr/lib/postgresql")


def test_a_backup_takes_the_files_along_and_copies_none_twice(
    seeded: Database, clock: FixedClock, files: FileStore, tmp_path: Path
) -> None:
    _needs_tools(seeded)
    backups = tmp_path / "usb"
    backups.mkdir()
    first = bring(seeded, clock, files, PDF)
    done = back_up(seeded, backups / "1.bak", files)
    assert (done.files, done.is_sound) == (FilesCopied(1, 1), True)
    assert (backups / "files" / first).read_bytes() == PDF
    second = bring(seeded, clock, files, PNG)
    assert back_up(seeded, backups / "2.bak", files).files == FilesCopied(2, 1)
    assert {path.name for path in (backups / "files").iterdir()} == {first, second}


def test_a_restore_brings_back_what_the_store_lacks(
    seeded: Database, clock: FixedClock, files: FileStore, tmp_path: Path, elsewhere: Database
) -> None:
    _needs_tools(seeded)
    backup = tmp_path / "usb" / "1.bak"
    backup.parent.mkdir()
    name = bring(seeded, clock, files, PDF)
    back_up(seeded, backup, files)
    other = FileStore((tmp_path / "another machine").as_uri())
    restore(elsewhere, backup, Journal(tmp_path / "sent.jsonl"), NOW)
    assert bring_files_back(elsewhere, backup, other) == FilesCopied(1, 1)
    with other.read(name) as file:
        assert file.read() == PDF
    assert bring_files_back(elsewhere, backup, other) == FilesCopied(1, 0)


def test_a_backup_without_one_of_its_files_is_made_and_told_of(
    seeded: Database, clock: FixedClock, files: FileStore, tmp_path: Path
) -> None:
    _needs_tools(seeded)
    backups = tmp_path / "usb"
    backups.mkdir()
    lying(files, bring(seeded, clock, files, PDF)).unlink()
    kept = bring(seeded, clock, files, PNG)
    done = back_up(seeded, backups / "1.bak", files)
    assert (done.is_sound, done.files.copied, done.file.exists()) == (False, 1, True)
    (told,) = done.findings
    assert told.vi.startswith(f"Tệp 1 (phiếu.pdf) của {CODE}: không có bản chép.")
    assert [path.name for path in (backups / "files").iterdir()] == [kept]


def test_a_backup_into_the_databases_own_folder_finds_its_files_there(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    _needs_tools(seeded)
    files = FileStore((tmp_path / "files").as_uri())
    bring(seeded, clock, files, PDF)
    assert back_up(seeded, tmp_path / "1.bak", files).files == FilesCopied(1, 0)


def test_of_a_store_elsewhere_a_backup_keeps_the_list(
    seeded: Database,
    clock: FixedClock,
    files: FileStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _needs_tools(seeded)
    name = bring(seeded, clock, files, PDF)
    monkeypatch.setattr(files, "folder", None)
    done = back_up(seeded, tmp_path / "1.bak", files)
    assert (done.files, done.is_sound) == (FilesCopied(1, 0), True)
    assert (tmp_path / "1.bak.files").read_text() == f"{name} {len(PDF)}\n"
    assert not (tmp_path / "files").exists()


def test_a_database_of_a_version_without_files_has_none(
    seeded: Database, files: FileStore, tmp_path: Path
) -> None:
    if seeded.file is None:
        pytest.skip("the statement is the same")
    write(seeded, "DROP TABLE paper_files")
    assert bring_files_back(seeded, tmp_path / "1.bak", files) == FilesCopied(0, 0)
