"""What a chair is shown to look at again: each kind, and what is not worth a word."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from ocop_workflow.regulations.councils.attention import AttentionKind, Seen, look_again
from ocop_workflow.regulations.councils.signing import SignedSheet, checksum_of
from ocop_workflow.regulations.councils.words import (
    CouncilDuty,
    Scoring,
    SessionMode,
    SheetStage,
    SignedBy,
    Sitting,
)

LONG = timedelta(minutes=20)


def seen(member: str, product: str, total: int, round_: int = 1, **more: object) -> Seen:
    said = more.get("said", {"choices.1.1": total})
    took = more.get("took", LONG)
    assert isinstance(said, dict)
    assert isinstance(took, timedelta)
    return Seen(member, product, round_, Fraction(total), said, took, on_paper=bool(more.get("on_paper")))


def kinds(sheets: list[Seen], **means: int) -> list[tuple[AttentionKind, str | None]]:
    found = look_again(sheets, {name: Fraction(mean) for name, mean in means.items()}, [])
    return [(item.notice, item.product) for item in found]


def test_a_mean_less_than_a_point_above_a_threshold() -> None:
    means = {"a": Fraction(70), "b": Fraction(142, 2), "c": Fraction(569, 8), "d": Fraction(699, 10)}
    assert [(item.notice, item.product) for item in look_again([], means, [])] == [(AttentionKind.NEAR, "a")]
    assert look_again([], {"e": Fraction(509, 10)}, [])[0].text.vi == (
        "Điểm trung bình cao hơn ngưỡng 50 chưa đến 1 điểm: nên xem lại."
    )


def test_sheets_that_agree_in_every_criterion_but_not_those_by_parts() -> None:
    alike = [seen("An", "p", 60, said={"choices.1.1": 2}), seen("Ba", "p", 60, said={"choices.1.1": 2})]
    assert kinds(alike) == [(AttentionKind.ALIKE, "p")]
    by_parts = [seen("An", "p", 60, said={"parts.A": "30"}), seen("Ba", "p", 60, said={"parts.A": "30"})]
    assert kinds(by_parts) == []


def test_whoever_never_varies_or_always_meets_a_threshold() -> None:
    same = [seen("An", name, 66, said={"choices.1.1": number}) for number, name in enumerate("pqr")]
    assert kinds(same) == [(AttentionKind.UNVARYING, None)]
    exact = [seen("An", name, total) for name, total in zip("pqr", (50, 70, 90), strict=True)]
    assert kinds(exact) == [(AttentionKind.ON_THRESHOLD, None)]
    assert kinds(exact[:2]) == []
    assert kinds([*exact, seen("An", "s", 71)]) == []


def test_what_changed_after_a_discussion_is_told_with_both_figures() -> None:
    sheets = [
        seen("An", "p", 60),
        seen("An", "p", 66, 2),
        seen("Ba", "p", 66, said={}),
        seen("Ba", "p", 66, 2),
    ]
    (found,) = look_again(sheets, {"p": Fraction(66)}, [])[-1:]
    assert (found.notice, found.text.vi) == (
        AttentionKind.CHANGED,
        "An đổi từ 60 thành 66 điểm sau thảo luận.",
    )


def test_what_was_signed_within_a_minute_but_not_on_paper() -> None:
    quick = timedelta(seconds=59)
    sheets = [seen("An", "p", 61, took=quick), seen("Ba", "p", 62, took=quick, on_paper=True)]
    assert kinds(sheets) == [(AttentionKind.QUICK, None)]


def test_declared_conflicts_are_told() -> None:
    (found,) = look_again([], {}, [("An", "p")])
    assert (found.notice, found.product, found.text.en) == (
        AttentionKind.CONFLICT,
        "p",
        "An has declared a conflict of interest.",
    )


@pytest.mark.parametrize("words", [CouncilDuty, SessionMode, Sitting, Scoring, SheetStage, SignedBy])
def test_each_word_is_said_in_both_languages(words: type[CouncilDuty]) -> None:
    assert all(word.text.vi and word.text.en for word in words)


def test_a_changed_choice_reason_or_name_makes_another_checksum() -> None:
    sheet = SignedSheet(1, "P-1", "16", "m1", 1)
    said = {"choices.1.1": 2, "knockouts.set": "trùng sản phẩm"}
    found = {
        checksum_of(sheet, said),
        checksum_of(sheet, {**said, "choices.1.1": 3}),
        checksum_of(sheet, {**said, "knockouts.set": "khác"}),
        checksum_of(SignedSheet(1, "P-1", "16", "m2", 1), said),
    }
    assert len(found) == 4
    assert checksum_of(sheet, dict(reversed(said.items()))) in found
