"""What stands in the boxes of a form's page, and what was sent in them as answers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ocop_workflow.regulations.forms import FieldKind, load_form
from ocop_workflow.regulations.forms.answers import MOST_OPINIONS
from ocop_workflow.regulations.rubrics.rubric import CriterionKind
from ocop_workflow.regulations.rubrics.views import InBranchView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.dossiers.form_views import FormFieldView, FormView, SelfScoreView
    from ocop_workflow.web.console.frame.call import Call

#: what is sent where no option fits
NOTHING_FITS = "null"
_TICKED = "1"


def shown_values(call: Call, form: FormView, *, is_refused: bool) -> defaultdict[str, str]:
    """Return what stands in each box: what was sent and refused, else what was saved, else the proposal."""
    if is_refused:
        return defaultdict(str, {name: call.secret(name) for name in call.sent})
    found = {field.name: _shown(field) for field in _asked(form)}
    for score in form.scores:
        if score.answered:
            found[f"c:{score.criterion}"] = _written(score.chosen)
        found[f"e:{score.criterion}"] = score.evidence or ""
    for number, opinion in enumerate(form.opinions):
        said = {"who": opinion.who, "on": opinion.on.isoformat(), "text": opinion.text}
        found |= {f"o{number}_{name}": value for name, value in said.items()}
    return defaultdict(str, found)


def saved_otherwise(call: Call, form: FormView) -> dict[str, str]:
    """Return what stands in fields into which somebody else has written another answer than was sent."""
    found: dict[str, str] = {}
    for field in _asked(form):
        saved = _shown(field) if field.answered else ""
        if saved and not field.type.is_ticked and saved != "\n".join(call.secret(field.name).split("\r\n")):
            found[field.name] = saved
    return found


def _asked(form: FormView) -> Iterator[FormFieldView]:
    """Give the fields that have a box of their own."""
    for section in form.sections:
        for field in section.fields:
            kind = field.type
            if kind.is_answered and not kind.is_by_criterion and kind is not FieldKind.OPINIONS:
                yield field


def _shown(field: FormFieldView) -> str:
    value = field.value if field.answered else field.proposed
    if field.type.is_ticked:
        return _TICKED if value else ""
    return "" if value is None else str(value)


def _written(chosen: int | bool | InBranchView | None) -> str:  # noqa: FBT001 - an answer
    if isinstance(chosen, InBranchView):
        return f"{chosen.branch}:{chosen.option}"
    if isinstance(chosen, bool):
        return "true" if chosen else "false"
    return NOTHING_FITS if chosen is None else str(chosen)


def sent_answers(call: Call, form: FormView) -> dict[str, Any]:
    """Return what was sent as answers by the names of fields; of what was not shown nothing is said."""
    found: dict[str, Any] = {}
    for field in _asked(form):
        if not field.hidden:
            found[field.name] = _sent(call, field)
    for section in form.sections:
        for field in section.fields:
            if field.type is FieldKind.OPINIONS:
                found[field.name] = _opinions(call)
            elif field.type is FieldKind.SELF_SCORE and form.scores:
                found[field.name] = dict(_scores(call, form.scores))
            elif field.type is FieldKind.EVIDENCE and form.scores:
                found[field.name] = {one.criterion: call.secret(f"e:{one.criterion}") for one in form.scores}
    return found


def _sent(call: Call, field: FormFieldView) -> object:
    if field.type.is_ticked:
        return call.given(field.name) == _TICKED
    return call.secret(field.name)


def _scores(call: Call, scores: tuple[SelfScoreView, ...]) -> Iterator[tuple[str, object]]:
    for score in scores:
        given = call.given(f"c:{score.criterion}")
        if given:
            yield score.criterion, _choice(score.kind, given)


def _choice(kind: CriterionKind, given: str) -> object:
    if given == NOTHING_FITS:
        return None
    if kind is CriterionKind.YES_NO:
        return {"true": True, "false": False}.get(given, given)
    branch, _, option = given.rpartition(":")
    number = int(option) if option.isascii() and option.isdecimal() and len(option) < 4 else option  # noqa: PLR2004 - of digits
    return {"branch": branch, "option": number} if branch else number


def _opinions(call: Call) -> list[dict[str, str]]:
    """Return the opinions that were sent; a row in which nothing is written is none."""
    rows = (
        {name: call.secret(f"o{number}_{name}") for name in ("who", "on", "text")}
        for number in range(MOST_OPINIONS + 2)
    )
    return [row for row in rows if any(value.strip() for value in row.values())]


def labels_of(form: FormView) -> dict[str, str]:
    """Return what fields are called where a fault of theirs is told."""
    found = dict(load_form(form.form).told)
    for score in form.scores:
        for name in ("s3_1", "s3_2"):
            found[f"{name}.{score.criterion}"] = f"{score.criterion} {score.title}"
    return found
