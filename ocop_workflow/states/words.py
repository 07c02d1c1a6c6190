"""The words of the table of states: states, events, whose hand, for which dossiers; each with its label."""

from __future__ import annotations

from enum import StrEnum

from ocop_workflow.errors import Text
from ocop_workflow.states.facts import Dossier


class State(StrEnum):
    """Where a product stands."""

    IDEA = "idea"
    REGISTERED = "registered"
    SELECTED = "selected"
    CONSULTING = "consulting"
    COMMUNE_EVALUATED = "commune_evaluated"
    DISTRICT_SCORED = "district_scored"
    ESCALATED_TO_PROVINCE = "escalated_to_province"
    PROVINCE_SCORED = "province_scored"
    ESCALATED_TO_CENTRAL = "escalated_to_central"
    CENTRAL_SCORED = "central_scored"
    CERTIFIED = "certified"
    MONITORED = "monitored"
    RE_RATING = "re_rating"
    NOT_SELECTED = "not_selected"
    NOT_RATED = "not_rated"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """The state's name in Vietnamese."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """The state's name in both languages."""
        return _STATE_LABELS[self]


class Event(StrEnum):
    """What an officer does to a product."""

    REGISTER = "register"
    SELECT = "select"
    DECLINE = "decline"
    START_CONSULTING = "start_consulting"
    COMMUNE_EVALUATE = "commune_evaluate"
    SCORE_DISTRICT = "score_district"
    SCORE_PROVINCE = "score_province"
    SCORE_CENTRAL = "score_central"
    CERTIFY = "certify"
    ESCALATE = "escalate"
    REJECT = "reject"
    BEGIN_MONITORING = "begin_monitoring"
    OPEN_RE_RATING = "open_re_rating"
    SEND_BACK = "send_back"
    FORWARD = "forward"
    RE_EVALUATE = "re_evaluate"
    CONCLUDE = "conclude"
    DISMISS = "dismiss"
    #: the body that decides has the whole dossier: its days are counted from then
    CONFIRM_COMPLETE = "confirm_complete"
    #: its producer will not have it rated again, and why; the producer will after all
    DECLINE_RENEWAL = "decline_renewal"
    RECONSIDER_RENEWAL = "reconsider_renewal"
    REVOKE = "revoke"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    RESUBMIT = "resubmit"
    #: an open dossier that an old regulation has received goes over to the one in force
    CHANGE_REGULATION = "change_regulation"
    #: how a product begins that no plan knew, by the certificate that it holds; from no state
    ENTER_REGISTER = "enter_register"

    @property
    def label(self) -> str:
        """The event's name in Vietnamese."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """The event's name in both languages."""
        return _EVENT_LABELS[self]


#: the steps that are on record of a product and leave it where it is, and as long there as it was
STAYING = frozenset(
    {
        Event.CONFIRM_COMPLETE,
        Event.CONCLUDE,
        Event.DISMISS,
        Event.DECLINE_RENEWAL,
        Event.RECONSIDER_RENEWAL,
    }
)


class Hand(StrEnum):
    """Whose hand makes the step."""

    COMMUNE = "commune"
    AUTHORITY = "authority"
    COUNCIL = "council"
    LEVEL = "level"
    OWNER = "owner"
    ISSUER = "issuer"

    @property
    def label(self) -> str:
        """The hand's name in Vietnamese."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """The hand's name in both languages."""
        return _HAND_LABELS[self]


class Branch(StrEnum):
    """For which dossiers a row of the table holds."""

    ANY = "any"
    FIRST = "first"
    RE_RATING = "re_rating"
    CERTIFICATE_RUNS = "certificate_runs"
    CERTIFICATE_OVER = "certificate_over"

    def concerns(self, dossier: Dossier) -> bool:
        """Tell whether the row can hold for this kind of dossier at all."""
        return self is Branch.ANY or (self is Branch.FIRST) == (dossier is Dossier.FIRST)


_STATE_LABELS = {
    State.IDEA: Text("Ý tưởng", "Idea"),
    State.REGISTERED: Text("Đã đăng ký", "Registered"),
    State.SELECTED: Text("Được lựa chọn", "Selected"),
    State.CONSULTING: Text("Đang tư vấn, hoàn thiện", "Being advised and improved"),
    State.COMMUNE_EVALUATED: Text("Cấp xã đã đánh giá", "Evaluated by the commune"),
    State.DISTRICT_SCORED: Text("Cấp huyện đã chấm điểm", "Scored by the district"),
    State.ESCALATED_TO_PROVINCE: Text("Đã chuyển cấp tỉnh", "Sent up to the province"),
    State.PROVINCE_SCORED: Text("Cấp tỉnh đã chấm điểm", "Scored by the province"),
    State.ESCALATED_TO_CENTRAL: Text("Đã chuyển trung ương", "Sent up to the centre"),
    State.CENTRAL_SCORED: Text("Trung ương đã chấm điểm", "Scored by the centre"),
    State.CERTIFIED: Text("Đã được công nhận", "Certified"),
    State.MONITORED: Text("Đang theo dõi sau công nhận", "Monitored after certification"),
    State.RE_RATING: Text("Đang đánh giá lại / nâng hạng", "Being re-rated or upgraded"),
    State.NOT_SELECTED: Text("Không được lựa chọn", "Not selected"),
    State.NOT_RATED: Text("Chưa đạt hạng", "Not rated"),
    State.WITHDRAWN: Text("Đã rút", "Withdrawn"),
    State.REVOKED: Text("Đã thu hồi", "Revoked"),
    State.LAPSED: Text("Hết hạn", "Lapsed"),
}


_EVENT_LABELS = {
    Event.REGISTER: Text("Đăng ký ý tưởng", "Register the idea"),
    Event.SELECT: Text("Lựa chọn", "Select"),
    Event.DECLINE: Text("Không lựa chọn", "Decline"),
    Event.START_CONSULTING: Text("Bắt đầu tư vấn", "Start consulting"),
    Event.COMMUNE_EVALUATE: Text("Cấp xã đánh giá", "Evaluate by the commune"),
    Event.SCORE_DISTRICT: Text("Cấp huyện chấm điểm", "Score by the district"),
    Event.SCORE_PROVINCE: Text("Cấp tỉnh chấm điểm", "Score by the province"),
    Event.SCORE_CENTRAL: Text("Trung ương chấm điểm", "Score by the centre"),
    Event.CERTIFY: Text("Công nhận", "Certify"),
    Event.ESCALATE: Text("Chuyển cấp trên", "Send up"),
    Event.REJECT: Text("Không xếp hạng", "Leave unrated"),
    Event.BEGIN_MONITORING: Text("Bắt đầu theo dõi", "Begin monitoring"),
    Event.OPEN_RE_RATING: Text("Mở đánh giá lại / nâng hạng", "Open a re-rating or an upgrade"),
    Event.FORWARD: Text("Gửi thẳng lên trung ương", "Forward to the centre"),
    Event.RE_EVALUATE: Text("Tổ chức đánh giá lại ở tỉnh", "Evaluate again in the province"),
    Event.SEND_BACK: Text("Trả lại để hoàn thiện", "Send back for improvement"),
    Event.CONCLUDE: Text("Ghi kết luận để xem xét thu hồi", "Record a conclusion against it"),
    Event.CONFIRM_COMPLETE: Text("Ghi hồ sơ đã đủ", "Record that the dossier is complete"),
    Event.DECLINE_RENEWAL: Text("Ghi chủ thể không đánh giá lại", "Record that it is not renewed"),
    Event.RECONSIDER_RENEWAL: Text("Ghi chủ thể sẽ đánh giá lại", "Record that it is renewed after all"),
    Event.DISMISS: Text("Kết thúc xem xét, không thu hồi", "Close without revoking"),
    Event.REVOKE: Text("Thu hồi", "Revoke"),
    Event.LAPSE: Text("Ghi nhận hết hạn", "Record the lapse"),
    Event.WITHDRAW: Text("Rút", "Withdraw"),
    Event.RESUBMIT: Text("Nộp lại", "Submit again"),
    Event.CHANGE_REGULATION: Text("Chuyển sang quy định mới", "Go over to the new regulation"),
    Event.ENTER_REGISTER: Text("Vào sổ theo giấy chứng nhận", "Enter the register"),
}


_HAND_LABELS = {
    Hand.COMMUNE: Text("UBND cấp xã", "the commune's People's Committee"),
    Hand.AUTHORITY: Text("cơ quan ban hành kế hoạch", "the plan's authority"),
    Hand.COUNCIL: Text("Hội đồng của cấp chấm điểm", "the council of the scoring level"),
    Hand.LEVEL: Text("UBND của cấp chấm điểm", "the People's Committee of the scoring level"),
    Hand.OWNER: Text("cấp có thẩm quyền công nhận hạng sao này", "the level that recognises this star"),
    Hand.ISSUER: Text("cơ quan cấp giấy chứng nhận", "the body that issued the certificate"),
}
