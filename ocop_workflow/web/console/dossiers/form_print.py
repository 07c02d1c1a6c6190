"""A form as it is printed: each field with what was answered, or room to write it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_workflow.dossiers.form_views import ChoiceView, FormFieldView, FormSectionView, FormView
from ocop_workflow.regulations.forms import FieldKind, product_classes
from ocop_workflow.views import etag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocop_workflow.regulations.forms import FormField, OfficialForm


#: what is printed around a form, in Vietnamese on every page (NĐ 30/2020/NĐ-CP, Phụ lục I)
AROUND: Mapping[str, Any] = {
    "number": "Mẫu số",
    "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "committee": "ỦY BAN NHÂN DÂN",
    "commune": "XÃ …",
    "numbered": "Số:",
    "unnumbered": "……/BC-UBND",
    "columns": ("TT", "Tiêu chí", "Điểm tối đa", "Tự chấm", "Mô tả, chứng minh"),
    "total": "Tổng",
}

#: what Mẫu 01 and 02 call the line of place and date
_DAY = "ngày"
#: months up to this one are written with a zero before them (NĐ 30/2020/NĐ-CP, Phụ lục I)
_WITH_ZERO = 2


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A field on paper.

    Attributes:
        field: the field.
        label: what is printed of it.
        depth: how deep it lies within others.
        words: what is written; empty: by hand.
        ticked: whether its box is ticked.
        is_dated: whether it is the line of place and date over a signature.
    """

    field: FormFieldView
    label: str
    depth: int
    words: str
    ticked: bool
    is_dated: bool


def print_lines(form: FormView) -> list[tuple[FormSectionView, list[PrintLine]]]:
    """Return the sections that are printed, with their lines."""
    return [(section, list(_lines(section))) for section in form.sections if not section.added]


def _lines(section: FormSectionView) -> Iterator[PrintLine]:
    depths: dict[str | None, int] = {None: -1}
    for field in section.fields:
        depths[field.name] = depths[field.within] + 1
        is_dated = field.type is FieldKind.DATE and field.label == _DAY
        words = dated(None if field.value is None else str(field.value)) if is_dated else _words(field)
        label = field.label.replace("T.M ", "TM. ")  # as NĐ 30/2020/NĐ-CP writes it
        yield PrintLine(field, label, depths[field.name], words, field.value is True, is_dated)


def dated(day: str | None) -> str:
    """Write place and date as they stand over a signature; what is not known is written by hand."""
    if day is None:
        return "………………, ngày …… tháng …… năm ………"
    on = date.fromisoformat(day)
    month = f"{on.month:02}" if on.month <= _WITH_ZERO else str(on.month)
    return f"………………, ngày {on.day:02} tháng {month} năm {on.year}"


def _words(field: FormFieldView) -> str:
    value = field.value
    if value is None or isinstance(value, bool):
        return ""
    if field.type is FieldKind.DATE:
        day = date.fromisoformat(str(value))
        return f"{day.day:02}/{day.month:02}/{day.year}"
    if field.type is FieldKind.ANNEX1_CHOICE:
        return next((item.name for item in product_classes() if item.id == value), str(value))
    return str(value)


def blank_form(form: OfficialForm) -> FormView:
    """Return a form in which nothing is written."""
    return FormView(
        code="",
        dossier=0,
        form=form.id,
        number=form.number,
        title=form.title,
        by=form.by,
        decision=form.source.decision,
        applies=True,
        set=None,
        version=0,
        etag=etag("0"),
        saved_at=None,
        saved_by=None,
        missing=(),
        sections=tuple(
            FormSectionView(
                section.title,
                section.office,
                section.added,
                tuple(view for field in section.fields for view in _blank(field, None)),
                (),
                (),
            )
            for section in form.sections
        ),
        scores=(),
        total=None,
        opinions=(),
        heading=form.heading,
    )


def _blank(field: FormField, within: str | None) -> Iterator[FormFieldView]:
    yield FormFieldView.alike(
        field,
        within=within,
        choices=tuple(ChoiceView(option, option) for option in field.options),
        value=None,
        answered=False,
        erased=False,
        hidden=False,
        proposed=None,
        proposed_from=None,
    )
    for part in field.fields:
        yield from _blank(part, field.name)
