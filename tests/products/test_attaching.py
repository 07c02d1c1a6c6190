"""The files of a paper: who may put one to it, that it is there once, and what stays when it is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.changes import preview_removal, remove_plan
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, Unavailable
from ocop_workflow.files import FileKind, FileStore, KeptFile
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.papers import attaching
from ocop_workflow.products.papers.attaching import (
    attach_file,
    find_file,
    refuse_attaching,
    withdraw_file,
)
from ocop_workflow.products.papers.keeping import NewPaper, add_paper, list_papers, withdraw_paper
from tests.factories import act, rows
from tests.files.samples import PDF, PNG
from tests.stories.cast import HOST, appoint

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.file_views import PaperFileView
    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock

CODE = "DP24-002"
SCAN = KeptFile("phiếu.pdf", 12, "a" * 64, FileKind.PDF)


@pytest.fixture
def paper(seeded: Database, clock: FixedClock) -> int:
    """A paper of Phổ An's product; its number."""
    with seeded.write() as tx:
        given = NewPaper("registration")
        return add_paper(tx, CODE, given, actor=HOST, today=clock.today(), now=clock.now()).id


def attach(
    database: Database, clock: FixedClock, paper: int, kept: KeptFile = SCAN, login: str = ""
) -> PaperFileView:
    with database.write() as tx:
        return attach_file(tx, CODE, paper, kept, actor=somebody(tx, login), now=clock.now())


def somebody(tx: Connection, login: str) -> Actor:
    return actor_on_host(tx, login, "a test") if login else HOST


def shown(database: Database, clock: FixedClock) -> list[tuple[int, str]]:
    with database.read() as tx:
        found = list_papers(tx, CODE, HOST, today=clock.today())
    return [(file.id, file.name) for item in found.tasks[0].papers for file in item.files]


def test_a_paper_shows_its_files_and_the_audit_says_who_put_them_there(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    appoint(seeded, clock)
    view = attach(seeded, clock, paper, login="lan")
    assert (view.name, view.size, view.sha256, view.media_type, view.added_by, view.added_at) == (
        "phiếu.pdf",
        12,
        "a" * 64,
        "application/pdf",
        "lan",
        clock.now(),
    )
    assert shown(seeded, clock) == [(view.id, "phiếu.pdf")]
    ((actor, after),) = rows(seeded, "SELECT actor, after FROM audit WHERE action = 'file.add'")
    assert (actor, CODE in str(after), SCAN.sha256 in str(after)) == ("lan", True, True)


def test_the_same_file_is_there_once_however_often_it_is_sent(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    first = attach(seeded, clock, paper)
    again = attach(seeded, clock, paper, KeptFile("tên khác.pdf", 12, "a" * 64, FileKind.PDF))
    assert again == first
    assert rows(seeded, "SELECT COUNT(*) FROM audit WHERE action = 'file.add'") == [(1,)]
    with seeded.write() as tx:
        other = add_paper(
            tx, CODE, NewPaper("registration"), actor=HOST, today=clock.today(), now=clock.now()
        ).id
    assert attach(seeded, clock, other).id != first.id


def test_who_may_not_is_turned_away_before_a_byte_is_taken(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    appoint(seeded, clock)
    with seeded.read() as tx:
        for login, refusal in (("ha", NotFound), ("vinh", NotPermitted)):
            with pytest.raises(refusal):
                refuse_attaching(tx, CODE, paper, somebody(tx, login))
        with pytest.raises(NotFound):
            refuse_attaching(tx, CODE, paper + 1, HOST)
        refuse_attaching(tx, CODE, paper, somebody(tx, "lan"))
    for login, refusal in (("ha", NotFound), ("vinh", NotPermitted)):
        with pytest.raises(refusal):
            attach(seeded, clock, paper, login=login)
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(0,)]


def test_another_communes_file_is_as_if_it_did_not_exist(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    appoint(seeded, clock)
    file = attach(seeded, clock, paper).id
    with seeded.read() as tx:
        with pytest.raises(NotFound) as another:
            find_file(tx, CODE, paper, file, somebody(tx, "ha"))
        with pytest.raises(NotFound) as none:
            find_file(tx, "DP24-999", paper, file, somebody(tx, "ha"))
        assert find_file(tx, CODE, paper, file, somebody(tx, "vinh")).name == "phiếu.pdf"
    assert another.value.text.vi == none.value.text.vi.replace("DP24-999", CODE)


def test_a_file_is_reached_through_its_own_paper_alone(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    file = attach(seeded, clock, paper).id
    with seeded.write() as tx:
        other = add_paper(
            tx, CODE, NewPaper("registration"), actor=HOST, today=clock.today(), now=clock.now()
        ).id
        for number, wrong in ((other, file), (paper, file + 1)):
            with pytest.raises(NotFound):
                find_file(tx, CODE, number, wrong, HOST)


def test_a_file_is_taken_out_with_a_reason_and_stays_on_record(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    appoint(seeded, clock)
    file = attach(seeded, clock, paper).id
    with pytest.raises(InvalidInput), seeded.write() as tx:
        withdraw_file(tx, CODE, paper, file, " ", actor=HOST, now=clock.now())
    for login, refusal in (("ha", NotFound), ("vinh", NotPermitted)):
        with pytest.raises(refusal), seeded.write() as tx:
            withdraw_file(tx, CODE, paper, file, "nhầm", actor=somebody(tx, login), now=clock.now())
    with seeded.write() as tx:
        withdraw_file(tx, CODE, paper, file, "chụp mờ", actor=somebody(tx, "lan"), now=clock.now())
    assert shown(seeded, clock) == []
    assert rows(seeded, "SELECT removed_by, removed_because FROM paper_files") == [("lan", "chụp mờ")]
    with pytest.raises(NotFound), seeded.write() as tx:
        withdraw_file(tx, CODE, paper, file, "lần nữa", actor=HOST, now=clock.now())
    assert attach(seeded, clock, paper).id != file


def test_files_go_with_a_paper_that_is_withdrawn_and_with_a_dossier_that_is_over(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    file = attach(seeded, clock, paper).id
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    assert shown(seeded, clock) == []
    with seeded.write() as tx:
        new = add_paper(
            tx, CODE, NewPaper("registration"), actor=HOST, today=clock.today(), now=clock.now()
        ).id
        second = attach_file(tx, CODE, new, SCAN, actor=HOST, now=clock.now()).id
        withdraw_paper(tx, CODE, new, "nhầm", actor=HOST, now=clock.now())
        for number, gone in ((paper, file), (new, second)):
            with pytest.raises(NotFound):
                find_file(tx, CODE, number, gone, HOST)


def test_a_paper_holds_no_more_files_than_anybody_looks_through(
    seeded: Database, clock: FixedClock, paper: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_FILES", 2)
    for number in range(2):
        attach(seeded, clock, paper, KeptFile("a.pdf", 12, f"{number:064}", FileKind.PDF))
    with pytest.raises(Conflict) as refused:
        attach(seeded, clock, paper)
    assert refused.value.text.vi == f"Giấy tờ {paper} đã có 2 tệp; rút bớt, hoặc ghi một giấy tờ khác."


def test_a_crash_between_file_and_row_leaves_a_file_that_nothing_speaks_of(
    seeded: Database, clock: FixedClock, paper: int, tmp_path: Path
) -> None:
    store = FileStore((tmp_path / "files").as_uri())
    with store.upload() as upload:
        upload.add(PDF)
        with pytest.raises(KeyboardInterrupt):
            _stop_before_the_commit(seeded, clock, paper, store.keep(upload, "a.pdf"))
    assert (len(store.sizes()), shown(seeded, clock)) == (1, [])
    with store.upload() as upload:
        upload.add(PDF)
        kept = store.keep(upload, "a.pdf")
    assert attach(seeded, clock, paper, kept).sha256 in store.sizes()
    assert len(store.sizes()) == 1


def _stop_before_the_commit(database: Database, clock: FixedClock, paper: int, kept: KeptFile) -> None:
    with database.write() as tx:
        attach_file(tx, CODE, paper, kept, actor=HOST, now=clock.now())
        raise KeyboardInterrupt


def test_a_store_that_is_away_leaves_no_row(
    seeded: Database, clock: FixedClock, paper: int, tmp_path: Path
) -> None:
    (tmp_path / "files").write_text("in the way")
    store = FileStore((tmp_path / "files" / "x").as_uri())
    with store.upload() as upload:
        upload.add(PNG)
        with pytest.raises(Unavailable):
            attach(seeded, clock, paper, store.keep(upload, "a.png"))
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(0,)]


def test_a_plan_loaded_by_mistake_goes_with_the_files_of_its_papers(
    seeded: Database, clock: FixedClock, paper: int
) -> None:
    attach(seeded, clock, paper)
    with seeded.write() as tx:
        seen = preview_removal(tx, "duc-pho-2024")
        remove_plan(tx, "duc-pho-2024", seen.hash, actor=HOST, now=clock.now())
    assert rows(seeded, "SELECT COUNT(*) FROM paper_files") == [(0,)]
