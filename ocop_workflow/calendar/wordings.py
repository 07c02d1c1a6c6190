"""What a rule of a plan or a regulation is called, where it stands, and what is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.calendar.plan import Doer, Reach, Timed
from ocop_workflow.calendar.rounds.naming import round_name
from ocop_workflow.errors import Text
from ocop_workflow.regulations import Anchor, Recipient
from ocop_workflow.states import State

if TYPE_CHECKING:
    from ocop_workflow.calendar.plan import Plan
    from ocop_workflow.regulations import RelativeDeadline


@dataclass(frozen=True, slots=True)
class Wording:
    """What a letter or an explanation says of a rule, and where the rule stands."""

    name: str
    basis: str
    as_written: str
    reading: str = ""
    action: str = ""
    where: str = ""
    is_for_communes: bool = False

    def action_for(self, *, authority: bool) -> str:
        """Return what the reader has to do: an authority urges its communes to do what is theirs."""
        if authority and self.is_for_communes and self.action:
            return f"Đôn đốc UBND cấp xã: {self.action[0].lower()}{self.action[1:]}"
        return self.action


def wording_of(plan: Plan, rule: Timed | RelativeDeadline, month: str) -> Wording:
    """Return the words of a rule; `month`: of one that comes each month, which is meant ("3/2026")."""
    office = plan.office.name
    if isinstance(rule, Timed):
        return Wording(
            f"{rule.name} tháng {month}" if month else rule.name,
            f"mục {rule.clause}, {cited(plan, rule.document)}",
            rule.as_written,
            rule.reading,
            rule.action,
            rule.where or office,
            is_for_communes=rule.actor is Doer.COMMUNE,
        )
    return Wording(
        rule.name,
        f"{rule.clause} ({rule.caution})" if rule.caution else rule.clause,
        rule.as_written,
        action=rule.action,
        where=office,
        is_for_communes=rule.remind is not None and Recipient.COMMUNE in rule.remind.to,
    )


def cited(plan: Plan, document: str) -> str:
    """Return a document of a plan as a letter cites it; empty: the plan's own."""
    return next((paper.cited for paper in plan.documents if paper.id == document), title_of(plan))


def title_of(plan: Plan) -> str:
    """Return the plan's short name, as a letter cites it."""
    number = f" số {plan.document.number}" if plan.document.number else ""
    years = f"giai đoạn {plan.year}–{plan.last_year}" if plan.last_year else f"năm {plan.year}"
    return f"Kế hoạch OCOP{number} {years}"


def names_of(plan: Plan) -> dict[str, Text]:
    """Return what everything is called from which a time is counted; the plan's own words stay its own."""
    rounds = {entry.id: round_name(entry.number, entry.level, entry.part) for entry in plan.rounds}
    timed = {entry.id: Text(entry.name, entry.name) for entry in plan.timed}
    events = {entry.id: Text(entry.name, entry.name) for entry in plan.events}
    states = {state.value: state.text for state in State}
    return {**_ANCHOR_NAMES, **states, **rounds, **events, **timed}


_ANCHOR_NAMES: dict[str, Text] = {
    Anchor.ENTERED: Text("đến bước này", "this step reached"),
    Anchor.RECEIVED: Text("nhận hồ sơ", "dossier received"),
    Anchor.COMPLETE: Text("hồ sơ đủ", "dossier complete"),
    Anchor.EXPIRY: Text("giấy chứng nhận hết hạn", "end of the certificate"),
    Anchor.CONCLUDED: Text("có kết luận hoặc xác nhận", "conclusion or confirmation"),
    Reach.ESCALATED: Text("đã chuyển cấp trên", "sent up"),
}
