"""`ocop questions`: listed, answered, shown with the product."""

from __future__ import annotations

from collections.abc import Callable

from tests.cli.conftest import ANNEX, Said

Ocop = Callable[..., Said]


def test_a_question_is_listed_answered_and_shown_with_its_product(town: Ocop) -> None:
    first, second = town("questions", "--plan", "duc-pho-2024", "--json").json
    assert (first["answered"], first["answer"]) == (False, None)
    listed = town("questions")
    assert "2 câu hỏi" in listed.out
    assert listed.out.rstrip().endswith(
        "Trả lời từng câu theo số của nó: xem `ocop questions answer --help`."
    )
    done = town("questions", "answer", str(first["id"]), "là hai sản phẩm", "--as", "lan")
    assert done.out == f"{first['code']}: đã ghi câu trả lời «là hai sản phẩm».\n"
    assert [item["id"] for item in town("questions", "--json").json] == [second["id"]]
    page = town("product", first["code"]).out
    assert f"Đã hỏi: {first['question']} Trả lời: «là hai sản phẩm», lan, 23/04/2024 06:00" in page
    assert "Cần hỏi lại (số" in town("product", second["code"]).out
    shown = town("product", first["code"], "--json").json
    assert (shown["questions"], shown["asked"][0]["answered_by"]) == ([], "lan")
    again = town("import", ANNEX, "--plan", "duc-pho-2024", "--json").json
    assert [row["code"] for row in again["rows"] if row["questions"]] == [second["code"]]
    assert "«là hai sản phẩm»" in town("questions", "--all", "--product", first["code"]).out


def test_what_cannot_be_answered_is_said(town: Ocop) -> None:
    assert town("questions", "answer", "99", "x", "--as", "lan").code == 2
    assert town("questions", "answer", "1", "", "--as", "lan").code == 1
    assert town("questions", "answer", "1", "x").code == 2
    assert town("questions", "--plan", "none").code == 2
