"""Days in papers agree: none lies in the future, none before what it rests on.

A dossier's papers rest on one another in a fixed order (QĐ 148/2023, QĐ 1489/2025, QĐ 26/2026: received,
reported on by the commune, scored in session, decided, published). Nothing here asks whether a paper is
there: the requirements do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Text, fault
from ocop_workflow.regulations import LastDay, last_valid_day, regulation_on
from ocop_workflow.states.words import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocop_workflow.errors import Fault
    from ocop_workflow.regulations.schema import Validity
    from ocop_workflow.states.facts import Facts

#: the days of the papers that a dossier has so far, by the field that gave them
Papers = Mapping[str, date]

NO_PAPERS: Papers = {}

#: what is called how, by the place in an event's data
NAMES = {
    "received_on": Text("ngày nhận hồ sơ", "the day the dossier was received"),
    "report_date": Text("ngày báo cáo của cấp xã", "the date of the commune's report"),
    "session_date": Text("ngày họp Hội đồng", "the date of the council's session"),
    "decision_date": Text("ngày quyết định", "the date of the decision"),
    "published_on": Text("ngày công bố", "the day of publication"),
    "sent_on": Text("ngày gửi hồ sơ lên cấp trên", "the day on which the dossier was sent up"),
    "valid_until": Text("ngày hết giá trị", "the last valid day"),
    "certificate.decided_on": Text("ngày cấp giấy chứng nhận", "the date of the certificate"),
    "certificate.valid_until": Text("ngày hết giá trị", "the last valid day"),
    "conclusion_date": Text("ngày kết luận, xác nhận", "the date of the conclusion"),
    "complete_on": Text("ngày hồ sơ đủ", "the day on which the dossier was complete"),
    "paper.date": Text("ngày văn bản", "the date of the document"),
}
_ON = Text("ngày thực hiện", "the day of the event")
_TODAY = Text("hôm nay", "today")

#: what each paper rests on
_RESTS_ON = {
    "received_on": ("certificate.decided_on",),  # a re-rating's dossier, on the certificate that is re-rated
    "report_date": ("received_on",),
    "session_date": ("report_date", "decision_date"),  # a higher council's, on the decision to send it up
    "decision_date": ("session_date", "certificate.decided_on", "conclusion_date"),
    "published_on": ("decision_date",),
    "sent_on": ("decision_date", "report_date"),
    "valid_until": ("decision_date",),
    "certificate.valid_until": ("certificate.decided_on",),
    "conclusion_date": ("certificate.decided_on",),
    "complete_on": ("received_on",),
    "paper.date": ("session_date", "conclusion_date"),
}
#: days that may lie behind that of the event, until today
_FOLLOWS = frozenset({"published_on", "sent_on"})
#: days that may lie in the future
_AHEAD = frozenset({"valid_until", "certificate.valid_until"})
#: what a dossier's later papers can rest on
_KEPT = ("received_on", "report_date", "session_date", "decision_date")

#: how far a printed last day may lie from a reckoned one: whether the first day counts is read either way
_SLACK = timedelta(days=1)


def needs_papers(facts: Facts) -> bool:
    """Tell whether a decision on these facts has to know the papers that the dossier has so far."""
    return any(getattr(facts.data, name) is not None for name in _KEPT[1:])


def papers_of(steps: Iterable[tuple[Event, Mapping[str, Any]]]) -> dict[str, date]:
    """Return the days of the current dossier's papers.

    Args:
        steps: each step of the product that stands, oldest first, with its data as the history keeps them.
    """
    found: dict[str, date] = {}
    for event, data in steps:
        if event in (Event.OPEN_RE_RATING, Event.RESUBMIT):
            found = {}
        for name in _KEPT:
            if isinstance(given := data.get(name), str):
                found[name] = date.fromisoformat(given)
    return found


def about(event: Event, facts: Facts) -> Facts:
    """Return what the days of an event are held against: only what follows a conclusion rests on its day."""
    return facts if event in (Event.REVOKE, Event.DISMISS) else replace(facts, concluded_on=None)


def date_faults(facts: Facts, papers: Papers, today: date) -> tuple[Fault, ...]:
    """Return every day in an event's data that contradicts another; each fault names both days.

    Args:
        facts: what the decision rests on; the days of its papers stand in `facts.data`.
        papers: the days of the dossier's earlier papers, see `papers_of`; wanted where `needs_papers`.
        today: the local day on which the event is recorded, not before `facts.on`.
    """
    return (
        *_still_to_come(facts, today),
        *_before_their_ground(facts, papers),
        *_too_long(facts),
        *_unknown_ground(facts),
    )


def _unknown_ground(facts: Facts) -> Iterator[Fault]:
    """A ground is one of the law of the conclusion's day; where these are not known, words name it."""
    given, day = facts.data.ground, facts.data.conclusion_date
    if given is None or day is None:
        return
    law = regulation_on(day)
    known = law.revocation if law else ()
    if known and given not in {ground.id for ground in known}:
        letters, clause = ", ".join(ground.id for ground in known), known[0].clause.split(" ", 2)[2]
        yield fault(
            "ground",
            f"ngày {day:%d/%m/%Y} phải là một trong các điểm {letters} của {clause}",
            f"on {day} it has to be one of {letters}, as in Điều 8.1 of the regulation",
        )
    elif not known and len(given) == 1:
        yield fault(
            "ground",
            f"danh mục căn cứ của quy định ngày {day:%d/%m/%Y} chưa rõ: ghi căn cứ bằng lời",
            f"the grounds of the regulation of {day} are not known: write the ground in words",
        )


def _still_to_come(facts: Facts, today: date) -> Iterator[Fault]:
    """A paper is not younger than the event that rests on it; publication may follow until today."""
    for name, day in _given(facts).items():
        last, what = (facts.on, _ON) if facts.on < today and name not in _FOLLOWS else (today, _TODAY)
        if name not in _AHEAD and day > last:
            yield _disagreement(name, day, _AFTER, what, last)


def _before_their_ground(facts: Facts, papers: Papers) -> Iterator[Fault]:
    given = _given(facts)
    known = {**papers, **given}
    if facts.certificate is not None:
        known["certificate.decided_on"] = facts.certificate.decided_on
    if facts.data.complete_on is not None and facts.received_on is not None:
        known.setdefault("received_on", facts.received_on)
    if facts.concluded_on is not None:
        known.setdefault("conclusion_date", facts.concluded_on)
    for name, day in given.items():
        for ground in _RESTS_ON.get(name, ()):
            if ground in known and day < known[ground]:
                yield _disagreement(name, day, _BEFORE, NAMES[ground], known[ground])


def _too_long(facts: Facts) -> Iterator[Fault]:
    """A printed last day later than every reading of the term needs a reason."""
    if facts.data.reason:
        return
    given, validity = _given(facts), facts.regulation.validity
    pairs = (
        ("valid_until", given.get("decision_date", facts.on)),
        ("certificate.valid_until", given.get("certificate.decided_on")),
    )
    for name, decided_on in pairs:
        day = given.get(name)
        if day is not None and decided_on is not None and day > (last := latest_end(validity, decided_on)):
            yield fault(
                name,
                f"{NAMES[name].vi} {day:%d/%m/%Y} dài quá {validity.months} tháng kể từ ngày quyết định "
                f"{decided_on:%d/%m/%Y} (muộn nhất {last:%d/%m/%Y}); "
                "nếu đúng như giấy, ghi thêm lý do (reason)",
                f"{NAMES[name].en} {day} is more than {validity.months} months after the decision of "
                f"{decided_on} (at the latest {last}); if the paper says so, give the reason (reason)",
            )


def latest_end(validity: Validity, decided_on: date) -> date:
    """Return the last day that a certificate may bear without a reason: the latest reading, and a day."""
    readings = (validity.model_copy(update={"last_day": reading}) for reading in LastDay)
    return max(last_valid_day(reading, decided_on) for reading in readings) + _SLACK


def _given(facts: Facts) -> dict[str, date]:
    """Return the days that were given with the event, by their places."""
    data = facts.data
    days = {name: getattr(data, name) for name in NAMES if "." not in name}
    if data.certificate is not None:
        days["certificate.decided_on"] = data.certificate.decided_on
        days["certificate.valid_until"] = data.certificate.valid_until
    if data.paper is not None:
        days["paper.date"] = data.paper.date
    return {name: day for name, day in days.items() if day is not None}


_AFTER = Text("đứng sau", "lies after")
_BEFORE = Text("đứng trước", "lies before")


def _disagreement(name: str, day: date, lies: Text, what: Text, other: date) -> Fault:
    return fault(
        name,
        f"{NAMES[name].vi} {day:%d/%m/%Y} {lies.vi} {what.vi} {other:%d/%m/%Y}",
        f"{NAMES[name].en}, {day}, {lies.en} {what.en}, {other}",
    )
