"""What a document of a session still lacks: why it cannot be drafted yet, and what stays blank in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.record import Fate
from ocop_workflow.errors import Text
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, Sitting
from ocop_workflow.regulations.signers import SignedDocument, signer_doubt, signer_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord

    Check = Callable[[SessionOnRecord, Sequence[ProductOnRecord]], Text | None]

#: by which row of the table of signers each is signed
SIGNED_AS: Final = {
    SessionDocument.INVITATION: SignedDocument.INVITATION,
    SessionDocument.MINUTES: SignedDocument.MINUTES,
    SessionDocument.COUNCIL_REPORT: SignedDocument.COUNCIL_REPORT,
    SessionDocument.SUBMISSION: SignedDocument.SUBMISSION,
    SessionDocument.DECISION: SignedDocument.RECOGNITION,
    SessionDocument.APPROVAL: SignedDocument.APPROVAL,
    SessionDocument.LETTER_UP: SignedDocument.LETTER_UP,
    SessionDocument.NOTICE: SignedDocument.NOTICE,
    SessionDocument.CERTIFICATE: SignedDocument.RECOGNITION,
}


def signed_as_in(record: SessionOnRecord, kind: SessionDocument) -> SignedDocument | None:
    """Return by which row of the table a document of a session is signed; none: it is signed by no such."""
    if kind is SessionDocument.INVITATION and record.is_written:
        return SignedDocument.OPINION_LETTER
    return SIGNED_AS.get(kind)


def label_in(record: SessionOnRecord, kind: SessionDocument) -> Text:
    """Return what a document of a session is called: in writing nobody is invited to a meeting."""
    return _IN_WRITING.get(kind, kind.text) if record.is_written else kind.text


_IN_WRITING: Final = {
    SessionDocument.INVITATION: Text("Công văn lấy ý kiến bằng văn bản", "Letter that asks in writing"),
    SessionDocument.BLANK_SHEETS: Text(
        "Phiếu của cơ quan, phiếu lấy ý kiến để trống", "Blank sheet of the agency, forms of an answer"
    ),
    SessionDocument.FILLED_SHEETS: Text("Phiếu của cơ quan đã ký", "Signed sheet of the agency"),
    SessionDocument.MINUTES: Text("Biên bản lấy ý kiến bằng văn bản", "Minutes of opinions in writing"),
}


def is_issued(record: SessionOnRecord, kind: SessionDocument) -> bool:
    """Tell whether the council's level issues such a document under the regulation of its session."""
    signed_as = signed_as_in(record, kind)
    return signed_as is None or signer_row(signed_as, record.level, record.regulation.id) is not None


def why_not(record: SessionOnRecord, kind: SessionDocument, items: Sequence[ProductOnRecord]) -> Text | None:
    """Say why a document cannot be drafted at all; none: it can.

    Args:
        record: the session.
        kind: of the document.
        items: the products that it is about.
    """
    if not is_issued(record, kind):
        return Text(
            f"{record.level.label} không ban hành văn bản này theo QĐ {record.regulation.number}",
            f"the {record.level.value} does not issue it under {record.regulation.id}",
        )
    return _CHECKS.get(kind, _needs_result)(record, items)


def _always(_record: SessionOnRecord, _items: Sequence[ProductOnRecord]) -> Text | None:
    return None


def _needs_scorers(record: SessionOnRecord, items: Sequence[ProductOnRecord]) -> Text | None:
    if items[0].fate is Fate.OUT:
        return Text("sản phẩm đã rút khỏi phiên", "the product is out of the session")
    if not record.asked(items[0]):
        return Text("không có thành viên nào chấm", "nobody is to score it")
    return None


def _needs_sheets(_record: SessionOnRecord, items: Sequence[ProductOnRecord]) -> Text | None:
    if items[0].found.sheets or items[0].found.apart:
        return None
    return Text("chưa có phiếu nào đọc được", "no sheet can be read yet")


def _needs_opening(record: SessionOnRecord, _items: Sequence[ProductOnRecord]) -> Text | None:
    return None if record.is_opened else Text("phiên chưa khai mạc", "the session was not opened yet")


def _needs_recognised(record: SessionOnRecord, _items: Sequence[ProductOnRecord]) -> Text | None:
    if record.recognised:
        return None
    return Text("chưa có sản phẩm nào để công nhận", "there is no product to recognise")


def _needs_sent_up(record: SessionOnRecord, _items: Sequence[ProductOnRecord]) -> Text | None:
    if record.with_fate(Fate.SENT_UP):
        return None
    return Text("không có sản phẩm nào chuyển cấp trên", "no product goes to the level above")


def _needs_recognition(_record: SessionOnRecord, items: Sequence[ProductOnRecord]) -> Text | None:
    if items[0].fate is Fate.RECOGNISED:
        return None
    return Text("sản phẩm chưa được công nhận ở cấp này", "the product is not recognised at this level")


def _needs_result(_record: SessionOnRecord, items: Sequence[ProductOnRecord]) -> Text | None:
    if any(item.outcome for item in items):
        return None
    return Text("chưa sản phẩm nào có kết quả", "no product has a result yet")


_CHECKS: Final[dict[SessionDocument, Check]] = {
    SessionDocument.INVITATION: _always,
    SessionDocument.BLANK_SHEETS: _needs_scorers,
    SessionDocument.FILLED_SHEETS: _needs_sheets,
    SessionDocument.MINUTES: _needs_opening,
    SessionDocument.DECISION: _needs_recognised,
    SessionDocument.APPROVAL: _needs_sent_up,
    SessionDocument.LETTER_UP: _needs_sent_up,
    SessionDocument.CERTIFICATE: _needs_recognition,
}


def blanks_in(
    record: SessionOnRecord, kind: SessionDocument, items: Sequence[ProductOnRecord]
) -> Iterator[Text]:
    """Say what stays blank in a document that can be drafted, or may still change; see `why_not`."""
    if kind is SessionDocument.INVITATION:
        yield from _blanks_of_invitation(record)
    if kind in _AFTER_THE_SESSION:
        if record.session.stage in (Sitting.DRAFT, Sitting.OPEN):
            yield Text("phiên chưa bế mạc", "the session is not closed yet")
        pending = ", ".join(item.listed.code for item in items if item.fate is Fate.PENDING)
        if pending:
            yield Text(f"chưa có kết quả: {pending}", f"without a result: {pending}")
    if kind in _AFTER_THE_DECISION and not record.session.decision_number:
        yield Text("chưa ghi quyết định", "no decision is recorded yet")
    if kind is SessionDocument.DECISION and record.session.signer:
        doubt = signer_doubt(
            record.session.signer, SignedDocument.RECOGNITION, record.level, record.regulation.id
        )
        if doubt:
            yield doubt
    if kind is SessionDocument.FILLED_SHEETS and items[0].listed.stage is Scoring.SCORING:
        yield Text("đang chấm lại: chỉ có phiếu lần đầu", "it is scored again: first sheets only")


def _blanks_of_invitation(record: SessionOnRecord) -> Iterator[Text]:
    if not record.session.place and not record.is_written:
        yield Text("địa điểm", "the place")
    if not record.session.sent_on:
        yield Text("ngày gửi hồ sơ", "the day on which the dossiers were sent")
    if not record.there:
        yield Text("danh mục sản phẩm", "the products")
    if not record.with_duty(CouncilDuty.CHAIR):
        yield Text("chủ tịch Hội đồng", "the chair")


_AFTER_THE_SESSION: Final = (
    SessionDocument.MINUTES,
    SessionDocument.RESULTS,
    SessionDocument.RESULTS_WORKBOOK,
    SessionDocument.COUNCIL_REPORT,
    SessionDocument.SUBMISSION,
    SessionDocument.DECISION,
    SessionDocument.APPROVAL,
    SessionDocument.LETTER_UP,
    SessionDocument.NOTICE,
)
_AFTER_THE_DECISION: Final = (
    SessionDocument.DECISION,
    SessionDocument.LETTER_UP,
    SessionDocument.NOTICE,
    SessionDocument.CERTIFICATE,
)
