"""What is known already when a form is filled in: from the record, or from another form of the dossier."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.access import ERASED, EXPIRED
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.dossiers.form_queries import sheets_of
from ocop_workflow.dossiers.revenue_queries import revenues_of
from ocop_workflow.errors import Text
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.regulations.forms import FieldKind, load_form, product_classes
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.regulations.rubrics.shipped import RUBRICS_OF
from ocop_workflow.states import Dossier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocop_workflow.dossiers.form_queries import FormSheet
    from ocop_workflow.dossiers.form_views import Plain
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations.forms import FormField
    from ocop_workflow.store import Connection

#: what the kinds of a dossier are called on Mẫu 01
KINDS: Mapping[Dossier, str] = {
    Dossier.FIRST: "Lần đầu",
    Dossier.UPGRADE: "Nâng hạng",
    Dossier.RENEWAL: "Đánh giá lại",
}
#: where Mẫu 01 asks for the place in Phụ lục I, and Mẫu 02 for self-scores and what proves them
CLASS_FIELD, SCORE_FIELD, EVIDENCE_FIELD = "s4_1", "s3_1", "s3_2"
#: what a dossier says that may still hold in the next one
_LASTING = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.ONE_OF, FieldKind.ANNEX1_CHOICE)
_RECORD = Text("hồ sơ đã ghi", "the record")
_EVIDENCE = Text("mô tả từng tiêu chí ở Mẫu 02", "what mau-02 says of the criteria")


def chosen_set(tx: Connection, record: ProductRecord, sheets: Mapping[str, FormSheet]) -> int | None:
    """Return the number of the set that rates a product's current dossier; none: not chosen yet.

    It is the one that was chosen for the dossier; else that to which the place in Phụ lục I leads that Mẫu 01
    registers; where the group of the product has one set alone, that.
    """
    chosen = dossiers.set_of(tx, record.id, record.dossier_no)
    if chosen is not None:
        return chosen
    sheet = sheets.get("mau-01")
    registered = sheet.said(CLASS_FIELD) if sheet else None
    by_id = {item.id: item.set for item in product_classes()}
    return by_id.get(registered, _only_set(record)) if registered else _only_set(record)


def _only_set(record: ProductRecord) -> int | None:
    found = [item.number for item in load_regulation(RUBRICS_OF).sets if item.group == record.group]
    return found[0] if len(found) == 1 else None


class Proposals:
    """What may be written into the forms of one dossier; looked up when it is asked for."""

    def __init__(self, tx: Connection, record: ProductRecord, sheets: Mapping[str, FormSheet]) -> None:
        """Take a product and what was answered in the forms of its dossier."""
        self._tx, self._record, self._sheets = tx, record, sheets

    def of(self, sources: tuple[str, ...]) -> tuple[Plain, Text] | None:
        """Return the first value that a source gives, and where it comes from; none: none does."""
        value: Plain
        for source in sources:
            head, _, name = source.partition(".")
            if head == "evidence":
                value, where = self._evidence(name), _EVIDENCE
            elif name:
                sheet = self._sheets.get(head)
                value, where = sheet.said(name) if sheet else None, Text(load_form(head).number, head)
            else:
                value, where = _SOURCES[head](self), _RECORD
            if value is not None:
                return value, where
        return None

    def of_the_one_before(self, form: str, field: FormField) -> tuple[Plain, Text] | None:
        """Return what the dossier before this one had answered in the same field; none: nothing, or no such.

        Days, ticks and what is counted are of their own dossier alone.
        """
        sheet = self._before.get(form) if field.type in _LASTING else None
        value = sheet.said(field.name) if sheet else None
        number = self._record.dossier_no - 1
        return None if value is None else (value, Text(f"hồ sơ {number}", f"dossier {number}"))

    @cached_property
    def _before(self) -> Mapping[str, FormSheet]:
        number = self._record.dossier_no - 1
        return sheets_of(self._tx, self._record.id, number) if number > 0 else {}

    def province(self) -> str | None:
        """Return the province, as it stands behind "tỉnh"."""
        line = units.units_by_id(self._tx, units.lineage(self._tx, self._record.unit_id)).values()
        name = next((unit.name for unit in line if unit.level is Level.PROVINCE), None)
        return name.removeprefix("Tỉnh ") if name else None

    def commune(self) -> str:
        """Return the commune, as it stands behind "xã"."""
        return self._record.unit_name.removeprefix("Xã ")

    def year(self) -> int:
        """Return the year of the product's plan."""
        return calendar_of(self._tx, self._record.plan_id, self._record.plan_sha256).plan.year

    def address(self) -> str | None:
        """Return the place of production, unless it was erased."""
        value = self._record.address
        return None if value in (ERASED.vi, EXPIRED.vi) else value

    def product_class(self) -> str | None:
        """Return the place in Phụ lục I, where the product's group has one set alone."""
        only = _only_set(self._record)
        return next((item.id for item in product_classes() if item.set == only), None)

    def received_on(self) -> str | None:
        """Return the local day on which the commune received the dossier."""
        day = self._record.received_on
        return day.isoformat() if day else None

    def revenues(self) -> str | None:
        """Return what the product brought in by year, in words, the earliest first."""
        lines = [
            f"Năm {item.year}: doanh thu {dong(item.revenue)} đồng"
            + (f", lợi nhuận {dong(item.profit)} đồng" if item.profit is not None else "")
            + (f" (theo {item.source})" if item.source else "")
            for item in reversed(revenues_of(self._tx, self._record.id))
        ]
        return "\n".join(lines) or None

    def record(self, name: str) -> str | None:
        """Return what the product's record holds under a name."""
        value: str | None = getattr(self._record, name)
        return value or None

    def kind(self) -> str:
        """Return the kind of dossier, as Mẫu 01 calls it."""
        return KINDS[self._record.dossier]

    def _evidence(self, content: str) -> str | None:
        number, sheet = chosen_set(self._tx, self._record, self._sheets), self._sheets.get("mau-02")
        said = sheet.said(EVIDENCE_FIELD) if sheet else None
        if number is None or not said:
            return None
        criteria = [item.id for item in load_rubric(number).criteria if item.commune_content == content]
        return "\n".join(said[name] for name in criteria if name in said) or None


_SOURCES: Mapping[str, Callable[[Proposals], Plain]] = {
    "province": Proposals.province,
    "commune": Proposals.commune,
    "year": Proposals.year,
    "producer": lambda known: known.record("producer"),
    "representative": lambda known: known.record("representative"),
    "product": lambda known: known.record("name"),
    "address": Proposals.address,
    "product_class": Proposals.product_class,
    "dossier_kind": Proposals.kind,
    "received_on": Proposals.received_on,
    "revenues": Proposals.revenues,
}


def dong(amount: int) -> str:
    """Write an amount of đồng as people here do: 1.250.000."""
    return f"{amount:,}".replace(",", ".")
