"""The map before and since 1 July 2025: what there was, what there is, and who became whom."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from ocop_workflow.errors import NotFound
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.country import area_name, areas_of, heirs_in, slug_of
from ocop_workflow.regulations.units import read_units, shipped_units

BEFORE, SINCE = date(2025, 6, 30), date(2025, 7, 1)


def rows(name: str) -> list[dict[str, str]]:
    path = resources.files("ocop_workflow") / "data" / "map" / f"{name}.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


PROVINCES = {
    on: sorted({row[key] for row in rows(name)})
    for on, name, key in (
        (BEFORE, "districts", "old_province"),
        (SINCE, "communes", "province"),
    )
}


@pytest.mark.parametrize(
    ("on", "provinces", "districts", "communes"), [(BEFORE, 63, 696, 10_047), (SINCE, 34, 0, 3_321)]
)
def test_the_whole_map_is_there_on_both_sides_of_the_day(
    on: date, provinces: int, districts: int, communes: int
) -> None:
    areas = [area for name in PROVINCES[on] for area in areas_of(slug_of(name), on)]
    assert Counter(area.level for area in areas) == {
        level: count
        for level, count in (
            (Level.PROVINCE, provinces),
            (Level.DISTRICT, districts),
            (Level.COMMUNE, communes),
        )
        if count
    }
    assert len({area.id for area in areas}) == len(areas)
    known: set[str | None] = {None}
    for area in areas:
        assert area.parent in known
        known.add(area.id)


def test_a_province_that_keeps_its_name_is_the_same_unit_on_both_sides_and_nothing_else_is() -> None:
    ids = {on: {a.id for name in PROVINCES[on] for a in areas_of(slug_of(name), on)} for on in PROVINCES}
    assert ids[BEFORE] & ids[SINCE] == {slug_of(name) for name in PROVINCES[SINCE]}


def test_a_code_that_was_given_again_marks_the_unit_that_had_it_before() -> None:
    old = {area.code: area for area in areas_of("quang-ngai", BEFORE)}
    new = {area.code: area for area in areas_of("quang-ngai", SINCE)}
    assert (old["21025"].id, new["21025"].id) == ("nguyen-nghiem-21025-cu", "cam-thanh-21025")
    again = [area for code, area in old.items() if code in new and area.level is Level.COMMUNE]
    shipped = {unit.id for unit in read_units(shipped_units()["duc-pho"])}
    assert all(area.id.endswith("-cu") for area in again if area.id not in shipped)


def test_units_that_ship_in_a_file_keep_the_ids_that_they_have_there() -> None:
    old = {area.id: (area.code, area.name, area.parent) for area in areas_of("quang-ngai", BEFORE)}
    for unit in read_units(shipped_units()["duc-pho"]):
        (code,) = unit.codes
        assert old[unit.id] == (code.code, unit.name, unit.parent)


def test_what_the_seeds_town_became_is_what_resolution_1677_says() -> None:
    heirs = {
        found.old.id: [area.id for area in found.new]
        for found in heirs_in("quang-ngai")
        if found.old.parent == "duc-pho"
    }
    into = {
        "duc-pho-21439": ["nguyen-nghiem", "pho-ninh", "pho-minh", "pho-vinh", "pho-hoa"],
        "tra-cau-21451": ["pho-van", "pho-quang", "pho-an", "pho-thuan"],
        "sa-huynh-21478": ["pho-thanh", "pho-chau"],
        "khanh-cuong-21472": ["pho-khanh", "pho-cuong"],
        "nguyen-nghiem-21457": ["pho-phong", "pho-nhon"],
    }
    assert {new: sorted(old for old, news in heirs.items() if news == [new]) for new in into} == {
        new: sorted(olds) for new, olds in into.items()
    }


def test_a_district_has_no_heir_by_law_but_an_island_without_communes() -> None:
    heirs = {found.old.id: [area.id for area in found.new] for found in heirs_in("quang-ngai")}
    assert heirs["duc-pho"] == []
    assert heirs["ly-son-536"] == ["ly-son-21548"]


def test_a_province_whose_name_is_gone_went_into_another_as_a_whole() -> None:
    heirs = {found.old.id: [area.id for area in found.new] for found in heirs_in("quang-ngai")}
    assert heirs["kon-tum"] == ["quang-ngai"]
    gone = [
        found
        for name in PROVINCES[SINCE]
        for found in heirs_in(slug_of(name))
        if found.old.level is Level.PROVINCE
    ]
    assert len(gone) == 63 - 34


def test_a_divided_commune_names_every_unit_that_it_went_to() -> None:
    divided = [found for name in PROVINCES[SINCE] for found in heirs_in(slug_of(name)) if len(found.new) > 1]
    wanted = Counter(row["old_commune_code"] for row in rows("from") if row["share"] == "part")
    assert {found.old.code: len(found.new) for found in divided} == wanted


def test_a_province_that_was_merged_away_is_answered_with_the_one_that_took_it() -> None:
    with pytest.raises(NotFound) as told:
        areas_of("ha-giang", SINCE)
    assert told.value.text.vi == (
        "Từ ngày 1/7/2025 không còn tỉnh ha-giang: đã nhập vào Tỉnh Tuyên Quang. Hãy dùng "
        "`--province tuyen-quang`, hoặc `--on 2025-06-30` để lấy bản đồ cũ."
    )


def test_an_unknown_province_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound) as told:
        areas_of("quang-ngia", SINCE)
    assert "quang-ngai, quang-ninh" in told.value.text.en


@pytest.mark.parametrize(
    ("name", "plain", "slug"),
    [
        ("Tỉnh Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu", "ba-ria-vung-tau"),
        ("Thành phố Hồ Chí Minh", "Hồ Chí Minh", "ho-chi-minh"),
        ("Đặc khu Lý Sơn", "Lý Sơn", "ly-son"),
        ("Phường 1", "1", "1"),
        ("Xã Đường Hoa", "Đường Hoa", "duong-hoa"),
    ],
)
def test_a_name_without_its_kind_is_the_word_of_an_id(name: str, plain: str, slug: str) -> None:
    assert (area_name(name), slug_of(name)) == (plain, slug)


@pytest.mark.parametrize(
    ("on", "office"),
    [
        (date(2024, 4, 23), "Sở Nông nghiệp và Phát triển nông thôn tỉnh Gia Lai"),
        (date(2026, 1, 1), "Sở Nông nghiệp và Môi trường tỉnh Gia Lai"),
    ],
)
def test_letters_greet_the_department_as_it_is_called_on_the_day(on: date, office: str) -> None:
    assert areas_of("gia-lai", on)[0].unit(on).office == office


def test_letters_greet_the_committee_of_a_commune() -> None:
    on = date(2026, 1, 1)
    commune = next(area for area in areas_of("gia-lai", on) if area.level is Level.COMMUNE)
    assert commune.unit(on).office == f"UBND {commune.name[0].lower()}{commune.name[1:]}"
