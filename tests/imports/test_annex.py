"""What the annex of a plan says, and what must be asked before its products are registered."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ocop_workflow
from ocop_workflow.imports.annex import AnnexContent, Candidate, CrossColumn, read_annex, read_list
from ocop_workflow.imports.reading.sheet import read_sheets

SHIPPED = Path(ocop_workflow.__file__).parent / "data" / "annexes" / "duc-pho-2024.csv"
TEXT_COPY = Path(__file__).parents[1] / "data" / "annex-text-copy.tsv"

VIET, BON_VAN = "Trần Quốc Việt", "HTX Sản xuất và kinh doanh hàng nông sản Bốn Vân"
PHO_AN, NGHIEM = "Xã Phổ An", "Phường Nguyễn Nghiêm"
AT_HOI_AN = "Thôn Hội An 2, xã Phổ An, thị xã Đức Phổ"
AT_GROUP_2 = "Tổ dân phố 2, phường Nguyễn Nghiêm, thị xã Đức Phổ"
AT_GROUP_3 = "Tổ dân phố 3, phường Nguyễn Nghiêm, thị xã Đức Phổ"
HA = "Đỗ Thị Tuyết Hà"
THREE, FOUR = CrossColumn.THREE_STARS, CrossColumn.FOUR_STARS

# number, unit, name, producer, representative, address, target: read off the plan's annex by eye
PRODUCTS = (
    (
        "1",
        "Xã Phổ Phong",
        "Du lịch dịch vụ cộng đồng ở nông thôn",
        "Ngô Ngọc Việt",
        "Ngô Ngọc Việt",
        "Thôn Tân Phong, xã Phổ Phong, thị xã Đức Phổ",
        THREE,
    ),
    ("2", PHO_AN, "Khô Bò", VIET, VIET, AT_HOI_AN, THREE),
    ("3", PHO_AN, "Khô Gà", VIET, VIET, AT_HOI_AN, THREE),
    ("4", PHO_AN, "Cơm rang", VIET, VIET, AT_HOI_AN, THREE),
    ("5", PHO_AN, "Cơm cháy", VIET, VIET, AT_HOI_AN, THREE),
    ("6", PHO_AN, "Khô Bò", VIET, VIET, AT_HOI_AN, THREE),
    ("7", NGHIEM, "Dầu phụng", BON_VAN, "Huỳnh Khả", AT_GROUP_3, THREE),
    ("8", NGHIEM, "Bánh tinh bột nghệ", BON_VAN, "Huỳnh Khả", AT_GROUP_3, THREE),
    ("9", NGHIEM, "Bò khô", HA, HA, AT_GROUP_2, THREE),
    ("10", NGHIEM, "Cơm cháy chà bông", HA, HA, AT_GROUP_2, THREE),
    (
        "11",
        "Xã Phổ Khánh",
        "Dầu phụng Phổ Khánh",
        "HTX NN Phổ Khánh",
        "Ngô Thanh Phương",
        "Thôn Diên Trường, xã Phổ Khánh, thị xã Đức Phổ",
        THREE,
    ),
    (
        "12",
        "Phường Phổ Quang",
        "Nấm Bào Ngư",
        "Võ Giới",
        "Võ Giới",
        "Tổ dân phố Bàn An, phường Phổ Quang, thị xã Đức Phổ",
        THREE,
    ),
    (
        "13",
        "Phường Phổ Ninh",
        "Chả lụa",
        "Phạm Miền",
        "Phạm Miền",
        "Tổ dân phố An Trường, Phường Phổ Ninh, thị xã Đức Phổ",
        THREE,
    ),
    (
        "14",
        "Xã Phổ Nhơn",
        "Dầu phụng",
        "HTX DV NN Phổ Nhơn",
        "Lương Văn Lai",
        "Thôn Phước Lợi, xã Phổ Nhơn",
        FOUR,
    ),
)

HEADING = (
    ("STT", "Địa phương", "Tên sản phẩm", "Người đại diện (chủ thể)", "Địa chỉ", "Đăng ký sản phẩm"),
    ("", "", "", "", "", "3 sao", "4 sao", "Nâng hạng 3 sao lên 4 sao", "Nâng hạng 4 sao lên 5 sao"),
)
FIRST = ("1", PHO_AN, "Khô Bò", VIET, AT_HOI_AN, "x")


def read(*rows: tuple[str, ...]) -> AnnexContent:
    """Read rows below a heading of two lines: the first of them is row 3 of the sheet."""
    return read_annex((*HEADING, *rows))


def said(product: Candidate) -> tuple[object, ...]:
    return (
        product.number,
        product.unit_name,
        product.name,
        product.producer,
        product.representative,
        product.address,
        product.target,
    )


def asked(annex: AnnexContent) -> dict[int, list[str]]:
    """Return the questions in English by row, for the rows that have any."""
    return {p.row: [question.en for question in p.questions] for p in annex.products if p.questions}


def faulty(annex: AnnexContent) -> list[tuple[str, str]]:
    return [(fault.place, fault.text.en) for fault in annex.faults]


# -- the annex of the Đức Phổ plan ------------------------------------------------------------------


def test_shipped_annex_holds_the_fourteen_products() -> None:
    annex = read_list(read_sheets(SHIPPED))
    assert tuple(said(product) for product in annex.products) == PRODUCTS
    assert [product.row for product in annex.products] == list(range(3, 17))
    assert (annex.faults, annex.questions) == ((), ())
    assert asked(annex) == {
        4: ["The unit has a product of the same name in row 8 (STT 6): “Khô Bò”; are they different?"],
        8: ["The unit has a product of the same name in row 4 (STT 2): “Khô Bò”; are they different?"],
    }


def test_text_copy_with_shifted_columns_gives_the_same_products_and_asks() -> None:
    annex = read_list(read_sheets(TEXT_COPY))
    assert tuple(said(product) for product in annex.products) == PRODUCTS
    assert (annex.faults, annex.questions) == ((), ())
    shifted = [
        "The row was shifted right by 2 cells and was put back; are producer, address and star right?",
    ]
    assert {p.number: asked(annex)[p.row] for p in annex.products if p.number in {"9", "10"}} == {
        "9": shifted,
        "10": shifted,
    }


def test_both_copies_give_the_same_keys_and_no_two_products_share_one() -> None:
    keys = [product.key for product in read_list(read_sheets(SHIPPED)).products]
    assert keys == [product.key for product in read_list(read_sheets(TEXT_COPY)).products]
    assert len(set(keys)) == 14
    assert (keys[1], keys[5]) == ("xa pho an|kho bo|tran quoc viet|1", "xa pho an|kho bo|tran quoc viet|2")


# -- keys -------------------------------------------------------------------------------------------

FULL = [
    (number, unit, name, f"{person} ({producer})" if person != producer else person, address)
    + (("x",) if target is THREE else ("", "x"))
    for number, unit, name, producer, person, address, target in PRODUCTS
]


@given(st.permutations([*FULL, ("15", PHO_AN, "Khô Bò", VIET, AT_HOI_AN, "", "x")]))
def test_reordered_rows_keep_their_keys(rows: list[tuple[str, ...]]) -> None:
    def known(annex: AnnexContent) -> set[tuple[object, ...]]:
        return {(product.key, *said(product)[1:]) for product in annex.products}

    straight = read(*FULL, ("15", PHO_AN, "Khô Bò", VIET, AT_HOI_AN, "", "x"))
    assert len(known(straight)) == 15
    assert known(read(*rows)) == known(straight)


def test_spelling_of_case_marks_and_unicode_does_not_change_the_key() -> None:
    rows = (FIRST, ("2", "Xã Phổ Hòa", "Chả lụa", "Phạm Miền", "Thôn 1", "x"))
    other = tuple(
        tuple(unicodedata.normalize("NFD", cell.replace("Hòa", "Hoà").upper()) for cell in row)
        for row in rows
    )
    assert [p.key for p in read(*other).products] == [p.key for p in read(*rows).products]


# -- merged cells -----------------------------------------------------------------------------------


def test_blank_cells_are_filled_only_inside_the_block_of_a_unit() -> None:
    annex = read(FIRST, ("2", "", "Khô Gà", "", "", "x"), ("3", "Xã Phổ Nhơn", "Dầu phụng", "", "", "x"))
    assert [said(product)[1:6] for product in annex.products] == [
        (PHO_AN, "Khô Bò", VIET, VIET, AT_HOI_AN),
        (PHO_AN, "Khô Gà", VIET, VIET, AT_HOI_AN),
        ("Xã Phổ Nhơn", "Dầu phụng", None, None, None),
    ]
    assert asked(annex) == {
        5: ["No producer is named; who is it?", "No address is given; where is it made?"],
    }


def test_address_under_another_representative_is_filled_and_asked() -> None:
    annex = read(FIRST, ("2", "", "Khô Gà", "Võ Giới", "", "x"))
    assert said(annex.products[1])[3:6] == ("Võ Giới", "Võ Giới", AT_HOI_AN)
    assert asked(annex) == {
        4: ["The address is that of the row above, of another representative; is it right?"],
    }


def test_first_row_without_a_unit_is_a_fault() -> None:
    annex = read(("1", "", "Khô Bò", VIET, AT_HOI_AN, "x"))
    assert annex.products == ()
    assert faulty(annex) == [("B3", "Row 3 (STT 1): no unit.")]


def test_organisation_stands_in_brackets_behind_its_representative() -> None:
    annex = read(
        ("1", PHO_AN, "A", "Huỳnh Khả (HTX (mới) Bốn Vân)", "Thôn 1", "x"),
        ("2", PHO_AN, "B", "(HTX Bốn Vân)", "Thôn 1", "x"),
        ("3", PHO_AN, "C", "Huỳnh Khả (HTX", "Thôn 1", "x"),
    )
    assert [(product.producer, product.representative) for product in annex.products] == [
        ("HTX (mới) Bốn Vân", "Huỳnh Khả"),
        ("HTX Bốn Vân", None),
        ("Huỳnh Khả (HTX", "Huỳnh Khả (HTX"),
    ]


# -- crosses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cross", ["x", "X", "×", "✓", "х"])  # the last one is Cyrillic
@pytest.mark.parametrize("target", CrossColumn)
def test_cross_names_the_target(cross: str, target: CrossColumn) -> None:
    stars = tuple(cross if column is target else "" for column in CrossColumn)
    assert read((*FIRST[:5], *stars)).products[0].target is target


def test_upgrade_asks_for_the_certificate() -> None:
    annex = read((*FIRST[:5], "", "", "x"), ("2", PHO_AN, "Khô Gà", VIET, AT_HOI_AN, "", "", "", "x"))
    question = "An upgrade: what are the number, date and star of the certificate it holds?"
    assert asked(annex) == {3: [question], 4: [question]}
    assert [product.target for product in annex.products if product.target and product.target.is_upgrade] == [
        CrossColumn.UPGRADE_3_TO_4,
        CrossColumn.UPGRADE_4_TO_5,
    ]


def test_row_without_a_cross_has_no_target_and_asks() -> None:
    annex = read(FIRST[:5])
    assert annex.products[0].target is None
    assert asked(annex) == {3: ["No star column is marked; which star is registered?"]}


def test_two_crosses_are_a_fault() -> None:
    annex = read((*FIRST, "x"))
    assert (annex.products, faulty(annex)) == (
        (),
        [("F3", "Row 3 (STT 1): more than one star column is marked.")],
    )


def test_words_in_a_star_column_leave_the_target_open() -> None:
    annex = read((*FIRST, "chưa rõ"))
    assert annex.products[0].target is None
    assert asked(annex) == {
        3: ["A star column says “chưa rõ” instead of a cross; which star is registered?"],
    }


# -- shifted columns --------------------------------------------------------------------------------

SHIFTED = "The row was shifted right by {} cells and was put back; are producer, address and star right?"
UNFIT = "The cells of this row do not fit the columns; which star is registered?"


@pytest.mark.parametrize("extra", [1, 2, 3])
def test_shift_before_the_representative_is_undone(extra: int) -> None:
    annex = read((*FIRST[:3], *[""] * extra, *FIRST[3:]))
    assert said(annex.products[0])[3:] == (VIET, VIET, AT_HOI_AN, THREE)
    assert asked(annex) == {3: [SHIFTED.format(extra)]}


def test_shift_before_the_address_is_undone() -> None:
    annex = read((*FIRST[:4], "", "", *FIRST[4:]))
    assert said(annex.products[0])[3:] == (VIET, VIET, AT_HOI_AN, THREE)
    assert asked(annex) == {3: [SHIFTED.format(2)]}


def test_shift_ends_with_the_merged_block() -> None:
    annex = read(
        (*FIRST[:3], "", "", *FIRST[3:]),
        ("2", "", "Khô Gà", "", "", "", "", "", "x"),
        ("3", "", "Cơm rang", "Võ Giới", "Thôn 1", "", "", "x"),
    )
    assert [product.target for product in annex.products] == [THREE, FOUR, CrossColumn.UPGRADE_3_TO_4]
    assert [SHIFTED.format(2) in questions for questions in asked(annex).values()] == [True, True, False]


def test_merged_row_that_does_not_share_the_shift_is_asked_about() -> None:
    annex = read((*FIRST[:3], "", "", *FIRST[3:]), ("2", "", "Khô Gà", "", "", "x"))
    assert said(annex.products[1])[3:] == (VIET, VIET, AT_HOI_AN, None)
    assert asked(annex)[4] == [UNFIT]


def test_shift_that_cannot_be_undone_makes_no_upgrade_of_its_block() -> None:
    annex = read(
        ("1", PHO_AN, "Khô Bò", "", "", "", VIET, AT_HOI_AN),  # the cross was cut off
        ("2", "", "Khô Gà", "", "", "", "", "", "x"),
        ("3", "", "Cơm rang", "Võ Giới", "Thôn 1", "x"),
    )
    assert [product.target for product in annex.products] == [None, None, THREE]
    assert [UNFIT in asked(annex).get(row, ()) for row in (3, 4, 5)] == [True, True, False]


# -- products that may be the same ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bò khô", "Khô Bò"),
        ("Dầu phụng", "Dầu phụng Phổ An"),
        ("Bánh hoà bình", "Bánh hòa bình"),
        ("Khô bò (cay)", "Khô bò cay"),
    ],
)
def test_names_nearly_alike_in_one_unit_are_kept_and_asked(one: str, other: str) -> None:
    annex = read(
        ("1", PHO_AN, one, VIET, AT_HOI_AN, "x"),
        ("2", PHO_AN, other, "Võ Giới", "Thôn 1", "x"),
    )
    assert [product.name for product in annex.products] == [one, other]
    near = "The name is nearly that of a product of the unit in row {} (STT {}): “{}”; are they different?"
    assert asked(annex) == {3: [near.format(4, 2, other)], 4: [near.format(3, 1, one)]}


def test_same_name_in_two_units_raises_no_question() -> None:
    annex = read(FIRST, ("2", "Xã Phổ Nhơn", "Khô Bò", "Võ Giới", "Thôn 1", "x"))
    assert asked(annex) == {}


# -- heading, numbers, closing line -----------------------------------------------------------------


def test_heading_may_stand_in_one_row_with_columns_in_another_order() -> None:
    stars = HEADING[1][5:]
    annex = read_annex(
        (
            ("DANH SÁCH SẢN PHẨM",),
            (),
            (*stars, "Tên sản phẩm", "STT", "Địa phương (xã)", "Chủ thể", "Địa chỉ"),
            ("x", "", "", "", "Khô Bò", "1.0", PHO_AN, VIET, AT_HOI_AN),
        )
    )
    assert [said(product) for product in annex.products] == [("1", *PRODUCTS[1][1:])]


@pytest.mark.parametrize("rows", [(), (FIRST,), HEADING[:1], (HEADING[0], FIRST, HEADING[1])])
def test_missing_heading_is_one_fault(rows: tuple[tuple[str, ...], ...]) -> None:
    annex = read_annex(rows)
    assert (annex.products, [fault.place for fault in annex.faults]) == ((), ["A1"])


def test_all_faults_are_named_at_once_each_at_its_cell() -> None:
    annex = read(
        ("1", "", "", VIET, AT_HOI_AN, "x"),
        ("2", PHO_AN, "K" * 201, VIET, "A" * 301, "x"),
        FIRST,
    )
    assert faulty(annex) == [
        ("B3", "Row 3 (STT 1): no unit."),
        ("C3", "Row 3 (STT 1): no product name."),
        ("C4", "Row 4 (STT 2): longer than 200 characters."),
        ("E4", "Row 4 (STT 2): longer than 300 characters."),
    ]
    assert [product.row for product in annex.products] == [5]


@pytest.mark.parametrize("number", ["", "1" * 21])
def test_a_row_without_a_number_or_with_an_endless_one_is_named_by_the_sheet_only(number: str) -> None:
    annex = read((number, PHO_AN, "", VIET, AT_HOI_AN, "x"))
    assert ("C3", "Row 3: no product name.") in faulty(annex)


def test_fault_in_a_far_column_is_named_as_a_spreadsheet_does() -> None:
    heading = tuple(("",) * 24 + row for row in HEADING)
    annex = read_annex((*heading, ("",) * 24 + ("1", PHO_AN, "", VIET, AT_HOI_AN, "x")))
    assert faulty(annex) == [("AA3", "Row 3 (STT 1): no product name.")]


def test_blank_rows_and_rows_with_a_number_only_are_passed_over() -> None:
    annex = read(FIRST, (), ("2", "\u200b"), ("3", "", "Khô Gà", "", "", "x"))
    assert [said(product)[0:3] for product in annex.products] == [
        ("1", PHO_AN, "Khô Bò"),
        ("3", PHO_AN, "Khô Gà"),
    ]


@pytest.mark.parametrize("words", ["Tổng cộng có 1 sản phẩm", "TỔNG SỐ: 1", "Cộng", "Tổng 1"])
def test_closing_line_that_agrees_raises_no_question(words: str) -> None:
    assert read(FIRST, (words,), ("", "", "", "", "CHỦ TỊCH")).questions == ()


def test_closing_line_with_another_number_is_asked_about() -> None:
    assert [question.en for question in read(FIRST, ("Tổng cộng", "", "14", "", "", "13")).questions] == [
        "The closing line says 14 products but 1 rows were read; which is right?",
    ]


def test_rows_below_the_closing_line_are_not_read_but_asked_about() -> None:
    annex = read(FIRST, ("Tổng cộng",), ("2", "", "Khô Gà", "", "", "x"), ("CHỦ TỊCH",))
    assert len(annex.products) == 1
    assert [question.en for question in annex.questions] == [
        "Below the closing line there are crosses in row 5 (STT 2), not read; are they products?",
    ]


def test_numbers_that_do_not_go_up_are_asked_about_once() -> None:
    later = (("2", "", "Khô Gà", "", "", "x"), ("2", "", "Trà", "", "", "x"), ("1", "", "Mật", "", "", "x"))
    annex = read(FIRST, *later)
    assert [question.en for question in annex.questions] == [
        "The numbers do not go up: row 5 says 2 after 2; is a product missing or repeated?",
    ]


def test_product_may_be_called_total() -> None:
    assert [product.name for product in read(("1", PHO_AN, "Tổng hợp trà", VIET, "A", "x")).products] == [
        "Tổng hợp trà",
    ]


@given(
    st.lists(st.lists(st.sampled_from(["", "x", "1", "Xã A", "Trà", "Tổng cộng 2", "ghi chú"]), max_size=12))
)
def test_any_rows_are_read_without_error_and_no_key_twice(rows: list[list[str]]) -> None:
    annex = read(*map(tuple, rows))
    keys = [product.key for product in annex.products]
    assert len(set(keys)) == len(keys)
