"""The requirements (điều kiện): guards that say what is missing instead of only "no"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.regulations import Level, successor_of
from ocop_workflow.states.facts import Dossier
from ocop_workflow.states.requirement import Requirement, given, given_or_recorded

if TYPE_CHECKING:
    from ocop_workflow.states.facts import Facts


def _owner_reached(facts: Facts) -> bool:
    owner = facts.regulation.owner(facts.star or 1)
    ladder = facts.regulation.ladder
    return (
        owner is not None
        and facts.score is not None
        and ladder.index(owner) <= ladder.index(facts.score.level)
    )


def _forwarding_mean(facts: Facts) -> bool:
    if facts.score is None:
        return False
    threshold = facts.regulation.rung(facts.score.level).forward_from
    return threshold is not None and facts.score.mean >= threshold


def _highest_renewed(facts: Facts) -> bool:
    certificate = facts.known_certificate
    highest = facts.regulation.ladder[-1]
    return (
        facts.dossier is Dossier.RENEWAL
        and certificate is not None
        and facts.regulation.owner(certificate.star) is highest
    )


def _highest_missed(facts: Facts) -> bool:
    star = facts.star
    return star is not None and facts.regulation.owner(star) is not facts.regulation.ladder[-1]


def _owner_stands(facts: Facts) -> bool:
    owner = facts.regulation.owner(facts.star) if facts.star else None
    return owner is None or facts.stands(owner)


def _next_in_force(facts: Facts) -> bool:
    following = successor_of(facts.regulation.id)
    return following is not None and following.in_force.since <= facts.on


def _validity_over(facts: Facts) -> bool:
    return facts.known_certificate is not None and not facts.certificate_runs


def _concluded_within(facts: Facts) -> bool:
    """Tell whether it is a step of before conclusions were steps of their own: it holds its own."""
    return facts.data.conclusion is not None and facts.data.conclusion_number is None


PRODUCER = Requirement(
    "producer",
    Text("chủ thể sản xuất", "the producer"),
    given_or_recorded("producer"),
    fields=("producer",),
    recorded=True,
)
GROUP = Requirement(
    "group",
    Text("ngành hàng (nhóm sản phẩm)", "the product group"),
    given_or_recorded("group"),
    fields=("group",),
    recorded=True,
)
ADDRESS = Requirement(
    "address",
    Text("địa chỉ sản xuất", "the place of production"),
    given_or_recorded("address"),
    fields=("address",),
    recorded=True,
    optional=("received_on",),
)
REASON = Requirement("reason", Text("lý do", "the reason"), given("reason"), fields=("reason",))
CONSULTANT = Requirement(
    "consultant",
    Text("tên đơn vị tư vấn", "the consultant's name"),
    given("consultant"),
    fields=("consultant",),
    optional=("received_on",),
)
COMMUNE_REPORT = Requirement(
    "commune_report",
    Text("số và ngày báo cáo đánh giá của UBND cấp xã", "number and date of the commune's evaluation report"),
    given("report_number", "report_date"),
    fields=("report_number", "report_date"),
)
FOUR_CONTENTS = Requirement(
    "four_contents",
    Text(
        "nhận xét đủ bốn nội dung: nguồn gốc sản phẩm/nguyên liệu, lao động địa phương, "
        "nguồn gốc ý tưởng, bản sắc/trí tuệ địa phương",
        "all four contents: origin of the material, local labour, origin of the idea, local identity",
    ),
    given("contents"),
    fields=("contents",),
    optional=("official_code",),
)
SESSION_DATE = Requirement(
    "session_date",
    Text("ngày họp Hội đồng", "the date of the council's session"),
    given("session_date"),
    fields=("session_date",),
)
STILL_SCORED = Requirement(
    "still_scored",
    Text(
        "quy định còn được dùng để chấm điểm: quy định này chỉ để đọc, hồ sơ cũ đã có quyết định",
        "a regulation by which dossiers are still scored: this one is kept to be read",
    ),
    lambda facts: not facts.regulation.read_only,
)
SCORE = Requirement(
    "score",
    Text("điểm trung bình hoặc điểm các phiếu", "the mean, or the totals of the sheets"),
    lambda facts: facts.data.exact_mean is not None,
    fields=("mean", "sheets"),
    optional=("gates_met",),
    either=True,
)
DECISION = Requirement(
    "decision",
    Text("số và ngày quyết định", "number and date of the decision"),
    given("decision_number", "decision_date"),
    fields=("decision_number", "decision_date"),
)
SIGNER = Requirement("signer", Text("người ký", "who signed"), given("signer"), fields=("signer",))
PUBLICATION = Requirement(
    "publication",
    Text("ngày công bố kết quả", "the day the result was published"),
    given("published_on"),
    fields=("published_on",),
    optional=("valid_until", "official_code", "reason"),
)
STAR_RECOGNISED = Requirement(
    "star_recognised",
    Text("đạt từ 3 sao trở lên", "three stars or more"),
    lambda facts: facts.star is not None and facts.regulation.owner(facts.star) is not None,
)
OWNER_REACHED = Requirement(
    "owner_reached",
    Text(
        "hạng sao này do cấp cao hơn công nhận: chuyển hồ sơ lên cấp trên",
        "a higher level recognises this star: escalate the dossier",
    ),
    _owner_reached,
    rests_on=("star_recognised",),
)
FORWARDING_MEAN = Requirement(
    "forwarding_mean",
    Text(
        "điểm trung bình đạt mức chuyển lên cấp trên", "a mean at or above the level's forwarding threshold"
    ),
    _forwarding_mean,
    optional=("sent_on", "samples"),
)
#: the decisions speak of points only: that a dossier whose gates bar it from any star stays is our reading
GATES_MET = Requirement(
    "gates_met",
    Text("đạt các điều kiện tối thiểu của hạng 3 sao", "the minimum conditions of three stars met"),
    lambda facts: (
        facts.score is not None and facts.regulation.owner(max(facts.score.gates_met, 1)) is not None
    ),
)
HIGHEST_RENEWED = Requirement(
    "highest_renewed",
    Text(
        "đánh giá lại sản phẩm đang có hạng sao do cấp cao nhất công nhận",
        "the renewal of a star that the highest level recognises",
    ),
    _highest_renewed,
)
AGENCY_REPORT = Requirement(
    "agency_report",
    Text(
        "số và ngày báo cáo của cơ quan quản lý OCOP cấp tỉnh",
        "number and date of the provincial agency's report",
    ),
    given("report_number", "report_date"),
    fields=("report_number", "report_date"),
    optional=("sent_on", "samples"),
)
HIGHEST_MISSED = Requirement(
    "highest_missed",
    Text("điểm ở cấp cao nhất chưa đạt hạng sao của cấp ấy", "a score at the highest level below its star"),
    _highest_missed,
)
STAR_BELOW_THREE = Requirement(
    "star_below_three",
    Text("kết quả dưới 3 sao", "fewer than three stars"),
    lambda facts: facts.star is not None and facts.regulation.owner(facts.star) is None,
)
CERTIFICATE_KNOWN = Requirement(
    "certificate_known",
    Text(
        "giấy chứng nhận hiện có (số, ngày, hạng sao, có giá trị đến)",
        "the certificate held (number, date, star, valid until)",
    ),
    lambda facts: facts.known_certificate is not None,
    fields=("certificate",),
    optional=("reason",),
    recorded=True,
)
CERTIFICATE_CONFIRMED = Requirement(
    "certificate_confirmed",
    Text(
        "cấp có thẩm quyền xác nhận giấy chứng nhận, nếu giấy này do xã khai báo",
        "for a certificate that the commune has named: the word of the level that recognises its star",
    ),
    lambda facts: not facts.certificate_proposed,
)
CERTIFICATE_RUNS = Requirement(
    "certificate_runs",
    Text("giấy chứng nhận còn hiệu lực", "a certificate that is valid"),
    lambda facts: facts.certificate_runs,
    fields=("certificate",),
    optional=("reason",),
    recorded=True,
)
VALIDITY_OVER = Requirement(
    "validity_over",
    Text("giấy chứng nhận đã hết hiệu lực", "a certificate whose validity is over"),
    _validity_over,
    fields=("certificate",),
    optional=("reason",),
    recorded=True,
    rests_on=("certificate_known",),
)
KIND = Requirement(
    "kind",
    Text("loại: đánh giá lại (renewal) hay nâng hạng (upgrade)", "the kind: renewal or upgrade"),
    given("kind"),
    fields=("kind",),
    optional=("received_on",),
)
PLAN = Requirement(
    "plan",
    Text("kế hoạch mà hồ sơ nay thuộc về", "the plan to which the dossier now belongs"),
    given("plan"),
    fields=("plan",),
)
CERTIFICATE_HOLDS = Requirement(
    "certificate_runs",
    Text("giấy chứng nhận còn hiệu lực", "a certificate that is valid"),
    lambda facts: facts.certificate_holds,
    fields=("certificate",),
    recorded=True,
)
GRACE_OVER = Requirement(
    "grace_over",
    Text(
        "hết thời gian giấy chứng nhận tiếp tục có hiệu lực để chờ kết quả đánh giá lại "
        "(hồ sơ đã nộp, chưa có kết quả; nhiều nhất 180 ngày sau ngày hết hạn)",
        "the end of the time in which the certificate goes on, awaiting the result of its renewal "
        "(filed, without a result; at most 180 days past its last day)",
    ),
    lambda facts: facts.grace_until is None,
)
GROUND = Requirement(
    "ground", Text("căn cứ thu hồi", "the ground of the revocation"), given("ground"), fields=("ground",)
)
CONCLUSION = Requirement(
    "conclusion",
    Text(
        "kết luận của cơ quan có thẩm quyền, hoặc xác nhận của UBND cấp xã: số, ngày, cơ quan, nội dung",
        "the conclusion of the competent body, or the commune's confirmation: number, date, body, findings",
    ),
    given("conclusion_number", "conclusion_date", "conclusion_body", "conclusion"),
    fields=("conclusion_number", "conclusion_date", "conclusion_body", "conclusion"),
)
NOTHING_CONCLUDED = Requirement(
    "nothing_concluded",
    Text(
        "chưa có kết luận nào đang chờ: thu hồi, hoặc kết thúc xem xét kết luận trước đã",
        "no conclusion that still waits: revoke, or close the earlier one, first",
    ),
    lambda facts: facts.concluded_on is None,
)
CONCLUDED = Requirement(
    "concluded",
    Text(
        "kết luận hoặc xác nhận đã ghi (thao tác «Ghi kết luận để xem xét thu hồi»)",
        "a conclusion on record (the step `conclude`)",
    ),
    lambda facts: facts.concluded_on is not None or _concluded_within(facts),
)
COMPLETE = Requirement(
    "complete",
    Text("ngày hồ sơ đủ", "the day on which the dossier was complete"),
    given("complete_on"),
    fields=("complete_on",),
)
NOT_COMPLETE = Requirement(
    "not_complete",
    Text("chưa ghi ngày hồ sơ đủ", "a dossier of which that is not on record yet"),
    lambda facts: facts.complete_on is None,
    silent=True,
)
WHY_NOT_RENEWING = Requirement(
    "why_not_renewing",
    Text("vì sao chủ thể không đánh giá lại", "why the producer does not renew"),
    given("not_renewing"),
    fields=("not_renewing",),
    optional=("reason",),
)
NOT_DECLINED = Requirement(
    "not_declined",
    Text("chưa ghi là không đánh giá lại", "a renewal that is not declined yet"),
    lambda facts: facts.not_renewing_on is None,
    silent=True,
)
DECLINED = Requirement(
    "declined",
    Text(
        "đã ghi là không đánh giá lại (thao tác «Ghi chủ thể không đánh giá lại»)",
        "a renewal that was declined (the step `decline_renewal`)",
    ),
    lambda facts: facts.not_renewing_on is not None,
    silent=True,
)
REVOCATION_DECISION = Requirement(
    "revocation_decision",
    Text("số, ngày, người ký quyết định thu hồi", "number, date and signer of the decision that revokes it"),
    lambda facts: given("decision_number", "decision_date", "signer")(facts) or _concluded_within(facts),
    fields=("decision_number", "decision_date", "signer"),
    optional=("published_on",),
)
_GONE = Text(
    "cấp huyện còn tồn tại: từ 01/7/2025 không còn cấp huyện, và chưa có quy định nào thay; từ 06/7/2025 "
    "hồ sơ chuyển sang quy định mới (change_regulation)",
    "a district: since 1/7/2025 there is none, and no law takes its place before 6/7/2025, when the dossier "
    "goes over to the new regulation (change_regulation)",
)
DISTRICT_STANDS = Requirement("district_stands", _GONE, lambda facts: facts.stands(Level.DISTRICT))
OWNER_STANDS = Requirement("owner_stands", _GONE, _owner_stands)
NEXT_IN_FORCE = Requirement(
    "next_in_force",
    Text("quy định mới đã có hiệu lực", "a new regulation that is in force"),
    _next_in_force,
    silent=True,
)
RECEIVED = Requirement(
    "received",
    Text(
        "hồ sơ mà cấp xã đã nhận: chưa nhận thì tự theo quy định đang có hiệu lực",
        "a dossier that was received: until then it goes by whatever is in force",
    ),
    lambda facts: facts.received,
    silent=True,
)
PAPER = Requirement(
    "paper",
    Text(
        "số, ngày, người ký của văn bản, khi ghi thay cấp chưa dùng hệ thống",
        "number, date and signer of the document, when recorded for a level that works outside",
    ),
    lambda facts: not facts.by_paper or facts.data.paper is not None,
    fields=("paper",),
    by_paper=True,
)
DECISION_SIGNER = Requirement(
    "decision_signer",
    Text(
        "người ký quyết định, khi ghi thay cấp chưa dùng hệ thống",
        "who signed the decision, when recorded for a level that works outside",
    ),
    lambda facts: not facts.by_paper or facts.data.signer is not None,
    fields=("signer",),
    by_paper=True,
)
