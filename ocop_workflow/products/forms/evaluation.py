"""What Mẫu 03 says already of the step that sends it up: the commune's evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.dossiers.form_queries import sheets_of
from ocop_workflow.regulations.forms import load_form
from ocop_workflow.regulations.forms.answers import LONGEST_LINE
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

_FORM: Final = "mau-03"
#: the four contents, as the form and as the step call them
_CONTENTS: Final[Mapping[str, str]] = {
    "nguyen_lieu_dia_phuong": "material",
    "lao_dong_dia_phuong": "labour",
    "nguon_goc_y_tuong": "idea",
    "ban_sac_tri_tue": "identity",
}
_OURS: Final[Mapping[str, str]] = {"x_number": "report_number", "x_date": "report_date"}


def evaluation_of(tx: Connection, record: ProductRecord) -> dict[str, str]:
    """Return what the commune's report says, under the names of the step's data; nothing: it says nothing.

    A finding that is longer than the step takes is cut, with an ellipsis: the report itself holds all of it.

    Args:
        tx: the transaction.
        record: the product.
    """
    sheet = sheets_of(tx, record.id, record.dossier_no).get(_FORM)
    if sheet is None:
        return {}
    fields = [field for section in load_form(_FORM).sections for field in section.fields]
    said = {
        f"contents.{_CONTENTS[field.commune_content]}": sheet.said(f"{field.name}_found")
        for field in fields
        if field.commune_content
    }
    said |= {key: sheet.said(name) for name, key in _OURS.items()}
    return {key: _line(words) for key, words in said.items() if words}


def _line(words: str) -> str:
    line = clean(words)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"
