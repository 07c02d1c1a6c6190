"""The certificates' rules: those of the history, for as long as they may, used as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.states import CertificateStanding, Ending, Event, State
from ocop_workflow.upkeep.examination.findings import REPORT, RESTORE, Finding
from ocop_workflow.upkeep.examination.history import histories
from ocop_workflow.upkeep.examination.product_queries import misshown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.upkeep.examination.history import History
    from ocop_workflow.upkeep.examination.product_queries import CertificateFact
    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def without_basis(history: History) -> Iterator[Finding]:
    """Say of which certificates star and number are not those of the history (check 5)."""
    if len(history.position.issued) != len(history.certificates):
        return  # the next check's business
    for told, row in zip(history.position.issued, history.certificates, strict=True):
        star, number = told.certificate.star, told.certificate.number
        if (row.star, row.number) != (star, number):
            yield _finding(
                history,
                f"ghi {row.star} sao, số {row.number}; lịch sử ghi {star} sao, số {number}",
                f"says {row.star} stars, number {row.number}; the history {star} stars, number {number}",
            )


def certificates_run_as_long_as_they_may(snapshot: Snapshot) -> Iterator[Finding]:
    """6. Each certificate of the history is on record, valid for as long as the regulation says."""
    for history in histories(snapshot):
        if history.known and [_dates(row) for row in history.certificates] != [
            (told.certificate.decided_on, told.certificate.valid_until, told.ended_on, told.ended_because)
            for told in history.position.issued
        ]:
            yield _finding(
                history,
                "ngày quyết định, ngày hết giá trị hoặc ngày chấm dứt không khớp lịch sử",
                "its days of decision, validity and end do not agree with the history",
            )


def _dates(row: CertificateFact) -> tuple[date, date, date | None, str | None]:
    return row.decided_on, row.valid_until, row.ended_on, row.ended_because


def _finding(history: History, vi: str, en: str, advice: Text = RESTORE) -> Finding:
    code = history.product.code
    text = Text(f"{code}, giấy chứng nhận: {vi}.", f"{code}, certificate: {en}.")
    return Finding("certificates", code, text, advice)


def certificates_stand_as_they_are_used(snapshot: Snapshot) -> Iterator[Finding]:
    """36. A proposed certificate is that of a re-rating, or the one by which its product came in, unsettled.

    A refused one has ended.
    """
    for history in histories(snapshot):
        for row in history.certificates:
            for vi, en in _faults(row, history):
                yield _finding(history, vi, en, REPORT)


def _rests_on_nothing_else(history: History) -> bool:
    """Tell whether a product stands where a proposed certificate is enough."""
    came_in = bool(history.steps) and history.steps[0].event == Event.ENTER_REGISTER
    return history.product.state in {State.RE_RATING, *([State.MONITORED] if came_in else [])}


def _faults(row: CertificateFact, history: History) -> Iterator[tuple[str, str]]:
    proposed, state = row.standing == CertificateStanding.PROPOSED, history.product.state
    if proposed and row.ended_on is None and not _rests_on_nothing_else(history):
        yield f"chưa xác nhận mà sản phẩm đã ở «{state}»", f"is only proposed, yet the product is {state}"
    if proposed and row.ended_on is not None and row.ended_because not in (Ending.UNDONE, Ending.LAPSED):
        yield "chưa xác nhận mà đã chấm dứt", "is only proposed, yet it has ended"
    if proposed and row.settled_by is not None:
        yield "chưa xác nhận mà có người xác nhận", "is only proposed, yet somebody has settled it"
    if (row.standing == CertificateStanding.REFUSED) != (row.ended_because == Ending.REFUSED):
        yield (
            "không được xác nhận mà không chấm dứt vì thế",
            "is refused and has not ended for that, or the reverse",
        )


def certificates_are_shown_as_they_stand(snapshot: Snapshot) -> Iterator[Finding]:
    """36. A confirmed certificate that counts has its public page; one given by mistake says so there."""
    for row in misshown(snapshot.tx):
        for name, (vi, en) in _MISSHOWN.items():
            if getattr(row, name):
                text = Text(f"Giấy chứng nhận {row.id}: {vi}.", f"Certificate {row.id}: {en}.")
                yield Finding("certificates", str(row.id), text, REPORT)


_MISSHOWN = {
    "hidden": ("đã xác nhận mà không có trang tra cứu", "is confirmed and has no public page"),
    "unsaid": (
        "trang tra cứu không nói là cấp nhầm, dù giấy không còn được xác nhận",
        "its public page does not say that it was given by mistake, though nothing confirms it",
    ),
    "accused": (
        "trang tra cứu nói là cấp nhầm, dù giấy vẫn được xác nhận",
        "its public page says that it was given by mistake, though it stands",
    ),
    "followed": ("có giấy thay thế mà không chấm dứt vì thế", "is replaced and has not ended for that"),
    "early": ("công bố trước ngày quyết định", "was published before it was decided"),
}
