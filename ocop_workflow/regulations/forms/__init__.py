"""PURE. The forms of a dossier (QĐ 26/2026/QĐ-TTg, Phụ lục III) as data, and reading answers to them."""

from ocop_workflow.regulations.forms.annex import ProductClass, product_classes
from ocop_workflow.regulations.forms.answers import Opinion, read_answers
from ocop_workflow.regulations.forms.form import FieldKind, FormField, FormHeading, FormSection, OfficialForm
from ocop_workflow.regulations.forms.shipped import form_ids, load_form, read_forms, renewal_headings

__all__ = [
    "FieldKind",
    "FormField",
    "FormHeading",
    "FormSection",
    "OfficialForm",
    "Opinion",
    "ProductClass",
    "form_ids",
    "load_form",
    "product_classes",
    "read_answers",
    "read_forms",
    "renewal_headings",
]
