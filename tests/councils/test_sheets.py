"""A member's sheet: blind, saved entry by entry, signed once; and the one way on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.councils.desk import look_at_again, show_result
from ocop_workflow.councils.scoring.filling import save_entries
from ocop_workflow.councils.scoring.paper import PaperTaken, TypedSheet, type_sheet
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, TooManyAttempts
from ocop_workflow.people.officers import add_officer
from ocop_workflow.upkeep.examination.doctor import examine
from tests.councils.conftest import ONE, TWO
from tests.councils.stage import MEMBERS, TOWN, parts
from tests.factories import rows, write
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from tests.councils.stage import Stage


# -- entry by entry ----------------------------------------------------------------------------------------


def test_each_entry_is_kept_at_once_and_counts_its_versions(stage: Stage) -> None:
    stage.save("m1", ONE, {"parts.A": "38"})
    stage.clock.wait(timedelta(minutes=2))
    stage.save("m1", ONE, {"parts.A": "37.5"})
    found = stage.sheet("m1", ONE)
    assert (found.entries, found.left, found.total) == ({"parts.A": "37.5"}, ("parts.B", "parts.C"), "37.5")
    assert found.saved_at == stage.clock.now()
    assert rows(stage.database, "SELECT place, version FROM sheet_entries") == [("parts.A", 2)]


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ({"parts.A": "41"}, ["parts.A"]),
        ({"parts.A": "101"}, ["parts.A"]),
        ({"parts.D": "1"}, ["parts.D"]),
        ({"choices.1.1": 1}, ["choices.1.1"]),
        ({"opinion": 7}, ["opinion"]),
        ({"opinion": "x" * 1001}, ["opinion"]),
    ],
)
def test_what_the_sheet_does_not_take_is_not_kept(
    stage: Stage, said: dict[str, object], places: list[str]
) -> None:
    with pytest.raises(InvalidInput) as error:
        stage.save("m1", ONE, {"parts.B": "20", **said})
    assert [item.place for item in error.value.faults] == places
    assert stage.sheet("m1", ONE).entries == {}


def test_nobody_sees_a_sheet_before_scoring_is_closed(stage: Stage) -> None:
    stage.score("m1", ONE, parts("71"))
    stage.save("m2", ONE, {"parts.A": "39"})
    for login in ("chair", "m2", "secretary", "clerk"):
        found = stage.result(ONE, login)
        assert (found.sheets, found.apart, found.outcome) == ((), (), None)
        assert "71" not in repr(stage.view(login))
    with stage.database.read() as tx:
        found = show_result(tx, stage.number, ONE, HOST)
        assert (found.sheets, found.apart) == ((), ())
        assert look_at_again(tx, stage.number, stage.actor("secretary")) == []
    assert stage.sheet("m2", ONE).entries == {"parts.A": "39"}
    assert stage.view().products[0].signed == ("M1",)
    stage.close(ONE)
    assert [(sheet.member, sheet.total) for sheet in stage.result(ONE, "m2").sheets] == [("m1", 71)]


def test_what_was_begun_and_never_signed_is_read_by_nobody_ever(stage: Stage) -> None:
    stage.save("m2", ONE, parts("33"))
    stage.close(ONE)
    found = stage.result(ONE)
    assert found.sheets == ()
    assert "M2" in found.missing


# -- who may not -------------------------------------------------------------------------------------------


def test_who_has_a_conflict_is_away_keeps_the_records_or_sits_elsewhere_does_not_score(
    prepared: Stage,
) -> None:
    prepared.call_over("m7")
    prepared.open()
    prepared.conflict("m1", ONE)
    refused = {
        "m1": f"Đã khai xung đột lợi ích với {ONE} (chủ thể là người thân); không chấm sản phẩm này.",
        "m7": "Chưa được điểm danh có mặt ở phiên này; báo thư ký.",
        "secretary": "Theo quy chế, thư ký không chấm điểm.",
        "clerk": "clerk không phải thành viên hội đồng của phiên này; không chấm, không ký thay ai được.",
    }
    for login, why in refused.items():
        with pytest.raises(NotPermitted) as error:
            prepared.save(login, ONE, parts("70"))
        assert error.value.text.vi == why
    prepared.save("m1", TWO, parts("70"))  # the conflict is about one product


def test_the_hosts_operator_scores_for_nobody(stage: Stage) -> None:
    with stage.database.write() as tx, pytest.raises(NotPermitted, match="scores and signs for nobody"):
        save_entries(tx, stage.number, ONE, parts("70"), actor=HOST, now=stage.clock.now())


def test_a_conflict_is_declared_of_oneself_or_by_the_secretary_and_before_closing(stage: Stage) -> None:
    with pytest.raises(NotPermitted):
        stage.conflict("m1", ONE, by="m2")
    stage.conflict("m1", ONE, by="secretary")
    with pytest.raises(Conflict, match="noted of m1 already"):
        stage.conflict("m1", ONE)
    stage.close(ONE)
    with pytest.raises(Conflict, match="too late"):
        stage.conflict("m2", ONE)


def test_no_sheet_before_opening_after_closing_or_of_what_is_not_on_the_list(prepared: Stage) -> None:
    with pytest.raises(Conflict, match="The session is draft"):
        prepared.save("m1", ONE, parts("70"))
    prepared.call_over()
    prepared.open()
    with pytest.raises(NotFound):
        prepared.save("m1", "DP24-014", parts("70"))
    prepared.close(ONE)
    with pytest.raises(Conflict, match="it cannot be scored"):
        prepared.save("m1", ONE, parts("70"))


# -- signing -----------------------------------------------------------------------------------------------


def test_only_a_whole_sheet_is_signed_and_then_it_stays(stage: Stage) -> None:
    stage.save("m1", ONE, {"parts.A": "30"})
    with pytest.raises(InvalidInput) as error:
        stage.sign("m1", ONE)
    assert error.value.text.vi == "Phiếu chưa đủ: còn 2 tiêu chí chưa chấm."
    assert [item.place for item in error.value.faults] == ["parts.B", "parts.C"]
    stage.save("m1", ONE, {"parts.B": "20", "parts.C": "20", "opinion": "Bao bì cần ghi rõ nơi sản xuất."})
    checksum = stage.sign("m1", ONE)
    assert stage.sheet("m1", ONE).is_signed
    with pytest.raises(Conflict, match="signed"):
        stage.save("m1", ONE, {"parts.A": "40"})
    with pytest.raises(Conflict, match="signed"):
        stage.sign("m1", ONE)
    assert rows(stage.database, "SELECT sha256 FROM score_sheets") == [(checksum,)]


def test_signing_takes_the_password_again_and_guessing_it_slows_down(stage: Stage) -> None:
    stage.save("m1", ONE, parts("70"))
    with pytest.raises(InvalidInput) as error:
        stage.sign("m1", ONE, "mật khẩu của người khác")
    assert [item.place for item in error.value.faults] == ["password"]
    for _ in range(2):
        with pytest.raises(InvalidInput):
            stage.sign("m1", ONE, "thử nữa")
    with pytest.raises(TooManyAttempts):
        stage.sign("m1", ONE)
    assert not stage.sheet("m1", ONE).is_signed


def test_a_signed_sheet_that_was_changed_behind_the_service_is_found(stage: Stage) -> None:
    stage.score("m1", ONE, parts("70"))
    write(stage.database, """UPDATE sheet_entries SET value = '"39"' WHERE place = 'parts.A'""")
    found = [item for item in examine(stage.database, stage.clock).findings if item.invariant == 40]
    assert [(item.table, item.text.en) for item in found] == [
        ("score_sheets", f"The signed sheet of m1 for {ONE} (session 1, round 1) is not what was signed.")
    ]


# -- on paper ----------------------------------------------------------------------------------------------


def typed(stage: Stage, by: str, total: str, login: str = "m7") -> PaperTaken:
    with stage.database.write() as tx:
        given = TypedSheet(parts(total), "tủ 3, kẹp phiên 1")
        return type_sheet(
            tx, stage.number, ONE, stage.member(login), given, actor=stage.actor(by), now=stage.clock.now()
        )


@pytest.fixture
def with_paper(stage: Stage) -> Stage:
    """Everybody has signed but the seventh member, whose sheet is on paper; scoring is closed."""
    for login in MEMBERS[:-1]:
        stage.score(login, ONE, parts("70"))
    stage.close(ONE)
    return stage


def test_a_sheet_on_paper_counts_when_two_officers_have_typed_the_same(with_paper: Stage) -> None:
    assert typed(with_paper, "secretary", "61") == PaperTaken(is_signed=False)
    assert with_paper.result(ONE).outcome is not None
    assert typed(with_paper, "clerk", "62") == PaperTaken(is_signed=False, differing=("parts.B",))
    assert len(with_paper.result(ONE).sheets) == 8
    assert typed(with_paper, "clerk", "61").is_signed
    found = with_paper.result(ONE)
    last = found.sheets[-1]
    assert (last.member, last.total, last.signed_by_label) == ("m7", 61, "ký trên giấy")
    assert found.outcome
    assert (found.outcome.mean, found.missing) == ("69", ())
    assert [it for it in examine(with_paper.database, with_paper.clock).findings if it.invariant == 40] == []


def test_a_third_who_types_it_bears_out_one_of_two_who_differ(with_paper: Stage) -> None:
    with with_paper.database.write() as tx:
        add_officer(tx, HOST, "third", "Third", Role.COUNCIL_SECRETARY, TOWN, now=with_paper.clock.now())
    typed(with_paper, "secretary", "61")
    assert typed(with_paper, "clerk", "62").differing == ("parts.B",)
    assert typed(with_paper, "third", "62") == PaperTaken(is_signed=True)
    (total,) = [sheet.total for sheet in with_paper.result(ONE).sheets if sheet.member == "m7"]
    assert total == 62


def test_paper_is_typed_after_closing_by_whoever_does_not_score_for_whom_a_sheet_is_missing(
    stage: Stage,
) -> None:
    with pytest.raises(Conflict, match="after scoring is closed"):
        typed(stage, "secretary", "61")
    for login in MEMBERS[:-1]:
        stage.score(login, ONE, parts("70"))
    stage.close(ONE)
    with pytest.raises(NotPermitted):
        typed(stage, "m1", "61")
    with pytest.raises(Conflict, match="No sheet of m1 is missing"):
        typed(stage, "secretary", "61", "m1")
