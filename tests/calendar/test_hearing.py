"""Who a plan file lets be told: the registration is the one thing that is said to every commune."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.calendar import Deadline, DeadlineKind, plan_remarks, read_plan, shipped_plan_text
from ocop_workflow.plans.loaded import calendar_from
from ocop_workflow.regulations import Recipient
from tests.calendar.plan_files import EVALUATED, HEAD, faults, milestone
from tests.factories import SEED, told_to_all

TO_ALL = 'remind = { to = ["every_commune"], days_before = [7] }\n'
TO_THOSE_WITH_PRODUCTS = 'remind = { to = ["commune"], days_before = [7] }\n'
NAGS_ALL = 'overdue = { to = ["every_commune", "authority"], every_days = 7 }\n'
IN_APRIL = "{ by = 2024-04-30 }"
DAY = date(2024, 4, 23)


def registration(more: str, when: str = IN_APRIL, reach: str = '"registered"') -> str:
    return HEAD + milestone("apply", when, reach=reach, more=more)


@pytest.mark.parametrize("reach", ['"registered"', '["registered"]'])
def test_the_registration_may_be_said_to_every_commune(reach: str) -> None:
    text = registration(TO_ALL + NAGS_ALL, reach=reach)
    assert read_plan(text).milestones[0].remind is not None
    assert plan_remarks(text) == []


def test_nothing_else_may() -> None:
    activity = (
        '[[activities]]\nid = "training"\nname = "a"\nclause = "1"\nas_written = "a"\nactor = "authority"\n'
        f"when = {IN_APRIL}\n{TO_ALL}"
    )
    text = HEAD + milestone("report", IN_APRIL, reach=EVALUATED, more=TO_ALL + NAGS_ALL) + activity
    said = (
        "every_commune belongs to the registration (reach = registered): a commune without a product has "
        "nothing else to do yet; write commune"
    )
    assert {place: en for place, (_, en) in faults(text).items()} == {
        "milestones[0].remind.to": said,
        "milestones[0].overdue.to": said,
        "activities[0].remind.to": said,
    }


def test_it_is_pointed_out_where_communes_without_a_product_would_never_hear() -> None:
    assert [(doubt.place, doubt.text.en) for doubt in plan_remarks(registration(TO_THOSE_WITH_PRODUCTS))] == [
        (
            "milestones[0].remind.to",
            (
                "communes without a product in the plan are not reminded to register; write every_commune "
                "instead of commune to remind them all"
            ),
        )
    ]
    assert plan_remarks(registration("")) == []  # a plan may be silent
    seed = [doubt.place for doubt in plan_remarks(shipped_plan_text(SEED))]
    assert seed == ["milestones[0].remind.to"]
    assert plan_remarks(told_to_all()) == []


def test_whoever_writes_nonsense_hears_of_it_once_from_the_schema() -> None:
    places = set(faults(registration('remind = "commune"\noverdue = { to = "every_commune" }\n')))
    assert places == {"milestones[0].remind", "milestones[0].overdue.to", "milestones[0].overdue.every_days"}


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (TO_ALL, True),
        (NAGS_ALL, True),
        (TO_ALL + NAGS_ALL, True),
        (TO_THOSE_WITH_PRODUCTS, False),
        ("", False),
    ],
)
def test_a_commune_has_the_deadline_that_is_said_to_it(more: str, *, wanted: bool) -> None:
    deadline = Deadline(DeadlineKind.COMMUNE, "apply", date(2024, 4, 30))
    assert calendar_from(registration(more)).communes(DAY) == ((deadline,) if wanted else ())


def test_without_a_day_there_is_no_deadline() -> None:
    assert calendar_from(registration(TO_ALL, when="{ continuous = true }")).communes(DAY) == ()


def test_the_commune_alone_is_told_of_its_having_no_product() -> None:
    calendar = calendar_from(told_to_all())
    watch = calendar.watch(DeadlineKind.COMMUNE, "registration", date(2024, 4, 30))
    assert (watch.remind_to, watch.nag_to) == ((Recipient.COMMUNE,), (Recipient.COMMUNE,))
    assert calendar.wording(DeadlineKind.COMMUNE, "registration").name == "Đăng ký ý tưởng sản phẩm"


def test_of_a_product_every_commune_is_its_own() -> None:
    calendar = calendar_from(told_to_all())
    watch = calendar.watch(DeadlineKind.MILESTONE, "registration", date(2024, 4, 30))
    assert watch.remind_to == (Recipient.COMMUNE,)
    assert watch.nag_to == (Recipient.COMMUNE, Recipient.AUTHORITY)


def test_a_plan_that_only_nags_them_reminds_them_of_nothing() -> None:
    watch = calendar_from(registration(TO_THOSE_WITH_PRODUCTS + NAGS_ALL)).watch(
        DeadlineKind.COMMUNE, "apply", date(2024, 4, 30)
    )
    assert (watch.remind_to, watch.nag_to) == ((), (Recipient.COMMUNE,))
