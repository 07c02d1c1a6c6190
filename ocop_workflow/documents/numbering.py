"""Numbers of documents: a series of its own for each body and sign, counted anew each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents import issued_queries as issued
from ocop_workflow.documents.lacks import SIGNED_AS, signed_as_in
from ocop_workflow.documents.session.words import numbered
from ocop_workflow.errors import Conflict
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.regulations.signers import signer_row

if TYPE_CHECKING:
    from ocop_workflow.documents.record import SessionOnRecord
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations.signers import SignerRow
    from ocop_workflow.store import Connection

#: what is signed and filed; sheets and tables are not
ISSUED: Final = frozenset(SIGNED_AS)


@dataclass(frozen=True, slots=True)
class Series:
    """Whose numbers a document bears: of which body, with which sign, in which year.

    `counts`: its documents are counted one by one; a certificate bears the number of its decision.
    """

    body: str
    symbol: str
    year: int
    counts: bool = True

    @property
    def name(self) -> str:
        """The body and its sign, as the series is stored."""
        return f"{self.body} {self.symbol}"[:300]


def series_of(record: SessionOnRecord, kind: SessionDocument, year: int) -> Series:
    """Return the series of a kind of document: of the body in its head.

    Raises:
        Conflict: this level does not issue it, or it bears no number.
    """
    signed_as = signed_as_in(record, kind) if kind in ISSUED else None
    row = signer_row(signed_as, record.level, record.regulation.id) if signed_as else None
    if row is None:
        raise Conflict(
            f"{kind.text.vi} không đánh số, không ban hành ở đây.",
            f"The {kind.value} bears no number, or is not issued here.",
        )
    series = series_by(row, record.unit, year, council=record.council.name)
    return of_certificates(series) if kind is SessionDocument.CERTIFICATE else series


def of_certificates(series: Series) -> Series:
    """Return the series of the certificates that a body grants by decisions of a series."""
    return Series(series.body, "GCN", series.year, counts=False)


def series_by(row: SignerRow, unit: UnitRecord, year: int, *, council: str = "") -> Series:
    """Return the series of a row of the table of signers: of the unit's body, its agency or its council."""
    body = {"{COUNCIL}": council, "{OFFICE}": unit.office}.get(row.body[0], f"UBND {unit.name}")
    return Series(body, row.symbol, year)


def proposed_number(tx: Connection, record: SessionOnRecord, kind: SessionDocument, year: int) -> str:
    """Return the number that comes next in a document's series, with its sign; a certificate's decision's.

    Empty: the decision has none on record yet.

    Raises:
        Conflict: see `series_of`.
    """
    series = series_of(record, kind, year)
    return next_in(tx, series) if series.counts else record.session.decision_number or ""


def next_in(tx: Connection, series: Series) -> str:
    """Return the number that comes next in a series, with its sign."""
    given = issued.serials_of(tx, series.name, series.year)
    return numbered(f"{(given[-1] if given else 0) + 1}/{series.symbol}", series.symbol)
