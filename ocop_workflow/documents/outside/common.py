"""What documents outside sessions have alike: who signs, heads, grounds, on what the points rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.documents.outside.kinds import SIGNED_BY, OutsideDocument
from ocop_workflow.documents.paper.pieces import BLANK, SHORT_BLANK, Head, LineRole, SignatureBlock, TextLine
from ocop_workflow.documents.session.common import regulation_in_words
from ocop_workflow.documents.session.words import long_day, numbered, place_and_day, within
from ocop_workflow.regulations.rubrics.views import cut
from ocop_workflow.regulations.signers import Signing, signing_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.documents.outside.record import OutsideScore, OutsideStep
    from ocop_workflow.places.queries import UnitRecord


def signing_for(kind: OutsideDocument, step: OutsideStep) -> Signing | None:
    """Return who signs a document; none: the deciding level issues no such under its regulation."""
    return signing_of(SIGNED_BY[kind], step.level, step.regulation.id, step.names)


def unit_of(step: OutsideStep) -> UnitRecord:
    """Return the unit that decides; who drafts has made sure that there is one."""
    if step.unit is None:
        raise LookupError(step.code)
    return step.unit


def body_of(step: OutsideStep) -> str:
    """Return the body of the deciding unit, inside a sentence."""
    return f"Ủy ban nhân dân {within(unit_of(step).name)}"


def issuer_of(who: Signing, step: OutsideStep) -> str:
    """Return who issues a decision: the office-holder, or the body."""
    head = bool(who.authority) and who.authority[0].startswith("CHỦ TỊCH")
    return f"Chủ tịch {body_of(step)}" if head else body_of(step)


def points_of(score: OutsideScore | None) -> str:
    """Return a mean with two decimals, cut; a blank where there is none."""
    return cut(score.mean) if score else BLANK


def basis_of(step: OutsideStep) -> str:
    """Say on what the points rest: which council's session, and the paper that they were typed from."""
    score = step.score
    if score is None:
        return f"kết quả đánh giá của Hội đồng {long_day(None, step.year)}"
    said = f"kết quả đánh giá của Hội đồng {score.level.label} {long_day(score.held_on, step.year)}"
    if score.paper:
        paper = score.paper
        said += f", văn bản số {paper.number} {long_day(paper.date)}, {paper.signer} ký"
    return said


def grounds_of(step: OutsideStep, *more: str, with_law: bool = False) -> tuple[TextLine, ...]:
    """Return the grounds of a document: each ends with a semicolon, the last with a full stop."""
    said = [f"Căn cứ Luật Tổ chức chính quyền địa phương {long_day(None)}"] if with_law else []
    said += [f"Căn cứ {regulation_in_words(step.regulation)}", f"Căn cứ {basis_of(step)}", *more]
    last = len(said)
    return tuple(
        TextLine(f"{one}{'.' if place == last else ';'}", LineRole.GROUND)
        for place, one in enumerate(said, start=1)
    )


def head_of(
    step: OutsideStep, who: Signing, *, number: str = "", day: date | None = None, regarding: str = ""
) -> Head:
    """Return the head of a document; number and day are blanks where they are not known."""
    year = day.year if day else step.year
    return Head(
        superior=who.superior,
        body=who.body,
        number=numbered(number, who.symbol),
        place_and_day=place_and_day(unit_of(step).name, day, year),
        regarding=regarding,
    )


def signed_by(who: Signing) -> tuple[SignatureBlock, ...]:
    """Return the place to sign."""
    return (SignatureBlock(who.signs),)


def proposal_of(step: OutsideStep) -> str:
    """Return the ground that cites the agency's submission."""
    day = long_day(None, step.year)
    return f"Theo đề nghị của {unit_of(step).office} tại Tờ trình số {SHORT_BLANK} {day}"


def upward_of(step: OutsideStep) -> str:
    """Return the body of the level above: the unit's above where there is one, else the regulation's."""
    ladder = step.regulation.ladder
    place = ladder.index(step.level) + 1 if step.level in ladder else len(ladder)
    if place >= len(ladder):
        return BLANK
    if step.above and step.above.level is ladder[place]:
        return f"Ủy ban nhân dân {within(step.above.name)}"
    return step.regulation.rung(ladder[place]).body
