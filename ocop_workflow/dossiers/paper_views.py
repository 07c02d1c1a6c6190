"""How the papers of a dossier are shown: as a list of what it has to hold, and what is there of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.dossiers.file_views import PaperFileView
from ocop_workflow.errors import say
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.documents import BroughtBy
from ocop_workflow.states import Dossier
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ocop_workflow.dossiers.file_queries import PaperFileRecord
    from ocop_workflow.dossiers.paper_queries import EarlierPaperRecord, EndingPaperRecord, PaperRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.regulations import Regulation

#: a paper whose last day is no farther off is said to run out soon, in days
SOON = 60


@dataclass(frozen=True, slots=True)
class PaperView(View):
    """A paper of a dossier with its files. `expired`: its last day is over; `days_left`: until then.

    `reused_from`: the paper of an earlier dossier that it was taken over from; none: it is this one's own.
    """

    id: int
    kind: str
    name: str | None
    number: str | None
    issuer: str | None
    issued_on: date | None
    expires_on: date | None
    expired: bool
    days_left: int | None
    shelf: str | None
    criteria: tuple[str, ...]
    reused_from: int | None
    recorded_by: str
    files: tuple[PaperFileView, ...]

    @classmethod
    def of(cls, record: PaperRecord, today: date, files: Iterable[PaperFileRecord] = ()) -> PaperView:
        """Show a paper as it stands on a local day, with its files."""
        left = (record.expires_on - today).days if record.expires_on else None
        return cls.alike(
            record,
            criteria=tuple(record.criteria),
            files=tuple(map(PaperFileView.of, files)),
            days_left=left,
            expired=left is not None and left < 0,
        )


@dataclass(frozen=True, slots=True)
class EarlierPaperView(PaperView):
    """A paper of an earlier dossier that this one has not taken over; one that has expired cannot be.

    `kind_name`: what the regulation of that dossier calls it.
    """

    dossier: int
    kind_name: str

    @classmethod
    def before(
        cls, record: EarlierPaperRecord, today: date, files: Iterable[PaperFileRecord] = ()
    ) -> EarlierPaperView:
        """Show a paper of an earlier dossier as it stands on a local day."""
        shown = PaperView.of(record, today, files)
        known = {field.name: getattr(shown, field.name) for field in fields(shown)}
        return cls(**known, dossier=record.dossier, kind_name=name_of(record.regulation, record.kind))


def name_of(regulation: str, kind: str) -> str:
    """Return what a regulation calls a document or an evidence; what it does not name is called as it is."""
    named = load_regulation(regulation)
    known = {item.id: item.name for item in named.documents} | {item.id: item.name for item in named.evidence}
    return known.get(kind, kind)


@dataclass(frozen=True, slots=True)
class EndingPaperView(View):
    """A paper of a current dossier that runs out soon, or has; `days_left`: negative once it has."""

    code: str
    product: str
    unit: str
    kind: str
    name: str
    number: str | None
    expires_on: date
    days_left: int

    @classmethod
    def of(cls, record: EndingPaperRecord, today: date) -> EndingPaperView:
        """Show a paper by its own name, or by what the regulation calls it."""
        return cls.alike(
            record,
            name=record.name or name_of(record.regulation, record.kind),
            days_left=(record.expires_on - today).days,
        )


@dataclass(frozen=True, slots=True)
class EndingPapersView(View):
    """The papers that run out within so many days, or have: how many, and the first of them."""

    within: int
    count: int
    papers: tuple[EndingPaperView, ...]


@dataclass(frozen=True, slots=True)
class PaperTaskView(View):
    """A paper that the regulation names. `lacking`: its producer has to bring it, and brought no good one.

    What a level adds when it sends the dossier up is told by that step itself, and never lacking here.
    """

    kind: str
    name: str
    brought_by: BroughtBy
    brought_by_label: str
    mandatory: bool
    lacking: bool
    source: str
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class EvidenceTaskView(View):
    """A kind of evidence that the regulation names, with what proves it and what is there of it."""

    kind: str
    name: str
    form: str
    only_if: str | None
    proof: tuple[str, ...]
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class ProductSetView(View):
    """A set of products (Phụ lục I) with a score sheet of its own."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class PapersView(View):
    """What a dossier has to hold and what it holds; `other`: what the regulation does not name.

    `before`: what earlier dossiers of the product hold and this one has not taken over.
    `product_set`: by whose sheet it is scored, one of `sets`; none: not chosen, or there are none.
    """

    code: str
    dossier: int
    dossier_kind: Dossier
    regulation: str
    product_set: int | None
    sets: tuple[ProductSetView, ...]
    tasks: tuple[PaperTaskView, ...]
    evidence: tuple[EvidenceTaskView, ...]
    other: tuple[PaperView, ...]
    before: tuple[EarlierPaperView, ...]
    lacking: int
    expired: int


def papers_view(
    of: tuple[str, int, Dossier, int | None],
    regulation: Regulation,
    held: tuple[Sequence[PaperRecord], Iterable[PaperFileRecord]],
    before: Iterable[EarlierPaperView],
    today: date,
    language: Language = "vi",
) -> PapersView:
    """Show the papers of a dossier beside what its regulation asks for.

    Args:
        of: the product's code, the dossier's number, kind and set of products.
        regulation: it names the papers and the kinds of evidence.
        held: the papers that the dossier holds, and their files.
        before: those of earlier dossiers that it has not taken over.
        today: the local day on which papers are good or not.
        language: of labels; names of papers are the regulation's own.
    """
    code, number, kind, product_set = of
    records, files = held
    by_paper: dict[int, list[PaperFileRecord]] = {}
    for file in files:
        by_paper.setdefault(file.paper_id, []).append(file)
    by_kind: dict[str, list[PaperView]] = {}
    for record in records:
        view = PaperView.of(record, today, by_paper.get(record.id, ()))
        by_kind.setdefault(record.kind, []).append(view)
    tasks = _tasks(kind, regulation, by_kind, language)
    evidence = tuple(
        EvidenceTaskView(
            item.id, item.name, item.form, item.only_if, item.proof, tuple(by_kind.get(item.id, ()))
        )
        for item in regulation.evidence
    )
    named = {task.kind for task in tasks} | {item.kind for item in evidence}
    return PapersView(
        code,
        number,
        kind,
        regulation.number,
        product_set,
        tuple(ProductSetView.alike(item) for item in regulation.sets),
        tasks,
        evidence,
        tuple(view for name, views in by_kind.items() if name not in named for view in views),
        tuple(before),
        sum(task.lacking for task in tasks),
        sum(view.expired for views in by_kind.values() for view in views),
    )


def _tasks(
    kind: Dossier, regulation: Regulation, by_kind: Mapping[str, list[PaperView]], language: Language
) -> tuple[PaperTaskView, ...]:
    found = []
    for document in regulation.documents:
        if kind.value not in document.kinds:
            continue
        there = tuple(by_kind.get(document.id, ()))
        good = any(not view.expired for view in there)
        found.append(
            PaperTaskView(
                kind=document.id,
                name=document.name,
                brought_by=document.brought_by,
                brought_by_label=say(document.brought_by.text, language),
                mandatory=document.mandatory,
                lacking=document.mandatory and not good and document.brought_by is BroughtBy.PRODUCER,
                source=document.source,
                papers=there,
            )
        )
    return tuple(found)
