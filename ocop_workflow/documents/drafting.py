"""What can be drafted of a session's documents, what each still lacks, and drafting one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.clerk import lowered, refuse_again
from ocop_workflow.documents.lacks import blanks_in, is_issued, label_in, signed_as_in, why_not
from ocop_workflow.documents.numbering import ISSUED, proposed_number
from ocop_workflow.documents.paper.writing import write
from ocop_workflow.documents.record import Fate, Surroundings, find_product, read_session
from ocop_workflow.documents.session.certificates import certificate
from ocop_workflow.documents.session.decisions import approval, decision, letter_up
from ocop_workflow.documents.session.in_writing import calling_together, minutes_of
from ocop_workflow.documents.session.minutes import results_alone
from ocop_workflow.documents.session.notices import notice
from ocop_workflow.documents.session.reports import council_report, submission
from ocop_workflow.documents.session.sheets import blank_sheets, filled_sheets
from ocop_workflow.documents.session.workbook import results_workbook
from ocop_workflow.documents.views import DocumentLineView, IssuedView, SessionDocumentsView
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault, say
from ocop_workflow.files import FileKind
from ocop_workflow.regulations.councils.documents import DocumentOf, SessionDocument
from ocop_workflow.regulations.signers import signing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.paper.pieces import CertificatePaper, OfficialDocument, SheetBundle
    from ocop_workflow.documents.record import ProductOnRecord, SessionOnRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class DocumentOrder:
    """Which document of a session is wanted; of many, by `commune` (a unit's id) or `product` (a code)."""

    kind: SessionDocument
    commune: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class DraftedDocument:
    """A document that is drafted, and not written as a file yet: that takes a while."""

    name: str
    media_type: str
    content: Callable[[], bytes]

    def written(self) -> DraftedFile:
        """Write it."""
        return DraftedFile(self.name, self.media_type, self.content())


@dataclass(frozen=True, slots=True)
class DraftedFile:
    """A drafted document as a file, to be saved."""

    name: str
    media_type: str
    content: bytes

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)


def list_documents(
    tx: Connection, session_id: int, actor: Actor, around: Surroundings, language: Language = "vi"
) -> SessionDocumentsView:
    """Return what can be drafted of a session's documents, and what each still lacks.

    Raises:
        NotFound: there is no such session, or it lies outside the actor's units.
        NotPermitted: the actor is neither of the council nor of its agency.
    """
    record = read_session(tx, session_id, actor, around)
    numbers = {
        kind: proposed_number(tx, record, kind, record.year)
        for kind in SessionDocument
        if kind in ISSUED and is_issued(record, kind)
    }
    lines = [
        line for kind in SessionDocument for line in _lines(record, kind, numbers.get(kind) or None, language)
    ]
    return SessionDocumentsView(record.session.id, record.session.name, tuple(lines))


def draft_document(
    tx: Connection, session_id: int, order: DocumentOrder, actor: Actor, around: Surroundings
) -> DraftedDocument:
    """DraftedDocument a document from what is on record; what is not known stays a dotted blank.

    Nothing more is read afterwards: the file is written when the transaction is over.

    Raises:
        NotFound: there is no such session, product or commune; or the level issues no such document.
        NotPermitted: see `list_documents`.
        InvalidInput: it is not said which of several is wanted, or it is where there is one only.
        Conflict: nothing that it would say is on record yet, or it was issued.
    """
    record = read_session(tx, session_id, actor, around)
    refuse_unclear(order)
    items = items_of(record, order)
    issued = record.issued_as(order.kind, items, by_commune=bool(order.commune))
    refuse_again(order.kind.text, issued)
    stop = why_not(record, order.kind, items)
    if stop is not None:
        raise Conflict(
            f"Chưa lập được {lowered(order.kind.text.vi)}: {stop.vi}.",
            f"The {lowered(order.kind.text.en)} cannot be drafted yet: {stop.en}.",
        )
    suffix = f"-{order.commune or order.product}" if order.commune or order.product else ""
    kind = FileKind.XLSX if order.kind.is_workbook else FileKind.DOCX
    name = f"phien-{record.session.id}-{_FILES[order.kind]}{suffix}.{kind.endings[0]}"
    if order.kind.is_workbook:
        return DraftedDocument(name, kind.media_type, partial(results_workbook, record))
    return DraftedDocument(name, kind.media_type, partial(write, view_of(record, order.kind, items, order)))


def view_of(
    record: SessionOnRecord, kind: SessionDocument, items: Sequence[ProductOnRecord], order: DocumentOrder
) -> OfficialDocument | SheetBundle | CertificatePaper:
    """Return a document as a typed view; `items`: the products that it is about, where it is one of many."""
    if kind in _WHOLE:
        return _WHOLE[kind](record)
    if kind is SessionDocument.NOTICE:
        to = items[0].dossier.office if order.commune else items[0].producer
        return notice(record, items, to)
    return _OF_PRODUCT[kind](record, items[0])


#: what each file is called
_FILES: Final = {
    SessionDocument.INVITATION: "giay-moi",
    SessionDocument.BLANK_SHEETS: "phieu-cham-trong",
    SessionDocument.FILLED_SHEETS: "phieu-cham-da-ky",
    SessionDocument.MINUTES: "bien-ban",
    SessionDocument.RESULTS: "bang-ket-qua",
    SessionDocument.RESULTS_WORKBOOK: "bang-ket-qua",
    SessionDocument.COUNCIL_REPORT: "bao-cao-hoi-dong",
    SessionDocument.SUBMISSION: "to-trinh",
    SessionDocument.DECISION: "quyet-dinh-cong-nhan",
    SessionDocument.APPROVAL: "quyet-dinh-phe-duyet",
    SessionDocument.LETTER_UP: "cong-van",
    SessionDocument.NOTICE: "thong-bao",
    SessionDocument.CERTIFICATE: "giay-chung-nhan",
}
_WHOLE: Final[dict[SessionDocument, Callable[[SessionOnRecord], OfficialDocument]]] = {
    SessionDocument.INVITATION: calling_together,
    SessionDocument.MINUTES: minutes_of,
    SessionDocument.RESULTS: results_alone,
    SessionDocument.COUNCIL_REPORT: council_report,
    SessionDocument.SUBMISSION: submission,
    SessionDocument.DECISION: decision,
    SessionDocument.APPROVAL: approval,
    SessionDocument.LETTER_UP: letter_up,
}
_OF_PRODUCT: Final[
    dict[SessionDocument, Callable[[SessionOnRecord, ProductOnRecord], SheetBundle | CertificatePaper]]
] = {
    SessionDocument.BLANK_SHEETS: blank_sheets,
    SessionDocument.FILLED_SHEETS: filled_sheets,
    SessionDocument.CERTIFICATE: certificate,
}


# -- which of several --------------------------------------------------------------------------------


def refuse_unclear(order: DocumentOrder) -> None:
    """Refuse an order that does not say which of several, or says it where there is one only.

    Raises:
        InvalidInput: it does.
    """
    of = order.kind.of
    faults = []
    given = {DocumentOf.COMMUNE: order.commune, DocumentOf.PRODUCT: order.product}
    for place, value in given.items():
        if value and place not in of:
            faults.append(
                fault(place.value, "văn bản này không lập riêng như thế", "this document is not one of those")
            )
    named = [place for place, value in given.items() if value]
    if DocumentOf.SESSION not in of and len(named) != 1:
        words = " hoặc ".join(place.value for place in of)
        faults.append(fault(of[0].value, f"nêu đúng một: {words}", f"say exactly one: {' or '.join(of)}"))
    if faults:
        raise InvalidInput("Chưa rõ văn bản nào.", "It is not clear which document is wanted.", faults)


def items_of(record: SessionOnRecord, order: DocumentOrder) -> tuple[ProductOnRecord, ...]:
    """Return the products that a document is about.

    Raises:
        NotFound: the session has no such product, or none of such a commune.
    """
    if order.product:
        return (find_product(record, order.product),)
    if order.commune:
        found = tuple(item for item in record.there if item.dossier.unit_slug == order.commune)
        if not found:
            raise NotFound(
                f"Phiên “{record.session.name}” không có sản phẩm nào của {order.commune}.",
                f"The session {record.session.id} has no product of {order.commune}.",
            )
        return found
    return record.products


def _lines(
    record: SessionOnRecord, kind: SessionDocument, proposed: str | None, language: Language
) -> Iterator[DocumentLineView]:
    """Return the lines of a kind: one, or one for each commune or product; none where the level has none."""
    if not is_issued(record, kind):
        return
    found = []
    if DocumentOf.SESSION in kind.of:
        found.append(_line(record, kind, record.products, language))
    if DocumentOf.COMMUNE in kind.of:
        for slug in sorted({item.dossier.unit_slug for item in record.there}):
            items = tuple(item for item in record.there if item.dossier.unit_slug == slug)
            found.append(_line(record, kind, items, language, commune=slug, about=items[0].commune))
    if DocumentOf.PRODUCT in kind.of:
        last = {item.listed.code: item for item in record.products if _concerns(kind, item)}
        for code, item in last.items():
            found.append(_line(record, kind, (item,), language, product=code, about=item.listed.product))
    yield from (replace(line, proposed=proposed if line.ready else None) for line in found)


def _concerns(kind: SessionDocument, item: ProductOnRecord) -> bool:
    """Tell whether a product can have a document of a kind at all."""
    if kind is SessionDocument.CERTIFICATE:
        return item.fate in (Fate.RECOGNISED, Fate.PENDING)
    return item.fate is not Fate.OUT or kind is SessionDocument.FILLED_SHEETS


def _line(
    record: SessionOnRecord,
    kind: SessionDocument,
    items: Sequence[ProductOnRecord],
    language: Language,
    *,
    commune: str | None = None,
    product: str | None = None,
    about: str | None = None,
) -> DocumentLineView:
    filings = record.filings_of(kind, items, by_commune=commune is not None)
    filed = next((item for item in filings if item.taken_back_at is None), None)
    stop = None if filed else why_not(record, kind, items)
    blanks = () if filed else tuple(blanks_in(record, kind, items))
    signed_as = signed_as_in(record, kind)
    who = (
        signing_of(signed_as, record.level, record.regulation.id, record.naming(record.session.decided_on))
        if signed_as
        else None
    )
    return DocumentLineView(
        kind=kind,
        label=say(label_in(record, kind), language),
        file="xlsx" if kind.is_workbook else "docx",
        commune=commune,
        product=product,
        about=about,
        ready=stop is None and filed is None,
        lacks=tuple(say(one, language) for one in ((stop,) if stop else blanks)),
        signs=who.signs if who else (),
        doubt=who.source if who and who.uncertain else None,
        proposed=None,
        issued=IssuedView.alike(filed) if filed else None,
        taken_back=tuple(IssuedView.alike(item) for item in filings if item.taken_back_at is not None),
    )
