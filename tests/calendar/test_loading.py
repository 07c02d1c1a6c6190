"""What `ocop plan check` says of a plan at fault: everything, at once, with its place."""

from __future__ import annotations

import re

import pytest

from ocop_workflow.calendar.reading.loading import read_plan, shipped_plan_text
from ocop_workflow.calendar.reading.quotes import check_quotes
from ocop_workflow.errors import InvalidInput, NotFound
from tests.calendar.plan_files import HEAD, REGISTERED, SOUND, faults, milestone, places

TEN_FAULTS = """
format = 1
id = "town-2024"
code = "tn24"
title = "Kế hoạch"
year = 2024
regulation = "qd-148-2023"
unit = "duc-pho"
color = "red"
document = { number = "", issued = "" }
office = { name = "Phòng Kinh tế" }

[[milestones]]
id = "registration"
name = "Đăng ký"
clause = "1"
as_written = "Tháng 3"
when = { months = ["2024-04", "2024-03"] }
reach = "registered"
actor = "commune"
remind = { to = ["commune"], days_before = [] }

[[milestones]]
id = "registration"
name = "Lựa chọn"
clause = "2"
as_written = "Tháng 5"
when = { with = "nothing" }
reach = ["chosen", "selected"]
actor = "authority"

[[milestones]]
id = "consulting"
name = "Tư vấn"
clause = "3"
when = { after = { event = "approval", days = 3 } }
reach = "consulting"
actor = "authority"

[[milestones]]
id = "outcome"
name = "Kết quả"
clause = "4"
as_written = "trước 30 tháng 11"
when = { by = "30/11/2024" }
reach = "certified"
actor = "district"

[[milestones]]
id = "sound"
name = "Đánh giá lại"
clause = "5"
as_written = "cùng kỳ"
when = { with = "outcome" }
reach = "certified"
actor = "district"
"""
WORDS_OF_REACH = (
    "phải là một trong: 'registered', 'selected', 'consulting', "
    "'commune_evaluated', 'scored', 'certified', 'escalated', 'not_rated'"
)


def test_ten_faults_are_told_at_once_each_with_its_place_in_both_languages() -> None:
    told = faults(TEN_FAULTS)
    assert len(told) == 10
    assert {place: vi for place, (vi, _) in told.items()} == {
        "milestones[1].id": "mã registration đã dùng ở trên",
        "milestones[1].when.with": "không có mốc nào mang mã nothing",
        "milestones[2].when.after.event": "không có sự kiện approval; có: certified, commune_evaluated, "
        "consulting, escalated, expiry, not_rated, received, registered, selected",
        "code": "viết không đúng mẫu; viết như DP24",
        "color": "không có mục nào mang tên này",
        "milestones[0].when": "months: tháng sau phải đứng sau tháng trước",
        "milestones[0].remind": "phải ghi days_before hoặc months_before",
        "milestones[1].reach[0]": WORDS_OF_REACH,
        "milestones[2].as_written": "thiếu mục này",
        "milestones[3].when.by": "không có ngày này; viết như 2024-11-30",
    }
    assert told["milestones[1].id"][1] == "the id registration is used above"
    assert told["milestones[0].when"][1] == "months: earliest first"
    assert told["milestones[2].as_written"][1] == "this entry is missing"


def test_the_error_names_the_file() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_plan(HEAD, "town.toml")
    assert refused.value.text.vi == "Tệp town.toml có lỗi."


def test_a_plan_without_faults_is_read() -> None:
    plan = read_plan(HEAD + milestone("registration", '{ months = ["2024-03"] }'))
    assert (plan.id, plan.milestones[0].reach) == ("town-2024", ("registered",))


def test_text_that_is_no_toml_is_one_fault_of_the_whole_file() -> None:
    assert list(faults("id = ")) == [""]
    assert "TOML" in faults("id = ")[""][0]


def test_text_that_nests_too_deep_is_a_fault_and_no_crash() -> None:
    deep = milestone("a", "{ any_of = [" * 2000 + "{ unset = true }" + "] }" * 2000)
    assert places(HEAD + deep) == [""]


@pytest.mark.parametrize("wrong", ["milestones = 3", "milestones = [3]", 'milestones = ["a"]'])
def test_entries_that_are_no_tables_are_faults_of_the_schema(wrong: str) -> None:
    assert places(HEAD.strip() + "\n" + wrong)[0].startswith("milestones")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "3"),
        ("actor", '["commune"]'),
        ("actor", "{ level = 1 }"),
        ("reach", "3"),
        ("reach", "[[1]]"),
        ("dossiers", "7"),
        ("when", '"tháng 3"'),
        ("when", "{ any_of = 3 }"),
        ("when", "{ any_of = [3, 4] }"),
        ("when", "{ with = 3 }"),
        ("when", '{ after = "received" }'),
        ("when", "{ after = { event = 3, days = 1 } }"),
        ("when", "{ by = 2024-11-30T08:00:00 }"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_and_breaks_nothing(key: str, value: str) -> None:
    given = {"id": '"a"', "when": "{ by = 2024-03-31 }", "reach": REGISTERED, "actor": '"commune"'}
    given |= {key: value}
    lines = "\n".join(f"{name} = {text}" for name, text in given.items())
    text = f'{HEAD}[[milestones]]\nname = "a"\nclause = "1"\nas_written = "a"\n{lines}\n{SOUND}'
    assert {re.split(r"[.\[\]]+", place)[2] for place in places(text)} == {key}


# -- quotations --------------------------------------------------------------------------------------


def quoting(quote: str) -> list[str]:
    """Return what is said of a quotation, against a source of a few words."""
    plan = read_plan(HEAD + milestone("a", "{ unset = true }").replace("Tháng 3", quote))
    return [fault.text.vi for fault in check_quotes(plan, "- Hoàn thành\n**trước 30** tháng 11 năm 2024.")]


@pytest.mark.parametrize(
    "quote",
    [
        "Hoàn thành trước 30 tháng 11",
        "Hoàn thành […] tháng 11",
        "[…] trước 30 […] 2024.",
        "Hoàn thành  *trước* 30",
    ],
)
def test_words_that_stand_in_the_source_in_this_order_are_true(quote: str) -> None:
    assert quoting(quote) == []


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("Hoàn thành sau 30", "Hoàn thành sau 30"),
        ("tháng 11 […] Hoàn thành", "Hoàn thành"),
        ("Hoàn thành […] tháng 12", "tháng 12"),
        ("tháng 11 […] tháng 11", "tháng 11"),
        ("hoàn thành trước", "hoàn thành trước"),
    ],
)
def test_words_that_do_not_or_in_another_order_are_told(quote: str, fragment: str) -> None:
    assert quoting(quote) == [f"câu trích không có trong văn bản nguồn: «{fragment}»"]


# -- shipped plans -----------------------------------------------------------------------------------


def test_a_plan_that_does_not_ship_is_not_found_and_those_that_do_are_named() -> None:
    with pytest.raises(NotFound) as missing:
        shipped_plan_text("atlantis-2024")
    assert missing.value.text.vi == (
        "Không có tệp hay kế hoạch nào tên atlantis-2024; kế hoạch kèm theo: duc-pho-2024, example-2026, "
        "quang-nam-2021."
    )


@pytest.mark.parametrize("name", ["../units/duc-pho", "", "duc-pho-2024.toml"])
def test_only_a_plan_s_own_id_opens_it(name: str) -> None:
    with pytest.raises(NotFound):
        shipped_plan_text(name)
