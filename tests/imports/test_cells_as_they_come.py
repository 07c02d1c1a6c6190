"""What lists hold in their cells: ticks, old fonts, errors, dates, names in brackets, units in short."""

from __future__ import annotations

import pytest

from ocop_workflow.imports.annex import AnnexContent, Candidate, CrossColumn, read_list
from ocop_workflow.imports.answers import Answers
from ocop_workflow.imports.reading.fence import fenced
from ocop_workflow.imports.reading.holders import read_holder
from ocop_workflow.imports.reading.old_fonts import Font, font_of, put_straight
from ocop_workflow.imports.reading.sheet import Sheet
from ocop_workflow.imports.reading.ticks import Tick, is_sign, read_box
from ocop_workflow.imports.reading.unit_names import Communes, KnownName
from ocop_workflow.places.queries import UnitRecord
from ocop_workflow.regulations import Level

HEADING = (
    *("STT", "Địa phương", "Tên sản phẩm", "Người đại diện (chủ thể)", "Địa chỉ"),
    *("3 sao", "4 sao", "Nâng hạng 3 sao lên 4 sao", "Nâng hạng 4 sao lên 5 sao"),
)
UPGRADE = CrossColumn.UPGRADE_3_TO_4


def row(
    number: int, name: str = "Khô bò", holder: str = "Trần Văn A", address: str = "Thôn 1", *stars: str
) -> tuple[str, ...]:
    return (str(number), "Xã Phổ An", name, holder, address, *(stars or ("x",)))


def read(
    *rows: tuple[str, ...], answers: dict[str, str] | None = None, **hidden: frozenset[int]
) -> AnnexContent:
    """Read rows below a heading of one line on the sheet `Phụ lục`: the first of them is row 2."""
    return read_list((Sheet("Phụ lục", (HEADING, *rows), **hidden),), Answers(answers or {}))  # type: ignore[arg-type]  # sets of rows and columns


def asked(product: Candidate) -> list[tuple[str, str, str]]:
    """Return what a row waits for: kind, cell, proposal."""
    return [(doubt.kind.value, doubt.cell, str(doubt.proposed)) for doubt in product.doubts]


def only(annex: AnnexContent) -> Candidate:
    (product,) = annex.products
    return product


# -- boxes of the star columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", [*"xX×х√✓✔☑✅☒●*", "TRUE", "true", "1", "có", "Co", "(x)", "x.", "[x]", "ü", "XX"]
)
def test_marks_of_every_kind_are_marks(cell: str) -> None:
    assert read_box(cell) is Tick.MARKED


@pytest.mark.parametrize("cell", ["", "FALSE", "0", "không", "Ko", "-", "–", "☐", "□", "."])
def test_an_empty_box_is_empty_however_it_is_written(cell: str) -> None:
    assert read_box(cell) is Tick.EMPTY


@pytest.mark.parametrize("cell", ["3 sao", "chưa rõ", "2", "xem lại", "?"])
def test_other_words_are_words(cell: str) -> None:
    assert read_box(cell) is Tick.WORDS


def test_a_count_below_the_list_is_no_cross() -> None:
    assert [is_sign(cell) for cell in ("x", "TRUE", "1", "(1)")] == [True, True, False, False]


def test_a_form_with_boxes_and_one_with_check_marks_are_read() -> None:
    annex = read(
        row(1, "Trà", "Trần Văn A", "Thôn 1", "FALSE", "FALSE", "TRUE", "FALSE"),
        row(2, "Khô bò", "Trần Văn A", "Thôn 1", "", "", "√"),
        row(3, "Khô gà", "Trần Văn A", "Thôn 1", "TRUE", "FALSE", "FALSE", "FALSE"),
    )
    assert [product.target for product in annex.products] == [UPGRADE, UPGRADE, CrossColumn.THREE_STARS]
    assert [len(product.questions) for product in annex.products] == [1, 1, 0]


def test_words_alone_under_an_upgrade_wait_and_are_answered() -> None:
    words = row(1, "Trà", "Trần Văn A", "Thôn 1", "", "", "đề nghị")
    assert asked(only(read(words))) == [("tick", "H2", "x")]
    for answer in ("đúng", "x"):
        said = only(read(words, answers={"Phụ lục!H2": answer}))
        assert (said.doubts, said.target) == ((), UPGRADE)
    assert only(read(words, answers={"H2": "không"})).target is None
    assert only(read(words, answers={"H2": "bỏ qua"})).left_out
    assert asked(only(read(words, answers={"H2": "chưa rõ"}))) == [("tick", "H2", "x")]


# -- fonts from before Unicode ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "font", "straight"),
    [
        ("Kh« Bß", Font.TCVN3, "Khô Bò"),
        ("NguyÔn V¨n A", Font.TCVN3, "Nguyễn Văn A"),
        ("KH« Bß", Font.TCVN3, "KHÔ BÒ"),
        ("C«ng ty TNHH (NguyÔn V¨n B)", Font.TCVN3, "Công ty TNHH (Nguyễn Văn B)"),
        ("B¸nh tr¸ng ½ kg", Font.TCVN3, "Bánh tráng ½ kg"),
        ("Khoâ Boø", Font.VNI, "Khô Bò"),
        ("Nguyeãn Vaên A", Font.VNI, "Nguyễn Văn A"),
        ("Ñöùc Phoå", Font.VNI, "Đức Phổ"),
        ("NÖÔÙC MAÉM", Font.VNI, "NƯỚC MẮM"),
        ("Höông Trà", Font.VNI, "Hương Trà"),
    ],
)
def test_text_of_an_old_font_is_put_straight(text: str, font: Font, straight: str) -> None:
    assert font_of(text) is font
    assert put_straight(text, font) == straight


@pytest.mark.parametrize(
    "text",
    ["Khô Bò", "Hoà bình", "Hoá chất", "Êm dịu", "Müsli", "½ kg", "Trà®", "Café", "Đường phèn", "5°", "x"],
)
def test_text_of_today_is_left_alone(text: str) -> None:
    assert font_of(text) is None


def test_the_soft_hyphen_of_an_old_font_is_a_letter_and_elsewhere_nothing() -> None:
    ((old, new),) = fenced([["N\xadíc m¾m", "Nước\xad mắm"]])
    assert (put_straight(old, Font.TCVN3), new) == ("Nước mắm", "Nước mắm")


def test_a_row_in_an_old_font_waits_with_its_text_put_straight() -> None:
    old = row(1, "Kh« Bß", "NguyÔn V¨n A", "Th«n 1")
    assert asked(only(read(old))) == [
        ("old_font", "C2", "Khô Bò"),
        ("old_font", "D2", "Nguyễn Văn A"),
        ("old_font", "E2", "Thôn 1"),
    ]
    said = only(read(old, answers={"Phụ lục!2": "đúng"}))
    assert (said.doubts, said.name, said.producer, said.address) == ((), "Khô Bò", "Nguyễn Văn A", "Thôn 1")
    kept = only(read(old, answers={"C2": "giữ", "D2": "Nguyễn Văn Á", "E2": "đúng"}))
    assert (kept.name, kept.producer, kept.address) == ("Kh« Bß", "Nguyễn Văn Á", "Thôn 1")


def test_a_word_that_only_its_neighbours_give_away_is_asked_about_too() -> None:
    """It may be right as it stands, so a yes to the row leaves it open."""
    old = row(1, "Cèm", "NguyÔn V¨n A")
    product = only(read(old))
    assert asked(product)[0] == ("old_font", "C2", "")
    assert product.doubts[0].vi == (
        "Ô C2, tên sản phẩm: ghi “Cèm” cạnh ô dùng phông chữ cũ, có thể là “Cốm”; nội dung đúng là gì?"
    )
    assert [cell for _, cell, _ in asked(only(read(old, answers={"2": "đúng"})))] == ["C2", "E2"]
    said = only(read(old, answers={"2": "đúng; C2 = Cốm; E2: giữ"}))
    assert (said.doubts, said.name, said.producer, said.address) == ((), "Cốm", "Nguyễn Văn A", "Thôn 1")
    assert asked(only(read(row(1, "Cèm", "Nguyễn Văn A")))) == []


def test_a_heading_in_an_old_font_is_a_heading() -> None:
    heading = ("STT", "§Þa ph­¬ng", "Tªn s¶n phÈm", "Chñ thÓ", "§Þa chØ", *HEADING[5:])
    rows = fenced([heading, row(1)])
    assert [product.name for product in read_list((Sheet("", rows),)).products] == ["Khô bò"]


# -- what is no word -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "proposed"),
    [
        ("#REF!", "error", ""),
        ("#N/A", "error", ""),
        ("#DIV/0!", "error", ""),
        ("########", "error", ""),
        ("2024-04-03", "date", "3/4"),
        ("03/04/2024", "date", "3/4"),
        ("05:30:00", "date", "5:30"),
        ("45385", "number", "3/4"),
        ("12.5", "number", ""),
    ],
)
def test_an_error_a_date_or_a_number_is_no_name(name: str, kind: str, proposed: str) -> None:
    assert asked(only(read(row(1, name)))) == [(kind, "C2", proposed)]


def test_a_date_is_no_address_and_a_house_number_is_one() -> None:
    assert asked(only(read(row(1, "Trà", "Trần Văn A", "2024-05-12")))) == [("date", "E2", "12/5")]
    assert asked(only(read(row(1, "Trà", "Trần Văn A", "45424")))) == [("number", "E2", "12/5")]
    assert asked(only(read(row(1, "Trà", "Trần Văn A", "12")))) == []


def test_the_question_names_sheet_and_cell_and_reads_as_an_officer_writes() -> None:
    (doubt,) = only(read(row(1, "2024-04-03"))).doubts
    assert (doubt.sheet, doubt.cell, doubt.vi) == (
        "Phụ lục",
        "C2",
        "Ô C2, tên sản phẩm: là ngày 03/04/2024, không phải chữ; có phải là “3/4” không?",
    )


def test_an_error_is_answered_by_what_ought_to_stand_there() -> None:
    said = only(read(row(1, "#REF!"), answers={"C2": "Mật ong; phấn hoa"}))
    assert (said.doubts, said.name) == ((), "Mật ong; phấn hoa")


def test_words_for_a_whole_row_are_not_taken_where_two_cells_are_in_doubt() -> None:
    broken = row(1, "#REF!", "#N/A")
    assert len(only(read(broken, answers={"2": "Trà xanh"})).doubts) == 2
    said = only(read(broken, answers={"2": "C2 = Trà xanh; D2 = HTX A"}))
    assert (said.doubts, said.name, said.producer) == ((), "Trà xanh", "HTX A")


def test_a_doubt_goes_down_with_the_merged_cell() -> None:
    """One answer at the cell is an answer for every row that it fills."""
    rows = (row(1, "Trà", "#N/A"), ("2", "", "Khô gà", "", "", "x"), ("3", "", "Khô nai", "HTX B", "", "x"))
    assert [asked(product) for product in read(*rows).products] == [[("error", "D2", "")]] * 2 + [[]]
    answered = read(*rows, answers={"D2": "HTX A"})
    assert [(p.producer, p.doubts) for p in answered.products] == [
        ("HTX A", ()),
        ("HTX A", ()),
        ("HTX B", ()),
    ]


# -- who makes it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "producer", "representative", "remark"),
    [
        ("Huỳnh Khả (HTX Bốn Vân)", "HTX Bốn Vân", "Huỳnh Khả", ""),
        ("Công ty TNHH A (Nguyễn Văn B)", "Công ty TNHH A", "Nguyễn Văn B", ""),
        ("HTX Nông nghiệp C (chưa đăng ký)", "HTX Nông nghiệp C", "HTX Nông nghiệp C", "chưa đăng ký"),
        ("Nguyễn Văn A (tạm nghỉ)", "Nguyễn Văn A", "Nguyễn Văn A", "tạm nghỉ"),
        ("Cơ sở Tám (ông Nguyễn Văn B)", "Cơ sở Tám", "ông Nguyễn Văn B", ""),
        ("Lò Văn A (Tổ hợp tác B)", "Tổ hợp tác B", "Lò Văn A", ""),
        ("(HTX A)", "HTX A", None, ""),
        ("Nguyễn Văn A", "Nguyễn Văn A", "Nguyễn Văn A", ""),
        ("", None, None, ""),
    ],
)
def test_the_words_tell_the_producer_from_its_representative(
    text: str, producer: str | None, representative: str | None, remark: str
) -> None:
    found = read_holder(text)
    assert (found.producer, found.representative, found.remark) == (producer, representative, remark)


def test_where_the_words_do_not_tell_the_heading_does() -> None:
    text = "Bánh Tám Thành (Nguyễn Văn B)"
    assert read_holder(text).producer == "Nguyễn Văn B"
    assert read_holder(text, producer_first=True).producer == "Bánh Tám Thành"


def test_a_heading_that_names_the_producer_first_is_heeded_and_a_remark_is_asked_about() -> None:
    heading = (*HEADING[:3], "Tên chủ thể (người đại diện)", *HEADING[4:])
    rows = (heading, row(1, "Trà", "Bánh Tám Thành (Nguyễn Văn B)"), row(2, "Khô gà", "HTX C (chưa đăng ký)"))
    first, second = read_list((Sheet("a", rows),)).products
    assert (first.producer, first.representative, first.questions) == ("Bánh Tám Thành", "Nguyễn Văn B", ())
    (question,) = second.questions
    assert question.vi == "Sau tên chủ thể ghi “(chưa đăng ký)”; đây là ghi chú hay tên người đại diện?"


# -- headings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit", ["Xã, phường", "Xã/phường", "Tên xã", "Phường, xã, đặc khu", "Đơn vị (địa phương)"]
)
def test_the_column_of_the_units_has_many_titles(unit: str) -> None:
    annex = read_list((Sheet("a", ((HEADING[0], unit, *HEADING[2:]), row(1))),))
    assert [product.unit_name for product in annex.products] == ["Xã Phổ An"]


def test_a_heading_that_lacks_columns_says_which_to_add() -> None:
    short = (
        ("Danh sách", "", ""),
        ("STT", "Xã", "Tên sản phẩm", "Chủ thể", "Địa chỉ", "3 sao", "4 sao", "5 sao"),
    )
    (found,) = read_list((Sheet("a", short),)).faults
    assert found.place == "A2"
    assert found.text.vi == (
        "dòng tiêu đề thiếu cột “Nâng hạng 3 sao lên 4 sao”, “Nâng hạng 4 sao lên 5 sao”; "
        "hãy thêm cột ấy, chưa có gì thì để trống."
    )


# -- names of communes -----------------------------------------------------------------------------------


def communes(*names: str) -> Communes:
    records = [
        UnitRecord(i, f"u{i}", name, Level.COMMUNE, "UBND", 1, None, None, i) for i, name in enumerate(names)
    ]
    return Communes(KnownName(unit.name, unit, ("Thị xã Đức Phổ", "Tỉnh Quảng Ngãi")) for unit in records)


TOWN = communes("Xã Phổ An", "Xã Phổ Khánh", "Phường Phổ Minh", "Phường Phổ Vinh", "Thị trấn Sông Trà")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("X. Phổ An", "Xã Phổ An"),
        ("x.Phổ An", "Xã Phổ An"),
        ("P. Phổ Minh", "Phường Phổ Minh"),
        ("P.Phổ Vinh", "Phường Phổ Vinh"),
        ("TT. Sông Trà", "Thị trấn Sông Trà"),
        ("TT Sông Trà", "Thị trấn Sông Trà"),
        ("Phổ Khánh", "Xã Phổ Khánh"),
        ("pho khanh", "Xã Phổ Khánh"),
        ("xã Phổ An, thị xã Đức Phổ", "Xã Phổ An"),
        ("Phổ An - Đức Phổ, Quảng Ngãi", "Xã Phổ An"),
    ],
)
def test_a_commune_is_known_by_its_short_name(text: str, name: str) -> None:
    known = TOWN.find(text).known
    assert known is not None
    assert known.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Xã Phổ An (cũ)", "Xã Phổ An"),
        ("Xã Phổ Ann", "Xã Phổ An"),
        ("xã Phổ An, huyện Mộ Đức", "Xã Phổ An"),
        ("Phổ Khanhs", "Xã Phổ Khánh"),
    ],
)
def test_a_name_that_is_nearly_one_is_proposed_and_not_taken(text: str, name: str) -> None:
    found = TOWN.find(text)
    assert (found.known, found.proposed and found.proposed.name) == (None, name)


@pytest.mark.parametrize("text", ["Xã Sa Huỳnh", "Thị xã Đức Phổ", ""])
def test_a_name_that_is_near_to_none_is_nobodys(text: str) -> None:
    assert TOWN.find(text) == communes().find(text)


def test_a_name_without_its_kind_that_two_communes_bear_is_asked_about() -> None:
    both = communes("Xã Phổ An", "Phường Phổ An", "Phường Phổ Văn")
    found = both.find("Phổ An")
    assert (found.known, found.proposed) == (None, None)
    assert [known.name for known in found.several] == ["Xã Phổ An", "Phường Phổ An"]
    known = both.find("P. Phổ An").known
    assert known is not None
    assert known.name == "Phường Phổ An"


# -- what is hidden, and what is not read ----------------------------------------------------------------


def test_a_hidden_row_waits_for_a_word() -> None:
    rows = (row(1), row(2, "Sản phẩm đã rút"), row(3, "Khô gà"))
    hidden = frozenset({3})
    annex = read(*rows, hidden_rows=hidden)
    assert [asked(product) for product in annex.products] == [[], [("hidden_row", "A3", "bỏ qua")], []]
    (doubt,) = annex.products[1].doubts
    assert doubt.vi == "Dòng 3 (STT 2) bị ẩn trong bảng tính: “Sản phẩm đã rút”; nhập hay bỏ qua?"
    for answer, left_out in (("nhập", False), ("bỏ qua", True)):
        product = read(*rows, answers={"Phụ lục!A3": answer}, hidden_rows=hidden).products[1]
        assert (product.doubts, product.left_out) == ((), left_out)


def test_a_hidden_row_at_fault_is_a_question_first() -> None:
    annex = read(row(1), ("2", "Xã Phổ An", "", "HTX A"), hidden_rows=frozenset({3}))
    assert (annex.faults, [len(product.doubts) for product in annex.products]) == ((), [0, 1])


def test_a_hidden_column_that_is_read_waits_and_one_that_is_not_is_named() -> None:
    rows = (
        row(1, "Trà", "Trần Văn A", "Thôn 1", "x", "", "", "", "0900"),
        row(2, "Khô", "Trần Văn A", "", "x"),
    )
    annex = read(*rows, hidden_columns=frozenset({4, 9}))
    assert [asked(product) for product in annex.products] == [[("hidden_column", "E1", "nhập")], []]
    assert [question.vi for question in annex.questions] == [
        "Cột J không được đọc, bị ẩn, có nội dung ở 1 dòng; có điều gì cần ghi vào hồ sơ không?"
    ]
    left_out = read(*rows, answers={"E1": "bỏ qua"}, hidden_columns=frozenset({4})).products[0]
    assert (left_out.doubts, left_out.address) == ((), None)
    imported = read(*rows, answers={"E1": "nhập"}, hidden_columns=frozenset({4})).products[0]
    assert (imported.doubts, imported.address) == ((), "Thôn 1")


def test_a_column_that_is_not_read_is_named_with_its_heading() -> None:
    rows = ((*HEADING, "Ghi chú"), (*row(1, "Trà", "A B", "Thôn 1", "x", "", "", ""), "sản phẩm mới"))
    (question,) = read_list((Sheet("Phụ lục", rows),)).questions
    assert question.vi == (
        "Cột J “Ghi chú” không được đọc có nội dung ở 1 dòng; có điều gì cần ghi vào hồ sơ không?"
    )


def test_every_sheet_with_the_heading_is_read_and_the_others_are_named() -> None:
    sheets = (
        Sheet("Bìa", (("KẾ HOẠCH",),)),
        Sheet("Phụ lục", (HEADING, row(1))),
        Sheet("Đánh giá lại", (HEADING, row(1, "Khô gà", "HTX B", "Thôn 2", "", "", "x"))),
    )
    annex = read_list(sheets)
    assert [(p.sheet, p.name) for p in annex.products] == [("Phụ lục", "Khô bò"), ("Đánh giá lại", "Khô gà")]
    (question,) = annex.questions
    assert question.vi == (
        "Trang “Bìa” không có dòng tiêu đề của phụ lục nên không được đọc; trên đó có sản phẩm nào không?"
    )


def test_faults_of_several_sheets_say_on_which_they_are() -> None:
    sheets = (Sheet("A", (HEADING, row(1))), Sheet("B", (HEADING, row(1, ""))))
    assert [found.place for found in read_list(sheets).faults] == ["B!C2"]


def test_a_product_on_two_sheets_waits_on_the_second() -> None:
    sheets = (Sheet("Mới", (HEADING, row(1))), Sheet("Cũ", (HEADING, row(1), row(2, "Khô gà"))))
    annex = read_list(sheets)
    assert [asked(product) for product in annex.products] == [[], [("twice", "C2", "bỏ qua")], []]
    for answer, left_out in (("mới", False), ("bỏ qua", True)):
        product = read_list(sheets, Answers({"Cũ!C2": answer})).products[1]
        assert (product.doubts, product.left_out) == ((), left_out)


def test_a_hidden_sheet_is_read_only_when_somebody_says_so() -> None:
    sheets = (Sheet("A", (HEADING, row(1))), Sheet("Cũ", (HEADING, row(1, "Khô gà")), hidden=True))
    annex = read_list(sheets)
    assert ([p.name for p in annex.products], [(d.kind.value, d.vi) for d in annex.doubts]) == (
        ["Khô bò"],
        [("hidden_sheet", "Trang “Cũ” bị ẩn và có 1 dòng; nhập hay bỏ qua?")],
    )
    assert [p.name for p in read_list(sheets, Answers({"Cũ": "nhập"})).products] == ["Khô bò", "Khô gà"]
    left_out = read_list(sheets, Answers({"Cũ": "bỏ qua"}))
    assert ([p.name for p in left_out.products], left_out.doubts) == (["Khô bò"], ())


# -- rows that are no products ---------------------------------------------------------------------------


def test_rows_of_column_numbers_and_of_sections_are_passed_over() -> None:
    annex = read(
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"),
        ("I", "XÃ PHỔ AN"),
        row(1),
        ("II", "PHƯỜNG PHỔ MINH", "", "", "", "2"),
        ("2", "", "Khô gà", "HTX B", "Tổ 2", "x"),
        ("B. Nhóm đồ uống",),
        row(3, "Trà"),
        ("Cộng", "3", "", "", "", "3"),
    )
    assert (annex.faults, annex.questions) == ((), ())
    assert [(p.row, p.unit_name, p.name) for p in annex.products] == [
        (4, "Xã Phổ An", "Khô bò"),
        (6, "PHƯỜNG PHỔ MINH", "Khô gà"),
        (8, "Xã Phổ An", "Trà"),
    ]


def test_a_section_that_names_no_unit_hands_none_down() -> None:
    annex = read(row(1), ("II", "Nhóm đồ uống"), ("2", "", "Trà", "HTX B", "Tổ 2", "x"))
    assert [found.place for found in annex.faults] == ["B4"]


def test_a_numbered_row_with_a_unit_alone_is_no_section() -> None:
    assert [found.place for found in read(("3", "Xã Phổ An")).faults] == ["C2"]


@pytest.mark.parametrize(
    "numbers", [("1", "2", "3", "4", "5"), ("A", "B", "1", "2", "3"), ("[1]", "[2]", "[3]", "[4]")]
)
def test_column_numbers_are_known_however_they_are_written(numbers: tuple[str, ...]) -> None:
    annex = read(numbers, row(1))
    assert (annex.faults, [p.row for p in annex.products]) == ((), [3])


def test_an_answer_that_suits_no_question_is_a_fault_that_names_the_words() -> None:
    answers = Answers({"C2": "nhập"})
    read_list((Sheet("Phụ lục", (HEADING, row(1, "2024-04-03"))),), answers)
    (found,) = answers.faults()
    assert (found.place, found.text.vi.split(" Trả lời được bằng: ")[1]) == (
        "C2",
        "đúng, giữ, bỏ qua; hoặc chữ đúng của ô.",
    )


def test_an_answer_where_nothing_was_asked_is_not_used() -> None:
    answers = Answers({"C9": "đúng"})
    read_list((Sheet("Phụ lục", (HEADING, row(1))),), answers)
    assert (answers.faults(), answers.unused()) == ((), ("C9",))
