"""What the days of a certificate, and what it is known by, must not contradict once it is corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Fault, Text, fault
from ocop_workflow.states import CertificateStanding, Ending, EvidenceLevel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ocop_workflow.certificates.queries import CertificateRecord

_DECIDED = Text("ngày quyết định", "the day of the decision")
_UNTIL = Text("ngày cuối có giá trị", "the last valid day")
_PUBLISHED = Text("ngày công bố", "the day of publication")
_TODAY = Text("hôm nay", "today")


def contradictions(
    record: CertificateRecord,
    after: Mapping[str, Any],
    around: tuple[date | None, date | None],
    today: date,
) -> list[Fault]:
    """Return what would contradict something once a certificate says what it is to say; all at once.

    Args:
        record: the certificate as it stands.
        after: the columns that change.
        around: when the one that it has replaced was decided, and the one that has replaced it.
        today: the local day.
    """
    if after.keys() & {"decided_on", "valid_until", "published_on"}:
        return [*_days(record, after, around, today), *_evidence(record, after)]
    return [*_evidence(record, after)]


def _days(
    record: CertificateRecord,
    after: Mapping[str, Any],
    around: tuple[date | None, date | None],
    today: date,
) -> Iterator[Fault]:
    decided = after.get("decided_on", record.decided_on)
    until, published = (
        after.get("valid_until", record.valid_until),
        after.get("published_on", record.published_on),
    )
    earlier, later = around
    if decided > today:
        yield _fault("decided_on", _DECIDED, decided, "sau", "after", _TODAY, today)
    if until < decided:
        yield _fault("valid_until", _UNTIL, until, "trước", "before", _DECIDED, decided)
    if published is not None and published < decided:
        yield _fault("published_on", _PUBLISHED, published, "trước", "before", _DECIDED, decided)
    if published is not None and published > today:
        yield _fault("published_on", _PUBLISHED, published, "sau", "after", _TODAY, today)
    yield from _beside_others(record, decided, earlier, later)


def _beside_others(
    record: CertificateRecord, decided: date, earlier: date | None, later: date | None
) -> Iterator[Fault]:
    """The decision lies behind what it replaced, and before whatever rests on it."""
    followed = Text("ngày quyết định của giấy trước", "the day of the one before")
    following = Text("ngày quyết định của giấy thay thế", "the day of the one that replaced it")
    ended = Text("ngày chấm dứt", "the day on which it ended")
    confirmed = Text("ngày văn bản xác nhận", "the day of the document that confirmed it")
    if earlier is not None and decided < earlier:
        yield _fault("decided_on", _DECIDED, decided, "trước", "before", followed, earlier)
    if later is not None and decided > later:
        yield _fault("decided_on", _DECIDED, decided, "sau", "after", following, later)
    if record.ended_on is not None and record.ended_because == Ending.REVOKED and decided > record.ended_on:
        yield _fault("decided_on", _DECIDED, decided, "sau", "after", ended, record.ended_on)
    paper = (record.settled_paper or {}).get("paper_date")
    day = type(decided).fromisoformat(paper) if paper else None
    if day is not None and record.standing is CertificateStanding.CONFIRMED and decided > day:
        yield _fault("decided_on", _DECIDED, decided, "sau", "after", confirmed, day)


def _evidence(record: CertificateRecord, after: Mapping[str, Any]) -> Iterator[Fault]:
    if "evidence" not in after and "issuer" not in after:
        return
    evidence = after.get("evidence", record.came_with)
    on_paper = record.settled_paper is not None
    if evidence is EvidenceLevel.SIGNED and not after.get("issuer", record.issuer) and "evidence" in after:
        yield fault(
            "evidence",
            "chứng cứ A là quyết định đã ký: phải ghi cơ quan quyết định (issuer)",
            "evidence A is a signed decision: its body (issuer) is needed",
        )
    if record.standing is CertificateStanding.CONFIRMED and not on_paper and not evidence.is_public:
        yield fault(
            "evidence",
            "giấy đã xác nhận phải có chứng cứ A hoặc B1",
            "a confirmed certificate rests on evidence A or B1",
        )


def _fault(place: str, what: Text, day: date, vi: str, en: str, other: Text, limit: date) -> Fault:
    return fault(
        place,
        f"{what.vi} {day:%d/%m/%Y} đứng {vi} {other.vi} {limit:%d/%m/%Y}",
        f"{what.en}, {day}, lies {en} {other.en}, {limit}",
    )
