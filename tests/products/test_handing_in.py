"""A producer's link: what its holder sees and hands in, what an officer takes or returns, when it ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.changes import preview_removal, remove_plan
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, TooManyRequests
from ocop_workflow.files import FileKind, KeptFile
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.papers import handing_in, links
from ocop_workflow.products.papers.handing_in import (
    find_handed_in,
    hand_in,
    list_waiting,
    list_wanted,
    return_handed_in,
    take_handed_in,
    waiting_beside,
)
from ocop_workflow.products.papers.keeping import NewPaper, list_papers
from ocop_workflow.products.papers.links import links_beside, make_upload_link, revoke_upload_link
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.upkeep.examination import examine
from tests.factories import SENDER, act, rows
from tests.stories.cast import HOST, appoint

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.handing_views import HandedInView, WantedPapersView
    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock

CODE = "DP24-002"
SLIP = KeptFile("phiếu.pdf", 12, "a" * 64, FileKind.PDF)


def somebody(tx: Connection, login: str) -> Actor:
    return actor_on_host(tx, login, "a test") if login else HOST


def make(database: Database, clock: FixedClock, until: date | None = None, login: str = "") -> str:
    """Make a link; returns what stands at its end."""
    with database.write() as tx:
        by = somebody(tx, login)
        token, _ = make_upload_link(tx, CODE, until, actor=by, today=clock.today(), now=clock.now())
    return token


def bring(
    database: Database,
    clock: FixedClock,
    token: str,
    kind: str = "registration",
    kept: KeptFile = SLIP,
) -> None:
    with database.write() as tx:
        hand_in(tx, token, kind, kept, origin="203.0.113.9", today=clock.today(), now=clock.now())


def seen(database: Database, clock: FixedClock, token: str) -> WantedPapersView:
    with database.read() as tx:
        return list_wanted(tx, token, today=clock.today())


def waiting(database: Database) -> list[HandedInView]:
    with database.read() as tx:
        return list(waiting_beside(tx, find_product(tx, CODE), date(2024, 4, 23)))


def take(database: Database, clock: FixedClock, number: int, given: NewPaper, login: str = "") -> None:
    with database.write() as tx:
        by = somebody(tx, login)
        take_handed_in(tx, CODE, number, given, actor=by, today=clock.today(), now=clock.now())


def give_back(database: Database, clock: FixedClock, number: int, reason: str, login: str = "") -> None:
    with database.write() as tx:
        return_handed_in(
            tx,
            CODE,
            number,
            reason,
            actor=somebody(tx, login),
            today=clock.today(),
            now=clock.now(),
        )


# -- the link --------------------------------------------------------------------------------------


def test_a_link_is_kept_as_its_checksum_and_is_good_for_thirty_days(
    seeded: Database, clock: FixedClock
) -> None:
    token = make(seeded, clock)
    ((kept, ends_on),) = rows(seeded, "SELECT sha256, ends_on FROM upload_links")
    last = clock.today() + timedelta(days=30)
    assert (len(token), token in kept, str(ends_on)) == (32, False, str(last))
    clock.move_to(last)
    assert seen(seeded, clock, token).ends_on == last
    clock.move_to(last + timedelta(days=1))
    with pytest.raises(NotFound):
        seen(seeded, clock, token)


def test_its_holder_sees_name_code_and_list_and_nothing_else(seeded: Database, clock: FixedClock) -> None:
    found = seen(seeded, clock, make(seeded, clock))
    assert (found.code, found.product) == (CODE, "Khô Bò")
    assert [(item.kind, item.lacking, item.there, item.waiting) for item in found.wanted] == [
        ("registration", True, 0, 0),
        ("producer_report", True, 0, 0),
    ]
    assert [item.kind for item in found.evidence] == ["other"]


def test_a_link_that_is_unknown_revoked_over_or_of_another_dossier_is_answered_alike(
    seeded: Database, clock: FixedClock
) -> None:
    revoked, over, earlier = (
        make(seeded, clock),
        make(seeded, clock, clock.today()),
        make(seeded, clock),
    )
    with seeded.write() as tx:
        revoke_upload_link(tx, CODE, 1, actor=HOST, today=clock.today(), now=clock.now())
    clock.wait(timedelta(days=1))
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    told = set()
    for token in ("", "nothing", "\ud800", revoked, over, earlier):
        with pytest.raises(NotFound) as refused:
            seen(seeded, clock, token)
        told.add(refused.value.text.vi)
        with pytest.raises(NotFound):
            bring(seeded, clock, token)
    assert told == {
        "Liên kết này không dùng được: gõ thiếu, đã hết hạn hoặc đã thu hồi. Hãy xin xã, phường liên kết mới."
    }
    with seeded.read() as tx:
        assert links_beside(tx, find_product(tx, CODE), clock.today()) == ()


def test_who_may_not_makes_and_revokes_no_link(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    for login, refusal in (("ha", NotFound), ("vinh", NotPermitted)):
        with pytest.raises(refusal):
            make(seeded, clock, login=login)
    make(seeded, clock, login="lan")
    for login, number, refusal in (("ha", 1, NotFound), ("vinh", 1, NotPermitted), ("lan", 2, NotFound)):
        with pytest.raises(refusal), seeded.write() as tx:
            revoke_upload_link(
                tx, CODE, number, actor=somebody(tx, login), today=clock.today(), now=clock.now()
            )


def test_a_link_ends_within_a_bound_and_there_are_not_many(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (-1, 121):
        with pytest.raises(InvalidInput) as refused:
            make(seeded, clock, clock.today() + timedelta(days=days))
        assert [item.place for item in refused.value.faults] == ["until"]
    monkeypatch.setattr(links, "MOST_LINKS", 1)
    make(seeded, clock)
    with pytest.raises(Conflict, match="links that are good"):
        make(seeded, clock)


# -- what comes by it ------------------------------------------------------------------------------


def test_what_comes_waits_and_counts_for_nothing_until_it_is_taken(
    seeded: Database, clock: FixedClock
) -> None:
    appoint(seeded, clock)
    token = make(seeded, clock)
    bring(seeded, clock, token)
    bring(seeded, clock, token)  # pressed twice
    (item,) = waiting(seeded)
    assert (item.kind, item.name, item.kind_name) == (
        "registration",
        "phiếu.pdf",
        "Phiếu đăng ký (lần đầu, nâng hạng hoặc đánh giá lại)",
    )
    wanted = seen(seeded, clock, token).wanted[0]
    assert (wanted.waiting, wanted.there, wanted.lacking) == (1, 0, True)
    ((actor, origin),) = rows(seeded, "SELECT actor, origin FROM audit WHERE action = 'file.hand_in'")
    assert (actor, origin) == ("link-1", "203.0.113.9")
    take(seeded, clock, item.id, NewPaper("other", number="12/PĐK"), "lan")
    assert waiting(seeded) == []
    with seeded.read() as tx:
        (paper,) = list_papers(tx, CODE, HOST, today=clock.today()).tasks[0].papers
    assert (paper.number, paper.recorded_by, [file.name for file in paper.files]) == (
        "12/PĐK",
        "lan",
        ["phiếu.pdf"],
    )
    wanted = seen(seeded, clock, token).wanted[0]
    assert (wanted.waiting, wanted.there, wanted.lacking) == (0, 1, False)
    assert [found for found in examine(seeded, clock).findings if found.invariant in (39, 41)] == []


def test_what_is_returned_says_why_until_something_better_comes(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    token = make(seeded, clock)
    bring(seeded, clock, token)
    (item,) = waiting(seeded)
    for login, reason, refusal in (
        ("ha", "mờ", NotFound),
        ("vinh", "mờ", NotPermitted),
        ("lan", " ", InvalidInput),
    ):
        with pytest.raises(refusal):
            give_back(seeded, clock, item.id, reason, login)
    give_back(seeded, clock, item.id, "ảnh mờ, chụp lại", "lan")
    assert seen(seeded, clock, token).wanted[0].returned == ("ảnh mờ, chụp lại",)
    with pytest.raises(NotFound):
        give_back(seeded, clock, item.id, "lần nữa", "lan")
    bring(seeded, clock, token)  # the very same again
    assert (seen(seeded, clock, token).wanted[0].returned, len(waiting(seeded))) == ((), 1)


def test_another_paper_bears_the_files_name_unless_it_is_given_one(
    seeded: Database, clock: FixedClock
) -> None:
    token = make(seeded, clock)
    for number, name in ((1, None), (2, "Giải thưởng tỉnh")):
        bring(seeded, clock, token, "other", KeptFile("giải.pdf", 12, f"{number:064}", FileKind.PDF))
        take(seeded, clock, number, NewPaper("other", name=name))
    with seeded.read() as tx:
        others = list_papers(tx, CODE, HOST, today=clock.today()).other
    assert [paper.name for paper in others] == ["giải.pdf", "Giải thưởng tỉnh"]


@pytest.mark.parametrize("kind", ["", "commune_report", "samples", "passport"])
def test_a_producer_hands_in_what_the_list_has_for_producers(
    seeded: Database, clock: FixedClock, kind: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        bring(seeded, clock, make(seeded, clock), kind)
    assert [item.place for item in refused.value.faults] == ["kind"]


def test_whoever_floods_is_stopped(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make(seeded, clock)
    monkeypatch.setattr(handing_in, "AN_HOUR", 2)
    monkeypatch.setattr(handing_in, "MOST_WAITING", 3)
    files = [KeptFile("a.pdf", 12, f"{number:064}", FileKind.PDF) for number in range(4)]
    for kept in files[:2]:
        bring(seeded, clock, token, kept=kept)
    with pytest.raises(TooManyRequests) as refused:
        bring(seeded, clock, token, kept=files[2])
    assert refused.value.wait == 3600
    clock.wait(timedelta(hours=1))
    bring(seeded, clock, token, kept=files[2])
    clock.wait(timedelta(hours=1))
    with pytest.raises(Conflict, match="wait to be looked at"):
        bring(seeded, clock, token, kept=files[3])


def test_what_waits_is_told_to_those_who_can_settle_it(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    token = make(seeded, clock)
    bring(seeded, clock, token)
    clock.wait(timedelta(minutes=5))
    bring(seeded, clock, token, "producer_report")
    with seeded.read() as tx:
        told = {login: list_waiting(tx, somebody(tx, login)) for login in ("lan", "ha", "minh", "vinh", "")}
        find_handed_in(tx, CODE, 1, somebody(tx, "vinh"), clock.today())
        with pytest.raises(NotFound):
            find_handed_in(tx, CODE, 1, somebody(tx, "ha"), clock.today())
    assert {login: [(item.code, item.files) for item in found] for login, found in told.items()} == {
        "lan": [(CODE, 2)],
        "ha": [],
        "minh": [(CODE, 2)],
        "vinh": [],
        "": [(CODE, 2)],
    }
    assert told["lan"][0].since == clock.now() - timedelta(minutes=5)


def test_a_dossier_for_which_files_wait_is_not_undone_away_and_its_links_go_with_it(
    seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    token = make(seeded, clock)
    bring(seeded, clock, token)
    order = UndoOrder(CODE, HOST, "nhầm")
    with pytest.raises(Conflict) as refused, seeded.write() as tx:
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert refused.value.text.vi == (
        f"Chủ thể đã gửi tệp cho hồ sơ 2 của {CODE}; nhận hoặc trả lại trước, rồi hoàn tác."
    )
    give_back(seeded, clock, 1, "hồ sơ mở nhầm")
    with seeded.write() as tx:
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})  # another dossier of the same number
    with pytest.raises(NotFound):
        seen(seeded, clock, token)


def test_a_plan_loaded_by_mistake_goes_with_its_links(seeded: Database, clock: FixedClock) -> None:
    token = make(seeded, clock)
    bring(seeded, clock, token)
    take(seeded, clock, 1, NewPaper("other"))
    with seeded.write() as tx:
        hashed = preview_removal(tx, "duc-pho-2024").hash
        remove_plan(tx, "duc-pho-2024", hashed, actor=HOST, now=clock.now())
    for table in ("handed_in", "upload_links", "paper_files"):
        assert rows(seeded, f"SELECT COUNT(*) FROM {table}") == [(0,)]
