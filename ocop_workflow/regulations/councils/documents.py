"""Which documents a session has: what each is called, its kind of file, and what it is of."""

from __future__ import annotations

from enum import StrEnum

from ocop_workflow.errors import NotFound, Text


class DocumentOf(StrEnum):
    """What there is one of a kind for."""

    SESSION = "session"
    COMMUNE = "commune"
    PRODUCT = "product"


class SessionDocument(StrEnum):
    """A document of a session, as addresses and commands name it."""

    INVITATION = "invitation"
    BLANK_SHEETS = "blank-sheets"
    FILLED_SHEETS = "filled-sheets"
    MINUTES = "minutes"
    RESULTS = "results"
    RESULTS_WORKBOOK = "results-workbook"
    COUNCIL_REPORT = "council-report"
    SUBMISSION = "submission"
    DECISION = "decision"
    APPROVAL = "approval"
    LETTER_UP = "letter-up"
    NOTICE = "notice"
    CERTIFICATE = "certificate"

    @property
    def text(self) -> Text:
        """What it is called, in both languages."""
        return _LABELS[self]

    @property
    def is_workbook(self) -> bool:
        """Tell whether it is an Excel file; every other one is a Word file."""
        return self is SessionDocument.RESULTS_WORKBOOK

    @property
    def of(self) -> tuple[DocumentOf, ...]:
        """What there is one for; a notice goes to a commune, or to the producer of one product."""
        return _OF.get(self, (DocumentOf.SESSION,))


class FiledDocument(StrEnum):
    """A document that is filed signed: of a session, of a step outside sessions, or of what ran out.

    Each bears a number of its own, but a certificate, which bears that of its decision.
    """

    INVITATION = "invitation"
    MINUTES = "minutes"
    COUNCIL_REPORT = "council-report"
    SUBMISSION = "submission"
    DECISION = "decision"
    APPROVAL = "approval"
    LETTER_UP = "letter-up"
    NOTICE = "notice"
    CERTIFICATE = "certificate"
    REVOCATION = "revocation"
    REVOCATION_NOTICE = "revocation-notice"
    REVOCATION_LETTER = "revocation-letter"
    EXPIRY_NOTICE = "expiry-notice"

    @property
    def text(self) -> Text:
        """What it is called, in both languages."""
        return _OUTSIDE.get(self) or SessionDocument(self.value).text


def named(kind: str) -> SessionDocument:
    """Return a document by the name that addresses and commands use.

    Raises:
        NotFound: there is none of this name.
    """
    if kind not in list(SessionDocument):
        known = ", ".join(SessionDocument)
        raise NotFound(f"Không có văn bản {kind}; có: {known}.", f"There is no {kind}; there are: {known}.")
    return SessionDocument(kind)


_OUTSIDE = {
    FiledDocument.REVOCATION: Text("Quyết định thu hồi", "Decision of revocation"),
    FiledDocument.REVOCATION_NOTICE: Text(
        "Thông báo thu hồi gửi chủ thể, UBND cấp xã", "Notice of revocation to producer and commune"
    ),
    FiledDocument.REVOCATION_LETTER: Text(
        "Công văn về việc thu hồi gửi UBND cấp xã", "Letter to the commune about a revocation"
    ),
    FiledDocument.EXPIRY_NOTICE: Text(
        "Thông báo giấy hết hạn, đưa ra khỏi danh sách", "Notice of certificates that ran out"
    ),
}
_OF = {
    SessionDocument.NOTICE: (DocumentOf.COMMUNE, DocumentOf.PRODUCT),
    SessionDocument.CERTIFICATE: (DocumentOf.PRODUCT,),
    SessionDocument.BLANK_SHEETS: (DocumentOf.PRODUCT,),
    SessionDocument.FILLED_SHEETS: (DocumentOf.PRODUCT,),
}
_LABELS = {
    SessionDocument.INVITATION: Text("Giấy mời họp", "Invitation"),
    SessionDocument.BLANK_SHEETS: Text("Phiếu chấm để trống", "Blank score sheets"),
    SessionDocument.FILLED_SHEETS: Text("Phiếu chấm đã ký", "Signed score sheets"),
    SessionDocument.MINUTES: Text("Biên bản họp", "Minutes"),
    SessionDocument.RESULTS: Text("Bảng tổng hợp kết quả", "Table of results"),
    SessionDocument.RESULTS_WORKBOOK: Text("Bảng tổng hợp kết quả (Excel)", "Table of results (Excel)"),
    SessionDocument.COUNCIL_REPORT: Text("Báo cáo của Hội đồng", "Report of the council"),
    SessionDocument.SUBMISSION: Text("Tờ trình", "Submission"),
    SessionDocument.DECISION: Text("Quyết định công nhận", "Decision of recognition"),
    SessionDocument.APPROVAL: Text("Quyết định phê duyệt kết quả", "Approval of a result"),
    SessionDocument.LETTER_UP: Text("Công văn gửi cấp trên", "Letter to the level above"),
    SessionDocument.NOTICE: Text("Thông báo kết quả", "Notice of result"),
    SessionDocument.CERTIFICATE: Text("Giấy chứng nhận", "Certificate"),
}
