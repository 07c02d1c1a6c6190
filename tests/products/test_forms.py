"""The forms of a dossier: proposed from what is known, saved in part, whole at last, erased on request."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow import privacy
from ocop_workflow.dossiers.form_views import RevenueView
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.privacy import Erasures
from ocop_workflow.products.forms.keeping import discard_form, save_form
from ocop_workflow.products.forms.revenues import YearRevenue, list_revenues, remove_revenue, save_revenue
from ocop_workflow.products.forms.showing import list_forms, show_form
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.views import to_json
from tests.factories import SENDER, act, rows, write
from tests.stories.cast import HOST, appoint

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.dossiers.form_views import FormView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "DP24-002"
SLIP, REPORT, COMMUNE = "mau-01", "mau-02", "mau-03"
BEVERAGE, BEVERAGE_SET = "II.2.b", 17
PLACE = "Thôn Hội An 2, xã Phổ An, thị xã Đức Phổ"
ETHNICITY, PHONE = "s1_6_3", "s1_4"


def save(
    database: Database,
    clock: FixedClock,
    form: str,
    given: dict[str, object],
    login: str = "",
    seen: int | None = None,
) -> int:
    with database.write() as tx:
        actor = actor_on_host(tx, login, "a test") if login else HOST
        tags = None if seen is None else frozenset({str(seen)})
        return save_form(tx, CODE, form, given, tags=tags, actor=actor, today=clock.today(), now=clock.now())


def shown(database: Database, form: str, login: str = "") -> FormView:
    with database.read() as tx:
        actor = actor_on_host(tx, login, "a test") if login else HOST
        return show_form(tx, CODE, form, actor, date(2024, 4, 23))


def proposed(view: FormView) -> dict[str, tuple[object, str | None]]:
    fields = (field for section in view.sections for field in section.fields)
    return {
        field.name: (field.proposed, field.proposed_from) for field in fields if field.proposed is not None
    }


def test_what_is_on_record_is_proposed_and_marked_and_nothing_counts_before_it_is_saved(
    seeded: Database,
) -> None:
    view = shown(seeded, SLIP)
    record = "hồ sơ đã ghi"
    assert proposed(view) == {
        "s1_1": ("Quảng Ngãi", record),
        "s1_2": (2024, record),
        "s2_1": ("Trần Quốc Việt", record),
        "s2_2": ("Trần Quốc Việt", record),
        "s2_4": (PLACE, record),
        "s3_1": ("Khô Bò", record),
        "s5_1": ("Lần đầu", record),
    }
    assert (view.version, view.saved_by, len(view.missing), view.set) == (0, None, 12, None)
    assert rows(seeded, "SELECT COUNT(*) FROM form_answers") == [(0,)]


def test_a_form_is_saved_in_part_and_what_is_not_named_stays(seeded: Database, clock: FixedClock) -> None:
    assert save(seeded, clock, SLIP, {"s2_1": "HTX Một", "s2_5": "0900"}) == 1
    assert save(seeded, clock, SLIP, {"s2_3": "Giám đốc", "s7_2": "23/4/2024"}, seen=1) == 2
    view = shown(seeded, SLIP)
    assert [view.field(name).value for name in ("s2_1", "s2_3", "s2_5", "s7_2")] == [
        "HTX Một", "Giám đốc", "0900", "2024-04-23",
    ]  # fmt: skip
    assert (view.version, view.saved_by, len(view.missing)) == (2, HOST.login, 8)
    assert view.field("s2_1").differs  # the record says otherwise, and nothing was copied over it


def test_saving_the_same_again_changes_nothing(seeded: Database, clock: FixedClock) -> None:
    given: dict[str, object] = {"s2_1": "HTX Một", "s2_5": "0900", "s2_2": ""}
    assert [save(seeded, clock, SLIP, given) for _ in range(2)] == [1, 1]
    assert rows(seeded, "SELECT COUNT(*) FROM audit WHERE action = 'form.save'") == [(1,)]


def test_what_was_emptied_on_purpose_is_not_filled_in_again(seeded: Database, clock: FixedClock) -> None:
    save(seeded, clock, SLIP, {"s2_1": None, "s2_4": ""})
    view = shown(seeded, SLIP)
    assert [(view.field(name).value, view.field(name).answered) for name in ("s2_1", "s2_2", "s2_4")] == [
        (None, True), (None, False), (None, True),
    ]  # fmt: skip
    assert "s2_1" in [item.name for item in view.missing]


def test_two_who_save_at_once_are_told_apart(seeded: Database, clock: FixedClock) -> None:
    save(seeded, clock, SLIP, {"s2_1": "HTX Một"}, seen=0)
    with pytest.raises(Stale) as error:
        save(seeded, clock, SLIP, {"s2_1": "HTX Hai"}, seen=0)
    assert error.value.text.vi == (
        f"Mẫu 01 của {CODE} đã có người khác lưu từ lúc xem; hãy xem lại rồi ghi lại."
    )


def test_every_fault_of_a_form_is_told_at_once_and_nothing_is_kept(
    seeded: Database, clock: FixedClock
) -> None:
    with pytest.raises(InvalidInput) as error:
        save(seeded, clock, REPORT, {"s1_1": "đúng", "s1_6_2": "nam", "s1_7": "mai", "z": 1, "s3_1": {}})
    assert [item.place for item in error.value.faults] == ["s1_6_2", "s1_7", "z", "s3_1"]
    assert rows(seeded, "SELECT COUNT(*) FROM form_answers") == [(0,)]


def test_the_place_in_annex_one_opens_the_self_scores_of_its_set(seeded: Database, clock: FixedClock) -> None:
    save(seeded, clock, SLIP, {"s4_1": BEVERAGE})
    view = shown(seeded, REPORT)
    first, second = (item.id for item in load_rubric(BEVERAGE_SET).criteria[:2])
    assert (view.set, len(view.scores), view.total) == (17, len(load_rubric(BEVERAGE_SET).criteria), None)
    save(seeded, clock, REPORT, {"s3_1": {first: 2, second: None}, "s3_2": {first: "hợp đồng số 3"}})
    view = shown(seeded, REPORT)
    points = load_rubric(BEVERAGE_SET).criteria[0].options[1].points
    assert [(one.chosen, one.points, one.evidence) for one in view.scores[:3]] == [
        (2, points, "hợp đồng số 3"), (None, 0, None), (None, None, None),
    ]  # fmt: skip
    assert (view.total, [one.answered for one in view.scores[:3]]) == (points, [True, True, False])
    paper = NewPaper("other", name="Hợp đồng", number="3/HĐ", criteria=(first,))
    with seeded.write() as tx:
        add_paper(tx, CODE, paper, actor=HOST, today=clock.today(), now=clock.now())
    assert [one.papers for one in shown(seeded, REPORT).scores[:2]] == [("Hợp đồng 3/HĐ",), ()]
    save(seeded, clock, SLIP, {"s4_1": "I.5.a"})  # another set: what it does not have is worth nothing
    assert shown(seeded, REPORT).set == 11


def test_a_group_with_one_set_alone_needs_no_choice(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, CODE, "register", {"group": "tourism"})
    view = shown(seeded, SLIP)
    assert (view.set, view.field("s4_1").proposed) == (26, "VI.1")


def test_the_communes_report_takes_up_what_the_producer_has_said(seeded: Database, clock: FixedClock) -> None:
    save(seeded, clock, SLIP, {"s4_1": BEVERAGE, "s2_1": "HTX Một"})
    rubric = load_rubric(BEVERAGE_SET)
    labour = [item.id for item in rubric.criteria if item.commune_content == "lao_dong_dia_phuong"]
    save(
        seeded,
        clock,
        REPORT,
        {
            "s1_6_2": "nữ",
            ETHNICITY: "Hrê",
            "s2_1": "vùng nguyên liệu 2 ha",
            "s3_2": {labour[0]: "12 lao động"},
        },
    )
    known = proposed(shown(seeded, COMMUNE))
    assert known["s1_1"] == ("HTX Một", "Mẫu 01")
    assert (known["s1_4_2"], known["s1_4_3"]) == (("nữ", "Mẫu 02"), ("Hrê", "Mẫu 02"))
    assert known["s2_1_stated"] == ("vùng nguyên liệu 2 ha", "Mẫu 02")
    assert known["s2_2_stated"] == ("12 lao động", "mô tả từng tiêu chí ở Mẫu 02")
    assert (known["s3_1"], known["s3_2"]) == (("Phổ An", "hồ sơ đã ghi"), ("Quảng Ngãi", "hồ sơ đã ghi"))
    opinion = {"who": "Công chức Kinh tế", "on": "22/4/2024", "text": "nguyên liệu trong xã"}
    save(seeded, clock, COMMUNE, {"s2_1_found": "đúng như trình bày", "x_opinions": [opinion]})
    view = shown(seeded, COMMUNE)
    assert [(item.who, item.on, item.text) for item in view.opinions] == [
        ("Công chức Kinh tế", date(2024, 4, 22), "nguyên liệu trong xã")
    ]


def test_the_next_dossier_is_proposed_what_the_one_before_has_said(
    seeded: Database, clock: FixedClock
) -> None:
    save(seeded, clock, REPORT, {"s1_2": "Hộ kinh doanh", PHONE: "0900", "s1_7": "2019-03-01", "s1_10": True})
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    known = proposed(shown(seeded, REPORT))
    assert (known["s1_2"], known[PHONE]) == (("Hộ kinh doanh", "hồ sơ 1"), ("0900", "hồ sơ 1"))
    assert known["s1_1"] == ("Trần Quốc Việt", "hồ sơ đã ghi")  # the record comes first
    assert not {"s1_7", "s1_10"} & set(known)
    assert shown(seeded, REPORT).version == 0


def test_a_product_without_a_dossier_holds_no_form(seeded: Database, clock: FixedClock) -> None:
    write(seeded, "UPDATE products SET dossier_no = 0 WHERE code = :code", code=CODE)
    with pytest.raises(Conflict):
        save(seeded, clock, SLIP, {"s2_1": "HTX Một"})


def test_a_list_of_the_forms_says_how_much_each_still_lacks(seeded: Database, clock: FixedClock) -> None:
    save(seeded, clock, SLIP, {"s2_1": "HTX Một"})
    with seeded.read() as tx:
        found = list_forms(tx, CODE, HOST, clock.today())
    assert (found.dossier, found.decision, found.applies) == (1, "26/2026/QĐ-TTg", False)
    assert [(line.form, line.version, line.missing) for line in found.forms] == [
        (SLIP, 1, 11), (REPORT, 0, 20), (COMMUNE, 0, 20),
    ]  # fmt: skip


def test_another_communes_officer_neither_sees_nor_saves(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    with pytest.raises(NotFound):
        save(seeded, clock, SLIP, {"s2_1": "x"}, "ha")
    with pytest.raises(NotPermitted):
        save(seeded, clock, SLIP, {"s2_1": "x"}, "vinh")
    assert save(seeded, clock, SLIP, {"s2_1": "x"}, "lan") == 1
    with pytest.raises(NotFound):
        save(seeded, clock, "mau-04", {})


def test_whoever_does_not_see_homes_does_not_see_a_person(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    save(seeded, clock, REPORT, {ETHNICITY: "Hrê", "s1_1": "HTX Một"}, "lan")
    fields = [shown(seeded, REPORT, login).field(ETHNICITY) for login in ("lan", "vinh")]
    assert [(field.value, field.hidden) for field in fields] == [("Hrê", False), (None, True)]
    assert shown(seeded, REPORT, "vinh").field("s1_3").proposed is None
    assert shown(seeded, REPORT, "vinh").field("s1_1").value == "HTX Một"


def test_a_dossier_that_holds_forms_is_not_undone_away(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, CODE, "withdraw", {"reason": "thôi"})
    act(seeded, clock, CODE, "resubmit", {"plan": "duc-pho-2024"})
    save(seeded, clock, SLIP, {"s2_1": "HTX Một", "s2_5": "0900"})
    order = UndoOrder(CODE, HOST, "nhầm")
    with pytest.raises(Conflict) as error, seeded.write() as tx:
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert error.value.text.vi == f"Hồ sơ 2 của {CODE} đã có mẫu điền dở; xoá mẫu trước, rồi hoàn tác."
    with seeded.write() as tx:
        discard_form(tx, CODE, SLIP, "chuyển hồ sơ", actor=HOST, now=clock.now())
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert rows(seeded, "SELECT COUNT(*) FROM contacts WHERE address = '0900'") == [(0,)]
    with pytest.raises(NotFound), seeded.write() as tx:
        discard_form(tx, CODE, SLIP, "lần nữa", actor=HOST, now=clock.now())


def test_the_doctor_sees_forms_of_no_dossier(seeded: Database, clock: FixedClock) -> None:
    save(seeded, clock, SLIP, {"s2_1": "HTX Một"})
    assert not [item for item in examine(seeded, clock).findings if item.invariant == 39]
    write(seeded, "UPDATE form_answers SET dossier = 7")
    told = [item.text.vi for item in examine(seeded, clock).findings if item.invariant == 39]
    assert told == [f"Mẫu 1 thuộc hồ sơ 7 của {CODE}, mà hồ sơ ấy không có."]


# -- what forms say of a person ---------------------------------------------------------------------


def test_what_a_form_says_of_a_person_is_found_handed_out_and_erased(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    erasures = Erasures(tmp_path / "erasures.jsonl")
    save(seeded, clock, REPORT, {ETHNICITY: "Hrê", PHONE: "0900 111 222", "s1_15": "năm người"})
    with seeded.read() as tx:
        (person,) = privacy.find_people(tx, HOST, "0900 111 222")
        ((producer,),) = rows(seeded, "SELECT producer_id FROM products WHERE code = :c", c=CODE)
        assert person.id == f"representative-{producer}"
    with seeded.write() as tx:
        kept = privacy.export(tx, HOST, person.id, now=clock.now())
    values = {(value.kind, value.value) for value in kept.values or ()}
    assert values >= {("mau-02.s1_6_3", "Hrê"), ("mau-02.s1_4", "0900 111 222"), ("place", PLACE)}
    with seeded.write() as tx:
        gone = privacy.anonymise(
            tx, HOST, person.id, "người ấy yêu cầu", erasures, today=clock.today(), now=clock.now()
        )
    assert {value.field for value in gone.values} >= {ETHNICITY, PHONE}
    field = shown(seeded, REPORT).field(ETHNICITY)
    assert (field.value, field.erased, field.answered) == (None, True, True)
    assert ETHNICITY in [item.name for item in shown(seeded, REPORT).missing]
    assert shown(seeded, REPORT).field("s1_3").proposed is None  # the place of production is gone, too
    assert shown(seeded, REPORT).field("s1_15").value == "năm người"
    for table in ("form_answers", "contacts", "audit"):
        assert not [row for row in rows(seeded, f"SELECT * FROM {table}") if "Hrê" in str(row)]


def test_what_is_told_anew_after_an_erasure_is_a_value_of_its_own(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    erasures = Erasures(tmp_path / "erasures.jsonl")
    save(seeded, clock, REPORT, {ETHNICITY: "Hrê"})
    ((producer,),) = rows(seeded, "SELECT producer_id FROM products WHERE code = :c", c=CODE)
    with seeded.write() as tx:
        privacy.anonymise(
            tx, HOST, f"representative-{producer}", "yêu cầu", erasures, today=clock.today(), now=clock.now()
        )
    assert save(seeded, clock, REPORT, {ETHNICITY: "Hrê"}) == 2
    assert shown(seeded, REPORT).field(ETHNICITY).value == "Hrê"
    with seeded.write() as tx:  # a list that names the value of before does not reach the new one
        assert privacy.erase_again(tx, HOST, erasures, today=clock.today(), now=clock.now()) == 0


def test_erasing_a_short_answer_forgets_no_reply_but_those_that_show_forms(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    appoint(seeded, clock)
    save(seeded, clock, REPORT, {ETHNICITY: "Kinh", PHONE: 'máy "bàn"'})
    bodies = {
        "form": to_json(shown(seeded, REPORT)),
        "other": '{"unit":"Phòng Kinh tế"}',
    }
    for key, body in bodies.items():
        write(
            seeded,
            "INSERT INTO replies (officer_id, key, request, status, headers, body, at) "
            "VALUES (1, :key, 'x', 200, '{}', :body, :at)",
            key=key,
            body=body,
            at="2024-04-23 00:00:00",
        )
    ((producer,),) = rows(seeded, "SELECT producer_id FROM products WHERE code = :c", c=CODE)
    erasures = Erasures(tmp_path / "erasures.jsonl")
    with seeded.write() as tx:
        privacy.anonymise(
            tx, HOST, f"representative-{producer}", "yêu cầu", erasures, today=clock.today(), now=clock.now()
        )
    assert rows(seeded, "SELECT key FROM replies") == [("other",)]


def test_a_restored_answer_is_erased_again(seeded: Database, clock: FixedClock, tmp_path: Path) -> None:
    erasures = Erasures(tmp_path / "erasures.jsonl")
    save(seeded, clock, REPORT, {ETHNICITY: "Hrê"})
    ((producer,),) = rows(seeded, "SELECT producer_id FROM products WHERE code = :c", c=CODE)
    with seeded.write() as tx:
        privacy.anonymise(
            tx, HOST, f"representative-{producer}", "yêu cầu", erasures, today=clock.today(), now=clock.now()
        )
    write(  # as a backup of before brings it back
        seeded,
        "UPDATE contacts SET address = 'Hrê', salt = 'x', erased_at = NULL "
        "WHERE id = (SELECT contact_id FROM form_values)",
    )
    assert shown(seeded, REPORT).field(ETHNICITY).value == "Hrê"
    with seeded.write() as tx:
        assert privacy.erase_again(tx, HOST, erasures, today=clock.today(), now=clock.now()) == 1
    assert shown(seeded, REPORT).field(ETHNICITY).erased


# -- revenue by year --------------------------------------------------------------------------------


def test_revenue_is_kept_by_year_and_proposed_to_the_report(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as tx:
        for given in (
            YearRevenue(2022, 1_000_000_000, 120_000_000, "báo cáo tài chính"),
            YearRevenue(2023, 1_250_000_000, -5),
            YearRevenue(2023, 1_250_000_000, None),
        ):
            found = save_revenue(tx, CODE, given, actor=HOST, today=clock.today(), now=clock.now())
    assert found.years == (
        RevenueView(2023, 1_250_000_000, None, None, HOST.login),
        RevenueView(2022, 1_000_000_000, 120_000_000, "báo cáo tài chính", HOST.login),
    )
    assert shown(seeded, REPORT).field("s2_4").proposed == (
        "Năm 2022: doanh thu 1.000.000.000 đồng, lợi nhuận 120.000.000 đồng (theo báo cáo tài chính)\n"
        "Năm 2023: doanh thu 1.250.000.000 đồng"
    )
    with seeded.write() as tx:
        left = remove_revenue(tx, CODE, 2023, "ghi nhầm năm", actor=HOST, now=clock.now())
        assert [item.year for item in left.years] == [2022]
        with pytest.raises(NotFound):
            remove_revenue(tx, CODE, 2023, "lần nữa", actor=HOST, now=clock.now())


def test_figures_that_cannot_be_are_told_at_once(seeded: Database, clock: FixedClock) -> None:
    wrong = YearRevenue(2025, -1, 10**16)
    with pytest.raises(InvalidInput) as error, seeded.write() as tx:
        save_revenue(tx, CODE, wrong, actor=HOST, today=clock.today(), now=clock.now())
    assert [item.place for item in error.value.faults] == ["year", "revenue", "profit"]
    with seeded.read() as tx:
        assert list_revenues(tx, CODE, HOST).years == ()
