"""Faults between the entries of a plan: references, levels, order."""

from __future__ import annotations

import pytest

from ocop_workflow.calendar.reading.loading import read_plan
from tests.calendar.plan_files import EVALUATED, HEAD, OUTCOME, SOUND, faults, milestone, places

# -- references --------------------------------------------------------------------------------------

ACTIVITY = '[[activities]]\nid = "{}"\nname = "a"\nclause = "1"\nas_written = "a"\nactor = "authority"\n'
ROUND = (
    '[[rounds]]\nid = "{}"\nnumber = 1\nlevel = "district"\nclause = "1"\nas_written = "a"\n'
    "dossiers = {}\ndone = {}\n"
)


def test_an_id_serves_milestones_activities_rounds_and_events_together() -> None:
    text = HEAD + milestone("a", "{ unset = true }") + ACTIVITY.format("a") + "when = { unset = true }\n"
    text += ROUND.format("a", "{ unset = true }", "{ unset = true }")
    text += '[[events]]\nid = "a"\nname = "hội chợ"\n'
    assert places(text) == ["activities[0].id", "rounds[0].id", "events[0].id"]


def test_a_ring_of_references_is_told_at_each_of_its_links() -> None:
    text = HEAD + milestone("a", '{ with = "b" }') + milestone("b", '{ with = "c" }')
    text += milestone("c", '{ any_of = [{ unset = true }, { with = "a" }] }')
    text += milestone("leads-in", '{ with = "a" }')
    assert places(text) == [
        "milestones[0].when.with",
        "milestones[1].when.with",
        "milestones[2].when.any_of[1].with",
    ]


def test_a_milestone_that_points_at_itself_is_a_ring() -> None:
    text = HEAD + milestone("a", '{ with = "a" }')
    assert faults(text) == {
        "milestones[0].when.with": (
            "các mốc trỏ vòng vào nhau",
            "the milestones point at each other in a ring",
        )
    }


def test_a_milestone_and_a_round_may_each_rest_on_the_other_without_a_ring() -> None:
    text = HEAD + milestone("a", '{ with = "first" }')
    text += ROUND.format("first", '{ with = "a" }', "{ by = 2024-11-30 }")
    plan = read_plan(text)
    assert plan.when("first").by is not None


def test_a_round_s_dossiers_may_point_at_nothing_too() -> None:
    text = HEAD + milestone("a", "{ unset = true }")
    text += ROUND.format("first", '{ with = "b" }', '{ after = { event = "c", days = 1 } }')
    assert places(text) == ["rounds[0].dossiers.with", "rounds[0].done.after.event"]


def test_an_event_of_the_plan_may_be_counted_from() -> None:
    text = HEAD + milestone("a", '{ ahead_of = { event = "fair", days = 30 } }')
    text += '[[events]]\nid = "fair"\nname = "Hội chợ"\n'
    assert read_plan(text).events[0].on is None


def test_an_event_of_the_plan_may_not_take_the_name_of_a_product_s_own() -> None:
    text = HEAD + milestone("a", "{ unset = true }") + '[[events]]\nid = "received"\nname = "Hội chợ"\n'
    assert faults(text) == {
        "events[0].id": (
            "mã received đã dành cho sự kiện của chính sản phẩm",
            "the id received is kept for the product's own event",
        )
    }


def test_an_id_missing_twice_is_not_an_id_used_twice() -> None:
    nameless = milestone("x", "{ unset = true }").replace('id = "x"\n', "")
    assert places(HEAD + nameless + nameless + SOUND) == ["milestones[0].id", "milestones[1].id"]


# -- the regulation ----------------------------------------------------------------------------------


def test_an_unknown_regulation_is_told_with_those_that_there_are() -> None:
    text = HEAD.replace("qd-148-2023", "qd-1-1999") + milestone("a", "{ unset = true }")
    (vi, en) = faults(text)["regulation"]
    assert vi.startswith("không có quy định qd-1-1999; có: qd-1048-2019, qd-148-2023, ")
    assert en.startswith("no regulation qd-1-1999; there are: qd-1048-2019, qd-148-2023, ")


def test_a_regulation_that_is_no_word_is_a_fault_of_the_schema_alone() -> None:
    text = HEAD.replace('"qd-148-2023"', "148") + milestone("a", "{ unset = true }")
    assert faults(text) == {"regulation": ("phải là chữ trong dấu nháy", "must be text in quotation marks")}


def test_a_level_that_the_regulation_lacks_is_told() -> None:
    text = HEAD.replace("qd-148-2023", "qd-26-2026") + milestone("a", "{ unset = true }", actor='"district"')
    text += ROUND.format("first", "{ unset = true }", "{ unset = true }")
    lacks = (
        "qd-26-2026 không có cấp này; có: commune, province, central",
        "qd-26-2026 has no such level; it has: commune, province, central",
    )
    assert faults(text) == {"milestones[0].actor": lacks, "rounds[0].level": lacks}


def test_the_authority_may_always_act() -> None:
    assert read_plan(HEAD + milestone("a", "{ unset = true }", actor='"authority"'))


# -- order -------------------------------------------------------------------------------------------


def test_a_step_due_before_the_step_ahead_of_it_is_told() -> None:
    text = HEAD + milestone("end", "{ by = 2024-03-31 }", OUTCOME)
    text += milestone("start", '{ months = ["2024-04"] }')
    assert faults(text) == {
        "milestones[0].when": (
            "đến hạn 31/03/2024, trước bước đứng trước nó (30/04/2024)",
            "due 2024-03-31, before the step that comes ahead of it (2024-04-30)",
        )
    }


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("{ by = 2024-04-29 }", '{ months = ["2024-04"] }'),
        ("{ by = 2024-04-29 }", "{ before = 2024-04-30 }"),
        ("{ by = 2024-04-30 }", '{ quarter = "2024-Q2" }'),
        ('{ before_month = "2024-05" }', "{ range = [2024-01-01, 2024-04-30] }"),
        ("{ by = 2024-12-31 }", "{ unset = true }"),
        ("{ by = 2024-12-31 }", '{ after = { event = "registered", days = 3 } }'),
        ("{ by = 2024-12-31 }", "{ any_of = [{ by = 2024-01-01 }, { by = 2024-02-01 }] }"),
    ],
)
def test_steps_on_the_same_day_or_without_a_fixed_day_are_in_order(first: str, then: str) -> None:
    assert read_plan(HEAD + milestone("start", first) + milestone("end", then, EVALUATED))


def test_before_a_day_is_a_day_earlier_in_the_order_too() -> None:
    text = HEAD + milestone("start", "{ by = 2024-04-30 }")
    assert places(text + milestone("end", "{ before = 2024-04-30 }", EVALUATED)) == ["milestones[1].when"]


def test_each_kind_of_dossier_has_its_own_order() -> None:
    renewal, first = 'dossiers = ["renewal"]', 'dossiers = ["first"]'
    text = HEAD + milestone("a", "{ by = 2024-10-31 }", EVALUATED, more=first)
    text += milestone("b", "{ by = 2024-03-31 }", EVALUATED, more=renewal)
    text += milestone("c", "{ by = 2024-06-30 }", OUTCOME, more=renewal)
    assert read_plan(text)
    assert places(text + milestone("d", "{ by = 2024-07-31 }", OUTCOME)) == ["milestones[3].when"]
