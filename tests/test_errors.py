"""Errors for people: one sentence in each language, and the places where there are several."""

from __future__ import annotations

import pytest

from ocop_workflow import errors
from ocop_workflow.errors import Fault, InvalidInput, OcopError, Text, fault

KINDS = [
    getattr(errors, name)
    for name in ("NotFound", "Conflict", "InvalidInput", "WrongUse", "NotPermitted", "Unavailable")
]


def test_a_fault_is_a_place_and_two_sentences() -> None:
    assert fault("milestones[3].when.by", "không có ngày này", "no such day") == Fault(
        "milestones[3].when.by", Text("không có ngày này", "no such day")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_caught_as_one_root_and_shows_both_languages(kind: type[OcopError]) -> None:
    with pytest.raises(OcopError, match=r"^Not so\.$") as caught:
        raise kind("Không được.", "Not so.")
    assert (caught.value.text, caught.value.faults) == (Text("Không được.", "Not so."), ())


def test_faults_are_kept_in_their_order() -> None:
    found = [fault("b", "hai", "two"), fault("a", "một", "one")]
    assert InvalidInput("Có lỗi.", "At fault.", iter(found)).faults == tuple(found)
