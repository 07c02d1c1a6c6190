"""The forms of Phụ lục III as data: what they hold, how fields are named, and that no damage goes unseen."""

from __future__ import annotations

import copy
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.errors import InvalidInput, NotFound
from ocop_workflow.regulations import read_toml
from ocop_workflow.regulations.forms import (
    FieldKind,
    FormHeading,
    form_ids,
    load_form,
    product_classes,
    read_forms,
)
from ocop_workflow.regulations.forms.annex import read_classes
from ocop_workflow.regulations.forms.shipped import FormReadings
from ocop_workflow.regulations.rubrics import load_rubric, rubric_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.regulations.forms import OfficialForm

FOLDER = resources.files("ocop_workflow") / "data" / "forms" / "qd-26-2026"
FORMS: dict[str, Any] = json.loads((FOLDER / "phu-luc-3.json").read_text("utf-8"))
ANNEX: dict[str, Any] = json.loads((FOLDER / "phu-luc-1.json").read_text("utf-8"))
READINGS = read_toml((FOLDER / "readings.toml").read_text("utf-8"), FormReadings, "readings.toml")


def read(raw: object) -> tuple[OfficialForm, ...]:
    return read_forms(raw if isinstance(raw, str) else json.dumps(raw), READINGS, "mau.json")


def faults_of(raw: object) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read(raw)
    return [item.place for item in error.value.faults]


def test_three_forms_ship_with_what_was_counted_in_the_annex() -> None:
    forms = [load_form(name) for name in form_ids()]
    assert [(form.id, form.by, len(form.by_name), len(form.asked)) for form in forms] == [
        ("mau-01", "chủ thể OCOP", 20, 12),
        ("mau-02", "chủ thể OCOP", 33, 20),
        ("mau-03", "UBND cấp xã", 23, 20),
    ]
    assert [(form.number, form.heading, form.uncertain) for form in forms] == [
        ("Mẫu 01", FormHeading.NATION, True),
        ("Mẫu 02", FormHeading.NATION, True),
        ("Mẫu 03", FormHeading.COMMUNE, False),
    ]
    assert {form.source.decision for form in forms} == {"26/2026/QĐ-TTg"}
    with pytest.raises(NotFound):
        load_form("mau-04")


def test_a_field_is_named_by_its_place_and_its_label_is_a_quotation() -> None:
    report = load_form("mau-02").by_name
    assert (report["s1_6_3"].label, report["s1_6_3"].personal) == ("Dân tộc", True)
    assert (report["s1_13_6"].label, report["s1_13_6"].required) == ("Khác (ghi rõ)", False)
    assert (report["s1_8"].label, report["s1_8"].required) == ("Số giấy đăng ký (nếu có)", False)
    assert report["s3_1"].type is FieldKind.SELF_SCORE
    assert [name for name, field in report.items() if field.type.is_by_criterion] == ["s3_1", "s3_2"]


def test_a_field_within_another_is_told_with_it() -> None:
    told = load_form("mau-02").told
    assert (told["s1_1"], told["s1_6_3"]) == ("Tên chủ thể", "Tên người đại diện pháp luật: Dân tộc")


def test_the_four_contents_are_each_written_in_two_steps() -> None:
    form = load_form("mau-03")
    contents = [field for section in form.sections for field in section.fields if field.commune_content]
    assert [field.commune_content for field in contents] == [
        "nguyen_lieu_dia_phuong",
        "lao_dong_dia_phuong",
        "nguon_goc_y_tuong",
        "ban_sac_tri_tue",
    ]
    assert [part.name for part in contents[0].fields] == ["s2_1_stated", "s2_1_found"]
    assert {part.type for field in contents for part in field.fields} == {FieldKind.LONG_TEXT}


def test_what_an_office_fills_in_and_what_the_service_adds_is_not_asked_of_the_producer() -> None:
    assert not [field.name for field in load_form("mau-01").asked if field.name.startswith(("s8", "s9"))]
    assert [section.title for section in load_form("mau-03").sections if section.added] == [
        "Số, ngày của báo cáo; ý kiến đã lấy"
    ]


def test_each_place_of_annex_one_leads_to_the_set_that_names_the_same() -> None:
    places = {item.set: item for item in product_classes()}
    annexes = {number: load_rubric(number).annex1 for number in rubric_numbers()}
    assert {number: place.id for number, place in places.items()} == {
        number: annex.phan_nhom or annex.nhom for number, annex in annexes.items()
    }
    assert places[13].name == "SẢN PHẨM THỰC PHẨM / Cà phê, ca cao"


def _path(raw: Any, *way: str | int) -> Any:  # noqa: ANN401 - of JSON
    for step in way:
        raw = raw[step]
    return raw


@pytest.mark.parametrize(
    ("damage", "places"),
    [
        (lambda raw: raw.pop("note"), ["note"]),
        (lambda raw: raw.update(schema="ocop-forms/2"), ["schema"]),
        (lambda raw: raw["forms"][0].update(colour="red"), ["forms[0].colour"]),
        (
            lambda raw: _path(raw, "forms", 0, "sections", 0, "fields", 0).update(type="colour"),
            ["forms[0].sections[0].fields[0].type"],
        ),
        (lambda raw: _path(raw, "forms", 0, "sections", 4, "fields", 0).pop("options"), ["mau-01.s5_1"]),
        (
            lambda raw: _path(raw, "forms", 0, "sections", 2, "fields", 0).update(options=["x"]),
            ["mau-01.s3_1"],
        ),
        (
            lambda raw: _path(raw, "forms", 1, "sections", 0, "fields", 5).update(fields=[]),
            ["mau-02.s1_6", "readings.mau-02"],
        ),
        (
            lambda raw: _path(raw, "forms", 1, "sections", 0, "fields", 0).update(
                fields=[{"label": "x", "type": "text"}]
            ),
            ["mau-02.s1_1"],
        ),
        (lambda raw: raw["forms"].append(copy.deepcopy(raw["forms"][0])), ["forms"]),
        (lambda raw: raw["forms"][2].update(id="mau-09"), ["forms[2].heading"]),
        (lambda raw: raw["forms"].pop(), ["readings", "readings.mau-03"]),
        (lambda raw: raw.update(forms={}), ["forms"]),
    ],
)  # fmt: skip
def test_damage_to_the_file_is_told_at_its_place(
    damage: Callable[[dict[str, Any]], object], places: list[str]
) -> None:
    raw = copy.deepcopy(FORMS)
    damage(raw)
    assert set(faults_of(raw)) >= set(places)


def test_what_is_no_table_and_a_key_that_stands_twice_are_told() -> None:
    assert faults_of("[1") == [""]
    assert faults_of("[]") == [""]
    text = json.dumps(FORMS).replace('"note": "types', '"note": "x", "note": "types', 1)
    assert faults_of(text) == ["note"]


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda raw: raw.pop("counts"), "counts"),
        (lambda raw: raw["counts"].update(nhom=16), "counts"),
        (lambda raw: _path(raw, "groups", 0, "nhom", 0, "phan_nhom", 0).update(set=2), "groups"),
        (lambda raw: _path(raw, "groups", 0, "nhom", 0).update(set=26), "nhom[0]"),
        (lambda raw: _path(raw, "groups", 0, "nhom", 1).update(id="II.2"), "nhom[1]"),
    ],
)
def test_damage_to_annex_one_is_told(damage: Callable[[dict[str, Any]], object], place: str) -> None:
    raw = copy.deepcopy(ANNEX)
    damage(raw)
    with pytest.raises(InvalidInput) as error:
        read_classes(json.dumps(raw), "phu-luc-1.json")
    assert place in [item.place for item in error.value.faults]
