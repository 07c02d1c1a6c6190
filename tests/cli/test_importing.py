"""`ocop import`: the list goes back with a question beside each row, and comes again with the answers."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

from ocop_workflow.imports.answers import ACCEPTED
from tests.cli.conftest import ANNEX, dump

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
HEADING = (
    *("STT", "Địa phương", "Tên sản phẩm", "Chủ thể", "Địa chỉ"),
    *("3 sao", "4 sao", "Nâng hạng 3 sao lên 4 sao", "Nâng hạng 4 sao lên 5 sao"),
)
OWN = ("Kết quả", "Câu hỏi", "Đề xuất", "Trả lời")


def write(
    path: str, sheets: Mapping[str, Sequence[tuple[str, ...]]], *, hidden_rows: tuple[int, ...] = ()
) -> None:
    """Write a workbook of text; the rows stand below the heading of each sheet."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate((HEADING, *rows)):
                for column, cell in enumerate(row):
                    page.write_string(number, column, cell)
            for number in hidden_rows:
                page.set_row(number - 1, None, None, {"hidden": True})


def cells(path: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read a workbook back; its formulas would show as formulas."""
    book = openpyxl.load_workbook(path)
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} <= {"s", "n"}
    return {
        page.title: [tuple(cell or "" for cell in row) for row in page.iter_rows(values_only=True)]
        for page in book
    }


def fill(path: str, **answers: str) -> None:
    """Type answers into cells of the first sheet, and of `Hỏi chung` where the cell's name begins with G_."""
    book = openpyxl.load_workbook(path)
    for cell, text in answers.items():
        page = book["Hỏi chung"] if cell.startswith("G_") else book.worksheets[0]
        page[cell.removeprefix("G_")] = text
    book.save(path)


def test_the_list_goes_back_and_comes_again_with_answers(planned: Ocop, home: Path) -> None:
    rows = [
        ("1", "X. Phổ An", "Kh« Bß", "NguyÔn V¨n A", "Tổ 1", "x"),
        ("2", "P. Phổ Minh", "Trà", "HTX B", "Tổ 2", "", "", "√"),
        ("3", "Xã Phổ An", "Sản phẩm đã rút", "HTX C", "Thôn 3", "x"),
    ]
    write("list.xlsx", {"Phụ lục": rows}, hidden_rows=(4,))
    said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--out", "back.xlsx")
    assert said.code == 1
    assert said.out.splitlines()[-3:] == [
        "đã thêm 1 sản phẩm; 0 đã có từ trước; 2 dòng chờ trả lời, chưa nhập.",
        "Trả lời bằng cột “Trả lời” của tệp --out, hoặc bằng --answers; xem docs/import.md.",
        "Danh sách trả lại: back.xlsx",
    ]
    (page,) = cells("back.xlsx").values()
    assert page[0] == (*HEADING, *OWN)
    assert [row[:9] for row in page[1:]] == [(*row, *("",) * (9 - len(row))) for row in rows]
    assert page[1][9:] == (
        "chờ trả lời",
        (
            "Ô C2, tên sản phẩm: ghi “Kh« Bß” bằng phông chữ cũ TCVN3 (.VnTime); có phải là “Khô Bò” không?\n"
            "Ô D2, tên chủ thể: ghi “NguyÔn V¨n A” bằng phông chữ cũ TCVN3 (.VnTime); "
            "có phải là “Nguyễn Văn A” không?"
        ),
        "C2 = Khô Bò; D2 = Nguyễn Văn A",
        "",
    )
    assert page[2][9:] == (
        "mới: DP24-001",
        "Hỏi thêm: Sản phẩm đăng ký nâng hạng: giấy chứng nhận đang có số mấy, cấp ngày nào, hạng mấy sao?",
        "",
        "",
    )
    assert page[3][9:] == (
        "chờ trả lời",
        "Dòng 4 (STT 3) bị ẩn trong bảng tính: “Sản phẩm đã rút”; nhập hay bỏ qua?",
        "bỏ qua",
        "",
    )
    assert openpyxl.load_workbook("back.xlsx").worksheets[0].row_dimensions[4].hidden

    fill("back.xlsx", M2="đúng", M4="bỏ qua")
    again = planned("import", "back.xlsx", "--plan", "duc-pho-2024", "--json")
    assert again.code == 0
    assert [(row["verdict"], row["code"], row["name"], row["producer"]) for row in again.json["rows"]] == [
        ("new", "DP24-002", "Khô Bò", "Nguyễn Văn A"),
        ("same", "DP24-001", "Trà", "HTX B"),
        ("left_out", None, "Sản phẩm đã rút", "HTX C"),
    ]
    before = dump(home)
    told = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--answers", "back.xlsx")
    assert told.out.splitlines()[-1] == (
        "đã thêm 0 sản phẩm; 2 đã có từ trước; 1 dòng bỏ qua theo câu trả lời."
    )
    assert dump(home) == before


def test_a_question_in_json_names_sheet_cell_proposal_and_answers(planned: Ocop) -> None:
    write("list.xlsx", {"Phụ lục": [("1", "Xã Phổ An", "2024-04-03", "HTX A", "Thôn 1", "x")]})
    said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run", "--json")
    (row,) = said.json["rows"]
    assert {key: row[key] for key in ("sheet", "row", "code", "state", "new", "verdict")} == {
        "sheet": "Phụ lục",
        "row": 2,
        "code": None,
        "state": None,
        "new": False,
        "verdict": "waits",
    }
    assert row["questions"] == [
        {
            "vi": "Ô C2, tên sản phẩm: là ngày 03/04/2024, không phải chữ; có phải là “3/4” không?",
            "en": "Cell C2, the name of the product: a date, 2024-04-03, no words; is it “3/4”?",
            "sheet": "Phụ lục",
            "cell": "C2",
            "proposed": "3/4",
            "kind": "date",
            "product": None,
            "stops": True,
            "answers": ["đúng", "giữ", "bỏ qua"],
        }
    ]
    assert (said.code, said.json["added"], said.json["waiting"]) == (1, 0, 1)


def test_of_a_long_list_the_screen_shows_what_is_asked(planned: Ocop) -> None:
    rows = [(str(i), "Xã Phổ An", f"Trà số {i}", f"HTX {i}", "Thôn 1", "x") for i in range(1, 201)]
    write("list.xlsx", {"A": [*rows, ("201", "Xã Phổ An", "#N/A", "HTX C", "Thôn 1", "x")]})
    said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run")
    assert "Trà số 1" not in said.out
    assert "Bảng trên có 1 trong 201 dòng; mọi dòng: dùng --out hoặc --json." in said.out.splitlines()


def test_what_is_asked_of_the_whole_list_stands_on_a_sheet_of_its_own(town: Ocop) -> None:
    text = Path(ANNEX).read_text("utf-8").replace("Chả lụa,", "Chả lụa Phổ Ninh,")
    Path("list.csv").write_text(text, "utf-8")
    assert town("import", "list.csv", "--plan", "duc-pho-2024", "--out", "back.xlsx").code == 1
    assert cells("back.xlsx")["Hỏi chung"] == [
        ("Về", "Câu hỏi", "Đề xuất", "Trả lời"),
        (
            "DP24-013",
            "DP24-013 “Chả lụa” không còn trong danh sách (có thể là dòng 15); giữ hay rút?",
            "giữ",
            "",
        ),
    ]
    fill("back.xlsx", M15="mới", G_D2="rút")
    said = town("import", "back.xlsx", "--plan", "duc-pho-2024")
    assert said.out.splitlines()[-3:] == [
        "Việc cần làm: DP24-013 không còn trong danh sách; để rút:",
        '  ocop advance DP24-013 withdraw --as ocop --data \'{"reason": "không còn trong danh sách"}\'',
        "đã thêm 1 sản phẩm; 13 đã có từ trước.",
    ]


def test_once_there_are_officers_a_command_that_is_left_names_one_who_may(town: Ocop) -> None:
    town("officer", "add", "lan", "--role", "authority_officer", "--unit", "duc-pho")
    text = Path(ANNEX).read_text("utf-8").replace("Chả lụa,", "Chả lụa Phổ Ninh,")
    Path("list.csv").write_text(text, "utf-8")
    Path("a.toml").write_text('C15 = "mới"\nDP24-013 = "rút"\n', "utf-8")
    (step,) = town("import", "list.csv", "--plan", "duc-pho-2024", "--answers", "a.toml", "--json").json[
        "steps"
    ]
    assert step["commands"] == [
        'ocop advance DP24-013 withdraw --as lan --data \'{"reason": "không còn trong danh sách"}\''
    ]


def test_a_refused_list_goes_back_with_its_faults(planned: Ocop, home: Path) -> None:
    rows = [("1", "Xã Phổ An", "", "HTX A", "Thôn 1", "x"), ("2", "Xã Sa Huỳnh", "Muối", "HTX B", "", "x")]
    write("list.xlsx", {"A": rows, "B": [("1", "Xã Phổ An", "Trà", "HTX C", "Thôn 1", "x", "x")]})
    before = dump(home)
    said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--out", "back.xlsx")
    assert (said.code, said.err.splitlines()[0]) == (1, "Lỗi: Tệp list.xlsx có dòng lỗi; chưa nhập gì cả.")
    pages = cells("back.xlsx")
    assert [row[9:11] for row in pages["A"][1:]] == [
        ("lỗi", "Dòng 2 (STT 1): thiếu tên sản phẩm."),
        ("lỗi", "không có xã, phường nào tên Xã Sa Huỳnh thuộc Thị xã Đức Phổ"),
    ]
    assert pages["B"][1][9:11] == ("lỗi", "Dòng 2 (STT 1): đánh dấu nhiều hơn một cột hạng sao.")
    assert dump(home) == before


FORMULAS = ("=HYPERLINK(1)", "+84 900", "-cmd|x", "@SUM(A1)")


def test_nothing_that_goes_back_is_a_formula(planned: Ocop) -> None:
    rows = [(str(i), "Xã Phổ An", name, name, name, "x") for i, name in enumerate(FORMULAS, start=1)]
    write("list.xlsx", {"A": rows})
    assert planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run", "--out", "b.xlsx").code == 0
    assert [row[2] for row in cells("b.xlsx")["A"][1:]] == list(FORMULAS)
    planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run", "--out", "b.csv")
    with Path("b.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [row[2] for row in csv.reader(file)][1:]
    assert found == [f"'{name}" for name in FORMULAS]


def test_a_list_goes_back_only_as_another_file_of_a_kind_that_holds_it(planned: Ocop) -> None:
    write("list.xlsx", {"A": [("1", "Xã Phổ An", "Trà", "HTX C", "Thôn 1", "x")], "B": []})
    for out, words in (
        ("list.xlsx", "--out phải là tệp khác với danh sách gốc."),
        ("back.pdf", "--out phải là tệp .xlsx hoặc .csv."),
        ("back.csv", "Tệp trả lại phải là .xlsx (hoặc .csv khi danh sách chỉ có một trang)."),
    ):
        said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run", "--out", out)
        assert (said.code, said.err.splitlines()[0]) == (2, f"Lỗi: {words}")
    there = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run", "--out", "none/back.xlsx")
    assert (there.code, there.err.splitlines()[0]) == (
        1,
        "Lỗi: Không ghi được tệp none/back.xlsx (No such file or directory).",
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.toml", '"C2" = 5', 'Tệp a.toml không phải danh sách câu trả lời dạng "Trang!C2" = "…".'),
        ("a.json", "[1]", 'Tệp a.json không phải danh sách câu trả lời dạng "Trang!C2" = "…".'),
        ("a.json", '{"C2": "nhập"}', "Tệp list.xlsx có dòng lỗi; chưa nhập gì cả."),
    ],
)
def test_answers_that_cannot_be_understood_are_refused(
    planned: Ocop, name: str, text: str, words: str
) -> None:
    write("list.xlsx", {"A": [("1", "Xã Phổ An", "#N/A", "HTX C", "Thôn 1", "x")]})
    Path(name).write_text(text, "utf-8")
    said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--answers", name)
    assert (said.code, said.err.splitlines()[0]) == (1, f"Lỗi: {words}")
    assert planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--answers", "none.toml").code == 2


def test_the_example_of_the_page_is_imported_as_the_page_says(planned: Ocop) -> None:
    (answers,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (rows,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    write(
        "list.xlsx", {"Phụ lục": [tuple(row) for row in csv.reader(rows.splitlines())][1:]}, hidden_rows=(4,)
    )
    Path("a.toml").write_text(answers, "utf-8")
    waits = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--dry-run", "--json")
    assert [row["verdict"] for row in waits.json["rows"]] == ["waits"] * 3
    said = planned("import", "list.xlsx", "--plan", "duc-pho-2024", "--answers", "a.toml", "--json")
    assert [(row["verdict"], row["unit"], row["name"], row["producer"]) for row in said.json["rows"]] == [
        ("new", "Xã Phổ An", "Khô Bò", "Nguyễn Văn A"),
        ("new", "Phường Phổ Minh", "Khô gà", "HTX Nông nghiệp A"),
        ("left_out", "Phổ Khánh", "Sản phẩm đã rút", "HTX B"),
    ]


def test_the_page_names_every_kind_of_doubt_and_its_words() -> None:
    listed = dict(re.findall(r"^\| `(\w+)`[^|]*\|[^|]*\| (.*) \|$", PAGE, re.MULTILINE))
    assert {kind.value for kind in ACCEPTED} == set(listed)
    for kind, words in ACCEPTED.items():
        assert [word.value for word in words if f"`{word.value}`" not in listed[kind.value]] == []
