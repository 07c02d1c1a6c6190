"""From sheets to a star: golden lists, sheets that lie apart, answers in writing, the seed's evening."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.councils.attendance import note_attendance
from ocop_workflow.councils.desk import look_at_again
from ocop_workflow.councils.scoring.answering import answer_in_writing
from ocop_workflow.councils.sittings import meet_instead
from ocop_workflow.errors import Conflict, NotPermitted
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.regulations.councils.words import Scoring, SessionMode, Sitting
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.regulations.rubrics.rules import AfterSpread
from tests.councils.conftest import ONE, TWO
from tests.councils.stage import DAY, MEMBERS, PASSWORD, RULES, Stage, parts, prepare
from tests.factories import rows, write
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def all_score(stage: Stage, code: str, totals: str) -> None:
    """Let the members score in their order; a dash: no sheet."""
    for login, total in zip(MEMBERS, totals.split(), strict=True):
        if total != "-":
            stage.score(login, code, parts(total))
    stage.close(code)


# -- golden lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("totals", "mean", "shown", "star"),
    [
        ("70 70 70 70 70 70 69 - -", "489/7", "69,85", 3),
        ("70 70 70 70 70 70 70 - -", "70", "70,00", 4),
        ("90 90 90 90 90 90 90 90 90", "90", "90,00", 5),
        ("90 90 90 90 90 90 90 90 89", "809/9", "89,88", 4),
        ("50 50 50 50 50 50 50 50 49", "449/9", "49,88", 2),
        ("100 100 100 100 100 100 100 - -", "100", "100,00", 5),
        ("69.5 70.5 70 70 70 70 70 - -", "70", "70,00", 4),
    ],
)
def test_the_mean_is_exact_and_its_band_the_star(
    stage: Stage, totals: str, mean: str, shown: str, star: int
) -> None:
    all_score(stage, ONE, totals)
    outcome = stage.result(ONE).outcome
    assert outcome
    assert (outcome.mean, outcome.mean_shown, outcome.star) == (mean, shown, star)


def test_fewer_sheets_than_the_quorum_make_no_result(stage: Stage) -> None:
    all_score(stage, ONE, "70 70 70 70 70 70 - - -")
    found = stage.result(ONE)
    assert (found.outcome, found.needed, found.missing) == (None, 7, ("M5", "M6", "M7"))
    assert found.blocks == ("Có 6 phiếu hợp lệ; cần ít nhất 7 mới có kết quả.",)
    with pytest.raises(Conflict) as error:
        stage.confirm(ONE)
    assert error.value.text.vi == f"{ONE} chưa xác nhận được. {found.blocks[0]}"


def test_only_whoever_scores_for_the_level_confirms(stage: Stage) -> None:
    all_score(stage, ONE, "70 70 70 70 70 70 70 70 70")
    with pytest.raises(NotPermitted):
        stage.confirm(ONE, by="m1")


# -- sheets that lie apart ---------------------------------------------------------------------------------


def test_ten_points_apart_is_not_too_far_eleven_is_discussed_and_scored_again_once(stage: Stage) -> None:
    all_score(stage, TWO, "60 70 70 70 70 70 70 70 70")
    assert stage.result(TWO).blocks == ()
    with pytest.raises(Conflict, match="no further apart"):
        stage.again(TWO)
    all_score(stage, ONE, "60 71 70 70 70 70 70 70 70")
    assert stage.result(ONE).blocks == (
        (
            "Điểm chênh 11 (quy chế: nhiều nhất 10) hoặc chưa thống nhất việc loại: thảo luận, rồi chấm lại"
            " một lần."
        ),
    )
    with pytest.raises(Conflict):
        stage.confirm(ONE)
    stage.again(ONE)
    # each begins with what was signed, and signs anew
    assert stage.sheet("chair", ONE).total == 60
    stage.save("chair", ONE, {"parts.C": "5"})
    for login in MEMBERS:
        stage.sign(login, ONE)
    stage.close(ONE)
    found = stage.result(ONE)
    assert (found.round, found.spread, found.blocks) == (2, 6, ())
    assert [(sheet.member, sheet.round, sheet.total) for sheet in found.apart][:1] == [("chair", 1, 60)]
    stage.confirm(ONE)


def apart_again(stage: Stage) -> None:
    all_score(stage, ONE, "58 70 70 70 70 70 70 70 70")
    stage.again(ONE)
    for login in MEMBERS:
        stage.sign(login, ONE)
    stage.close(ONE)


def test_if_they_stay_apart_the_mean_stands_with_a_note_of_the_chair(stage: Stage) -> None:
    apart_again(stage)
    with pytest.raises(Conflict, match="it was, once"):
        stage.again(ONE)
    with pytest.raises(NotPermitted):
        stage.chair_says(ONE, "giữ điểm", by="vice")
    stage.chair_says(ONE, "Chủ tịch giữ điểm vì tiêu chí 2 đánh giá khác nhau có lý do.")
    assert stage.result(ONE).blocks == ()
    stage.confirm(ONE)


def test_or_by_the_rules_it_is_deferred(seeded: Database, clock: FixedClock) -> None:
    rules = RULES.model_copy(update={"after_spread": AfterSpread.DEFER})
    stage = prepare(seeded, clock, ONE, rules=rules)
    stage.call_over()
    stage.open()
    apart_again(stage)
    assert stage.result(ONE).blocks == (
        "Chấm lại vẫn chênh; theo quy chế, chuyển phiên sau: rút khỏi phiên này.",
    )


# -- what the chair looks at -------------------------------------------------------------------------------


def test_what_is_worth_a_second_look_is_said_without_a_reproach(stage: Stage) -> None:
    stage.conflict("m6", TWO)
    all_score(stage, ONE, "70 70 71 70 70 70 70 70 70")
    with stage.database.read() as tx:
        found = look_at_again(tx, stage.number, stage.actor("chair"))
    assert [(item.notice.value, item.product) for item in found] == [
        ("near", ONE),
        *[("quick", None)] * 9,
        ("conflict", TWO),
    ]
    assert found[0].text == "Điểm trung bình cao hơn ngưỡng 70 chưa đến 1 điểm: nên xem lại."


# -- in writing --------------------------------------------------------------------------------------------


@pytest.fixture
def written(seeded: Database, clock: FixedClock) -> Stage:
    """A session in writing; the agency's sheet is signed."""
    stage = prepare(seeded, clock, ONE, mode=SessionMode.WRITTEN)
    with seeded.write() as tx:
        set_password(tx, HOST, "secretary", PASSWORD, now=clock.now())
    stage.open()
    return stage


def answer(stage: Stage, login: str, *, agrees: bool, reason: str = "") -> None:
    with stage.database.write() as tx:
        answer_in_writing(
            tx,
            stage.number,
            ONE,
            agrees=agrees,
            reason=reason,
            actor=stage.actor(login),
            now=stage.clock.now(),
        )


def test_in_writing_the_agencys_sheet_is_the_result_if_all_agree(written: Stage) -> None:
    with pytest.raises(Conflict, match="not signed yet"):
        answer(written, "m1", agrees=True)
    with pytest.raises(NotPermitted, match="agree or disagree"):
        written.save("m1", ONE, parts("70"))
    written.score("secretary", ONE, parts("72"))
    assert [(sheet.member, sheet.total) for sheet in written.result(ONE, "m1").sheets] == [("secretary", 72)]
    for login in MEMBERS:
        answer(written, login, agrees=True)
    written.close(ONE)
    found = written.result(ONE)
    assert found.outcome
    assert (found.outcome.n, found.outcome.mean, found.outcome.star, found.blocks) == (1, "72", 4, ())
    written.confirm(ONE)


def test_one_who_disagrees_or_says_nothing_leaves_no_result_and_the_council_meets(written: Stage) -> None:
    written.score("secretary", ONE, parts("72"))
    for login in MEMBERS[2:]:
        answer(written, login, agrees=True)
    answer(written, "vice", agrees=False, reason="vùng nguyên liệu đã đổi")
    written.close(ONE)
    assert written.result(ONE).blocks == (
        "Chưa đồng ý hoặc chưa trả lời: Chair, Vice. Không có kết quả; chuyển sang họp.",
    )
    with written.database.write() as tx:
        meet_instead(
            tx,
            written.number,
            date(2024, 11, 27),
            "có ý kiến khác nhau",
            actor=written.actor("secretary"),
            now=written.clock.now(),
        )
    found = written.view()
    assert (found.mode, found.stage, found.products[0].stage) == (
        SessionMode.MEETING,
        Sitting.DRAFT,
        Scoring.WAITING,
    )
    written.clock.move_to(date(2024, 11, 27))
    written.call_over()
    written.open()
    all_score(written, ONE, "70 70 70 70 70 70 70 70 70")
    assert len(written.result(ONE).sheets) == 9


def test_where_the_secretary_scores_the_agencys_sheet_is_not_the_secretarys_own(
    seeded: Database, clock: FixedClock
) -> None:
    rules = RULES.model_copy(update={"secretary_scores": True})
    stage = prepare(seeded, clock, ONE, mode=SessionMode.WRITTEN, rules=rules)
    with seeded.write() as tx:
        set_password(tx, HOST, "secretary", PASSWORD, now=clock.now())
    stage.open()
    stage.score("secretary", ONE, parts("72"))
    with seeded.write() as tx:
        meet_instead(tx, stage.number, DAY, "có ý kiến khác", actor=stage.actor("secretary"), now=clock.now())
    with seeded.write() as tx:
        note_attendance(
            tx,
            stage.number,
            stage.member("secretary"),
            is_present=True,
            actor=stage.actor("secretary"),
            now=clock.now(),
        )
    stage.call_over()
    stage.open()
    assert stage.view().products[0].waiting_for[-1] == "Secretary"
    for login in (*MEMBERS, "secretary"):
        stage.score(login, ONE, parts("70"))
    stage.close(ONE)
    found = stage.result(ONE).outcome
    assert found
    assert (found.n, found.mean) == (10, "70")


# -- the seed's fourteen -----------------------------------------------------------------------------------


def plain_mean(totals: list[str]) -> Fraction:
    """The mean as one counts it on paper."""
    return sum((Fraction(total) for total in totals), Fraction(0)) / len(totals)


def test_the_seeds_fourteen_through_an_evening(seeded: Database, clock: FixedClock) -> None:
    codes = [f"DP24-{number:03}" for number in range(1, 15)]
    for code in codes:
        write(
            seeded, "UPDATE products SET producer_id = COALESCE(producer_id, 1) WHERE code = :code", code=code
        )
    stage = prepare(seeded, clock, *codes)
    stage.call_over("m7")
    stage.open()
    stage.conflict("m1", codes[0])
    stage.conflict("m2", codes[1], by="secretary")
    given: dict[str, dict[str, str]] = {}
    for place, code in enumerate(codes):
        given[code] = {
            login: str(55 + (place * 3 + number) % 9)
            for number, login in enumerate(MEMBERS[:-1])
            if (login, code) not in {("m1", codes[0]), ("m2", codes[1])}
        }
    given[codes[2]]["chair"] = "76"  # far from the others
    for code, totals in given.items():
        for login, total in totals.items():
            stage.save(login, code, parts(total))
            stage.sign(login, code)
        stage.close(code)
    assert [code for code in codes if stage.result(code).blocks] == [codes[2]]
    stage.again(codes[2])
    given[codes[2]]["chair"] = "65"
    stage.save("chair", codes[2], parts("65"))
    for login in given[codes[2]]:
        stage.sign(login, codes[2])
    stage.close(codes[2])
    for code in codes:
        stage.confirm(code)
    stage.end()
    stored = dict(
        rows(seeded, "SELECT code, score_mean FROM dossiers JOIN products ON products.id = product_id")
    )
    assert {code: Fraction(str(stored[code])) for code in codes} == {
        code: plain_mean(list(totals.values())) for code, totals in given.items()
    }


def test_rules_stand_beside_their_source() -> None:
    assert CouncilRules().source == "lựa chọn của dịch vụ: quy chế hội đồng chưa được nạp"
    assert [CouncilRules(quorum=given).quorum_of(9) for given in ("3/4", "2/3", "5", "1/1")] == [7, 6, 5, 9]
    assert DAY.isoformat() == "2024-11-20"
