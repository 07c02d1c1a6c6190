"""A renewal or an upgrade beside the dossier that was recognised, as one officer sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, may
from ocop_workflow.certificates.queries import certificates_of
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.dossiers.change_queries import declared_in
from ocop_workflow.dossiers.change_views import (
    ChangeView,
    DeclaredView,
    DifferenceView,
    ProofView,
    RanOutView,
    RecognisedView,
)
from ocop_workflow.dossiers.form_queries import sheets_of
from ocop_workflow.dossiers.paper_queries import OTHER, papers_of
from ocop_workflow.dossiers.paper_views import name_of
from ocop_workflow.errors import Text, say
from ocop_workflow.products import queries as products
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.products.differing.comparing import DossierContents, Held, compare
from ocop_workflow.products.forms.proposing import SCORE_FIELD, chosen_set
from ocop_workflow.products.forms.showing import points_of
from ocop_workflow.regulations import load_regulation, star_of
from ocop_workflow.regulations.forms import FieldKind, form_ids, load_form, product_classes, renewal_headings
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.states import Dossier, Event, mean_in_words
from ocop_workflow.states.certificate_endings import Ending
from ocop_workflow.states.position import OPENS_A_DOSSIER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.dossiers.change_queries import DeclaredRecord
    from ocop_workflow.dossiers.form_queries import FormSheet
    from ocop_workflow.dossiers.paper_queries import PaperRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations.forms import FormField
    from ocop_workflow.states import Score
    from ocop_workflow.store import Connection

#: answers that speak of the dossier itself, and differ between any two
_OF_EACH = (FieldKind.YEAR, FieldKind.ATTACHMENT, FieldKind.OPINIONS)
_PRODUCT = Text("tên sản phẩm", "the product's name")
_PRODUCER = Text("chủ thể", "the producer")
_THERE = Text("có", "there is one")
_COMMUNE = Text("xã, phường", "the commune")


def show_difference(
    tx: Connection, code: str, actor: Actor, today: date, language: Language = "vi"
) -> DifferenceView:
    """Return what a product's renewal or upgrade says otherwise than the dossier that was recognised.

    Args:
        tx: the transaction.
        code: the product.
        actor: whoever looks: what tells where people live is not shown to everybody.
        today: the local day on which papers are good or not.
        language: of labels; what was written is as it was written.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    record = find_product(tx, code)
    place = place_of(tx, actor, record)
    sees_people = may(actor, Permission.READ_HOMES, place) is not None
    return difference_beside(tx, record, today, language, sees_people=sees_people)


def difference_beside(
    tx: Connection, record: ProductRecord, today: date, language: Language = "vi", *, sees_people: bool
) -> DifferenceView:
    """Return the same of a product that has been read, and that whoever asks may see."""
    if record.dossier is Dossier.FIRST:
        kind = say(record.dossier.text, language)
        return DifferenceView(
            record.code,
            record.dossier_no,
            record.dossier,
            kind,
            applies=False,
            recognised=None,
            star=None,
            mean=None,
            changes=(),
            declared=(),
            papers=(),
            ran_out=(),
            undeclared=0,
            unproven=0,
        )
    beside = _BothDossiers(tx, record, today, language)
    own = beside.papers[record.dossier_no]
    proofs = {item.id: _proof(beside, record.dossier_no, item, today) for item in own}
    said = declared_in(tx, record.id, record.dossier_no)
    declared = tuple(_declared(heading, said.get(heading), proofs) for heading in renewal_headings())
    changes = compare(
        beside.contents(beside.base, sees_people=sees_people) if beside.base else beside.by_certificate(),
        beside.contents(record.dossier_no, sees_people=sees_people),
    )
    regulation = regulation_behind(tx, record, today)
    return DifferenceView(
        code=record.code,
        dossier=record.dossier_no,
        kind=record.dossier,
        kind_label=say(record.dossier.text, language),
        applies=True,
        recognised=beside.recognised(),
        star=star_of(regulation, record.score.mean, record.score.gates_met) if record.score else None,
        mean=_mean(record.score) if record.score else None,
        changes=tuple(
            ChangeView(
                item.kind.value, say(item.kind.text, language), item.label, item.before, item.now, item.hidden
            )
            for item in changes
        ),
        declared=declared,
        papers=tuple(proofs.values()),
        ran_out=tuple(beside.ran_out()),
        undeclared=sum(not item.said for item in declared),
        unproven=sum(item.unproven for item in declared),
    )


def recognised_dossiers(entries: Sequence[products.HistoryEntry]) -> list[int]:
    """Return the numbers of a product's dossiers that led to a certificate, oldest first."""
    walked = products.standing_steps(entries)
    number = 0 if walked and walked[0].event is Event.ENTER_REGISTER else 1
    found = []
    for entry in walked:
        number += entry.event in OPENS_A_DOSSIER
        if entry.event is Event.CERTIFY:
            found.append(number)
    return found


class _BothDossiers:
    """Both dossiers, read once."""

    def __init__(self, tx: Connection, record: ProductRecord, today: date, language: Language) -> None:
        self._record, self._today, self._language = record, today, language
        self._own = record.dossier_no
        self._runs = {item.number: item for item in dossiers.dossiers_of(tx, record.id)}
        recognised = recognised_dossiers(products.history(tx, record.id))
        self.base = next((number for number in reversed(recognised) if number < self._own), None)
        every = certificates_of(tx, record.id)
        self._certificate = _rested_on(every, has_followed=self._own in recognised)
        numbers = [self._own, *([self.base] if self.base else [])]
        self._sheets = {number: sheets_of(tx, record.id, number) for number in numbers}
        self.papers = {number: papers_of(tx, record.id, number) for number in numbers}
        self._sets = {number: self._runs[number].product_set for number in numbers if number in self._runs}
        self._sets[self._own] = chosen_set(tx, record, self._sheets[self._own])
        law = regulation_behind(tx, record, today).id
        self._laws = {number: self._runs[number].regulation or law for number in numbers} | {self._own: law}

    def recognised(self) -> RecognisedView | None:
        held, run = self._certificate, self._runs.get(self.base or 0)
        if held is None:
            return None
        return RecognisedView(
            self.base,
            held.number,
            held.star,
            held.decided_on,
            held.valid_until,
            load_regulation(held.regulation).number if held.regulation else None,
            _mean(run.score) if run and run.score else None,
        )

    def by_certificate(self) -> DossierContents:
        """Return what the certificate says, of a product whose recognised dossier never was here."""
        return DossierContents(record=self._named_then())

    def contents(self, number: int, *, sees_people: bool) -> DossierContents:
        answers, private = _answers(self._sheets[number], sees_people=sees_people)
        is_now = number == self._own
        return DossierContents(
            self._named_now() if is_now else self._named_then(),
            answers,
            private,
            self._points(number),
            tuple(self._held(number, item) for item in self.papers[number]),
        )

    def _named_then(self) -> dict[str, str]:
        held = self._certificate
        if held is None:
            return {}
        return self._named(held.product, held.producer, held.commune)

    def _named_now(self) -> dict[str, str]:
        of = self._record
        return self._named(of.name, of.producer, of.unit_name)

    def _named(self, product: str, producer: str | None, commune: str) -> dict[str, str]:
        named = ((_PRODUCT, product), (_PRODUCER, producer or ""), (_COMMUNE, commune))
        return {say(label, self._language): value for label, value in named}

    def _points(self, number: int) -> dict[str, int]:
        sheet, chosen = self._sheets[number].get("mau-02"), self._sets.get(number)
        if sheet is None or chosen is None or len(set(self._sets.values())) > 1:
            return {}  # two sheets' criteria bear the same numbers and ask different things
        said: Mapping[str, Any] = sheet.said(SCORE_FIELD) or {}
        asked = [one for one in load_rubric(chosen).criteria if one.id in said]
        found = {f"{one.id} {one.title}": points_of(one, said[one.id]) for one in asked}
        return {label: points for label, points in found.items() if points is not None}

    def _held(self, number: int, paper: PaperRecord) -> Held:
        """Tell of a paper what stands beside its kind: its own name, number and day."""
        own = "" if paper.kind == OTHER else paper.name or ""
        told = " ".join(filter(None, (own, *_marks(paper)))) or say(_THERE, self._language)
        return Held(self.kind_of(number, paper), told, paper.id, paper.reused_from)

    def kind_of(self, number: int, paper: PaperRecord) -> str:
        """Return what a paper is called; one that the regulation does not name, by its own name."""
        if paper.kind == OTHER:
            return paper.name or OTHER
        return name_of(self._laws[number], paper.kind)

    def told(self, number: int, paper: PaperRecord) -> str:
        return " ".join((paper.name or self.kind_of(number, paper), *_marks(paper)))

    def ran_out(self) -> Iterator[RanOutView]:
        """Tell of each paper whose last day is over, which good one of this dossier takes its place."""
        good = {
            self.kind_of(self._own, item): self.told(self._own, item)
            for item in self.papers[self._own]
            if item.expires_on is None or item.expires_on >= self._today
        }
        for number, held in sorted(self.papers.items()):
            for item in held:
                if item.expires_on is not None and item.expires_on < self._today:
                    kind = self.kind_of(number, item)
                    yield RanOutView(self.told(number, item), number, item.expires_on, good.get(kind))


def _mean(score: Score) -> str:
    """Write a mean as the product's page does: two decimals, cut."""
    return mean_in_words(score.mean).en.partition(" ")[0]


def _rested_on(every: Sequence[CertificateRecord], *, has_followed: bool) -> CertificateRecord | None:
    """Return the certificate on which a dossier rests: the last one, or the one before its own."""
    gone = (Ending.REFUSED, Ending.UNDONE)
    held = [item for item in every if item.ended_because not in gone]
    return next(iter(held[::-1][has_followed:]), None)


def _answers(sheets: Mapping[str, FormSheet], *, sees_people: bool) -> tuple[dict[str, str], frozenset[str]]:
    """Return what forms say in words, by form and label, and which of it is not for whoever asks."""
    found: dict[str, str] = {}
    private = set()
    for form_id in form_ids():
        form, sheet = load_form(form_id), sheets.get(form_id)
        for name, field in form.own.items():
            said = _in_words(field, sheet.said(name)) if sheet and _lasts(field) else ""
            if said:
                label = f"{form.number}: {form.told[name]}"
                found[label] = said
                private |= {label} if field.personal and not sees_people else set()
    return found, frozenset(private)


def _lasts(field: FormField) -> bool:
    """Tell whether an answer speaks of product or producer, not of the dossier itself."""
    return not (field.type in _OF_EACH or field.type.is_by_criterion or "dossier_kind" in field.proposed)


def _in_words(field: FormField, said: object) -> str:
    if isinstance(said, bool):
        return "có" if said else "không"
    if field.type is FieldKind.ANNEX1_CHOICE:
        return next((item.name for item in product_classes() if item.id == said), "")
    return said.strip() if isinstance(said, str) else "" if said is None else str(said)


def _marks(paper: PaperRecord) -> Iterator[str]:
    if paper.number:
        yield f"số {paper.number}"
    if paper.issued_on:
        yield f"ngày {paper.issued_on:%d/%m/%Y}"


def _proof(beside: _BothDossiers, number: int, paper: PaperRecord, today: date) -> ProofView:
    is_over = paper.expires_on is not None and paper.expires_on < today
    return ProofView(paper.id, beside.told(number, paper), is_over)


def _declared(heading: str, record: DeclaredRecord | None, proofs: Mapping[int, ProofView]) -> DeclaredView:
    """Show what is said under a heading; a paper that was withdrawn since proves nothing any more."""
    if record is None:
        return DeclaredView(
            heading, said=False, change=None, papers=(), unproven=False, saved_by=None, saved_at=None
        )
    papers = tuple(proofs[number] for number in record.papers if number in proofs)
    unproven = record.change is not None and all(item.expired for item in papers)
    return DeclaredView.alike(record, said=True, papers=papers, unproven=unproven)
