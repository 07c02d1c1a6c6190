"""A recognition of a list and what becomes of it; a producer whom it names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.imports.register.views import ListedRowView, ListedVerdict
from ocop_workflow.people.producers import is_called
from ocop_workflow.products.settling.completing import Completion
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Text
    from ocop_workflow.imports.register.lists.recognition import ListedRecognition
    from ocop_workflow.people.producer_queries import ProducerRecord
    from ocop_workflow.people.producers import Named
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.products.settling.listed import ListedCertificate
    from ocop_workflow.states import Certificate, CertificateStanding

_AMISS = (ListedVerdict.FAULT, ListedVerdict.QUESTION)


@dataclass
class Judged:
    """A recognition and what becomes of it.

    Attributes:
        newer, stored: the next one of its product, in the list and in the register.
        found: the same certificate as it is stored.
        listed: it as it is entered; `maker`: who makes its product.
        completion: what the list brings that the register lacks; `names_maker`: who makes its product, too.
        key: under which its question is answered.
        reason: why its printed last day is later than any rule gives.
        notes: what is told beside its verdict.
    """

    row: ListedRecognition
    verdict: ListedVerdict = ListedVerdict.NEW
    detail: str = ""
    cell: str | None = None
    proposed: str | None = None
    code: str | None = None
    unit: UnitRecord | None = None
    certificate: Certificate | None = None
    newer: Judged | None = None
    stored: CertificateRecord | None = None
    found: CertificateRecord | None = None
    listed: ListedCertificate | None = None
    maker: Maker | None = None
    completion: Completion = field(default_factory=Completion)
    names_maker: bool = False
    number: int | None = None
    key: str | None = None
    reason: str | None = None
    notes: list[str] = field(default_factory=list)

    @cached_property
    def product_key(self) -> str:
        """What its product is known by in a commune; looked up more than once."""
        return search_key(self.row.product)

    @cached_property
    def producer_key(self) -> str:
        """Likewise who makes it; empty: nobody is named."""
        return search_key(self.row.producer or "")

    @property
    def replaced_by(self) -> tuple[date, int | None] | None:
        """When the next recognition of its product was decided, and its number here, once it has one."""
        next_ones = []
        if self.newer and self.newer.certificate:
            next_ones.append((self.newer.certificate.decided_on, self.newer.number))
        if self.stored:
            next_ones.append((self.stored.decided_on, self.stored.id))
        return min(next_ones, key=lambda found: found[0], default=None)

    @property
    def standing(self) -> CertificateStanding | None:
        """How it will stand, if it comes in."""
        return self.listed.standing if self.listed and self.verdict is ListedVerdict.NEW else None

    @property
    def is_amiss(self) -> bool:
        """Whether something is wrong, or asked."""
        return self.verdict in _AMISS

    @property
    def view(self) -> ListedRowView:
        """It as it is shown."""
        return ListedRowView(
            self.row.sheet,
            self.row.row,
            self.verdict,
            self.code,
            self.detail if self.is_amiss else "; ".join(filter(None, (self.detail, *self.notes))),
            self.cell,
            self.proposed,
            self.standing,
            self.key if self.is_amiss else None,
        )

    def at_fault(self, cell: str | None, text: Text, *, key: str | None = None) -> Judged:
        """Say what is wrong with it; `key`: what, told for the whole list, would mend it."""
        self.verdict, self.cell, self.detail, self.key = ListedVerdict.FAULT, cell or None, text.vi, key
        self.proposed = None
        return self

    def asked(
        self, cell: str | None, text: Text, proposed: str | None = None, *, key: str | None = None
    ) -> Judged:
        """Say what has to be answered first; `key`: under which, if not at its place."""
        self.key = key or f"{self.row.sheet}!{cell or self.row.row}"
        self.verdict, self.cell, self.detail, self.proposed = (
            ListedVerdict.QUESTION,
            cell or None,
            text.vi,
            proposed,
        )
        return self

    def left_out(self, why: str) -> Judged:
        """Leave it out."""
        self.verdict, self.detail = ListedVerdict.LEFT_OUT, why
        return self


@dataclass
class Maker:
    """A producer that a list names, on one row or on several.

    Attributes:
        named: as its first row names it.
        rows: the recognitions of its products; `why`: by what they are one producer.
        number: of whom it is in the register; none: it is new, or not known yet.
    """

    named: Named
    rows: list[Judged] = field(default_factory=list)
    why: set[str] = field(default_factory=set)
    number: int | None = None

    def is_known_as(self, record: ProducerRecord) -> None:
        """Take a producer that is stored under the same registration number."""
        self.number = record.id
        called = "" if is_called(self.named.name, record.name) else f", ở đó tên là “{record.name}”"
        for one in self.rows:
            one.notes.append(f"chủ thể số {record.id}: cùng số đăng ký {record.registration}{called}")

    def key(self, likely: Sequence[ProducerRecord]) -> str:
        """Return the key of the question whether it is one of those: the same whatever list asks it.

        It holds no name, and changes with those that may be meant: what was answered is about these.
        """
        named = self.named
        said = (named.name, named.representative or "", named.place or "")
        parts = (str(named.unit_id), *map(search_key, said), *(str(one.id) for one in likely))
        return f"CT-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:12]}"


def newest_first(one: Judged) -> tuple[int, str, str, str, str, str, int]:
    """Return by what understood recognitions are put in order: the newest decision first.

    Of one day their place in the list comes last, so that the order of the rows decides nothing.
    """
    assert one.certificate is not None  # noqa: S101 - what is new was understood
    assert one.unit is not None  # noqa: S101 - likewise
    names = one.product_key, one.producer_key
    decided = -one.certificate.decided_on.toordinal()
    return decided, one.unit.slug, *names, one.certificate.number, one.row.sheet, one.row.row


__all__ = ["Judged", "Maker", "newest_first"]
