"""Which deadlines a product has, for each state and kind of dossier, and how they are watched."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.calendar import (
    Calendar,
    Deadline,
    DeadlineKind,
    Standing,
    Watch,
    load_work_calendar,
    read_plan,
    shipped_plan_text,
)
from ocop_workflow.errors import NotFound
from ocop_workflow.regulations import Recipient, load_regulation, regulation_on
from ocop_workflow.states import Dossier, State, build_lifecycle
from tests.calendar.plan_files import EVALUATED, HEAD, OUTCOME, REGISTERED, milestone

DAY = date.fromisoformat
COMMUNE, AUTHORITY = Recipient.COMMUNE, Recipient.AUTHORITY
FIRST, RENEWAL, UPGRADE = Dossier.FIRST, Dossier.RENEWAL, Dossier.UPGRADE


def calendar(text: str) -> Calendar:
    """Return the calendar that a plan file gives."""
    plan = read_plan(text)
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())


SEED = calendar(shipped_plan_text("duc-pho-2024"))
EXAMPLE = calendar(shipped_plan_text("example-2026"))


def open_for(
    plan: Calendar, state: str, dossier: Dossier = FIRST, on: str = "2024-04-23", **anchors: str
) -> dict[str, str]:
    """Return what ought to be open, the due day by rule."""
    known = {name: DAY(day) for name, day in anchors.items()}
    standing = Standing(State(state), dossier, DAY(on), known)
    return {deadline.rule: deadline.due_on.isoformat() for deadline in plan.deadlines(standing)}


# -- the seed ---------------------------------------------------------------------------------------

REGISTER_BY = {"registration": "2024-04-30"}
SELECT_BY = {"selection": "2024-05-31"}
CONSULT_BY = {"consulting": "2024-07-31"}
EVALUATE_BY = {"commune-evaluation": "2024-10-31"}
FINISH_BY = {"outcome": "2024-11-30"}
RE_RATE_BY = {"re-rating": "2024-11-30"}


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("idea", REGISTER_BY),
        ("registered", SELECT_BY),
        ("selected", CONSULT_BY),
        ("consulting", EVALUATE_BY),
        ("commune_evaluated", FINISH_BY),
        ("district_scored", FINISH_BY),
        ("escalated_to_province", {}),
        ("province_scored", {}),
        ("escalated_to_central", {}),
        ("central_scored", {}),
        ("certified", {}),
        ("monitored", {}),
        ("not_rated", {}),
        ("not_selected", {}),
        ("withdrawn", {}),
        ("revoked", {}),
        ("lapsed", {}),
    ],
)
def test_a_first_dossier_of_the_seed_has_the_first_milestone_ahead(
    state: str, wanted: dict[str, str]
) -> None:
    assert open_for(SEED, state) == wanted


@pytest.mark.parametrize("dossier", [RENEWAL, UPGRADE])
@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("re_rating", EVALUATE_BY),
        ("commune_evaluated", RE_RATE_BY),
        ("district_scored", RE_RATE_BY),
        ("escalated_to_province", {}),
        ("province_scored", {}),
    ],
)
def test_a_re_rating_of_the_seed_is_due_with_the_district_evaluation(
    state: str, dossier: Dossier, wanted: dict[str, str]
) -> None:
    assert open_for(SEED, state, dossier, expiry="2025-06-30") == {**wanted, "expiry": "2025-06-30"}


@pytest.mark.parametrize("state", ["certified", "monitored"])
def test_a_certificate_of_the_seed_expires_on_its_last_valid_day(state: str) -> None:
    assert open_for(SEED, state, expiry="2027-06-30") == {"expiry": "2027-06-30"}


@pytest.mark.parametrize("state", ["not_selected", "withdrawn", "revoked", "lapsed"])
def test_a_dead_end_voids_every_deadline(state: str) -> None:
    assert open_for(SEED, state, expiry="2027-06-30", received="2024-04-01") == {}
    assert open_for(EXAMPLE, state, RENEWAL, expiry="2027-06-30", received="2024-04-01") == {}


def test_the_seeds_one_dated_activity_is_the_training_in_quarter_two() -> None:
    assert SEED.activities(DAY("2024-04-23")) == (
        Deadline(DeadlineKind.ACTIVITY, "training", DAY("2024-06-30")),
    )


def test_a_milestone_keeps_its_date_although_it_opens_late() -> None:
    assert open_for(SEED, "idea", on="2024-09-01") == REGISTER_BY


# -- a province of 2026 --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "on", "anchors", "wanted"),
    [
        ("idea", "2026-06-01", {}, {"registration": "2026-02-28"}),
        ("registered", "2026-06-01", {}, {"selection": "2026-03-20"}),
        # ten working days from the day on which it was selected
        ("selected", "2026-06-01", {"selected": "2026-06-01"}, {"consulting": "2026-06-15"}),
        # nobody knows when it was selected: the milestone behind it lies ahead
        ("selected", "2026-06-01", {}, {"commune-evaluation": "2026-10-29"}),
        # «trước ngày» is read exclusively; the first round that is not past counts
        ("consulting", "2026-04-29", {}, {"commune-evaluation": "2026-04-29"}),
        ("consulting", "2026-04-30", {}, {"commune-evaluation": "2026-10-29"}),
        # both rounds are past: the last one stays
        ("consulting", "2026-12-01", {}, {"commune-evaluation": "2026-10-29"}),
        ("commune_evaluated", "2026-04-29", {}, {"outcome": "2026-06-29"}),
        ("commune_evaluated", "2026-04-30", {}, {"outcome": "2026-12-29"}),  # missed the cut-off of round 1
        ("commune_evaluated", "2026-07-01", {}, {"outcome": "2026-12-29"}),
        ("province_scored", "2026-07-01", {}, {"outcome": "2026-12-29"}),
        ("escalated_to_central", "2026-07-01", {}, {}),
        ("not_rated", "2026-07-01", {}, {}),
    ],
)
def test_a_first_dossier_of_2026(
    state: str, on: str, anchors: dict[str, str], wanted: dict[str, str]
) -> None:
    assert open_for(EXAMPLE, state, FIRST, on, **anchors) == wanted


def test_a_re_rating_of_2026_has_its_milestone_and_the_deadlines_of_the_decision() -> None:
    ends = {"expiry": "2026-12-31", "received": "2026-07-01"}

    assert open_for(EXAMPLE, "re_rating", RENEWAL, "2026-07-01", **ends) == {
        "commune-evaluation": "2026-10-29",
        "commune_report": "2026-07-22",  # 15 working days
        "expiry": "2026-12-31",
        "re_rating_decision_until_complete": "2026-08-15",  # 45 days
    }
    assert open_for(EXAMPLE, "commune_evaluated", RENEWAL, "2026-07-10", **ends) == {
        "re-rating": "2026-12-29",
        "expiry": "2026-12-31",
        "re_rating_decision_until_complete": "2026-08-15",
    }


def test_a_first_dossier_has_no_deadline_for_the_decision_on_a_re_rating() -> None:
    assert open_for(EXAMPLE, "commune_evaluated", FIRST, "2026-07-10", received="2026-07-01") == {
        "outcome": "2026-12-29"
    }


def test_a_certificate_of_2026_asks_for_a_new_dossier_120_days_before_its_end() -> None:
    assert open_for(EXAMPLE, "monitored", on="2026-07-01", expiry="2027-06-30") == {
        "re_rating_filing": "2027-03-02",
        "expiry": "2027-06-30",
    }


def test_only_dated_activities_that_somebody_is_told_of_have_deadlines() -> None:
    assert {entry.rule: entry.due_on for entry in EXAMPLE.activities(DAY("2026-06-01"))} == {
        "training": DAY("2026-03-31"),
        "fair-list": DAY("2026-10-21"),
        "inspection": DAY("2026-09-15"),
    }


# -- alternatives, and what is counted from states ------------------------------------------------------


def test_an_open_deadline_keeps_the_round_in_which_it_was_opened() -> None:
    missed = Standing(
        State.CONSULTING, FIRST, DAY("2026-06-01"), opened={"commune-evaluation": DAY("2026-03-01")}
    )

    assert [deadline.due_on for deadline in EXAMPLE.deadlines(missed)] == [DAY("2026-04-29")]


def test_a_plan_says_whether_it_counts_from_the_days_of_states() -> None:
    from_received = milestone("m", '{ after = { event = "received", days = 5 } }')
    inside = milestone(
        "m", '{ any_of = [{ unset = true }, { ahead_of = { event = "certified", days = 1 } }] }'
    )

    assert SEED.counts_from_states is False
    assert EXAMPLE.counts_from_states is True
    assert calendar(HEAD + from_received).counts_from_states is False
    assert calendar(HEAD + inside).counts_from_states is True


def test_a_milestone_with_another_is_due_with_it() -> None:
    text = (
        HEAD
        + milestone("register", "{ by = 2024-04-30 }")
        + milestone("evaluate", '{ with = "register" }', EVALUATED)
        + milestone("finish", "{ continuous = true }", OUTCOME, '"district"')
    )

    assert open_for(calendar(text), "registered") == {"evaluate": "2024-04-30"}
    assert open_for(calendar(text), "commune_evaluated") == {}  # nobody can be late


def test_a_milestone_may_ask_for_the_score_itself() -> None:
    scored = milestone("score", "{ by = 2024-11-15 }", '"scored"', '"district"')
    outcome = milestone("finish", "{ by = 2024-11-30 }", OUTCOME, '"district"')
    plan = calendar(HEAD + milestone("register", "{ by = 2024-04-30 }", REGISTERED) + scored + outcome)

    assert open_for(plan, "commune_evaluated") == {"score": "2024-11-15"}
    assert open_for(plan, "district_scored") == {"finish": "2024-11-30"}


# -- rules behind deadlines ------------------------------------------------------------------------------


def test_a_milestone_is_watched_until_the_plans_year_ends() -> None:
    assert SEED.watch(DeadlineKind.MILESTONE, "registration", DAY("2024-04-30")) == Watch(
        due_on=DAY("2024-04-30"),
        nag_until=DAY("2024-12-31"),
        days_before=(30, 14, 7, 3, 1),
        remind_to=(COMMUNE,),
        nag_every=7,
        nag_to=(COMMUNE, AUTHORITY),
    )
    assert EXAMPLE.watch(DeadlineKind.MILESTONE, "outcome", DAY("2026-12-29")).nag_until == DAY("2027-01-31")


@pytest.mark.parametrize(
    ("rule", "remind_to", "nag_to"),
    [
        ("registration", (COMMUNE,), (COMMUNE, AUTHORITY)),
        ("selection", (COMMUNE, AUTHORITY), (AUTHORITY,)),
        ("consulting", (AUTHORITY,), (AUTHORITY,)),
        ("commune-evaluation", (COMMUNE,), (COMMUNE, AUTHORITY)),
        ("outcome", (AUTHORITY,), (AUTHORITY,)),
    ],
)
def test_the_seeds_milestones_are_spoken_of_to_whom_the_design_names(
    rule: str, remind_to: tuple[Recipient, ...], nag_to: tuple[Recipient, ...]
) -> None:
    watch = SEED.watch(DeadlineKind.MILESTONE, rule, DAY("2024-07-31"))

    assert (watch.remind_to, watch.nag_to) == (remind_to, nag_to)


def test_a_relative_deadline_belongs_to_no_plans_year_and_is_watched_for_another_one() -> None:
    watch = SEED.watch(DeadlineKind.RELATIVE, "expiry", DAY("2027-06-30"))

    months = 791, 365, 182, 92  # 26, 12, 6 and 3 months before, in days
    assert (watch.nag_until, watch.days_before) == (DAY("2028-06-29"), (30, 7, *months))


def test_an_activity_may_be_reminded_of_and_never_nagged_about() -> None:
    watch = EXAMPLE.watch(DeadlineKind.ACTIVITY, "inspection", DAY("2026-09-15"))

    assert (watch.days_before, watch.nag_every, watch.nag_to) == ((14, 7), None, ())


def test_a_milestone_without_reminders_is_watched_in_silence() -> None:
    plan = calendar(HEAD + milestone("quiet", "{ by = 2024-04-30 }"))

    watch = plan.watch(DeadlineKind.MILESTONE, "quiet", DAY("2024-04-30"))

    assert watch == Watch(due_on=DAY("2024-04-30"), nag_until=DAY("2024-12-31"))


def test_a_letter_cites_the_milestone_with_its_clause_and_its_words() -> None:
    wording = SEED.wording(DeadlineKind.MILESTONE, "registration")

    assert wording.name == "Đăng ký ý tưởng sản phẩm"
    assert wording.basis == "mục III.1.b, Kế hoạch OCOP năm 2024"
    assert wording.as_written == "Thời gian thực hiện: Tháng 3 – 4 năm 2024."
    assert wording.where == "Phòng Kinh tế thị xã Đức Phổ (Văn phòng Nông thôn mới thị xã)"


def test_a_rule_that_names_no_place_sends_to_the_plans_office() -> None:
    assert EXAMPLE.wording(DeadlineKind.ACTIVITY, "training").where == EXAMPLE.plan.office.name


def test_a_letter_cites_a_relative_deadline_with_the_regulation() -> None:
    wording = EXAMPLE.wording(DeadlineKind.RELATIVE, "commune_report")

    assert wording.name == "Báo cáo đánh giá của UBND cấp xã"
    assert wording.basis == "khoản 2 Điều 7 QĐ 26/2026/QĐ-TTg"
    assert wording.as_written == "15 ngày làm việc"
    assert wording.action == "Đánh giá hồ sơ sản phẩm và gửi báo cáo theo Mẫu 03 lên cấp tỉnh."
    decided = EXAMPLE.wording(DeadlineKind.RELATIVE, "re_rating_decision_until_complete")
    assert decided.basis == "điểm g khoản 6 Điều 7 QĐ 26/2026/QĐ-TTg (theo cách hiểu của hệ thống)"
    assert decided.action_for(authority=True) == (
        "Ghi ngày hồ sơ đủ; hoàn thành đánh giá lại và ban hành quyết định về kết quả."
    )


def test_a_plan_with_a_number_is_cited_by_it() -> None:
    assert SEED.title == "Kế hoạch OCOP năm 2024"
    assert EXAMPLE.title == "Kế hoạch OCOP số 15/KH-UBND năm 2026"


def test_a_rule_that_the_plan_does_not_have_is_named() -> None:
    with pytest.raises(NotFound) as refused:
        SEED.rule(DeadlineKind.ACTIVITY, "registration")  # that is a milestone

    assert refused.value.text.vi == "Kế hoạch duc-pho-2024 không có mốc registration."
    assert refused.value.text.en == "The plan duc-pho-2024 has no rule registration."


# -- rules for every standing ------------------------------------------------------------------------------


@given(
    st.sampled_from([SEED, EXAMPLE]),
    st.sampled_from(State),
    st.sampled_from(Dossier),
    st.dates(DAY("2024-01-01"), DAY("2027-12-31")),
    st.dictionaries(
        st.sampled_from(["received", "expiry", "selected"]), st.dates(DAY("2024-01-01"), DAY("2027-12-31"))
    ),
)
def test_a_product_has_at_most_one_milestone_ahead_and_asking_again_changes_nothing(
    plan: Calendar, state: State, dossier: Dossier, on: date, anchors: dict[str, date]
) -> None:
    found = plan.deadlines(Standing(state, dossier, on, anchors))
    opened = {deadline.rule: on for deadline in found}
    law = getattr(regulation_on(on), "id", None)
    weeks_later = Standing(state, dossier, on + timedelta(days=200), anchors, opened, law=law)

    assert [deadline.kind for deadline in found].count(DeadlineKind.MILESTONE) <= 1
    assert len({deadline.rule for deadline in found}) == len(found)
    assert plan.deadlines(weeks_later) == found


def test_an_authority_urges_its_communes_to_do_what_is_theirs() -> None:
    registration = SEED.wording(DeadlineKind.MILESTONE, "registration")
    assert registration.action_for(authority=False).startswith("Rà soát sản phẩm tiềm năng")
    assert registration.action_for(authority=True).startswith("Đôn đốc UBND cấp xã: rà soát sản phẩm")
    training = SEED.wording(DeadlineKind.ACTIVITY, "training")
    assert training.action_for(authority=True) == training.action
