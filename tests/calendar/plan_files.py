"""Small plan files to break, and what is said of them."""

from __future__ import annotations

import pytest

from ocop_workflow.calendar.reading.loading import read_plan
from ocop_workflow.errors import InvalidInput

HEAD = """
format = 1
id = "town-2024"
code = "TN24"
title = "Kế hoạch"
year = 2024
regulation = "qd-148-2023"
unit = "duc-pho"
document = { number = "", issued = "" }
office = { name = "Phòng Kinh tế" }
"""
REGISTERED, EVALUATED, OUTCOME = '"registered"', '"commune_evaluated"', '["certified", "not_rated"]'


def milestone(name: str, when: str, reach: str = REGISTERED, actor: str = '"commune"', more: str = "") -> str:
    """Write a milestone."""
    return (
        f'[[milestones]]\nid = "{name}"\nname = "Mốc"\nclause = "1"\nas_written = "Tháng 3"\n'
        f"when = {when}\nreach = {reach}\nactor = {actor}\n{more}\n"
    )


SOUND = milestone("sound", "{ unset = true }")


def places(text: str) -> list[str]:
    """Return the places of the faults of a plan."""
    with pytest.raises(InvalidInput) as refused:
        read_plan(text)
    return [fault.place for fault in refused.value.faults]


def faults(text: str) -> dict[str, tuple[str, str]]:
    """Return the faults of a plan: both sentences by place."""
    with pytest.raises(InvalidInput) as refused:
        read_plan(text)
    return {fault.place: (fault.text.vi, fault.text.en) for fault in refused.value.faults}
