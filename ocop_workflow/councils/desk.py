"""What is read of councils and sessions: lists, the secretary's desk, results, what to look at again."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import find_council, rules_of
from ocop_workflow.councils.listing import find_listed
from ocop_workflow.councils.scoring import sheet_queries as sheets
from ocop_workflow.councils.scoring.results import reads_sheets, result_in, results_of
from ocop_workflow.councils.scoring.views import AttentionView, SessionResultView
from ocop_workflow.councils.session_views import (
    CouncilRulesView,
    CouncilSessionLineView,
    CouncilSessionView,
    CouncilView,
    ListedProductView,
    seat_views,
)
from ocop_workflow.councils.sittings import find_session, present_of, rules_in, scorers_of
from ocop_workflow.errors import NotPermitted, say
from ocop_workflow.people.officers import sees
from ocop_workflow.regulations.councils.attention import Seen, look_again
from ocop_workflow.regulations.councils.words import Scoring, SignedBy
from ocop_workflow.regulations.rubrics.entries import total_so_far

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.scoring.results import ProductResult
    from ocop_workflow.councils.scoring.sheet_queries import MySessionRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection


def list_councils(tx: Connection, actor: Actor, language: Language = "vi") -> list[CouncilView]:
    """Return the councils that the actor may see, youngest first."""
    found = councils.councils_within(tx, actor.units_with(Permission.READ))
    return [
        CouncilView.of(item, rules_of(item.rules), councils.members_of(tx, item.id), language)
        for item in found
    ]


def show_council(tx: Connection, council_id: int, actor: Actor, language: Language = "vi") -> CouncilView:
    """Return a council.

    Raises:
        NotFound: see `find_council`.
    """
    found = find_council(tx, actor, council_id)
    return CouncilView.of(found, rules_of(found.rules), councils.members_of(tx, found.id), language)


def may_be_seated(tx: Connection, council_id: int, actor: Actor) -> list[tuple[str, str]]:
    """Return login and name of the officers who may sit in a council.

    Raises:
        NotFound: see `find_council`.
    """
    return councils.who_may_sit(tx, find_council(tx, actor, council_id).unit_id)


def list_sessions(tx: Connection, actor: Actor, language: Language = "vi") -> list[CouncilSessionLineView]:
    """Return the sessions that the actor may see, youngest first."""
    found = councils.councils_within(tx, actor.units_with(Permission.READ))
    return [
        CouncilSessionLineView.of(item, language)
        for item in sessions.sessions_of(tx, [one.id for one in found])
    ]


def my_sessions(tx: Connection, actor: Actor) -> list[MySessionRecord]:
    """Return the open sessions that wait for the actor, with how many sheets or answers."""
    return sheets.my_open_sessions(tx, actor.officer_id) if actor.officer_id else []


def session_of(
    tx: Connection, product_id: int, actor: Actor, language: Language = "vi"
) -> CouncilSessionLineView | None:
    """Return the session in which a product sits now; none: in none that the actor may see."""
    sits = sessions.sits_now(tx, product_id)
    found = sessions.session_by_id(tx, sits[1]) if sits else None
    if found is None or not sees(tx, actor, found.unit_id):
        return None
    return CouncilSessionLineView.of(found, language)


def show_session(
    tx: Connection, session_id: int, actor: Actor, language: Language = "vi"
) -> CouncilSessionView:
    """Return a session: who is there, what it scores, who has signed; what the sheets say is not told.

    Raises:
        NotFound: see `find_session`.
    """
    session = find_session(tx, actor, session_id)
    rules = rules_in(tx, session)
    members = [item for item in councils.members_of(tx, session.council_id) if item.sits_on(session.held_on)]
    by_id = {item.id: item for item in councils.members_of(tx, session.council_id)}
    scorers = scorers_of(members, session, rules)
    present = present_of(tx, session)
    conflicts, every = seated.conflicts_in(tx, session.id), sheets.sheets_in(tx, session.id)
    barred = {(item.scored_id, item.member_id) for item in conflicts}
    listed = sessions.products_of(tx, session.id)
    return CouncilSessionView.alike(
        session,
        mode_label=say(session.mode.text, language),
        stage_label=say(session.stage.text, language),
        rules=CouncilRulesView.alike(rules),
        quorum=max(rules.quorum_of(len(scorers)), 1),
        present=sum(item.id in present for item in scorers),
        members=seat_views(members, scorers, seated.attendance_of(tx, session.id), language),
        products=tuple(
            ListedProductView.of(
                item,
                asked=[one for one in scorers if one.id in present and (item.id, one.id) not in barred],
                sheets=every,
                members=by_id,
                conflicts=conflicts,
                language=language,
            )
            for item in listed
        ),
    )


def show_results(
    tx: Connection, session_id: int, actor: Actor, language: Language = "vi"
) -> list[SessionResultView]:
    """Return what the products of a session have come to, worked out from the sheets each time.

    Raises:
        NotFound: see `find_session`.
    """
    session = find_session(tx, actor, session_id)
    reads = reads_sheets(tx, actor, session)
    return [SessionResultView.of(item, reads=reads, language=language) for item in results_of(tx, session)]


def show_result(
    tx: Connection, session_id: int, code: str, actor: Actor, language: Language = "vi"
) -> SessionResultView:
    """Return what one product of a session has come to.

    Raises:
        NotFound: there is no such session, or no such product on its list.
    """
    session = find_session(tx, actor, session_id)
    found = result_in(tx, session, find_listed(tx, session, code))
    return SessionResultView.of(found, reads=reads_sheets(tx, actor, session), language=language)


def look_at_again(
    tx: Connection, session_id: int, actor: Actor, language: Language = "vi"
) -> list[AttentionView]:
    """Return what the chair may want to look at again in the scores of a session.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor may not read its sheets.
    """
    session = find_session(tx, actor, session_id)
    if not reads_sheets(tx, actor, session):
        raise NotPermitted(
            "Chỉ hội đồng và cơ quan thường trực xem được.", "Only the council and its agency may see that."
        )
    found = results_of(tx, session)
    members = {item.id: item for item in councils.members_of(tx, session.council_id)}
    codes = {item.listed.id: item.listed.code for item in found}
    conflicts = [
        (members[item.member_id].name, codes[item.scored_id])
        for item in seated.conflicts_in(tx, session.id)
        if item.scored_id in codes
    ]
    means = {item.listed.code: item.result.outcome.mean for item in found if item.result}
    return [AttentionView.of(item, language) for item in look_again(_seen(found), means, conflicts)]


def _seen(found: Sequence[ProductResult]) -> list[Seen]:
    """Return the council's sheets of products that are closed: what goes on elsewhere is seen by nobody."""
    return [
        Seen(
            sheet.member.name,
            item.listed.code,
            sheet.record.round,
            Fraction(total_so_far(item.listed.sheet, sheet.said)),
            sheet.said,
            (sheet.record.signed_at or sheet.record.saved_at) - sheet.record.opened_at,
            on_paper=sheet.record.signed_by is SignedBy.PAPER,
        )
        for item in found
        if item.listed.stage in (Scoring.CLOSED, Scoring.CONFIRMED)
        for sheet in (*item.sheets, *item.apart)
    ]
