"""The star is a function of the sheets that count, and of the rules: of nothing else, in whatever order.

No database has a part in it: what a session holds is drawn, councils of 1 to 15.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_workflow.councils.attendance_queries import ConflictRecord
from ocop_workflow.councils.council_queries import MemberRecord
from ocop_workflow.councils.scoring import results
from ocop_workflow.councils.scoring.sheet_queries import SheetRecord
from ocop_workflow.councils.session_queries import ScoredRecord, SittingRecord
from ocop_workflow.regulations.councils.words import (
    CouncilDuty,
    Scoring,
    SessionMode,
    SheetStage,
    SignedBy,
    Sitting,
)
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.regulations.rubrics.rules import AgreedBy
from tests.regulations.rubrics.plain import SETS, Choices, choosable, criteria, star_of_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from ocop_workflow.councils.scoring.results import ProductResult
    from ocop_workflow.store import Connection

One = TypeVar("One")
DAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 8, tzinfo=UTC)
#: what may be the matter with a member's sheet
FATES = ("counts", "counts", "counts", "counts", "not signed", "earlier round", "absent", "conflict", "left")
APART = ("adviser", "secretary")


@dataclass(frozen=True)
class Drawn:
    """A session: who sits there, and what each sheet says; `fates`: by member."""

    number: int
    fates: list[str]
    sheets: list[Choices]
    rules: CouncilRules
    turn: int

    @property
    def valid(self) -> list[Choices]:
        return [sheet for fate, sheet in zip(self.fates, self.sheets, strict=True) if fate == "counts"]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    number, turn, lean = draw(st.sampled_from(SETS)), draw(st.sampled_from((1, 2))), draw(st.integers(1, 4))
    fates = draw(st.lists(st.sampled_from(FATES), min_size=1, max_size=15))
    random = draw(st.randoms(use_true_random=False))
    fates += APART
    options = {name: [chosen for chosen, _ in choosable(item)] for name, item in criteria(number).items()}
    sheets: list[Choices] = [
        {name: some[max(random.randrange(len(some)) for _ in range(lean))] for name, some in options.items()}
        for _ in fates
    ]
    gates = draw(st.sampled_from((AgreedBy.MAJORITY, AgreedBy.EVERY)))
    rules = CouncilRules(source="Quy chế", minimum_scores=1, gates=gates)
    return Drawn(number, fates, sheets, rules, turn)


def come_to(session: Drawn, random: Random, version: int) -> ProductResult:
    """Let the service work out a drawn session, everything in it in an order of its own."""

    def shuffled(some: Iterable[One]) -> list[One]:
        found = list(some)
        random.shuffle(found)
        return found

    duties = {"adviser": CouncilDuty.ADVISER, "secretary": CouncilDuty.SECRETARY}
    members = [
        MemberRecord(
            id=place,
            officer_id=place,
            login=f"m{place}",
            name=f"M{place}",
            duty=duties.get(fate, CouncilDuty.MEMBER),
            position="sở",
            since=DAY,
            until=DAY if fate == "left" else None,
        )
        for place, fate in enumerate(session.fates)
    ]
    records, said = list[SheetRecord](), dict[int, dict[str, Any]]()
    for place, (fate, sheet) in enumerate(zip(session.fates, session.sheets, strict=True)):
        earlier = fate == "earlier round"
        stage = SheetStage.OPEN if fate == "not signed" else SheetStage.SIGNED
        record = SheetRecord(
            id=100 + place,
            scored_id=7,
            member_id=place,
            round=session.turn - earlier,
            stage=stage,
            opened_at=NOW,
            saved_at=NOW + timedelta(minutes=version),
            signed_at=NOW,
            signed_by=SignedBy.PASSWORD,
            sha256="0" * 64,
        )
        records.append(replace(record, stage=SheetStage.SUPERSEDED) if earlier else record)
        if stage is not SheetStage.OPEN:
            entries: dict[str, Any] = {"opinion": f"lần {version}"}
            entries |= {f"choices.{name}": sheet[name] for name in shuffled(sheet)}
            said[record.id] = entries
    conflicts = [
        ConflictRecord(7, place, "người thân")
        for place, fate in enumerate(session.fates)
        if fate == "conflict"
    ]
    present = {place for place, fate in enumerate(session.fates) if fate != "absent"}
    sitting = SittingRecord(
        id=1,
        council_id=1,
        unit_id=1,
        council="Hội đồng",
        name="Phiên",
        mode=SessionMode.MEETING,
        stage=Sitting.OPEN,
        held_on=DAY,
        place=None,
        sent_on=DAY,
        rules=session.rules.model_dump(mode="json"),
        drafted_by="secretary",
        opened_at=NOW,
        closed_at=None,
        decision_number=None,
        decided_on=None,
        signer=None,
        published_on=None,
    )
    listed = ScoredRecord(
        id=7,
        session_id=1,
        product_id=1,
        code="VD26-001",
        product="Gạo",
        unit="xã",
        producer=None,
        dossier=1,
        regulation="qd-26-2026",
        product_set=session.number,
        due_on=DAY,
        stage=Scoring.CLOSED,
        round=session.turn,
        again_because=None,
        chair_note=None,
        noted_by=None,
        advice=None,
        out_because=None,
        closed_at=NOW,
        transition_id=None,
    )
    found: dict[str, object] = {
        "councils.members_of": shuffled(members),
        "present_of": present,
        "seated.conflicts_in": shuffled(conflicts),
        "seated.opinions_in": [],
        "sessions.products_of": [listed],
        "sheets.sheets_in": shuffled(records),
        "sheets.readable_entries": dict(shuffled(said.items())),
    }
    nowhere: Connection = None  # type: ignore[assignment]  # nothing is asked of a database
    with pytest.MonkeyPatch.context() as patch:
        for name, value in found.items():
            patch.setattr(f"{results.__name__}.{name}", lambda *_, value=value: value)
        (result,) = results.results_of(nowhere, sitting)
    return result


@given(drawn(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_star_is_a_function_of_the_sheets_that_count_and_the_rules(
    session: Drawn, random: Random
) -> None:
    once, again = (come_to(session, random, version) for version in (1, 2))
    counting = {f"m{place}" for place, fate in enumerate(session.fates) if fate == "counts"}
    assert {sheet.member.login for sheet in once.sheets} == counting
    if once.result is None or again.result is None:
        assert (once.result, again.result, session.valid) == (None, None, [])
        return
    assert sorted(once.result.outcome.totals) == sorted(again.result.outcome.totals)
    first, second = (found.outcome for found in (once.result, again.result))
    assert (first.star, first.missed, first.band) == (second.star, second.missed, second.band)
    assert (once.result.way, once.result.doubts) == (again.result.way, again.result.doubts)
    if session.rules.gates is AgreedBy.MAJORITY:
        assert first.star == star_of_sheets(session.number, session.valid)
