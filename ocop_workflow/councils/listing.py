"""What a session is to score: putting products on its list, taking them out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import find_council
from ocop_workflow.councils.sittings import LONGEST_REASON, checked, refuse_over, run_session
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.councils.words import Scoring, Sitting
from ocop_workflow.states import build_lifecycle
from ocop_workflow.states.lifecycle import SCORED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.council_queries import CouncilRecord
    from ocop_workflow.councils.session_queries import CandidateRecord, ScoredRecord, SittingRecord
    from ocop_workflow.errors import Fault
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A product as it is put on a session's list.

    Attributes:
        code: its code.
        product_set: whose sheet it is scored by (Phụ lục I); none: as its dossier says.
        due_on: the local day by which it has to be scored; none: that of the session.
    """

    code: str
    product_set: int | None = None
    due_on: date | None = None


def find_listed(tx: Connection, session: SittingRecord, code: str) -> ScoredRecord:
    """Return a product on a session's list.

    Raises:
        NotFound: it is not on it.
    """
    found = sessions.product_in(tx, session.id, code.strip().upper())
    if found is None:
        raise NotFound(
            f"Phiên “{session.name}” không có sản phẩm {code}.",
            f"The session {session.id} has no product {code}.",
        )
    return found


def put_on_list(
    tx: Connection, session_id: int, given: Sequence[ListEntry], *, actor: Actor, now: datetime
) -> None:
    """Put products on a session's list.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor does not run the session.
        Conflict: it has been closed.
        InvalidInput: a product is unknown, sits in another session, waits for no score of this level, or has
            no set of products yet; all faults at once.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_over(session)
    council = find_council(tx, actor, session.council_id)
    given = list({_code(item): item for item in given}.values())
    sessions.hold_products(tx, [_code(item) for item in given])
    known = {item.code: item for item in sessions.candidates(tx, [_code(item) for item in given])}
    under = {unit.id for unit in units.units_below(tx, council.unit_id)}
    faults: list[Fault] = []
    for item in given:
        candidate = known.get(_code(item))
        if candidate is None or candidate.unit_id not in under:
            faults.append(
                fault(
                    _code(item),
                    f"không có sản phẩm này ở {council.unit}",
                    f"there is no such product in {council.unit_slug}",
                )
            )
            continue
        faults += _not_for(tx, candidate, item, council)
    if faults:
        raise InvalidInput("Danh sách sản phẩm có lỗi.", "The list of products is at fault.", faults)
    stage = Scoring.SCORING if session.stage is Sitting.OPEN else Scoring.WAITING
    for item in given:
        candidate = known[_code(item)]
        values = {
            "session_id": session.id,
            "product_id": candidate.product_id,
            "dossier": candidate.dossier,
            "regulation": candidate.regulation,
            "product_set": _set_of(candidate, item),
            "due_on": item.due_on or session.held_on,
            "stage": stage,
            "round": 1,
        }
        listed = sessions.insert_scored(tx, values)
        seated.carry_conflicts(tx, listed, candidate.product_id, candidate.dossier, council.id)
    deed = Deed("session.list", f"session:{session.id}", None, {"products": sorted(map(_code, given))})
    record(tx, actor, deed, now, warrant)


def _code(item: ListEntry) -> str:
    return item.code.strip().upper()


def _set_of(candidate: CandidateRecord, item: ListEntry) -> int | None:
    """Return whose sheet a product is scored by; none: its regulation has no sheets at hand."""
    if not load_regulation(candidate.regulation).sets:
        return None
    return item.product_set or candidate.product_set


def _not_for(
    tx: Connection, candidate: CandidateRecord, item: ListEntry, council: CouncilRecord
) -> Iterator[Fault]:
    """Say why a product cannot be put on the list."""
    regulation = load_regulation(candidate.regulation)
    target = SCORED.get(council.level)
    rows = build_lifecycle(regulation).transitions
    if candidate.state not in {row.source for row in rows if row.target is target}:
        yield fault(
            candidate.code,
            f"đang ở “{candidate.state.label}”, chưa đến lượt hội đồng này chấm",
            f"is {candidate.state.value}: this council does not score it now",
        )
    sits = sessions.sits_now(tx, candidate.product_id)
    if sits is not None:
        yield fault(
            candidate.code,
            f"đang nằm trong phiên số {sits[1]}; rút khỏi phiên ấy trước",
            f"sits in session {sits[1]}; take it out there first",
        )
    numbers = {known.number for known in regulation.sets}
    if numbers and _set_of(candidate, item) not in numbers:
        yield fault(
            candidate.code,
            "chưa chọn bộ sản phẩm (Phụ lục I), hoặc bộ không có",
            "has no set of products (Phụ lục I) yet, or one that does not exist",
        )


def take_out(tx: Connection, session_id: int, code: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a product out of a session without a result; its sheets stay readable.

    Raises:
        NotFound: there is no such session, or the product is not on its list.
        NotPermitted: the actor does not run the session.
        Conflict: the product's result was confirmed, or it is out already.
        InvalidInput: no reason is given.
    """
    session, warrant = run_session(tx, actor, session_id)
    found = find_listed(tx, session, code)
    if found.stage not in sessions.THERE:
        raise Conflict(
            f"{found.code}: {found.stage.text.vi}; không rút được nữa.",
            f"{found.code} is {found.stage.value}: it cannot be taken out any more.",
        )
    let_go(tx, found.id, checked(reason))
    deed = Deed("session.take_out", f"session:{session.id}", None, {"product": found.code, "reason": reason})
    record(tx, actor, deed, now, warrant)


def let_go(tx: Connection, scored_id: int, reason: str) -> None:
    """Let a product sit in a session no more; its sheets stay, without a result."""
    sessions.hold_scored(tx, scored_id, alone=True)
    sessions.write_scored(tx, scored_id, stage=Scoring.OUT, out_because=reason[:LONGEST_REASON])
