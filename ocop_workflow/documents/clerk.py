"""Number, day and signer as a clerk gives them: what is at fault, what is odd, and the row that is kept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.audit.chain import Deed
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, Text, fault
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.numbering import Series
    from ocop_workflow.errors import Fault
    from ocop_workflow.files import KeptFile
    from ocop_workflow.store import Connection

_SERIAL: Final = re.compile(r"0*([1-9][0-9]{0,8})(?:/[^\s].*)?")
_MOST_GAPS: Final = 5


@dataclass(frozen=True, slots=True)
class Issue:
    """How a document was issued: number and sign as the clerk gave them, the local day, who signed."""

    number: str
    issued_on: date
    signer: str

    @property
    def serial(self) -> int:
        """The figure that its number begins with; 0: it begins with none."""
        found = _SERIAL.fullmatch(clean(self.number))
        return int(found[1]) if found else 0


BY_SESSION: Final = Text("phiên ghi", "the session has")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a number and a day are compared with.

    Attributes:
        not_before: the local day before which it cannot have been issued; none: any.
        because: of what that day is.
        number, day: those of the decision on record, where the document is that decision; none: any.
        by: whose record that is.
    """

    not_before: date | None
    because: Text
    number: str | None = None
    day: date | None = None
    by: Text = BY_SESSION


def lowered(words: str) -> str:
    """Return the name of a document as it stands within a sentence."""
    return words[:1].lower() + words[1:]


def refuse_again(called: Text, filed: IssuedRecord | None) -> None:
    """Refuse to draft what was issued.

    Raises:
        Conflict: it was.
    """
    if filed is not None:
        raise Conflict(
            f"{called.vi} đã ban hành số {filed.number} ngày {filed.issued_on:%d/%m/%Y}: lấy bản đã ký, "
            "không lập lại.",
            f"The {lowered(called.en)} was issued as {filed.number} on {filed.issued_on}: take the signed "
            "one, it is not made again.",
        )


def refuse_wrong(given: Issue, expected: Expected, today: date) -> None:
    """Refuse number, day and signer that cannot be.

    Raises:
        InvalidInput: they cannot; all faults at once.
    """
    faults = list(_faults(given, expected, today))
    if faults:
        raise InvalidInput("Số, ngày của văn bản có lỗi.", "Number or day is at fault.", faults)


def _faults(given: Issue, expected: Expected, today: date) -> Iterator[Fault]:
    if not given.serial:
        yield fault("number", "phải bắt đầu bằng số: 12/BC-HĐOCOP", "must begin with a figure: 12/BC-HĐOCOP")
    if "…" in given.number:
        yield fault("number", "còn chỗ để chấm: ghi đủ ký hiệu", "still has a blank: write its whole sign")
    if not clean(given.signer):
        yield fault("signer", "phải ghi người ký", "say who signed")
    if given.issued_on > today:
        yield fault(
            "issued_on",
            f"{given.issued_on:%d/%m/%Y} còn ở tương lai",
            f"{given.issued_on} is in the future",
        )
    if expected.not_before and given.issued_on < expected.not_before:
        yield fault(
            "issued_on",
            f"{given.issued_on:%d/%m/%Y} đứng trước {expected.because.vi} ngày "
            f"{expected.not_before:%d/%m/%Y}",
            f"{given.issued_on} lies before {expected.because.en} of {expected.not_before}",
        )
    if expected.number:
        if _plain(given.number) != _plain(expected.number):
            yield fault(
                "number",
                f"là {given.number}, {expected.by.vi} {expected.number}",
                f"is {given.number}, {expected.by.en} {expected.number}",
            )
        if expected.day and given.issued_on != expected.day:
            yield fault(
                "issued_on",
                f"là {given.issued_on:%d/%m/%Y}, {expected.by.vi} {expected.day:%d/%m/%Y}",
                f"is {given.issued_on}, {expected.by.en} {expected.day}",
            )


def _plain(number: str) -> str:
    """Return a number as it is compared: without zeros before it, spaces, or case."""
    return re.sub(r"\s+", "", clean(number)).lstrip("0").casefold()


def remarks(tx: Connection, series: Series, given: Issue, doubt: Text | None) -> Iterator[Text]:
    """Tell what is odd about a number that the clerk gave, and about who signed; nothing of it is refused."""
    before = issued.serials_of(tx, series.name, series.year) if series.counts else []
    if given.serial in before:
        yield Text(
            f"Số {given.serial} của {series.name} năm {series.year} đã có văn bản khác.",
            f"The number {given.serial} of {series.name} in {series.year} is another document's, too.",
        )
    if series.counts:
        yield from _gaps(series, before, given.serial)
    if doubt:
        yield doubt


def _gaps(series: Series, before: Sequence[int], serial: int) -> Iterator[Text]:
    known = {*before, serial}
    missing = [number for number in range(min(known), max(known)) if number not in known]
    if missing and serial > max(before, default=0):
        named = ", ".join(map(str, missing[:_MOST_GAPS])) + ("…" if len(missing) > _MOST_GAPS else "")
        yield Text(
            f"Dãy số của {series.name} năm {series.year} còn trống ở đây: {named}.",
            f"Numbers of {series.name} in {series.year} that are not filed here: {named}.",
        )


def row_of(
    given: Issue, kept: KeptFile, *, series: Series, title: str, draft: bytes, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Return the columns of a document that every one has; whose it is, and its kind, come beside."""
    return {
        "title": title[:300],
        "series": series.name,
        "year": series.year,
        "serial": given.serial,
        "number": clean(given.number),
        "issued_on": given.issued_on,
        "signer": clean(given.signer),
        "draft_sha256": hashlib.sha256(draft).hexdigest(),
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
        "media_type": kept.kind.media_type,
        "filed_at": now,
        "filed_by": clean(actor.login)[:100],
    }


def in_audit(number: int, kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return what the audit says of a document that was filed."""
    return {
        "document": number,
        "kind": kind,
        "number": row["number"],
        "issued_on": row["issued_on"].isoformat(),
        "sha256": row["sha256"],
        "draft": row["draft_sha256"],
    }


def nothing_filed(called: Text) -> NotFound:
    """Say that no signed file of a document is kept."""
    return NotFound(f"{called.vi} chưa lưu bản đã ký nào.", f"No signed {lowered(called.en)} is filed.")


def withdrawn(
    tx: Connection, found: IssuedRecord, about: str, because: str, actor: Actor, now: datetime
) -> Deed:
    """Record that a filing was taken back; returns what the audit says of it.

    Args:
        tx: a writing transaction.
        found: the filing.
        about: whose document it is, as the audit names it.
        because: why.
        actor: who takes it back.
        now: this instant.
    """
    issued.take_back(tx, found.id, {"by": clean(actor.login)[:100], "because": because, "at": now})
    before = {"document": found.id, "kind": found.kind.value, "number": found.number, "sha256": found.sha256}
    return Deed("document.take_back", about, before, {"reason": because})
