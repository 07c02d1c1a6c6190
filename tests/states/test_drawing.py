"""The page that shows the table to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocop_workflow.regulations import Regulation, load_regulation, regulation_ids
from ocop_workflow.states import build_lifecycle
from ocop_workflow.states.drawing import draw

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
SHIPPED = [load_regulation(name) for name in regulation_ids()]


def test_the_committed_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8") == draw(SHIPPED), "run `ocop states draw`"


def test_regulations_with_the_same_ladder_share_a_chapter() -> None:
    chapters = [line for line in draw(SHIPPED).splitlines() if line.startswith("## Bậc thang")]
    assert chapters == [
        "## Bậc thang cấp xã → cấp huyện → cấp tỉnh → trung ương · commune → district → province → central",
        "## Bậc thang cấp xã → cấp tỉnh → trung ương · commune → province → central",
    ]


@pytest.mark.parametrize("regulation", SHIPPED, ids=lambda pack: pack.id)
def test_the_diagram_shows_every_row_of_the_table_and_nothing_else(regulation: Regulation) -> None:
    diagram = draw([regulation]).split("```mermaid")[1].split("```")[0]
    arrows = [line.strip() for line in diagram.splitlines() if "-->" in line and "[*]" not in line]
    drawn = {
        (*arrow.split(": ")[0].split(" --> "), event)
        for arrow in arrows
        for event in arrow.split(": ")[1].split(", ")
    }
    table = build_lifecycle(regulation).transitions
    assert drawn == {(row.source.value, row.target.value, row.event.value) for row in table}


def test_a_line_of_the_table_says_who_does_what_and_what_it_needs() -> None:
    assert (
        "| `commune_evaluate`<br>Cấp xã đánh giá | `consulting`, `re_rating` → `commune_evaluated` "
        "| UBND cấp xã / commune | số và ngày báo cáo đánh giá của UBND cấp xã / "
        "number and date of the commune's evaluation report<br>nhận xét đủ bốn nội dung:"
    ) in draw(SHIPPED)


def test_a_line_says_for_which_dossiers_it_holds() -> None:
    line = "| `send_back`<br>Trả lại để hoàn thiện | `commune_evaluated` → `consulting`<br>(hồ sơ lần đầu / "
    assert line in draw(SHIPPED)
