"""A plan that rests on two documents: each entry says which, and each is proved by its own text."""

from __future__ import annotations

from ocop_workflow.calendar import DeadlineKind, quotations, read_plan
from ocop_workflow.calendar.reading.quotes import quote_faults
from tests.calendar.plan_files import EVALUATED, HEAD, faults, milestone
from tests.calendar.test_open_rounds import calendar

COUNCIL = (
    '[[documents]]\nid = "hoi-dong"\nname = "Kế hoạch của Hội đồng OCOP thị xã"\n'
    'number = "12/KH-HĐ"\nissued = 2024-08-12\n'
)
OF_THE_COUNCIL = 'document = "hoi-dong"\n[[milestones.tasks]]\nas_written = "Họp Hội đồng"\nby = "Hội đồng"\n'
TEXT = (
    HEAD
    + COUNCIL
    + milestone("first", "{ by = 2024-03-31 }")
    + milestone("then", "{ by = 2024-10-31 }", EVALUATED, more=OF_THE_COUNCIL)
)


def test_a_letter_cites_the_document_that_says_it() -> None:
    plan = calendar(TEXT.replace('number = ""', 'number = "43/KH-UBND"'))
    assert [plan.wording(DeadlineKind.MILESTONE, name).basis for name in ("first", "then")] == [
        "mục 1, Kế hoạch OCOP số 43/KH-UBND năm 2024",
        "mục 1, Kế hoạch của Hội đồng OCOP thị xã số 12/KH-HĐ ngày 12/08/2024",
    ]


def test_a_document_without_number_and_day_is_cited_by_its_name() -> None:
    blank = TEXT.replace("12/KH-HĐ", "").replace("issued = 2024-08-12", 'issued = ""')
    assert calendar(blank).wording(DeadlineKind.MILESTONE, "then").basis == (
        "mục 1, Kế hoạch của Hội đồng OCOP thị xã"
    )


def test_what_belongs_to_an_entry_belongs_to_its_document() -> None:
    assert [(quote.place, quote.document) for quote in quotations(read_plan(TEXT))] == [
        ("milestones[0].as_written", ""),
        ("milestones[1].as_written", "hoi-dong"),
        ("milestones[1].tasks[0].as_written", "hoi-dong"),
    ]


def test_each_quotation_is_proved_by_the_text_of_its_own_document() -> None:
    tables = read_plan(TEXT).model_dump()
    committee, council = "Tháng 3", "Tháng 3, Họp Hội đồng"
    assert list(quote_faults(tables, {"": committee, "hoi-dong": council})) == []
    assert [fault.place for fault in quote_faults(tables, {"": council, "hoi-dong": committee})] == [
        "milestones[1].tasks[0].as_written"
    ]
    (told,) = quote_faults(tables, {"hoi-dong": committee})
    assert told.text.vi == "câu trích không có trong văn bản nguồn hoi-dong: «Họp Hội đồng»"
    assert list(quote_faults(tables, {})) == []


def test_a_document_that_is_not_there_is_a_fault_and_so_are_two_of_one_name() -> None:
    told = faults(TEXT.replace('document = "hoi-dong"', 'document = "council"') + COUNCIL)
    assert {place: vi for place, (vi, _) in told.items()} == {
        "milestones[1].document": "không có văn bản nào mang mã này; có: hoi-dong, hoi-dong",
        "documents[1].id": "mã hoi-dong đã dùng ở trên",
    }
