"""Showing the forms of a dossier: what was saved, what is proposed, what is still asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, may
from ocop_workflow.dossiers.form_queries import FormSheet, sheets_of
from ocop_workflow.dossiers.form_views import (
    ChoiceView,
    EvidenceHintView,
    FormFieldView,
    FormSectionView,
    FormsView,
    FormView,
    MissingView,
    OpinionView,
    SelfScoreView,
    form_line,
)
from ocop_workflow.dossiers.paper_queries import papers_of
from ocop_workflow.errors import say
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.products.forms.proposing import EVIDENCE_FIELD, SCORE_FIELD, Proposals, chosen_set
from ocop_workflow.regulations.forms import FieldKind, form_ids, load_form, product_classes
from ocop_workflow.regulations.forms.answers import opinions_in
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.regulations.rubrics.rubric import CriterionKind
from ocop_workflow.regulations.rubrics.views import InBranchView, RubricView
from ocop_workflow.views import etag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.form_views import Plain
    from ocop_workflow.errors import Language, Text
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.regulations.forms import FormField, FormSection, OfficialForm
    from ocop_workflow.regulations.rubrics import Criterion, Rubric
    from ocop_workflow.store import Connection


def list_forms(tx: Connection, code: str, actor: Actor, today: date, language: Language = "vi") -> FormsView:
    """Return the forms of a product's current dossier, with how far each is filled in.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    record = find_product(tx, code)
    showing = Showing(tx, record, actor, today, language)
    forms = [load_form(name) for name in form_ids()]
    lines = tuple(form_line(form, showing.form(form)) for form in forms)
    return FormsView(
        record.code, record.dossier_no, forms[0].source.decision, showing.applies(forms[0]), lines
    )


def show_form(
    tx: Connection, code: str, form_id: str, actor: Actor, today: date, language: Language = "vi"
) -> FormView:
    """Return a form of a product's current dossier.

    Raises:
        NotFound: the actor sees no product of this code, or there is no such form.
    """
    return Showing(tx, find_product(tx, code), actor, today, language).form(load_form(form_id))


class Showing:
    """The forms of one dossier as one actor sees them."""

    def __init__(
        self,
        tx: Connection,
        record: ProductRecord,
        actor: Actor,
        today: date,
        language: Language = "vi",
    ) -> None:
        """Take a product.

        Raises:
            NotFound: the actor does not see it.
        """
        place = place_of(tx, actor, record)
        self._tx, self._record, self._today, self._language = tx, record, today, language
        self._sees_people = may(actor, Permission.READ_HOMES, place) is not None
        self.sheets = sheets_of(tx, record.id, record.dossier_no)
        self.set = chosen_set(tx, record, self.sheets)
        self._proposals = Proposals(tx, record, self.sheets)

    def applies(self, form: OfficialForm) -> bool:
        """Tell whether the dossier's regulation is the one whose form it is."""
        return self._regulation.number == form.source.decision

    @property
    def _regulation(self) -> Regulation:
        return regulation_behind(self._tx, self._record, self._today)

    def form(self, form: OfficialForm) -> FormView:
        """Return a form in full."""
        sheet = self.sheets.get(form.id)
        sections = tuple(self._section(form, section, sheet) for section in form.sections)
        is_scored = any(field.type.is_by_criterion for field in form.by_name.values())
        scores = tuple(self._scores(load_rubric(self.set), sheet)) if is_scored and self.set else ()
        kept = sheet.answers if sheet else {}
        version = sheet.version if sheet else 0
        points = [score.points for score in scores if score.points is not None]
        return FormView(
            code=self._record.code,
            dossier=self._record.dossier_no,
            form=form.id,
            number=form.number,
            title=form.title,
            by=form.by,
            decision=form.source.decision,
            applies=self.applies(form),
            set=self.set,
            version=version,
            etag=etag(str(version)),
            saved_at=sheet.saved_at if sheet else None,
            saved_by=sheet.saved_by if sheet else None,
            missing=tuple(
                MissingView(field.name, form.told[field.name])
                for field in form.asked
                if sheet is None or sheet.said(field.name) in (None, {}) or sheet.is_erased(field.name)
            ),
            sections=sections,
            scores=scores,
            total=sum(points) if points else None,
            opinions=tuple(OpinionView.alike(item) for item in opinions_in(kept.get("x_opinions"))),
            heading=form.heading,
        )

    def _section(self, form: OfficialForm, section: FormSection, sheet: FormSheet | None) -> FormSectionView:
        fields = tuple(view for field in section.fields for view in self._fields(form, field, sheet, None))
        return FormSectionView(
            section.title,
            section.office,
            section.added,
            fields,
            tuple(map(EvidenceHintView.alike, section.evidence)),
            section.only_for_renewal,
        )

    def _fields(
        self, form: OfficialForm, field: FormField, sheet: FormSheet | None, within: str | None
    ) -> Iterator[FormFieldView]:
        hidden = field.personal and not self._sees_people
        known = None if hidden else self._known(form, field)
        is_plain = field.type.is_answered and not field.type.is_by_criterion
        value = sheet.said(field.name) if sheet and is_plain and not hidden else None
        yield FormFieldView.alike(
            field,
            within=within,
            note=None if field.type is FieldKind.DATE else field.note,
            required=field in form.asked,
            choices=tuple(_choices(field)),
            value=None if isinstance(value, list) else value,
            answered=sheet is not None and sheet.is_answered(field.name),
            erased=sheet is not None and sheet.is_erased(field.name),
            hidden=hidden,
            proposed=known[0] if known else None,
            proposed_from=say(known[1], self._language) if known else None,
        )
        for part in field.fields:
            yield from self._fields(form, part, sheet, field.name)

    def _known(self, form: OfficialForm, field: FormField) -> tuple[Plain, Text] | None:
        """Return what is proposed for a field, and where it comes from; an office begins anew each time."""
        found = self._proposals.of(field.proposed)
        if found is None and field.name in form.own:
            found = self._proposals.of_the_one_before(form.id, field)
        return found

    def _scores(self, rubric: Rubric, sheet: FormSheet | None) -> Iterator[SelfScoreView]:
        chosen = (sheet.said(SCORE_FIELD) if sheet else None) or {}
        evidence = (sheet.said(EVIDENCE_FIELD) if sheet else None) or {}
        papers = self._papers()
        shown = {item.id: item for item in RubricView.of(rubric).criteria}
        for criterion in rubric.criteria:
            answer = chosen.get(criterion.id)
            is_answered = criterion.id in chosen
            yield SelfScoreView(
                criterion=criterion.id,
                title=criterion.title,
                max=criterion.max,
                kind=criterion.kind,
                options=shown[criterion.id].options,
                answered=is_answered,
                chosen=InBranchView(**answer) if isinstance(answer, dict) else answer,
                points=points_of(criterion, answer) if is_answered else None,
                evidence=evidence.get(criterion.id),
                papers=tuple(papers.get(criterion.id, ())),
            )

    def _papers(self) -> dict[str, list[str]]:
        """Return what the dossier's papers are called, by the criteria that they prove."""
        regulation = self._regulation
        known = {item.id: item.name for item in regulation.documents}
        known |= {item.id: item.name for item in regulation.evidence}
        found: dict[str, list[str]] = {}
        for paper in papers_of(self._tx, self._record.id, self._record.dossier_no):
            name = paper.name or known.get(paper.kind, paper.kind)
            for criterion in paper.criteria:
                found.setdefault(criterion, []).append(f"{name} {paper.number or ''}".rstrip())
        return found


def _choices(field: FormField) -> Iterator[ChoiceView]:
    if field.type is FieldKind.ANNEX1_CHOICE:
        yield from (ChoiceView(item.id, item.name) for item in product_classes())
    for option in field.options:
        yield ChoiceView(option, option)


def points_of(criterion: Criterion, answer: Any) -> int | None:  # noqa: ANN401 - of JSON
    """Return what a self-score is worth in points; none: it is none of what the set offers now."""
    if answer is None:
        return 0
    if criterion.kind is CriterionKind.YES_NO:
        return {True: criterion.yes_points, False: criterion.no_points}.get(answer)
    branches: Mapping[str, Any] = {branch.id: branch.options for branch in criterion.branches}
    options = criterion.options
    if isinstance(answer, dict):
        options, answer = branches.get(answer.get("branch", ""), ()), answer.get("option")
    return options[answer - 1].points if isinstance(answer, int) and 0 < answer <= len(options) else None
