"""The trees of units that ship with the service, and what is said of a file of units at fault."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.errors import InvalidInput, NotFound
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.units import Unit, UnitCode, read_units, shipped_units, shipped_units_of

DUC_PHO = shipped_units_of("duc-pho")
VI_DU = shipped_units_of("vi-du")

WARDS = {"Nguyễn Nghiêm", "Phổ Hòa", "Phổ Minh", "Phổ Ninh", "Phổ Quang", "Phổ Thạnh", "Phổ Văn", "Phổ Vinh"}
COMMUNES = {"Phổ An", "Phổ Châu", "Phổ Cường", "Phổ Khánh", "Phổ Nhơn", "Phổ Phong", "Phổ Thuận"}

ONE = 'format = 1\n[[units]]\nid = "{}"\nname = "A"\nlevel = "{}"\noffice = "UBND"\n'

SOUND = '[[units]]\nid = "sound"\nname = "S"\nlevel = "province"\noffice = "UBND"\n'

INLINE = '{ id = "sound", name = "S", level = "province", office = "UBND" }'


def places(text: str) -> list[str]:
    """Return the places of the faults of a file of units."""
    with pytest.raises(InvalidInput) as refused:
        read_units(text)
    return [fault.place for fault in refused.value.faults]


def test_duc_pho_has_eight_wards_and_seven_communes_under_the_town_under_the_province() -> None:
    assert {unit.name for unit in DUC_PHO if unit.parent == "duc-pho"} == {
        *(f"Phường {name}" for name in WARDS),
        *(f"Xã {name}" for name in COMMUNES),
    }
    assert [(unit.name, unit.level, unit.parent) for unit in DUC_PHO[:2]] == [
        ("Tỉnh Quảng Ngãi", Level.PROVINCE, None),
        ("Thị xã Đức Phổ", Level.DISTRICT, "quang-ngai"),
    ]
    assert len(DUC_PHO) == 17


def test_a_commune_is_greeted_by_its_office_at_one_address() -> None:
    pho_phong = next(unit for unit in DUC_PHO if unit.name == "Xã Phổ Phong")
    assert pho_phong == Unit(
        id="pho-phong",
        name="Xã Phổ Phong",
        level=Level.COMMUNE,
        parent="duc-pho",
        office="UBND xã Phổ Phong",
        emails=("pho-phong@duc-pho.example",),
        codes=(UnitCode(code="21445", until=date(2025, 7, 1)),),
    )


def test_the_town_is_greeted_by_its_economic_office() -> None:
    assert (DUC_PHO[1].office, DUC_PHO[1].emails) == (
        "Phòng Kinh tế thị xã Đức Phổ",
        ("phong-kinh-te@duc-pho.example",),
    )


def test_the_example_province_has_six_communes_and_no_district() -> None:
    assert (VI_DU[0].level, VI_DU[0].office) == (
        Level.PROVINCE,
        "Chi cục Phát triển nông thôn tỉnh Ví Dụ",
    )
    assert [(unit.level, unit.parent) for unit in VI_DU[1:]] == [(Level.COMMUNE, "vi-du")] * 6


def test_shipped_units_share_no_id_and_write_to_no_real_address() -> None:
    units = [unit for name, text in shipped_units().items() for unit in read_units(text, name)]
    assert len({unit.id for unit in units}) == len(units) == 43
    assert all(len(unit.emails or ()) == 1 for unit in units)
    assert all(address.endswith(".example") for unit in units for address in unit.emails or ())


def test_any_unit_of_a_file_finds_the_file() -> None:
    assert shipped_units_of("pho-ninh") == DUC_PHO


def test_a_unit_that_no_file_holds_is_not_found() -> None:
    with pytest.raises(NotFound) as missing:
        shipped_units_of("atlantis")
    assert missing.value.text.vi.startswith("Chưa có đơn vị atlantis;")


def test_a_parent_stands_before_its_children() -> None:
    text = ONE.format("a", "commune") + 'parent = "b"\n'
    text += '[[units]]\nid = "b"\nname = "B"\nlevel = "province"\noffice = "UBND"\n'
    with pytest.raises(InvalidInput) as refused:
        read_units(text, "town.toml")
    (fault,) = refused.value.faults
    assert (fault.place, fault.text.vi, fault.text.en) == (
        "units[0].parent",
        "đơn vị cấp trên b phải đứng trước trong tệp, hoặc đã nạp từ trước",
        "the parent b must stand before it in the file, or be loaded already",
    )


def test_a_parent_that_is_loaded_need_not_stand_in_the_file() -> None:
    text = ONE.format("a", "commune") + 'parent = "town"\n'
    (unit,) = read_units(text, "town.toml", {"town"})
    assert (unit.parent, unit.emails) == ("town", None)


def test_an_id_is_used_once() -> None:
    again = '[[units]]\nid = "a"\nname = "B"\nlevel = "commune"\noffice = "UBND"\nparent = "a"\n'
    assert places(ONE.format("a", "province") + again) == ["units[1].id"]


def test_an_id_missing_twice_is_not_an_id_used_twice() -> None:
    nameless = '[[units]]\nname = "B"\nlevel = "commune"\noffice = "UBND"\n'
    assert places("format = 1\n" + nameless + nameless + SOUND) == ["units[0].id", "units[1].id"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("format = 1\n", "units"),
        ("format = 1\nunits = []\n", "units"),
        ("format = 1\nunits = 3\n", "units"),
        (f"format = 1\nunits = [3, {INLINE}]\n", "units[0]"),
        (ONE.format("A B", "commune") + SOUND, "units[0].id"),
        (ONE.format("a", "hamlet") + SOUND, "units[0].level"),
        (ONE.format("a", "commune") + 'phone = "1"\n' + SOUND, "units[0].phone"),
        (ONE.format("a", "commune") + "parent = 3\n" + SOUND, "units[0].parent"),
    ],
)
def test_a_file_at_fault_is_told_with_the_place(text: str, place: str) -> None:
    assert places(text) == [place]


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@c.example", "a b@c.example", "a@c.example\\nBcc: x@y.example", "A <a@c.example>"],
)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    assert places(ONE.format("a", "commune") + f'emails = ["{address}"]\n' + SOUND) == ["units[0].emails[0]"]


def test_a_code_does_not_end_before_it_begins() -> None:
    code = 'codes = [{ code = "21439", since = 2025-07-01, until = 2025-07-01 }]\n'
    assert places(ONE.format("a", "province") + code) == ["units[0].codes[0]"]
