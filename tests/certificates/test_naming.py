"""What a certificate says stays as it was: names, body, evidence; what became of it is told beside that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.certificates.queries import certificate_by_id
from ocop_workflow.errors import InvalidInput
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.products.settling.register import WantedCertificates, count_certificates, list_certificates
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import EvidenceLevel
from tests.factories import MINH, SEED, SENDER, act, rows, write
from tests.products.test_entering import ENDED, OLD, RUNNING, assert_sound
from tests.stories.journeys import revoke, step, walk_to
from tests.stories.mergers import join

if TYPE_CHECKING:
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "DP24-002"


def enter(database: Database, clock: FixedClock, **more: object) -> int:
    with database.write() as tx:
        given = {**RUNNING, **more}
        return enter_certificate(tx, Entering(MINH, given, clock.today(), clock.now())).id


def kept(database: Database, number: int = 1) -> CertificateRecord:
    with database.read() as tx:
        found = certificate_by_id(tx, number)
    assert found is not None
    return found


def numbers(database: Database, clock: FixedClock, **wanted: Any) -> list[int]:  # noqa: ANN401 - as it is asked
    with database.read() as tx:
        found = list_certificates(tx, clock.today(), WantedCertificates(**wanted))
        assert count_certificates(tx, clock.today(), WantedCertificates(**wanted)) == len(found)
    return [view.id for view in found]


@pytest.fixture
def certified(seeded: Database, clock: FixedClock) -> Database:
    """Khô Bò of Phổ An, recognised by the town in its first year."""
    walk_to(seeded, clock, CODE, "certify")
    return seeded


def test_what_the_level_decides_here_is_known_by_its_decision(certified: Database) -> None:
    found = kept(certified)
    assert (found.product, found.commune, found.province) == ("Khô Bò", "Xã Phổ An", "Tỉnh Quảng Ngãi")
    assert (found.issuer, found.regulation) == ("UBND thị xã Đức Phổ", "qd-148-2023")
    assert (found.evidence, found.source) == (EvidenceLevel.SIGNED, None)
    assert found.published_on is not None
    assert found.shown_since is not None
    assert len(found.token) == 22


def test_names_are_those_of_its_day_whatever_becomes_of_them(certified: Database, clock: FixedClock) -> None:
    before = kept(certified)
    write(certified, "UPDATE products SET name = 'Tên mới' WHERE code = :code", code=CODE)
    write(certified, "UPDATE producers SET name = 'Chủ mới'")
    join(certified, clock, "pho-an", "pho-khanh", clock.today())
    after = kept(certified)
    assert (after.product, after.producer, after.commune, after.token) == (
        before.product,
        before.producer,
        before.commune,
        before.token,
    )
    assert after.unit != before.unit


def test_one_that_was_given_by_mistake_keeps_its_page_and_says_when_that_was_found(
    certified: Database, clock: FixedClock
) -> None:
    clock.wait(timedelta(days=3))
    with certified.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    found = kept(certified)
    assert (found.ended_because, found.taken_back_on) == ("undone", clock.today())
    assert found.shown_since is not None
    assert_sound(certified, clock)


def test_one_that_is_revoked_says_by_whom_and_one_that_is_replaced_by_what(
    certified: Database, clock: FixedClock
) -> None:
    revoke(certified, clock, CODE, clock.today())
    assert (kept(certified).ended_because, kept(certified).ended_by) == ("revoked", "UBND thị xã Đức Phổ")
    with certified.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert (kept(certified).ended_because, kept(certified).ended_by) == (None, None)
    assert_sound(certified, clock)


def test_one_that_is_followed_names_what_followed(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, CODE, "certify")
    step(seeded, clock, CODE, "open_re_rating", date(2024, 11, 27), plan=SEED)
    step(seeded, clock, CODE, "commune_evaluate", date(2024, 11, 28))
    step(seeded, clock, CODE, "score_district", date(2024, 11, 29), session_date="2024-11-29")
    decided = {"decision_date": "2024-11-30", "published_on": "2024-11-30"}
    step(seeded, clock, CODE, "certify", date(2024, 11, 30), **decided)
    assert kept(seeded, 1).ended_because == "renewed"
    assert kept(seeded, 1).replaced_by == kept(seeded, 2).token
    with seeded.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert (kept(seeded, 1).ended_because, kept(seeded, 1).replaced_by) == (None, None)
    assert_sound(seeded, clock)


def test_an_entered_one_keeps_what_its_paper_says(seeded: Database, clock: FixedClock) -> None:
    said = {
        "issuer": "UBND huyện Đức Phổ",
        "published_on": "2021-11-25",
        "evidence": "B1",
        "source": "Trang tin của tỉnh, 25/11/2021",
    }
    running = kept(seeded, enter(seeded, clock, **said))
    assert (running.issuer, running.published_on) == ("UBND huyện Đức Phổ", date(2021, 11, 25))
    assert (running.evidence.value, running.source) == ("B1", "Trang tin của tỉnh, 25/11/2021")
    ended = kept(
        seeded,
        enter(seeded, clock, **{**ENDED, "certificate": {**OLD, "number": "7/QĐ"}, "ended_by": "UBND tỉnh"}),
    )
    assert (ended.code, ended.ended_because, ended.ended_by) == ("", "revoked", "UBND tỉnh")
    assert ended.token != running.token
    assert_sound(seeded, clock)


def test_one_is_not_published_before_it_was_decided(seeded: Database, clock: FixedClock) -> None:
    with pytest.raises(InvalidInput) as refused:
        enter(seeded, clock, published_on="2021-11-19")
    assert [fault.place for fault in refused.value.faults] == ["published_on"]


def test_the_register_is_asked_by_what_became_of_them(seeded: Database, clock: FixedClock) -> None:
    running = enter(seeded, clock)
    revoked = enter(seeded, clock, **{**ENDED, "certificate": {**OLD, "number": "7/QĐ", "star": 4}})
    lapsed = enter(seeded, clock, certificate={**OLD, "number": "9/QĐ"}, evidence="B1")
    assert numbers(seeded, clock, status="running") == [running]
    assert numbers(seeded, clock, status="valid") == [running]
    assert numbers(seeded, clock, status="in_re_rating") == []
    assert numbers(seeded, clock, status="ended") == [revoked, lapsed]
    assert numbers(seeded, clock, status="revoked") == [revoked]
    assert numbers(seeded, clock, status="expired") == [lapsed]
    assert numbers(seeded, clock, status="replaced") == []
    assert numbers(seeded, clock, evidence="A") == [running, revoked]
    assert numbers(seeded, clock, evidence="B1") == [lapsed]
    assert numbers(seeded, clock, words="9/QĐ", star=3) == [lapsed]
    assert numbers(seeded, clock, words="Kỳ Tân", star=4) == [revoked]
    assert numbers(seeded, clock, words="ky tan", status="running") == [running]
    assert numbers(seeded, clock, words="%") == []
    clock.move_to(date(2025, 1, 2))  # over since November, and nobody has recorded it
    assert numbers(seeded, clock, status="expired") == [running, lapsed]
    act(seeded, clock, "SO-000001", "open_re_rating", {"kind": "renewal", "plan": "duc-pho-2024"})
    clock.move_to(date(2024, 10, 1))
    assert numbers(seeded, clock, status="in_re_rating") == [running]
    assert numbers(seeded, clock, status="valid") == []


def test_what_was_known_by_less_counts_by_its_decision_once_that_is_named(
    seeded: Database, clock: FixedClock
) -> None:
    found = kept(seeded, enter(seeded, clock, evidence="B1"))
    confirmed = replace(found, settled_paper={"paper_number": "88/QĐ-UBND"})
    assert (found.evidence, confirmed.evidence) == (EvidenceLevel.NEWS, EvidenceLevel.SIGNED)


def test_no_two_pages_end_alike(seeded: Database, clock: FixedClock) -> None:
    for number in range(20):
        enter(seeded, clock, **{**ENDED, "certificate": {**OLD, "number": f"{number}/QĐ"}})
    ((count,),) = rows(seeded, "SELECT COUNT(DISTINCT token) FROM certificates")
    assert count == 20
