"""The plans that ship with the service, and how truly the real one stands for its document."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ocop_workflow.calendar.deadlines import Calendar
from ocop_workflow.calendar.plan import Document, Plan
from ocop_workflow.calendar.reading.loading import read_plan, shipped_plan_ids, shipped_plan_text
from ocop_workflow.calendar.reading.quotes import Quotation, check_quotes, quotations
from ocop_workflow.calendar.when import Reader, read_when
from ocop_workflow.calendar.workdays import load_work_calendar
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.units import shipped_units_of
from ocop_workflow.states import build_lifecycle

if TYPE_CHECKING:
    from ocop_workflow.calendar.plan import Milestone

SOURCE_FILE = Path(__file__).parents[1] / "data" / "duc-pho-2024.txt"
SOURCE = SOURCE_FILE.read_text("utf-8")
ORIGINAL = Path(__file__).parents[3] / "shared" / "source" / "000_b3b213a2cc234d87.txt"

DUC_PHO_TEXT = shipped_plan_text("duc-pho-2024")
DUC_PHO = read_plan(DUC_PHO_TEXT)
VI_DU = read_plan(shipped_plan_text("example-2026"))

QUOTATIONS = list(quotations(DUC_PHO))


def due(plan: Plan, name: str, opened_on: date, **anchors: date) -> date | None:
    """Return the due day of a milestone, activity or round, read under the plan's own regulation."""
    inclusive = load_regulation(plan.regulation).before_a_day.inclusive
    outside = {event.id: event.on for event in plan.events if event.on}
    reader = Reader(load_work_calendar(), inclusive, plan.when, {**outside, **anchors}, opened_on)
    return read_when(plan.when(name), reader).due


def words(text: str) -> str:
    """Return the text without marks of the transcript: no `*`, no notes' numbers, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).replace("*", "").split())


# -- the real plan -----------------------------------------------------------------------------------


class Row(NamedTuple):
    """One milestone as the design's table has it."""

    id: str
    clause: str
    due: date
    reach: tuple[str, ...]
    dossiers: tuple[str, ...]
    actor: str
    remind: tuple[str, ...]
    overdue: tuple[str, ...]


COMMUNE, AUTHORITY = ("commune",), ("authority",)
OUTCOMES = ("certified", "escalated", "not_rated")
ALL, FIRST, AGAIN = ("first", "renewal", "upgrade"), ("first",), ("renewal", "upgrade")
SAID, BOTH = (30, 14, 7, 3, 1), ("commune", "authority")

# fmt: off
TABLE = [
    Row("registration", "III.1.b", date(2024, 4, 30), ("registered",), ALL, "commune", COMMUNE, BOTH),
    Row("selection", "III.1.c", date(2024, 5, 31), ("selected",), ALL, "authority", BOTH, AUTHORITY),
    Row("consulting", "III.1.d", date(2024, 7, 31), ("consulting",), ALL, "authority", AUTHORITY, AUTHORITY),
    Row("commune-evaluation", "III.1.đ", date(2024, 10, 31),
        ("commune_evaluated",), ALL, "commune", COMMUNE, BOTH),
    Row("outcome", "III.1.đ", date(2024, 11, 30), OUTCOMES, FIRST, "district", AUTHORITY, AUTHORITY),
    Row("re-rating", "III.2", date(2024, 11, 30), OUTCOMES, AGAIN, "district", AUTHORITY, AUTHORITY),
]
# fmt: on


def row(milestone: Milestone) -> Row:
    """Return what the plan file says of a milestone."""
    last = due(DUC_PHO, milestone.id, date(2024, 4, 23))
    assert last is not None
    assert milestone.remind is not None
    assert milestone.overdue is not None
    return Row(
        milestone.id,
        milestone.clause,
        last,
        milestone.reach,
        milestone.dossiers,
        milestone.actor,
        milestone.remind.to,
        milestone.overdue.to,
    )


def test_the_milestones_of_duc_pho_are_the_design_s_table() -> None:
    assert [row(milestone) for milestone in DUC_PHO.milestones] == TABLE


def test_every_milestone_is_said_five_times_ahead_and_weekly_when_late() -> None:
    for milestone in DUC_PHO.milestones:
        assert milestone.remind is not None
        assert milestone.overdue is not None
        assert (milestone.remind.days_before, milestone.overdue.every_days) == (SAID, 7)


@pytest.mark.parametrize(
    ("name", "clause", "form", "last"),
    [
        ("communication", "III.1.a", "continuous", None),
        ("promotion", "III.1.e", "unset", None),
        ("monitoring", "III.3", "continuous", None),
        ("training", "III.4", "quarter", date(2024, 6, 30)),
    ],
)
def test_an_activity_of_duc_pho(name: str, clause: str, form: str, last: date | None) -> None:
    activity = next(activity for activity in DUC_PHO.activities if activity.id == name)
    assert (activity.clause, activity.when.form, activity.actor) == (clause, form, "authority")
    assert due(DUC_PHO, name, date(2024, 4, 23)) == last
    assert bool(activity.remind) is bool(activity.overdue) is (last is not None)


def test_the_training_is_spoken_of_to_the_office_like_a_milestone() -> None:
    training = DUC_PHO.activities[-1]
    assert training.remind is not None
    assert training.overdue is not None
    assert (training.remind.to, training.remind.days_before) == (("authority",), SAID)
    assert (training.overdue.to, training.overdue.every_days) == (("authority",), 7)


def test_whatever_is_spoken_of_says_what_to_do_and_where() -> None:
    for entry in DUC_PHO.timed:
        assert entry.action.endswith("."), entry.id
        assert entry.where, entry.id


def test_duc_pho_s_head() -> None:
    assert (DUC_PHO.code, DUC_PHO.year, DUC_PHO.regulation, DUC_PHO.unit) == (
        "DP24",
        2024,
        "qd-148-2023",
        "duc-pho",
    )
    assert (DUC_PHO.document.number, DUC_PHO.document.issued) == ("", "")
    assert DUC_PHO.office.name == "Phòng Kinh tế thị xã Đức Phổ"
    assert DUC_PHO.last_day == date(2024, 12, 31)


def test_the_targets_are_the_plan_s_figures() -> None:
    assert [(target.clause, target.at_least, target.unit) for target in DUC_PHO.targets] == [
        ("II.1", 5, "sản phẩm"),
        ("II.1", 4, "sản phẩm"),
        ("II.1", 1, "sản phẩm"),
        ("II.2", 30, "%"),
        ("II.3", 100, "%"),
        ("II.4", None, ""),
    ]


def test_the_legal_basis_dates_each_paper_as_its_own_line_does() -> None:
    lines = [line for line in words_by_line() if line.startswith(("Căn cứ Q", "Căn cứ K", "Trên cơ sở"))]
    said = [re.search(r"số (\S+) ngày (\d+)/(\d+)/(\d+)", line) for line in lines]
    assert [(basis.number, basis.issued) for basis in DUC_PHO.legal_basis] == [
        (match[1], date(int(match[4]), int(match[3]), int(match[2]))) for match in said if match
    ]
    assert len(lines) == len(DUC_PHO.legal_basis) == 7


def test_groups_cycle_annex_and_budget_are_complete() -> None:
    assert [group.number for group in DUC_PHO.groups] == [1, 2, 3, 4, 5, 6]
    assert [step.number for step in DUC_PHO.cycle] == [1, 2, 3, 4, 5, 6]
    assert [budget.source for budget in DUC_PHO.budget] == ["Ngân sách tỉnh", "Ngân sách thị xã"]
    assert DUC_PHO.annex is not None
    assert (DUC_PHO.annex.file, DUC_PHO.annex.products) == ("duc-pho-2024.csv", 14)


# -- true to the document ----------------------------------------------------------------------------


def words_by_line() -> list[str]:
    """Return the document's lines without dash and transcript's marks."""
    return [re.sub(r"^[-+] ", "", words(line)) for line in SOURCE.splitlines() if line.strip()]


def section(first: str, behind: str) -> list[str]:
    """Return the lines between two headings."""
    lines = words_by_line()
    return lines[lines.index(first) + 1 : lines.index(behind)]


def test_the_document_beside_the_tests_is_the_one_the_plan_names() -> None:
    assert sha256(SOURCE_FILE.read_bytes()).hexdigest() == DUC_PHO.document.sha256
    assert DUC_PHO.document.source == ORIGINAL.name
    if ORIGINAL.exists():
        assert ORIGINAL.read_bytes() == SOURCE_FILE.read_bytes()


def test_every_quotation_stands_in_the_document() -> None:
    assert check_quotes(DUC_PHO, SOURCE) == []


def test_the_document_may_come_decomposed_and_with_other_spaces() -> None:
    other = unicodedata.normalize("NFD", SOURCE).replace(" ", " \n\t")
    assert check_quotes(DUC_PHO, other) == []


@pytest.mark.parametrize("quotation", QUOTATIONS, ids=[quote.place for quote in QUOTATIONS])
def test_one_changed_word_of_a_quotation_is_found(quotation: Quotation) -> None:
    place, quote, _ = quotation
    changed = [part for part in quote.split() if part != "[…]"]
    middle = changed[len(changed) // 2]
    doctored = set_quote(tomllib.loads(DUC_PHO_TEXT), place, quote.replace(middle, f"{middle}x", 1))
    assert [fault.place for fault in check_quotes(doctored, SOURCE)] == [place]


def set_quote(raw: dict[str, object], place: str, quote: str) -> Plan:
    """Return the plan with the quotation at `place` replaced."""
    *path, last = re.findall(r"[a-z_]+|\d+", place)
    at: object = raw
    for step in path:
        at = at[int(step)] if isinstance(at, list) else at[step]  # type: ignore[index] # plain TOML tables
    assert isinstance(at, dict)
    at[last] = quote
    return Plan.model_validate(raw)


def test_every_line_that_says_a_time_has_its_milestone_or_activity() -> None:
    said = [line for line in words_by_line() if re.match(r"Thời gian\b", line)]
    assert len(said) == 9
    assert sorted(said) == sorted(e.as_written for e in DUC_PHO.timed if e.when.form != "unset")


def test_the_forms_of_time_are_the_document_s() -> None:
    dated = [entry.when.form for entry in DUC_PHO.timed]
    assert {form: dated.count(form) for form in dated} == {
        "months": 4,
        "by": 1,
        "with": 1,
        "continuous": 2,
        "unset": 1,
        "quarter": 1,
    }


def test_every_paragraph_of_part_v_is_some_agency_s_duty() -> None:
    part = section("V. TỔ CHỨC THỰC HIỆN", "Nơi nhận:")
    headings = [line for line in part if re.match(r"\d\. ", line)]
    duties = [line.replace("⁴.", "") for line in part if line not in headings and not line.startswith("⁴")]
    assert [duty.as_written for duty in DUC_PHO.duties] == duties
    named = dict.fromkeys((duty.clause, duty.agency) for duty in DUC_PHO.duties if duty.clause != "V")
    assert list(named) == [
        (f"V.{number}", heading[3:].removeprefix("Đề nghị ")) for number, heading in enumerate(headings, 1)
    ]


def test_every_line_of_part_iii_is_quoted_by_a_milestone_or_activity() -> None:
    part = section("III. NỘI DUNG THỰC HIỆN", "IV. KINH PHÍ THỰC HIỆN")
    heading = re.compile(r"(\d\.|[a-eđ]\)|[¹²³]|Tại cấp) ?")
    quoted = " ".join(
        text
        for entry in DUC_PHO.timed
        for text in (entry.as_written, *(task.as_written for task in entry.tasks))
    )
    left_out = [
        line
        for line in part
        if not heading.match(line) and line.replace("tư vấn³", "tư vấn […]") not in quoted
    ]
    assert left_out == []


# -- documents and other plans -----------------------------------------------------------------------


def test_a_blank_number_and_date_stay_blank() -> None:
    assert Document.model_validate({"number": "", "issued": ""}).issued == ""


def test_a_signed_document_has_number_and_date() -> None:
    document = Document.model_validate(tomllib.loads('number = "69/KH-UBND"\nissued = 2024-03-22'))
    assert (document.number, document.issued) == ("69/KH-UBND", date(2024, 3, 22))


def test_the_plan_of_quang_nam_asks_for_half_in_its_first_round_and_all_in_its_second() -> None:
    """1992/KH-UBND of 9/4/2021, as it is retold: before 15/9 at least 50 %, before 15/11 all the rest."""
    plan = read_plan(shipped_plan_text("quang-nam-2021"))
    regulation = load_regulation(plan.regulation)
    calendar = Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())
    days = [read_when(entry.dossiers, calendar.reader(date(2021, 4, 9), {})).due for entry in plan.rounds]
    assert (days, regulation.read_only) == ([date(2021, 9, 14), date(2021, 11, 14)], True)
    assert [entry.quota_percent for entry in plan.rounds] == [50, 100]


def test_these_plans_ship_with_the_service() -> None:
    assert shipped_plan_ids() == ("duc-pho-2024", "example-2026", "quang-nam-2021")


@pytest.mark.parametrize("name", shipped_plan_ids())
def test_a_shipped_plan_is_of_a_shipped_unit_and_a_known_ladder(name: str) -> None:
    plan = read_plan(shipped_plan_text(name))
    assert plan.id == name
    unit = next(unit for unit in shipped_units_of(plan.unit) if unit.id == plan.unit)
    assert unit.level in load_regulation(plan.regulation).ladder


@pytest.mark.parametrize(
    ("name", "opened_on", "last"),
    [
        ("registration", "2026-01-20", "2026-02-28"),
        ("selection", "2026-03-01", "2026-03-20"),
        ("commune-evaluation", "2026-04-29", "2026-04-29"),
        ("commune-evaluation", "2026-04-30", "2026-10-29"),
        ("outcome", "2026-04-20", "2026-06-29"),
        ("outcome", "2026-07-01", "2026-12-29"),
        ("re-rating", "2026-07-01", "2026-12-29"),
        ("round-1", "2026-01-20", "2026-06-29"),
        ("training", "2026-01-20", "2026-03-31"),
        ("fair-list", "2026-01-20", "2026-10-21"),
        ("inspection", "2026-01-20", "2026-09-15"),
        ("monthly-market", "2026-01-20", "2026-06-30"),
        ("communication", "2026-01-20", None),
        ("summary", "2026-01-20", None),
    ],
)
def test_a_day_of_the_example_province(name: str, opened_on: str, last: str | None) -> None:
    expected = None if last is None else date.fromisoformat(last)
    assert due(VI_DU, name, date.fromisoformat(opened_on)) == expected


def test_in_the_example_consulting_is_counted_from_the_selection() -> None:
    assert due(VI_DU, "consulting", date(2026, 3, 18)) is None
    assert due(VI_DU, "consulting", date(2026, 3, 18), selected=date(2026, 3, 18)) == date(2026, 4, 1)


def test_the_example_shows_every_form_of_time() -> None:
    shown = {entry.when.form for entry in VI_DU.timed} | {rnd.done.form for rnd in VI_DU.rounds}
    shown |= {part.form for entry in VI_DU.timed for part in entry.when.any_of or ()}
    assert {"before", "any_of", "after", "with", "quarter", "ahead_of", "continuous"} <= shown
    assert any(entry.when.approximate for entry in VI_DU.timed)


def test_a_programme_s_year_may_end_after_the_calendar_s() -> None:
    assert VI_DU.last_day == date(2027, 1, 31)
