"""Who makes what a list names: one producer by its cell, its number, or name, representative and address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import rows
from tests.imports.register.bringing import assert_sound, bring, listed, told

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.imports.register.importing import RegisterFile
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HEADING = "Tên sản phẩm,Chủ thể,Người đại diện,Địa chỉ,Mã số thuế,Xã,Hạng sao,Số quyết định,Ngày cấp,Cơ quan"
OF = "Phổ An,3 sao,{n}/QĐ-UBND,05/8/2023,UBND huyện"


def line(product: str, owner: str, number: int = 1) -> str:
    """Return a row: a product and the five cells of its owner."""
    return f"{product},{owner},{OF.format(n=number)}"


def made(folder: Path, *lines: str, answers: dict[str, str] | None = None) -> RegisterFile:
    return listed(folder, *lines, heading=HEADING, answers=answers)


def producers(database: Database) -> list[tuple[str, str, int]]:
    """Return the producers of products outside every plan: name, representative, how many products."""
    return rows(
        database,
        "SELECT r.name, r.representative, count(*) FROM producers r JOIN products p ON p.producer_id = r.id "
        "WHERE p.code LIKE 'SO-%' GROUP BY r.id, r.name, r.representative ORDER BY min(p.code)",
    )


def test_the_same_name_representative_and_address_in_one_list_is_one(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    report = bring(
        staffed,
        clock,
        made(
            tmp_path,
            line("Mắm", "HTX A,Đại diện thử,Thôn 1,"),
            line("Muối", "HTX A,Đại diện thử,Thôn 1,"),
            line("Nem", "HTX A,Đại diện thử,Thôn 2,"),  # another address: another producer
            line("Chè", "HTX A,Đại diện khác,Thôn 1,"),  # another representative
        ),
    )
    assert sorted(producers(staffed)) == [
        ("HTX A", "Đại diện khác", 1),
        ("HTX A", "Đại diện thử", 1),
        ("HTX A", "Đại diện thử", 2),
    ]
    assert "một chủ thể với dòng 2 (cùng tên, người đại diện, địa chỉ)" in report.verdicts[1].detail
    assert_sound(staffed, clock)


def test_an_equal_name_alone_is_no_identity(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", "Hộ A,,,"), line("Muối", "Hộ A,,,")))
    assert len(producers(staffed)) == 2


def test_a_blank_cell_below_and_one_registration_number_are_one(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    report = bring(
        staffed,
        clock,
        made(
            tmp_path,
            line("Mắm", "HTX A,,,0123"),
            line("Muối", ",,,"),
            line("Nem", "HTX A,,,0123"),
        ),
    )
    assert producers(staffed) == [("HTX A", "HTX A", 3)]
    assert "một chủ thể với dòng 2" in report.verdicts[2].detail


def test_one_number_beside_two_names_is_at_fault(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    report = bring(staffed, clock, made(tmp_path, line("Mắm", "HTX A,,,0123"), line("Muối", "HTX B,,,0123")))
    assert sorted(verdict for _, verdict in told(report)) == ["fault", "new"]
    detail = next(one.detail for one in report.verdicts if one.verdict.value == "fault")
    assert "số đăng ký 0123 đứng với hai tên" in detail


KNOWN = "HTX A,Đại diện thử,Thôn 1,"


def test_who_is_there_is_proposed_by_one_question_for_all_its_rows(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", KNOWN)))
    fresh = (line("Muối", KNOWN, 2), line("Nem", KNOWN, 2))
    report = bring(staffed, clock, made(tmp_path, *fresh))
    assert (told(report), report.questions) == ([(2, "question"), (3, "question")], 1)
    one, other = report.verdicts
    assert one.key == other.key
    assert one.key is not None
    assert "là chủ thể ấy hay chủ thể mới? Trả lời “trùng” hay “mới”" in one.detail
    assert other.detail == "chủ thể “HTX A”: như câu hỏi ở dòng 2"
    same = bring(staffed, clock, made(tmp_path, *fresh, answers={one.key: "trùng"}))
    assert (same.new, same.published) == (2, True)
    assert producers(staffed) == [("HTX A", "Đại diện thử", 3)]
    assert_sound(staffed, clock)


def test_an_answer_beside_one_row_is_for_all_rows_of_the_producer(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", KNOWN)))
    answers = {"so!3": "mới"}
    fresh = made(tmp_path, line("Muối", KNOWN, 2), line("Nem", KNOWN, 2), answers=answers)
    assert bring(staffed, clock, fresh).published
    assert producers(staffed) == [("HTX A", "Đại diện thử", 1), ("HTX A", "Đại diện thử", 2)]
    # of the two that are there now, only a number says which is meant
    (third,) = bring(
        staffed, clock, made(tmp_path, line("Tôm", KNOWN, 3), answers={"so!2": "trùng"})
    ).verdicts
    assert (third.verdict.value, third.proposed) == ("question", None)


def test_less_than_all_three_is_a_new_one_and_nobody_is_asked(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", KNOWN)))
    less = ("HTX A,Đại diện thử,,", "HTX A,,Thôn 1,", "HTX A,Đại diện khác,Thôn 1,", "HTX A,,,")
    report = bring(staffed, clock, made(tmp_path, *(line(f"SP {n}", owner) for n, owner in enumerate(less))))
    assert (report.questions, report.published) == (0, True)
    assert len(producers(staffed)) == 5


def numbers(database: Database) -> list[tuple[str, str | None]]:
    return rows(
        database,
        "SELECT DISTINCT r.name, r.registration FROM producers r JOIN products p ON p.producer_id = r.id "
        "WHERE p.code LIKE 'SO-%' ORDER BY r.name",
    )


def test_a_stored_registration_number_is_the_same_producer_without_a_question(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", "HTX A,Đại diện thử,Thôn 1,4300 123-456")))
    report = bring(
        staffed,
        clock,
        made(
            tmp_path,
            line("Muối", "Hợp tác xã A,Đại diện khác,Thôn 9,MST: 4300.123.456", 2),
            line("Nem", "HTX B,,,", 2),
        ),
    )
    assert report.questions == 0
    assert sorted(producers(staffed)) == [("HTX A", "Đại diện thử", 2), ("HTX B", "HTX B", 1)]
    assert numbers(staffed) == [("HTX A", "4300123456"), ("HTX B", None)]
    told_of = next(one.detail for one in report.verdicts if one.row == 2)
    assert "cùng số đăng ký 4300123456, ở đó tên là “HTX A”" in told_of
    assert_sound(staffed, clock)


def test_another_registration_number_is_another_producer_whatever_the_names(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", "HTX A,Đại diện thử,Thôn 1,0123")))
    report = bring(staffed, clock, made(tmp_path, line("Muối", "HTX A,Đại diện thử,Thôn 1,0124", 2)))
    assert report.questions == 0
    assert producers(staffed) == [("HTX A", "Đại diện thử", 1), ("HTX A", "Đại diện thử", 1)]


def test_a_number_that_comes_later_is_kept_of_whoever_is_meant(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, made(tmp_path, line("Mắm", "HTX A,Đại diện thử,Thôn 1,")))
    later = line("Muối", "HTX A,Đại diện thử,Thôn 1,0123", 2)
    asked = bring(staffed, clock, made(tmp_path, later))
    assert asked.questions == 1
    (question,) = [one for one in asked.verdicts if one.key]
    assert question.key is not None
    bring(staffed, clock, made(tmp_path, later, answers={question.key: "trùng"}))
    assert producers(staffed) == [("HTX A", "Đại diện thử", 2)]
    assert numbers(staffed) == [("HTX A", "0123")]


def test_one_registration_number_is_one_producer_in_whichever_commune(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    elsewhere = line("Nem", "HTX A,,,0123").replace("Phổ An", "Phổ Thuận")
    report = bring(staffed, clock, made(tmp_path, line("Mắm", "HTX A,,,0123"), elsewhere))
    assert report.faults == 0
    assert producers(staffed) == [("HTX A", "HTX A", 2)]
    other = line("Tỏi", "HTX B,,,0124").replace("Phổ An", "Phổ Thuận")
    wrong = bring(staffed, clock, made(tmp_path, line("Muối", "HTX C,,,0124"), other))
    assert wrong.faults == 1
    assert_sound(staffed, clock)


def test_what_is_no_number_joins_nobody(staffed: Database, clock: FixedClock, tmp_path: Path) -> None:
    words = ["chưa có", "chưa có", "-", "0", "0"]
    lines = [line(f"Mắm {n}", f"Hộ {n},,,{word}") for n, word in enumerate(words)]
    report = bring(staffed, clock, made(tmp_path, *lines))
    assert (report.faults, len(producers(staffed))) == (0, 5)
    assert {number for _, number in numbers(staffed)} == {None}
