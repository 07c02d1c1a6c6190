"""The decision on a session's results: every product it scored is recognised, sent up, or left unrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import find_council
from ocop_workflow.councils.sittings import refuse_stage, run_session
from ocop_workflow.errors import Conflict
from ocop_workflow.plans.loaded import hold_calendar
from ocop_workflow.products.advance import Order, advance_all, facts_of
from ocop_workflow.products.checks import find_product
from ocop_workflow.regulations.councils.words import Scoring, Sitting
from ocop_workflow.states import Event
from ocop_workflow.states.lifecycle import SCORED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import Sender
    from ocop_workflow.products.advance import Advanced
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Level
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class SessionDecision:
    """The decision on what a session came to.

    Attributes:
        number: of the decision.
        decided_on: its local day.
        signer: who signed it.
        published_on: the local day on which the results were published.
        send_up: codes of products that go to the level above though this one could recognise a star.
        sent_on: the local day on which the dossiers that go up left with their samples; none: not yet known.
        samples: how many of each.
    """

    number: str
    decided_on: date
    signer: str
    published_on: date
    send_up: Collection[str] = ()
    sent_on: date | None = None
    samples: int | None = None


def decide_session(
    tx: Connection,
    session_id: int,
    given: SessionDecision,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> tuple[Advanced, ...]:
    """Record the decision on a session that is closed, and do with each product what follows from it.

    A star that this level recognises is certified; a mean at or above its forwarding threshold is sent up
    (QĐ 148/QĐ-TTg, khoản 3 Điều 6; QĐ 26/2026/QĐ-TTg, điểm e khoản 3 Điều 7: the result is approved and the
    dossier sent to the ministry); below three stars it is left unrated. What was decided by hand meanwhile
    stays. From now on only another decision changes a score.

    Args:
        tx: a writing transaction.
        session_id: the session.
        given: the decision.
        actor: whoever records it.
        sender: in whose name the communes are told, in one letter each.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: there is no such session.
        NotPermitted: the actor does not run it, or recognising is in other hands.
        Conflict: it is not closed, or nothing in it waits for a decision.
        InvalidInput, DatesDisagree: the days cannot be.
        EventRefused: a product stands where nothing of this follows.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.CLOSED)
    level = find_council(tx, actor, session.council_id).level
    codes = [item.code for item in sessions.products_of(tx, session.id) if item.stage is Scoring.CONFIRMED]
    waiting = [item for item in (find_product(tx, code) for code in codes) if item.state is SCORED[level]]
    if not waiting:
        raise Conflict(
            f"Phiên “{session.name}” không có sản phẩm nào chờ quyết định.",
            f"Nothing in session {session.id} waits for a decision.",
        )
    orders = list(_orders(tx, waiting, level, given, actor))
    done = advance_all(tx, orders, sender=sender, today=today, now=now)
    sessions.write_session(
        tx,
        session.id,
        stage=Sitting.DECIDED,
        decision_number=given.number,
        decided_on=given.decided_on,
        signer=given.signer,
        published_on=given.published_on,
    )
    after = {"number": given.number, "products": {item.code: item.event.value for item in done}}
    record(tx, actor, Deed("session.decide", f"session:{session.id}", None, after), now, warrant)
    return done


def _orders(
    tx: Connection, waiting: list[ProductRecord], level: Level, given: SessionDecision, actor: Actor
) -> Iterator[Order]:
    paper = {
        "decision_number": given.number,
        "decision_date": given.decided_on.isoformat(),
        "signer": given.signer,
    }
    recognised = {**paper, "published_on": given.published_on.isoformat()}
    handed_over: dict[str, Any] = {"sent_on": given.sent_on and given.sent_on.isoformat()}
    handed_over["samples"] = given.samples
    to_above = paper | {name: value for name, value in handed_over.items() if value is not None}
    sent_up = {code.strip().upper() for code in given.send_up}
    for item in waiting:
        event = _follows(tx, item, level, given.decided_on, is_sent_up=item.code in sent_up)
        data: dict[str, Any] = {Event.CERTIFY: recognised, Event.ESCALATE: to_above}.get(event, {})
        yield Order(item.code, event.value, actor, data)


def _follows(tx: Connection, item: ProductRecord, level: Level, on: date, *, is_sent_up: bool) -> Event:
    """Return what follows from a product's score at this level."""
    regulation = item.rated_by(hold_calendar(tx, item.plan_id, item.plan_sha256).regulation, on)
    star = facts_of(item, regulation, on).star or 0
    owner = regulation.owner(star) if star else None
    if owner is None:
        return Event.REJECT
    reached = regulation.ladder.index(owner) <= regulation.ladder.index(level)
    return Event.CERTIFY if reached and not is_sent_up else Event.ESCALATE
