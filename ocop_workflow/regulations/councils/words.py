"""The words of councils: duties, modes, how far a session, a product in it and a sheet have come.

Who sits in a council and who does what says QĐ 148/QĐ-TTg, khoản 2 Điều 6 (district), QĐ 26/2026/QĐ-TTg,
điểm c khoản 3 Điều 7 (province); how it works is left to its own rules.
"""

from __future__ import annotations

from enum import StrEnum

from ocop_workflow.errors import Text


class CouncilDuty(StrEnum):
    """What somebody is in a council."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    SECRETARY = "secretary"
    #: of the advisory team (Tổ tư vấn): its sheets stand apart and enter no result
    ADVISER = "adviser"

    @property
    def text(self) -> Text:
        """The duty's name in both languages."""
        return _DUTIES[self]


class SessionMode(StrEnum):
    """Whether a council meets, or answers in writing."""

    MEETING = "meeting"
    WRITTEN = "written"

    @property
    def text(self) -> Text:
        """The mode's name in both languages."""
        return _MODES[self]


class Sitting(StrEnum):
    """How far a session has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"

    @property
    def text(self) -> Text:
        """The stage's name in both languages."""
        return _SITTINGS[self]


class Scoring(StrEnum):
    """How far a product has come in a session."""

    WAITING = "waiting"
    SCORING = "scoring"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    #: out of the session without a result
    OUT = "out"

    @property
    def text(self) -> Text:
        """The stage's name in both languages."""
        return _SCORINGS[self]


#: what everybody who is entitled may read: before, a sheet is its author's alone
READABLE = (Scoring.CLOSED, Scoring.CONFIRMED, Scoring.OUT)


class SheetStage(StrEnum):
    """How far a sheet has come."""

    OPEN = "open"
    SIGNED = "signed"
    #: another version of the same member's took its place
    SUPERSEDED = "superseded"

    @property
    def text(self) -> Text:
        """The stage's name in both languages."""
        return _SHEETS[self]


class SignedBy(StrEnum):
    """How a sheet was signed."""

    PASSWORD = "password"  # noqa: S105 - a way of signing
    CODE = "code"
    PAPER = "paper"

    @property
    def text(self) -> Text:
        """The way's name in both languages."""
        return _SIGNATURES[self]


_DUTIES = {
    CouncilDuty.CHAIR: Text("chủ tịch Hội đồng", "chair"),
    CouncilDuty.VICE_CHAIR: Text("phó chủ tịch Hội đồng", "vice chair"),
    CouncilDuty.MEMBER: Text("ủy viên", "member"),
    CouncilDuty.SECRETARY: Text("thư ký", "secretary"),
    CouncilDuty.ADVISER: Text("Tổ tư vấn", "advisory team"),
}
_MODES = {
    SessionMode.MEETING: Text("họp", "meeting"),
    SessionMode.WRITTEN: Text("lấy ý kiến bằng văn bản", "in writing"),
}
_SITTINGS = {
    Sitting.DRAFT: Text("đang chuẩn bị", "in preparation"),
    Sitting.OPEN: Text("đang họp", "open"),
    Sitting.CLOSED: Text("đã bế mạc", "closed"),
    Sitting.DECIDED: Text("đã có quyết định", "decided"),
}
_SCORINGS = {
    Scoring.WAITING: Text("chờ khai mạc", "waiting"),
    Scoring.SCORING: Text("đang chấm", "being scored"),
    Scoring.CLOSED: Text("đã đóng chấm", "scoring closed"),
    Scoring.CONFIRMED: Text("đã xác nhận kết quả", "result confirmed"),
    Scoring.OUT: Text("không có kết quả", "without a result"),
}
_SHEETS = {
    SheetStage.OPEN: Text("đang ghi", "being filled in"),
    SheetStage.SIGNED: Text("đã ký", "signed"),
    SheetStage.SUPERSEDED: Text("đã có bản sau thay thế", "superseded"),
}
_SIGNATURES = {
    SignedBy.PASSWORD: Text("ký bằng mật khẩu", "signed by password"),
    SignedBy.CODE: Text("ký bằng mã một lần", "signed by one-time code"),
    SignedBy.PAPER: Text("ký trên giấy", "signed on paper"),
}


def sheet_named(product_set: int | None, regulation: str) -> str:
    """Return by which sheet a product is scored, as `result_of` takes it: its set, else its regulation."""
    return str(product_set) if product_set else regulation
