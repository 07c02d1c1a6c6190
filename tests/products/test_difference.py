"""A renewal or an upgrade beside what was recognised: what changed, what proves it, what ran out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.differing.comparing import Change, ChangeKind, DossierContents, Held, compare
from ocop_workflow.products.differing.declaring import LONGEST, Declaration, declare_change
from ocop_workflow.products.differing.showing import show_difference
from ocop_workflow.products.evaluation.filing import choose_set
from ocop_workflow.products.forms.keeping import save_form
from ocop_workflow.products.papers.keeping import NewPaper, add_paper, withdraw_paper
from ocop_workflow.products.papers.reusing import reuse_papers
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.upkeep.examination.findings import Severity
from tests.factories import SENDER, rows, write
from tests.stories.cast import HOST, appoint
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, step

if TYPE_CHECKING:
    from ocop_workflow.dossiers.change_views import DeclaredView, DifferenceView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "VD26-001"
SET = 7
HEADINGS = [
    "nguyên liệu",
    "công nghệ sử dụng",
    "bao bì",
    "nhãn mác",
    "công bố chất lượng",
    "thị trường tiêu thụ",
    "sản lượng",
    "doanh thu",
    "giấy tờ minh chứng pháp lý có thời hạn",
]
#: to be found again by their numbers 1, 2, 3
LICENCE = NewPaper("business_registration", number="4300")
TEST = NewPaper("test_report", number="KN-1", issued_on=date(2026, 1, 2), expires_on=date(2026, 8, 31))
AWARD = NewPaper("other", name="Giải sản phẩm tiêu biểu")
JARS = NewPaper("other", name="Hợp đồng mua hũ thủy tinh", number="3", expires_on=date(2026, 12, 31))
NEW_TEST = NewPaper("test_report", number="KN-9", issued_on=date(2026, 8, 20), expires_on=date(2027, 8, 19))
DESCRIPTION, TELEPHONE, SCORES = "s1_9", "s1_4", "s3_1"


def points(*of: int) -> dict[str, int]:
    """Choose an option, by number, for the first criteria of the set."""
    return {one.id: option for one, option in zip(load_rubric(SET).criteria, of, strict=False)}


@pytest.fixture
def recognised(database: Database, clock: FixedClock) -> Database:
    """A product of the commune's ward, recognised with three stars on 1/7/2026."""
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    for paper in (LICENCE, TEST, AWARD):
        add(database, clock, paper)
    answer(
        database, clock, {DESCRIPTION: "Chai nhựa 500 ml", TELEPHONE: "0255 000 001", SCORES: points(1, 1)}
    )
    for event, on, data in (
        ("register", date(2026, 6, 2), {"received_on": "2026-06-01"}),
        ("select", date(2026, 6, 5), {}),
        ("start_consulting", date(2026, 6, 10), {}),
        ("commune_evaluate", date(2026, 6, 20), {}),
        ("score_province", date(2026, 6, 25), {"mean": "65"}),
        ("certify", date(2026, 7, 1), {}),
        ("begin_monitoring", date(2026, 7, 2), {}),
    ):
        step(database, clock, CODE, event, on, **data)
    return database


@pytest.fixture
def upgrading(recognised: Database, clock: FixedClock) -> Database:
    """The same, which has asked for more on 1/9/2026."""
    step(recognised, clock, CODE, "open_re_rating", date(2026, 9, 1), plan=EXAMPLE, kind="upgrade")
    return recognised


def add(database: Database, clock: FixedClock, paper: NewPaper) -> int:
    with database.write() as tx:
        return add_paper(tx, CODE, paper, actor=HOST, today=clock.today(), now=clock.now()).id


def answer(database: Database, clock: FixedClock, given: dict[str, object]) -> None:
    today, now = clock.today(), clock.now()
    with database.write() as tx:
        choose_set(tx, CODE, SET, actor=HOST, today=today, now=now)
        save_form(tx, CODE, "mau-02", given, tags=None, actor=HOST, today=today, now=now)


def difference(database: Database, clock: FixedClock, login: str = "") -> DifferenceView:
    with database.read() as tx:
        actor = actor_on_host(tx, login, "a test") if login else HOST
        return show_difference(tx, CODE, actor, clock.today())


def declare(database: Database, clock: FixedClock, given: Declaration, login: str = "") -> None:
    with database.write() as tx:
        actor = actor_on_host(tx, login, "a test") if login else HOST
        declare_change(tx, CODE, given, actor=actor, now=clock.now())


def under(found: DifferenceView, heading: str) -> DeclaredView:
    return next(item for item in found.declared if item.heading == heading)


def test_a_first_dossier_is_compared_with_nothing(recognised: Database, clock: FixedClock) -> None:
    found = difference(recognised, clock)
    assert (found.applies, found.kind_label, found.recognised, found.changes) == (False, "lần đầu", None, ())


def test_an_upgrade_says_first_by_what_the_product_is_recognised(
    upgrading: Database, clock: FixedClock
) -> None:
    found = difference(upgrading, clock)
    was = found.recognised
    assert was is not None
    assert (found.dossier, found.kind_label, was.dossier, was.star, was.mean) == (2, "nâng hạng", 1, 3, "65")
    assert (was.decided_on, was.regulation) == (date(2026, 7, 1), "26/2026/QĐ-TTg")
    assert [item.heading for item in found.declared] == HEADINGS
    assert (found.undeclared, found.unproven, found.star) == (9, 0, None)


def test_what_differs_is_told_item_by_item_and_what_is_the_same_is_not(
    upgrading: Database, clock: FixedClock
) -> None:
    with upgrading.write() as tx:
        reuse_papers(tx, CODE, [1], actor=HOST, today=clock.today(), now=clock.now())
    add(upgrading, clock, NEW_TEST)
    add(upgrading, clock, JARS)
    answer(upgrading, clock, {DESCRIPTION: "Hũ thủy tinh 500 ml", SCORES: points(2, 1)})
    first = load_rubric(SET).criteria[0]
    worth = [str(option.points) for option in first.options]
    told = [(item.kind, item.label, item.before, item.now) for item in difference(upgrading, clock).changes]
    assert told == [
        (
            "form",
            "Mẫu 02: Tên sản phẩm/dịch vụ, mô tả về quy cách sản phẩm, tiêu chuẩn",
            "Chai nhựa 500 ml",
            "Hũ thủy tinh 500 ml",
        ),
        ("points", f"{first.id} {first.title}", worth[0], worth[1]),
        (
            "paper",
            "Phiếu kết quả kiểm nghiệm chỉ tiêu chất lượng, an toàn thực phẩm theo tiêu chuẩn công bố",
            "số KN-1 ngày 02/01/2026",
            "số KN-9 ngày 20/08/2026",
        ),
        ("paper", "Hợp đồng mua hũ thủy tinh", "", "số 3"),
        ("paper", "Giải sản phẩm tiêu biểu", "có", ""),
    ]


def test_papers_that_ran_out_are_named_with_what_takes_their_place(
    upgrading: Database, clock: FixedClock
) -> None:
    (gone,) = difference(upgrading, clock).ran_out
    assert (gone.dossier, gone.expires_on, gone.replaced_by) == (1, date(2026, 8, 31), None)
    add(upgrading, clock, NEW_TEST)
    (gone,) = difference(upgrading, clock).ran_out
    assert gone.replaced_by is not None
    assert gone.replaced_by.endswith("số KN-9 ngày 20/08/2026")


def test_a_change_is_unproven_until_a_good_paper_of_this_dossier_proves_it(
    upgrading: Database, clock: FixedClock
) -> None:
    declare(upgrading, clock, Declaration("bao bì", change="hũ thủy tinh thay chai nhựa"))
    declare(upgrading, clock, Declaration("sản lượng"))
    found = difference(upgrading, clock)
    assert (under(found, "bao bì").unproven, under(found, "sản lượng").unproven) == (True, False)
    assert (under(found, "sản lượng").said, under(found, "sản lượng").change) == (True, None)
    assert (found.undeclared, found.unproven) == (7, 1)
    jars = add(upgrading, clock, JARS)
    declare(upgrading, clock, Declaration("bao bì", change="hũ thủy tinh thay chai nhựa", papers=(jars,)))
    found = difference(upgrading, clock)
    assert [item.told for item in under(found, "bao bì").papers] == ["Hợp đồng mua hũ thủy tinh số 3"]
    assert found.unproven == 0
    clock.move_to(date(2027, 1, 1))  # the contract ran out the day before
    assert difference(upgrading, clock).unproven == 1
    with upgrading.write() as tx:
        withdraw_paper(tx, CODE, jars, "ghi nhầm", actor=HOST, now=clock.now())
    assert under(difference(upgrading, clock), "bao bì").papers == ()
    assert [item for item in examine(upgrading, clock).findings if item.severity is Severity.VIOLATED] == []


def test_what_was_said_is_taken_out_again_and_the_audit_keeps_both(
    upgrading: Database, clock: FixedClock
) -> None:
    declare(upgrading, clock, Declaration("nhãn mác", change="nhãn mới"))
    declare(upgrading, clock, Declaration("nhãn mác", said=False))
    assert difference(upgrading, clock).undeclared == 9
    assert rows(upgrading, "SELECT COUNT(*) FROM audit WHERE action = 'dossier.declare_change'") == [(2,)]


@pytest.mark.parametrize(
    ("given", "place", "vi"),
    [
        (Declaration("màu sắc"), "heading", f"phải là một trong: {'; '.join(HEADINGS)}"),
        (Declaration("bao bì", change="a" * (LONGEST + 1)), "change", "dài quá 1000 chữ"),
        (
            Declaration("bao bì", papers=(1,)),
            "change",
            "đã chọn giấy tờ chứng minh thì phải ghi thay đổi gì",
        ),
        (Declaration("bao bì", change="hũ", papers=(2,)), "papers", "hồ sơ không có giấy tờ số 2"),
    ],
)
def test_a_faulty_one_is_refused_and_nothing_is_kept(
    upgrading: Database, clock: FixedClock, given: Declaration, place: str, vi: str
) -> None:
    with upgrading.write() as tx:
        reuse_papers(tx, CODE, [1], actor=HOST, today=clock.today(), now=clock.now())
    with pytest.raises(InvalidInput) as refused:
        declare(upgrading, clock, given)
    assert (place, vi) in [(fault.place, fault.text.vi) for fault in refused.value.faults]
    assert rows(upgrading, "SELECT heading FROM declared_changes") == []


def test_only_whoever_has_the_product_in_hand_says_what_changed(
    upgrading: Database, clock: FixedClock
) -> None:
    appoint(upgrading, clock, {"khanh": (Role.VIEWER, "vi-du")})
    with pytest.raises(NotPermitted):
        declare(upgrading, clock, Declaration("bao bì", change="hũ"), "khanh")


def test_of_a_first_dossier_nothing_is_declared(recognised: Database, clock: FixedClock) -> None:
    with pytest.raises(Conflict) as refused:
        declare(recognised, clock, Declaration("bao bì", change="hũ"))
    assert refused.value.text.vi == ("VD26-001 đang ở hồ sơ lần đầu: chưa có hồ sơ đã công nhận nào để so.")


def test_that_a_telephone_changed_is_told_to_all_and_the_number_to_few(
    upgrading: Database, clock: FixedClock
) -> None:
    answer(upgrading, clock, {TELEPHONE: "0255 000 002"})
    appoint(upgrading, clock, {"khanh": (Role.VIEWER, "vi-du")})
    label = "Mẫu 02: Điện thoại"
    seen = [item for item in difference(upgrading, clock).changes if item.label == label]
    hidden = [item for item in difference(upgrading, clock, "khanh").changes if item.label == label]
    assert [(item.before, item.now, item.hidden) for item in seen] == [
        ("0255 000 001", "0255 000 002", False)
    ]
    assert [(item.before, item.now, item.hidden) for item in hidden] == [("", "", True)]


def test_opening_it_is_not_undone_while_something_is_said(upgrading: Database, clock: FixedClock) -> None:
    declare(upgrading, clock, Declaration("bao bì", change="hũ"))
    with upgrading.write() as tx, pytest.raises(Conflict) as refused:
        undo(tx, UndoOrder(CODE, HOST, "mở nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert refused.value.text.vi == (
        "Hồ sơ 2 của VD26-001 đã ghi nội dung thay đổi; xoá đi trước, rồi hoàn tác."
    )


@pytest.mark.parametrize(("held", "mean", "star"), [(3, "75", 4), (4, "65", 3)])
def test_the_star_rises_or_falls_and_the_old_certificate_runs_until_the_new_decision(
    upgrading: Database, clock: FixedClock, held: int, mean: str, star: int
) -> None:
    write(upgrading, f"UPDATE certificates SET star = {held}")
    for event, on, data in (
        ("commune_evaluate", date(2026, 9, 20), {}),
        ("score_province", date(2026, 10, 25), {"mean": mean}),
    ):
        step(upgrading, clock, CODE, event, on, **data)
    found = difference(upgrading, clock)
    assert (found.mean, found.star) == (mean, star)
    ended = "SELECT star, ended_because FROM certificates ORDER BY id"
    assert rows(upgrading, ended) == [(held, None)]
    step(upgrading, clock, CODE, "certify", date(2026, 11, 2))
    found = difference(upgrading, clock)
    assert found.recognised is not None
    assert (found.recognised.star, found.recognised.dossier) == (held, 1)  # on which it rests, not its own
    assert rows(upgrading, ended) == [(held, "renewed"), (star, None)]


def test_a_product_from_the_register_is_compared_with_its_certificate_alone(
    upgrading: Database, clock: FixedClock
) -> None:
    write(upgrading, "UPDATE certificates SET producer = 'Hộ kinh doanh An Bình', product = 'Mật ong'")
    write(upgrading, "UPDATE transitions SET event = 'enter_register' WHERE seq = 1")
    write(upgrading, "UPDATE transitions SET event = 'begin_monitoring' WHERE event = 'certify'")
    found = difference(upgrading, clock)
    assert found.recognised is not None
    assert found.recognised.dossier is None
    assert ("tên sản phẩm", "Mật ong", "Mật ong rừng") in [
        (item.label, item.before, item.now) for item in found.changes
    ]


# -- what is compared, apart from any database -----------------------------------------------------


def test_what_only_one_of_two_was_asked_is_no_change() -> None:
    before = DossierContents(answers={"a": "1", "b": "2"}, points={"1.1": 3})
    now = DossierContents(answers={"b": "2", "c": "3"}, points={"1.2": 3})
    assert compare(before, now) == ()


def test_papers_of_one_kind_take_one_anothers_place_in_order() -> None:
    before = DossierContents(
        papers=(Held("test", "KN-1", 1), Held("test", "KN-2", 2), Held("licence", "4300", 3))
    )
    now = DossierContents(papers=(Held("test", "KN-3", 4), Held("licence", "4300", 5, taken_from=3)))
    assert compare(before, now) == (
        Change(ChangeKind.PAPER, "test", "KN-1", "KN-3"),
        Change(ChangeKind.PAPER, "test", "KN-2", ""),
    )
