"""Rounds (đợt) that are open to some dossiers only, and dossiers that miss a round's cut-off."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import (
    Calendar,
    DeadlineKind,
    Standing,
    load_work_calendar,
    plan_remarks,
    read_loaded_plan,
    standing_of,
)
from ocop_workflow.calendar.rounds.naming import spoken_round
from ocop_workflow.calendar.rounds.shares import RoundShare
from ocop_workflow.calendar.wordings import names_of
from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import Certificate, Dossier, Issued, Position, Score, State, build_lifecycle
from tests.calendar.plan_files import EVALUATED, HEAD, OUTCOME, REGISTERED, SOUND, faults, milestone

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date.fromisoformat
FIRST, RENEWAL, UPGRADE = Dossier
HEAD_2026 = HEAD.replace("2024", "2026").replace("qd-148-2023", "qd-26-2026")


def spring_and_autumn(spring: str = "", autumn: str = "", level: str = "province") -> str:
    """Write two rounds, with more keys each."""
    return "".join(
        f'[[rounds]]\nid = "{name}"\nnumber = {number}\nlevel = "{level}"\nclause = "3"\nas_written = "Đợt"\n'
        f"dossiers = {{ by = {filed} }}\ndone = {{ by = {done} }}\n{more}\n"
        for number, name, filed, done, more in (
            (1, "spring", "2026-04-29", "2026-06-29", spring),
            (2, "autumn", "2026-10-29", "2026-12-29", autumn),
        )
    )


RERATINGS_FIRST = spring_and_autumn('open_to = ["renewal", "upgrade"]')
EVALUATION = milestone(
    "evaluation",
    '{ any_of = [{ dossiers_of = "spring" }, { dossiers_of = "autumn" }] }',
    EVALUATED,
)
IN_ITS_ROUND = milestone("outcome", '{ any_of = [{ with = "spring" }, { with = "autumn" }] }', OUTCOME)


def calendar(text: str) -> Calendar:
    """Return the calendar of a plan."""
    plan = read_loaded_plan(text)
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())


PLAN = calendar(HEAD_2026 + EVALUATION + IN_ITS_ROUND + RERATINGS_FIRST)


def due(
    state: str,
    dossier: Dossier,
    on: str,
    anchors: Mapping[str, str] | None = None,
    opened: Mapping[str, str] | None = None,
) -> str:
    """Return when the plan's milestone ahead is due."""
    standing = Standing(
        State(state),
        dossier,
        DAY(on),
        {name: DAY(day) for name, day in (anchors or {}).items()},
        {name: DAY(day) for name, day in (opened or {}).items()},
    )
    (ahead,) = [item for item in PLAN.deadlines(standing) if item.kind is DeadlineKind.MILESTONE]
    return ahead.due_on.isoformat()


@pytest.mark.parametrize(
    ("dossier", "evaluated_by", "decided_by"),
    [
        (FIRST, "2026-10-29", "2026-12-29"),  # the spring round is not open to it
        (RENEWAL, "2026-04-29", "2026-06-29"),
        (UPGRADE, "2026-04-29", "2026-06-29"),
    ],
)
def test_a_dossier_goes_with_the_first_round_that_is_open_to_it(
    dossier: Dossier, evaluated_by: str, decided_by: str
) -> None:
    assert due("consulting", dossier, "2026-02-02") == evaluated_by
    assert due("commune_evaluated", dossier, "2026-02-02") == decided_by


def test_a_dossier_that_misses_the_cut_off_rolls_into_the_next_round() -> None:
    assert due("commune_evaluated", RENEWAL, "2026-04-29") == "2026-06-29"
    assert due("commune_evaluated", RENEWAL, "2026-04-30") == "2026-12-29"


def test_after_the_last_round_its_day_holds_so_that_somebody_is_asked() -> None:
    assert due("commune_evaluated", FIRST, "2026-11-30") == "2026-12-29"


def test_the_day_on_which_it_was_handed_in_counts_however_late_its_deadline_is_opened_anew() -> None:
    """A plan that is changed in June opens deadlines anew; who was in time in April still was."""
    assert due("commune_evaluated", RENEWAL, "2026-06-01", {"commune_evaluated": "2026-04-10"}) == (
        "2026-06-29"
    )
    assert due("commune_evaluated", RENEWAL, "2026-06-01", {"commune_evaluated": "2026-05-10"}) == (
        "2026-12-29"
    )


def test_a_plan_with_rounds_asks_for_the_day_of_each_step() -> None:
    through_another = milestone("again", '{ with = "outcome" }', OUTCOME)
    assert PLAN.counts_from_states
    assert calendar(HEAD_2026 + through_another + IN_ITS_ROUND + RERATINGS_FIRST).counts_from_states
    assert not calendar(HEAD_2026 + SOUND + RERATINGS_FIRST).counts_from_states


@pytest.mark.parametrize(
    ("rule", "due_on", "told"),
    [
        ("outcome", "2026-12-29", [("spring", False), ("autumn", True)]),
        ("evaluation", "2026-10-29", [("spring", False), ("autumn", True)]),
    ],
)
def test_a_deadline_knows_the_rounds_that_it_might_have_had(
    rule: str, due_on: str, told: list[tuple[str, bool]]
) -> None:
    found = PLAN.rounds_of(DeadlineKind.MILESTONE, rule, DAY(due_on), DAY("2026-02-02"))
    assert [(item.id, item.counts) for item in found] == told


def test_what_waits_above_knows_the_rounds_of_the_levels_above() -> None:
    found = PLAN.rounds_of(DeadlineKind.RELATIVE, "next_level", DAY("2026-06-29"), DAY("2026-02-02"))
    assert [item.id for item in found] == ["spring", "autumn"]
    of_the_law = PLAN.rounds_of(DeadlineKind.RELATIVE, "next_level", DAY("2026-09-29"), DAY("2026-02-02"))
    assert [item.id for item in of_the_law if item.counts] == ["central-2026-1"]
    assert PLAN.rounds_of(DeadlineKind.RELATIVE, "expiry", DAY("2026-06-29"), DAY("2026-02-02")) == ()


SPRING = "đợt 1, cấp tỉnh: hồ sơ đến hết 29/04/2026, đánh giá xong 29/06/2026"
AUTUMN = "đợt 2, cấp tỉnh: hồ sơ đến hết 29/10/2026, đánh giá xong 29/12/2026"
#: by QĐ 26/2026, Điều 5: before 30/7 and before 30/9, where the plan has no round of the centre's
CENTRE = "đợt 1, trung ương: hồ sơ đến hết 29/07/2026, đánh giá xong 29/09/2026"


@pytest.mark.parametrize(
    ("kind", "rule", "due_on", "said"),
    [
        (DeadlineKind.MILESTONE, "outcome", "2026-06-29", SPRING),
        (DeadlineKind.MILESTONE, "evaluation", "2026-10-29", AUTUMN),
        (DeadlineKind.RELATIVE, "next_level", "2026-12-29", AUTUMN),
        (DeadlineKind.RELATIVE, "next_level", "2026-09-29", CENTRE),
        (DeadlineKind.RELATIVE, "next_level", "2026-08-14", None),  # 60 days: no round's
        (DeadlineKind.RELATIVE, "expiry", "2026-06-29", None),
    ],
)
def test_a_deadline_knows_the_round_from_which_it_has_its_day(
    kind: DeadlineKind, rule: str, due_on: str, said: str | None
) -> None:
    found = [one for one in PLAN.rounds_of(kind, rule, DAY(due_on), DAY(due_on)) if one.counts]
    told = [spoken_round(one.number, one.level, one.dossiers, one.done, one.part).vi for one in found]
    assert told == ([said] if said else [])


def test_times_that_point_at_each_other_through_a_cut_off_still_end() -> None:
    ring = spring_and_autumn().replace("dossiers = { by = 2026-04-29 }", 'dossiers = { with = "outcome" }')
    text = HEAD_2026 + milestone("outcome", '{ with = "spring" }', OUTCOME) + ring
    standing = Standing(State.COMMUNE_EVALUATED, FIRST, DAY("2026-02-02"))
    assert [item.due_on for item in calendar(text).deadlines(standing)] == [DAY("2026-06-29")]


# -- rounds for some stars alone --------------------------------------------------------------------

HIGH = spring_and_autumn("stars = [4, 5]")
FOR_STARS = calendar(HEAD_2026 + IN_ITS_ROUND + HIGH)


@pytest.mark.parametrize(
    ("dossier", "score", "held", "decided_by"),
    [
        (FIRST, None, None, "2026-06-29"),  # nothing tells its star yet: no round shuts it out
        (FIRST, 75, None, "2026-06-29"),
        (FIRST, 60, None, "2026-12-29"),
        (RENEWAL, None, 4, "2026-06-29"),
        (RENEWAL, None, 3, "2026-12-29"),
        (RENEWAL, 75, 3, "2026-06-29"),  # what a council has given says more than the old certificate
        (UPGRADE, None, 3, "2026-06-29"),  # it asks for a higher star
    ],
)
def test_a_dossier_that_aims_at_other_stars_goes_with_the_next_round(
    dossier: Dossier, score: int | None, held: int | None, decided_by: str
) -> None:
    given = Score(Level.PROVINCE, Fraction(score)) if score else None
    on = DAY("2026-02-02")
    issued = (Issued(Certificate(star=held, number="1", decided_on=on, valid_until=on)),) if held else ()
    position = Position(State.COMMUNE_EVALUATED, 1, dossier, on, None, given, issued)
    standing = standing_of(position, FOR_STARS.regulation, on)
    due_on = [item.due_on for item in FOR_STARS.deadlines(standing) if item.rule == "outcome"]
    assert due_on == [DAY(decided_by)]


@pytest.mark.parametrize(("score", "done"), [(60, "2026-12-29"), (75, "2026-06-29"), (None, "2026-06-29")])
def test_what_waits_above_waits_for_a_round_that_takes_its_star(score: int | None, done: str) -> None:
    plan = calendar(HEAD_2026 + SOUND + spring_and_autumn("stars = [4, 5]", level="central"))
    given = Score(Level.PROVINCE, Fraction(score)) if score else None
    on = DAY("2026-02-02")
    standing = standing_of(
        Position(State.ESCALATED_TO_CENTRAL, 1, FIRST, on, None, given), plan.regulation, on
    )
    assert [item.due_on for item in plan.deadlines(standing) if item.rule == "next_level"] == [DAY(done)]


def test_a_round_for_no_star_at_all_is_a_fault() -> None:
    told = faults(HEAD_2026 + SOUND + spring_and_autumn("stars = []", "stars = [2]"))
    assert set(told) == {"rounds[0].stars", "rounds[1].stars[0]"}
    assert told["rounds[0].stars"][0] == "đợt spring không mở cho ai; bỏ mục này nếu mở cho mọi hồ sơ"


# -- what a file may not say -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ('peak = ["2026-04"]', "tháng trọng tâm của một đợt"),
        ("template = true", "đợt lấy theo năm trước"),
        ('letters = ["commune"]', "thư riêng của một đợt"),
    ],
)
def test_what_a_round_cannot_do_yet_is_refused_in_a_new_file_and_the_round_is_named(
    key: str, what: str
) -> None:
    name = key.split(" ", maxsplit=1)[0]
    told = faults(HEAD_2026 + SOUND + spring_and_autumn(key))
    assert list(told) == [f"rounds[0].{name}"]
    assert told[f"rounds[0].{name}"][0] == (
        f"đợt spring: bản này chưa thực hiện {what}; bỏ mục này, as_written giữ câu chữ"
    )


def test_all_faults_of_the_rounds_are_told_at_once() -> None:
    rounds = spring_and_autumn("open_to = []", 'open_to = ["first", "stars"]').replace(
        "number = 2", "number = 1"
    )
    in_a_round = rounds.replace("done = { by = 2026-12-29 }", 'done = { dossiers_of = "spring" }')
    to_nothing = milestone("m", '{ dossiers_of = "winter" }')
    told = faults(HEAD_2026 + to_nothing + in_a_round)
    assert set(told) == {
        "milestones[0].when.dossiers_of",
        "rounds[1].done.dossiers_of",
        "rounds[0].open_to",
        "rounds[1].number",
        "rounds[1].open_to[1]",
    }
    assert told["rounds[1].number"][0] == (
        "đợt autumn trùng số 1 với đợt spring của cùng cấp; hai lần của một đợt thì mỗi lần ghi pass = 1, 2"
    )
    assert (
        told["rounds[0].open_to"][1]
        == "round spring is open to nobody; leave the key out if it is open to all"
    )


def test_a_kind_of_dossier_that_no_round_takes_is_worth_a_second_look() -> None:
    closed = spring_and_autumn('open_to = ["renewal"]', 'open_to = ["renewal", "upgrade"]')
    dated = milestone("dated", '{ any_of = [{ with = "spring" }, { by = 2026-12-01 }] }', REGISTERED)
    for_one = milestone("for-one", '{ with = "spring" }', OUTCOME, more='dossiers = ["renewal"]')
    doubts = plan_remarks(HEAD_2026 + dated + for_one + IN_ITS_ROUND + closed)
    assert [(item.place, item.text.vi) for item in doubts] == [
        ("regulation", doubts[0].text.vi),
        (
            "milestones[2].when",
            "không đợt nào mở cho hồ sơ lần đầu: mốc này sẽ không có hạn cho hồ sơ ấy",
        ),
    ]


def test_peak_months_go_with_what_is_continuous() -> None:
    told = faults(HEAD_2026 + milestone("m", '{ by = 2026-04-30, peak = ["2026-03"] }'))
    assert told == {
        "milestones[0].when.peak": (
            "tháng trọng tâm chỉ đi với continuous = true",
            "peak months go with continuous = true only",
        )
    }


# -- passes inside a round (lần), and the share that the plan asks for -------------------------------

PASSES = spring_and_autumn("pass = 1", "pass = 2").replace("number = 2", "number = 1")
IN_PASSES = calendar(HEAD_2026 + EVALUATION + IN_ITS_ROUND + PASSES)


def test_who_misses_a_pass_or_is_sent_back_in_it_belongs_to_the_next() -> None:
    def decided_by(handed_in: str) -> list[date]:
        anchors = {"commune_evaluated": DAY(handed_in)}
        standing = Standing(State.COMMUNE_EVALUATED, FIRST, DAY(handed_in), anchors)
        return [item.due_on for item in IN_PASSES.deadlines(standing) if item.rule == "outcome"]

    assert decided_by("2026-04-29") == [DAY("2026-06-29")]
    assert decided_by("2026-05-20") == [DAY("2026-12-29")]  # handed in again, once more complete


def test_a_letter_names_the_pass() -> None:
    (first, second) = IN_PASSES.rounds_of(
        DeadlineKind.MILESTONE, "outcome", DAY("2026-12-29"), DAY("2026-12-29")
    )
    assert (first.counts, second.counts) == (False, True)
    told = spoken_round(second.number, second.level, second.dossiers, second.done, second.part)
    assert told.vi == "đợt 1, lần 2, cấp tỉnh: hồ sơ đến hết 29/10/2026, đánh giá xong 29/12/2026"
    assert told.en == ("round 1, pass 2, the province: dossiers to the end of 29/10/2026, done 29/12/2026")
    assert names_of(IN_PASSES.plan)["autumn"].vi == "đợt 1, lần 2, cấp tỉnh"


@pytest.mark.parametrize(
    ("spring", "autumn"), [("pass = 1", "pass = 1"), ("pass = 1", ""), ("", "pass = 2"), ("", "")]
)
def test_two_passes_of_a_round_say_each_which_it_is(spring: str, autumn: str) -> None:
    told = faults(HEAD_2026 + SOUND + spring_and_autumn(spring, autumn).replace("number = 2", "number = 1"))
    assert list(told) == ["rounds[1].number"]
    assert told["rounds[1].number"][0].endswith("hai lần của một đợt thì mỗi lần ghi pass = 1, 2")


def share(came: int, registered: int, quota: int | None = 50, cut_off: str = "2021-09-14") -> RoundShare:
    return RoundShare("dot-1", 1, None, Level.PROVINCE, DAY(cut_off), quota, registered, came, 0)


@pytest.mark.parametrize(
    ("came", "registered", "percent", "met"),
    [(35, 103, "33,98", False), (51, 103, "49,51", False), (52, 103, "50,48", True), (0, 0, "", True)],
)
def test_a_share_is_cut_and_never_rounded(came: int, registered: int, percent: str, met: bool) -> None:
    found = share(came, registered)
    assert (found.percent, found.is_met) == (percent, met)


def test_a_share_is_told_near_the_cut_off_and_past_it_only_if_it_is_missed() -> None:
    missed, met = share(35, 103), share(60, 103)
    days = ["2021-08-14", "2021-08-15", "2021-09-14", "2021-09-15", "2021-10-14", "2021-10-15"]
    assert [missed.told_on(DAY(day)) for day in days] == [False, True, True, True, True, False]
    assert [met.told_on(DAY(day)) for day in days] == [False, True, True, False, False, False]
    assert not share(1, 103, quota=None).told_on(DAY("2021-09-14"))
    assert missed.words.vi == (
        "Đợt 1, cấp tỉnh: đã có hồ sơ của 35 trong 103 sản phẩm đăng ký (33,98 %), kế hoạch đề ra ít nhất "
        "50 % đến hết 14/09/2021"
    )
    assert missed.words.en == (
        "Round 1, the province: dossiers of 35 out of 103 registered products have come (33,98 %); the plan "
        "asks for at least 50 % by 2021-09-14"
    )
