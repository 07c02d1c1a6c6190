"""The rule packs that ship with the service, and what a bad one is told."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import InvalidInput, NotFound
from ocop_workflow.regulations import (
    Anchor,
    Day,
    Frozen,
    LastDay,
    Level,
    Recipient,
    Regulation,
    Remind,
    last_valid_day,
    load_regulation,
    read_toml,
    regulation_ids,
)
from ocop_workflow.regulations.documents import Sourced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SEED, DISTRICTLESS, TODAY = (load_regulation(name) for name in ("qd-148-2023", "qd-1489-2025", "qd-26-2026"))
PACKS = (SEED, DISTRICTLESS, TODAY)
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)


def text_of(pack: str) -> str:
    return (resources.files("ocop_workflow") / "data" / "regulations" / f"{pack}.toml").read_text("utf-8")


def told_about(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """Return place and sentence of each fault of the seed's pack after these changes to its text."""
    text = text_of("qd-148-2023")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(InvalidInput) as refused:
        read_toml(text, Regulation, "pack.toml")
    return [(found.place, found.text.en) for found in refused.value.faults]


def test_four_rule_packs_ship() -> None:
    assert regulation_ids() == ("qd-1048-2019", "qd-148-2023", "qd-1489-2025", "qd-26-2026")


def test_the_oldest_pack_is_kept_to_be_read_and_marks_every_line() -> None:
    pack = load_regulation("qd-1048-2019")
    assert pack.read_only
    assert not any(other.read_only for other in PACKS)
    lines = [pack.in_force, pack.before_a_day, pack.validity, *pack.rungs, *pack.stars, *pack.groups]
    lines += [*pack.deadlines, *pack.clauses.values()]
    assert all(line.uncertain for line in lines)
    assert [(band.star, band.owner) for band in pack.stars if band.owner] == [
        (3, Level.PROVINCE),
        (4, Level.PROVINCE),
        (5, Level.CENTRAL),
    ]
    assert last_valid_day(pack.validity, date(2019, 12, 23)) == date(2022, 12, 23)
    assert pack.in_force.until == SEED.in_force.since - timedelta(days=1)


def test_an_unknown_pack_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFound) as refused:
        load_regulation("qd-9-2009")
    assert refused.value.text.en == (
        "No regulation has the id qd-9-2009; there are: qd-1048-2019, qd-148-2023, qd-1489-2025, qd-26-2026."
    )


def test_the_seeds_regulation_has_a_district_and_those_after_it_have_none() -> None:
    assert SEED.ladder == (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE, Level.CENTRAL)
    assert DISTRICTLESS.ladder == TODAY.ladder == (Level.COMMUNE, Level.PROVINCE, Level.CENTRAL)


@each_pack
def test_every_level_but_the_commune_scores(pack: Regulation) -> None:
    assert tuple(rung.level for rung in pack.scoring) == pack.ladder[1:]


def test_each_star_is_recognised_by_its_level() -> None:
    assert [SEED.owner(star) for star in (1, 2, 3, 4, 5)] == [
        None,
        None,
        Level.DISTRICT,
        Level.PROVINCE,
        Level.CENTRAL,
    ]
    for pack in (DISTRICTLESS, TODAY):
        assert [pack.owner(star) for star in (1, 2, 3, 4, 5)] == [
            None,
            None,
            Level.PROVINCE,
            Level.PROVINCE,
            Level.CENTRAL,
        ]


def test_a_dossier_goes_up_from_the_mean_at_which_the_next_level_owns_the_star() -> None:
    assert {rung.level: rung.forward_from for rung in SEED.scoring} == {
        Level.DISTRICT: 70,
        Level.PROVINCE: 90,
        Level.CENTRAL: None,
    }
    for pack in (DISTRICTLESS, TODAY):
        assert pack.rung(Level.PROVINCE).forward_from == 90
        assert pack.rung(Level.CENTRAL).forward_from is None


def test_each_pack_was_in_force_after_the_one_before() -> None:
    assert [(pack.in_force.since, pack.in_force.until) for pack in PACKS] == [
        (date(2023, 2, 24), date(2025, 7, 5)),
        (date(2025, 7, 6), date(2026, 5, 21)),
        (date(2026, 5, 22), None),
    ]


@each_pack
def test_a_certificate_is_valid_for_36_months_up_to_the_same_day(pack: Regulation) -> None:
    assert (pack.validity.months, pack.validity.last_day) == (36, LastDay.SAME_DAY)


@each_pack
def test_before_a_day_excludes_the_day_and_says_that_this_is_a_reading(pack: Regulation) -> None:
    assert (pack.before_a_day.inclusive, pack.before_a_day.uncertain) == (False, True)


@each_pack
def test_there_are_six_groups_under_every_regulation(pack: Regulation) -> None:
    assert [group.id for group in pack.groups] == [
        "food",
        "drinks",
        "medicinal",
        "handicrafts",
        "ornamental",
        "tourism",
    ]


def test_only_todays_regulation_lists_its_26_sets() -> None:
    assert [entry.number for entry in TODAY.sets] == list(range(1, 27))
    assert SEED.sets == DISTRICTLESS.sets == ()


def test_todays_sets_divide_among_the_groups_as_annex_i_divides_them() -> None:
    count = {group.id: sum(entry.group == group.id for entry in TODAY.sets) for group in TODAY.groups}
    assert count == {
        "food": 13,
        "drinks": 4,
        "medicinal": 3,
        "handicrafts": 2,
        "ornamental": 3,
        "tourism": 1,
    }


def test_todays_regulation_counts_eight_deadlines_from_the_product_itself() -> None:
    counted = [(one.id, one.anchor, one.offset, one.unit, one.re_rating_only) for one in TODAY.deadlines]
    assert counted == [
        ("commune_report", Anchor.RECEIVED, 15, Day.WORKING_DAYS, False),
        ("re_rating_filing", Anchor.EXPIRY, -120, Day.DAYS, False),
        ("expiry", Anchor.EXPIRY, 0, Day.DAYS, False),
        ("re_rating_decision", Anchor.COMPLETE, 45, Day.DAYS, True),
        ("re_rating_decision_until_complete", Anchor.RECEIVED, 45, Day.DAYS, True),
        ("revocation_decision", Anchor.CONCLUDED, 15, Day.DAYS, False),
        ("next_level", Anchor.ENTERED, 60, Day.DAYS, False),
        ("outcome_above", Anchor.ENTERED, 30, Day.DAYS, False),
    ]


def test_only_todays_regulation_sets_rounds_for_every_year() -> None:
    rounds = [(one.level.value, one.number, one.dossiers_before, one.done_before) for one in TODAY.rounds]
    assert rounds == [
        ("province", 1, "04-30", "06-30"),
        ("province", 2, "10-30", "12-30"),
        ("central", 1, "07-30", "09-30"),
        ("central", 2, "01-30", "03-30"),
    ]
    assert SEED.rounds == DISTRICTLESS.rounds == ()


@each_pack
def test_how_long_another_level_may_keep_a_dossier_is_marked_as_our_own_choice(pack: Regulation) -> None:
    waits = [one for one in pack.deadlines if one.anchor is Anchor.ENTERED]
    assert [one.id for one in waits] == ["next_level", "outcome_above"]
    assert all(one.uncertain and "dịch vụ chọn" in one.source for one in waits)


def test_filing_for_re_rating_is_first_spoken_of_when_its_window_opens() -> None:
    filing = next(one for one in TODAY.deadlines if one.id == "re_rating_filing")
    assert filing.remind is not None
    assert filing.offset - max(filing.remind.days_before) == -180


@pytest.mark.parametrize("pack", [SEED, DISTRICTLESS], ids=lambda pack: pack.id)
def test_before_todays_regulation_of_a_certificate_only_its_end_is_counted_and_told_30_days_before(
    pack: Regulation,
) -> None:
    (expiry,) = (one for one in pack.deadlines if one.anchor is not Anchor.ENTERED)
    assert (expiry.id, expiry.offset, expiry.uncertain) == ("expiry", 0, True)
    assert expiry.remind is not None
    assert (expiry.remind.months_before, expiry.remind.days_before) == ((26, 12, 6, 3), (30, 7))


def test_a_reminder_has_some_day() -> None:
    told = told_about(("months_before = [26, 12, 6, 3], days_before = [30, 7]", "days_before = []"))
    assert told[0][1] == "give days_before or months_before"


def test_months_are_taken_once_from_the_due_date() -> None:
    remind = Remind(to=(Recipient.COMMUNE,), months_before=(12, 6, 1), days_before=(7,))
    assert remind.offsets(date(2027, 8, 31)) == (7, 365, 184, 31)  # 28/2 and 31/7
    assert remind.offsets(date(2028, 3, 31)) == (7, 366, 183, 31)  # 30/9, and 29/2


@each_pack
def test_what_no_one_has_read_in_the_decision_itself_says_whose_word_it_is(pack: Regulation) -> None:
    said = [band.source for band in pack.stars]
    assert all(("nguồn thứ cấp" in source) is (pack is not TODAY) for source in said)


@each_pack
def test_what_letters_say_of_a_deadline_is_a_clause_and_what_to_do_never_a_note(pack: Regulation) -> None:
    for deadline in pack.deadlines:
        ours = "văn bản không nêu" in deadline.clause  # no decision says a number of days
        assert "QĐ " in deadline.clause or ours
        assert deadline.action.endswith(".")
        said = f"{deadline.clause} {deadline.action}"
        for note in (".vn", ".com", "dịch vụ", "nguồn thứ cấp"):
            assert note not in said, deadline.id
        secondary = "nguồn thứ cấp" in deadline.source
        reading = "theo cách hiểu của hệ thống" if deadline.uncertain else ""
        assert deadline.caution == ("theo nguồn thứ cấp" if secondary else reading)


@each_pack
def test_whatever_rests_on_a_secondary_source_is_marked_uncertain(pack: Regulation) -> None:
    sourced = list(sourced_in(pack))
    assert len(sourced) > 20
    unmarked = [found for found in sourced if "nguồn thứ cấp" in found.source and not found.uncertain]
    assert unmarked == []


def sourced_in(value: object) -> Iterator[Sourced]:
    """Find everything in a pack that says where it comes from."""
    if isinstance(value, Sourced):
        yield value
    inner: Iterable[object] = ()
    if isinstance(value, Frozen):
        inner = (getattr(value, name) for name in type(value).model_fields)
    elif isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, tuple):
        inner = value
    for part in inner:
        yield from sourced_in(part)


def test_levels_are_named_in_vietnamese() -> None:
    assert [level.label for level in Level] == ["cấp xã", "cấp huyện", "cấp tỉnh", "trung ương"]


def test_bands_with_a_hole_are_refused() -> None:
    assert told_about(("below = 30", "below = 25")) == [
        ("stars", "the bands must meet, from 0 to 100, lowest first")
    ]


@pytest.mark.parametrize(
    "change", [("from = 0\n", "from = 1\n"), ("\nfrom = 90\n", "\nfrom = 90\nbelow = 99\n")]
)
def test_bands_must_reach_from_0_to_100(change: tuple[str, str]) -> None:
    assert told_about(change) == [("stars", "the bands must meet, from 0 to 100, lowest first")]


def test_every_star_has_one_band() -> None:
    assert told_about(("star = 2", "star = 3")) == [("stars", "one to five stars, in this order")]


def test_a_star_is_recognised_by_a_level_of_the_ladder() -> None:
    old = 'level = "central"\nbody = "Bộ Nông nghiệp và Phát triển nông thôn"'
    text = text_of("qd-148-2023")
    block = text[text.rindex("[[rungs]]") : text.index("# -- stars")]
    assert old in block
    assert told_about((block, "")) == [("stars", "recognised by a level that the ladder lacks: central")]


@pytest.mark.parametrize("level", ["commune", "central"])
def test_a_ladder_out_of_order_or_with_a_level_twice_is_refused(level: str) -> None:
    assert told_about(('level = "province"', f'level = "{level}"')) == [
        ("rungs", "each level once, lowest first")
    ]


def test_a_set_belongs_to_a_group_that_exists() -> None:
    stray = '[[sets]]\nnumber = 1\nname = "Đồ chơi"\ngroup = "toys"\nsource = "–"\n\n[[documents]]'
    assert told_about(("[[documents]]", stray)) == [("sets", "no product group toys")]


def test_a_deadlines_id_is_used_once() -> None:
    text = text_of("qd-148-2023")
    block = text[text.index("[[deadlines]]") :]
    assert told_about((block, block + block)) == [
        ("deadlines", "ids used twice: expiry, next_level, outcome_above")
    ]


@pytest.mark.parametrize("day", ["02-29", "13-01", "04-31", "4-30"])
def test_a_yearly_round_names_a_day_that_every_year_has(day: str) -> None:
    text = text_of("qd-26-2026")
    old = 'dossiers_before = "04-30"'
    assert old in text
    with pytest.raises(InvalidInput) as told:
        read_toml(text.replace(old, f'dossiers_before = "{day}"', 1), Regulation, "pack.toml")
    assert [fault.place for fault in told.value.faults] == ["rounds[0].dossiers_before"]


def test_a_round_is_held_by_a_level_that_scores() -> None:
    stray = """[[rounds]]
level = "commune"
number = 1
dossiers_before = "04-30"
done_before = "06-30"
source = "–"

[[documents]]"""
    assert told_about(("[[documents]]", stray)) == [("rounds", "no council scores there: commune")]


def test_every_fault_of_a_pack_is_told_at_once() -> None:
    assert told_about(
        ('id = "qd-148-2023"', 'id = "QĐ 148"\ncolour = "red"'),
        ('level = "province"', 'level = "ward"'),
        ("star = 1\nfrom = 0\nbelow = 30", "star = 2\nfrom = 0\nbelow = 25"),
        ("[30, 7]", "[180, 900]"),
    ) == [
        ("id", "written in another form; write it like qd-26-2026"),
        ("rungs[2].level", "must be one of: 'commune', 'district', 'province', 'central'"),
        (
            "stars",
            "the bands must meet, from 0 to 100, lowest first; one to five stars, in this order",
        ),
        ("deadlines[0].remind.days_before[1]", "too large, at most 400"),
        ("colour", "no entry has this name"),
    ]
