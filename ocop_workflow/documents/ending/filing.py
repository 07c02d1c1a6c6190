"""The notice of what ran out is issued: its signed file is kept beside its draft, it is never made again.

It belongs to the unit that announces and to a span of the certificates' last days, which has to be over.
Numbers run in the same series as those of the other notices of its agency.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import Deed
from ocop_workflow.audit.chain import record as note
from ocop_workflow.councils.sittings import checked
from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents.clerk import (
    Expected,
    in_audit,
    lowered,
    nothing_filed,
    refuse_again,
    refuse_wrong,
    remarks,
    row_of,
    withdrawn,
)
from ocop_workflow.documents.ending.drafting import filed_notice
from ocop_workflow.documents.ending.expiry import expiry_notice
from ocop_workflow.documents.ending.record import announcing_unit, read_expiries
from ocop_workflow.documents.ending.views import ExpiryNoticeView, FiledNoticeView
from ocop_workflow.documents.numbering import next_in, series_by
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.errors import Conflict, Text, say
from ocop_workflow.people.officers import permitted
from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.regulations.signers import SignedDocument, signer_doubt, signer_row
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.ending.record import ExpiriesOnRecord, ExpirySpan
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.numbering import Series
    from ocop_workflow.errors import Language
    from ocop_workflow.files import KeptFile
    from ocop_workflow.store import Connection

_KIND: Final = FiledDocument.EXPIRY_NOTICE


def show_expiry_notice(
    tx: Connection, span: ExpirySpan, actor: Actor, today: date, language: Language = "vi"
) -> ExpiryNoticeView:
    """Return how the notice of a unit's span stands on a local day, and the unit's other notices.

    Raises:
        NotFound, NotPermitted, InvalidInput: see `announcing_unit`.
    """
    unit = announcing_unit(tx, span, actor)
    filings = issued.expiry_notices_of(tx, unit.id)
    own = [one for one in filings if (one.since, one.until) == (span.since, span.until)]
    filed = next((one for one in own if one.taken_back_at is None), None)
    try:
        record, why = read_expiries(tx, unit, span, today), None
    except Conflict as error:
        record, why = None, Text(error.text.vi.rstrip("."), error.text.en.rstrip("."))
    who = record.issuing.signing(SignedDocument.NOTICE, today) if record else None
    stop = None if filed else why or _not_over(span, today)
    series = _series(record, today.year) if record and not filed and not stop else None
    return ExpiryNoticeView(
        unit=unit.slug,
        name=unit.name,
        since=span.since,
        until=span.until,
        kind=_KIND,
        label=say(_KIND.text, language),
        certificates=len(record.items) if record else 0,
        ready=record is not None and filed is None,
        lacks=(say(stop, language),) if stop else (),
        signs=who.signs if who else (),
        doubt=who.source if who and who.uncertain else None,
        proposed=next_in(tx, series) if series else None,
        issued=IssuedView.alike(filed) if filed else None,
        taken_back=tuple(IssuedView.alike(one) for one in own if one.taken_back_at is not None),
        others=tuple(_others(filings, span)),
    )


def _others(filings: Sequence[IssuedRecord], span: ExpirySpan) -> Iterator[FiledNoticeView]:
    for since, until, one in _standing(filings):
        if (since, until) != (span.since, span.until):
            yield FiledNoticeView(since, until, IssuedView.alike(one))


def _standing(filings: Sequence[IssuedRecord]) -> Iterator[tuple[date, date, IssuedRecord]]:
    """Yield the notices that were not taken back, each behind the first and the last day of its span."""
    for one in filings:
        if one.taken_back_at is None and one.since and one.until:
            yield one.since, one.until, one


def refuse_filing_notice(tx: Connection, span: ExpirySpan, actor: Actor, today: date) -> None:
    """Turn away, before a byte of a file is taken, whoever may not file a notice.

    Raises:
        NotFound, NotPermitted, InvalidInput, Conflict: as `file_expiry_notice`.
    """
    unit = announcing_unit(tx, span, actor)
    permitted(tx, actor, Permission.RUN_SESSIONS, unit.id)
    _fileable(tx, span, actor, today)


def file_expiry_notice(  # noqa: PLR0913 - all but four by name
    tx: Connection,
    span: ExpirySpan,
    given: Issue,
    kept: KeptFile,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    language: Language = "vi",
) -> IssuedView:
    """File the signed notice of a unit's certificates that ran out; it is not drafted again afterwards.

    Args:
        tx: a writing transaction.
        span: whose certificates, and between which last days.
        given: number, day and signer that stand on it.
        kept: the signed file, in the store already.
        actor: whoever runs sessions for the unit that announces.
        today: the local day.
        now: this instant.
        language: of what is told.

    Raises:
        NotFound, NotPermitted, InvalidInput: see `announcing_unit`; the actor runs no sessions there; number
            or day cannot be, all faults at once.
        Conflict: none ran out, the span is not over, the unit's agency issues no notices, or the notice of
            this very span was filed already.
    """
    unit = announcing_unit(tx, span, actor)
    warrant = permitted(tx, actor, Permission.RUN_SESSIONS, unit.id)
    issued.hold_unit(tx, unit.id)
    record, series = _fileable(tx, span, actor, today, given.issued_on.year)
    after_it = Text("ngày đầu tiên sau khoảng ấy,", "the first day after that span,")
    refuse_wrong(given, Expected(not_before=span.until + timedelta(days=1), because=after_it), today)
    doubt = signer_doubt(given.signer, SignedDocument.NOTICE, unit.level, record.issuing.regulation.id)
    told = (*remarks(tx, series, given, doubt), *_announced(issued.expiry_notices_of(tx, unit.id), span))
    view = expiry_notice(record)
    row = row_of(given, kept, series=series, title=view.title, draft=write(view), actor=actor, now=now)
    whose = {"unit_id": unit.id, "since": span.since, "until": span.until, "kind": _KIND}
    number = issued.insert_issued(tx, {**whose, **row})
    after = {**in_audit(number, _KIND.value, row), "since": f"{span.since}", "until": f"{span.until}"}
    note(tx, actor, Deed("document.issue", f"unit:{unit.slug}", None, after), now, warrant)
    return _shown(tx, number, tuple(say(one, language) for one in told))


def find_expiry_notice(tx: Connection, span: ExpirySpan, actor: Actor) -> IssuedRecord:
    """Return a notice as it was issued; its bytes are fetched from the store by their SHA-256.

    Raises:
        NotFound, NotPermitted, InvalidInput: see `announcing_unit`; or no signed file is kept.
    """
    found = filed_notice(tx, announcing_unit(tx, span, actor), span)
    if found is None:
        raise nothing_filed(_KIND.text)
    return found


def take_back_expiry_notice(
    tx: Connection, span: ExpirySpan, reason: str, *, actor: Actor, now: datetime
) -> IssuedView:
    """Take a filing back: it stays on record, struck through; the notice can be filed again.

    Raises:
        NotFound, NotPermitted, InvalidInput: see `announcing_unit`; the actor runs no sessions there, no
            signed file is kept, or no reason is given.
    """
    unit = announcing_unit(tx, span, actor)
    warrant = permitted(tx, actor, Permission.RUN_SESSIONS, unit.id)
    because = checked(clean(reason))
    issued.hold_unit(tx, unit.id)
    found = find_expiry_notice(tx, span, actor)
    note(tx, actor, withdrawn(tx, found, f"unit:{unit.slug}", because, actor, now), now, warrant)
    return _shown(tx, found.id)


def _shown(tx: Connection, number: int, told: tuple[str, ...] = ()) -> IssuedView:
    found = issued.issued_by_id(tx, number)
    assert found is not None, number  # noqa: S101 - stored in this transaction
    return IssuedView.alike(found, told=told)


def _fileable(
    tx: Connection, span: ExpirySpan, actor: Actor, today: date, year: int | None = None
) -> tuple[ExpiriesOnRecord, Series]:
    """Return what a signed notice announces, and whose number it bears.

    Raises:
        Conflict: see `file_expiry_notice`.
    """
    unit = announcing_unit(tx, span, actor)
    refuse_again(_KIND.text, filed_notice(tx, unit, span))
    record = read_expiries(tx, unit, span, today)
    stop = _not_over(span, today)
    if stop:
        raise Conflict(f"Chưa lưu được bản đã ký: {stop.vi}.", f"No signed file is kept yet: {stop.en}.")
    series = _series(record, year or today.year)
    if series is None:
        raise Conflict(
            f"{unit.name} không ban hành {lowered(_KIND.text.vi)}: lưu ở cấp có cơ quan ký.",
            f"{unit.slug} issues no {lowered(_KIND.text.en)}: file it at the level whose agency signs.",
        )
    return record, series


def _not_over(span: ExpirySpan, today: date) -> Text | None:
    """Say why a span cannot be announced for good: more may run out in it; none: it is over."""
    if span.until < today:
        return None
    return Text(
        f"khoảng ngày còn đến hết {span.until:%d/%m/%Y}, bản đã ký chỉ lưu được sau ngày ấy",
        f"the span runs until {span.until}, a signed file is kept after that day alone",
    )


def _series(record: ExpiriesOnRecord, year: int) -> Series | None:
    unit, regulation = record.issuing.unit, record.issuing.regulation
    row = signer_row(SignedDocument.NOTICE, unit.level, regulation.id)
    return series_by(row, unit, year) if row else None


def _announced(filings: Sequence[IssuedRecord], span: ExpirySpan) -> Iterator[Text]:
    """Tell which notices that stand have announced some of the same days; nothing of it is refused."""
    for since, until, one in _standing(filings):
        if since <= span.until and span.since <= until:
            yield Text(
                f"Giấy hết hạn từ {since:%d/%m/%Y} đến {until:%d/%m/%Y} đã thông báo ở số {one.number}.",
                f"What ran out from {since} to {until} was announced by {one.number}.",
            )
