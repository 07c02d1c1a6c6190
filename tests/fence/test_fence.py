"""Files of tables that people bring: refused in one sentence where they cost more than anybody's own file."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import read_plan, shipped_plan_text
from ocop_workflow.calendar.reading.consistency import MAX_ENTRIES
from ocop_workflow.cli.output import read_text
from ocop_workflow.errors import InvalidInput
from ocop_workflow.fence import child, texts
from ocop_workflow.fence.texts import MAX_BYTES, bounded_bytes, within_bounds
from ocop_workflow.imports.answers import read_answers
from tests.factories import SEED

if TYPE_CHECKING:
    from pathlib import Path

DEEP = "a" + ".a" * 10_000 + "=1"


def refusal(text: str, **form: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        within_bounds(text, "ke-hoach.toml", **form)  # type: ignore[arg-type]  # one of two words
    assert caught.value.text.vi == "Tệp ke-hoach.toml có lỗi."
    (found,) = caught.value.faults
    return found.text.en


def test_a_plan_goes_through_unchanged() -> None:
    text = shipped_plan_text(SEED)
    assert within_bounds(text, "ke-hoach.toml") == text


def test_what_is_no_toml_is_left_for_its_reader_to_name() -> None:
    assert within_bounds("a = ", "ke-hoach.toml") == "a = "
    assert within_bounds('{"a": ', "tra-loi.json", "json") == '{"a": '


def test_a_name_of_ten_thousand_parts_is_refused_at_once() -> None:
    begun = time.monotonic()
    assert refusal(DEEP) == "line 1: a name has more than 16 parts"
    assert refusal("[" * 100_000, form="json") == "line 1: nested deeper than 16 levels"
    assert time.monotonic() - begun < 1


def test_what_needs_too_much_in_the_child_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_WALL_SECONDS", 0.001)
    assert refusal("a = 1") == "reading takes too much memory or time"


def test_the_child_cannot_take_more_memory_than_it_is_given() -> None:
    code = f"from {child.__name__} import limit_process; limit_process(2**28, 5); bytearray(2**29)"
    fallen = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert fallen.returncode != 0
    assert b"MemoryError" in fallen.stderr


def test_the_child_cannot_take_more_time_than_it_is_given() -> None:
    code = f"from {child.__name__} import limit_process; limit_process(2**28, 1)\nwhile True: pass"
    begun = time.process_time()
    fallen = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert fallen.returncode != 0
    assert time.process_time() - begun < 5


def test_a_file_is_read_no_further_than_anybody_writes(tmp_path: Path) -> None:
    path = tmp_path / "lon.toml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    for reader in (bounded_bytes, read_text, read_answers):
        with pytest.raises(InvalidInput) as caught:
            reader(path)
        assert "larger than 4 MB" in caught.value.text.en


@pytest.mark.parametrize(
    ("name", "text"),
    [("tra-loi.toml", DEEP), ("tra-loi.json", "[" * 100_000), ("so.toml", "a = " + "9" * 5000)],
)
def test_a_file_of_answers_stands_behind_the_same_fence(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    begun = time.monotonic()
    with pytest.raises(InvalidInput):
        read_answers(tmp_path / name)
    assert time.monotonic() - begun < 10


def test_a_number_of_five_thousand_digits_is_a_fault_of_the_file() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_plan("a = " + "9" * 5000)
    (found,) = caught.value.faults
    assert found.text.en.startswith("not valid TOML")
    with pytest.raises(ValueError, match="4300"):
        tomllib.loads("a = " + "9" * 5000)


#: what costs the square of its length where nobody has thought of it
PILES = {
    "milestones": "[[milestones]]\nid='a'\n" * 8_000,
    "a chain": "".join(
        f"[[milestones]]\nid='a{number}'\nwhen={{with='a{number + 1}'}}\n" for number in range(4_000)
    ),
    "a thicket": "".join(
        f"[[milestones]]\nid='a{number}'\nwhen={{any_of=["
        + "".join(f"{{with='a{(number * 7 + other) % 299}'}}," for other in range(35))
        + "]}\n"
        for number in range(299)
    ),
    "events": "".join(f"[[events]]\nid='e{number}'\n" for number in range(290))
    + "[[milestones]]\nid='x'\nwhen={any_of=["
    + "{after={event='q'}}," * 8_000
    + "]}\n",
    "tables": "".join("[" + "a." * 14 + f"b{number}]\n" for number in range(5_000)),
}


@pytest.mark.parametrize("pile", PILES)
def test_a_pile_of_entries_is_judged_in_a_moment(pile: str) -> None:
    text = PILES[pile]
    assert len(text) < 200_000  # what a request may bring
    begun = time.process_time()
    with pytest.raises(InvalidInput):
        read_plan(text)
    assert time.process_time() - begun < 5


def test_a_plan_has_no_more_entries_than_any_year_has() -> None:
    many = "".join(f"[[events]]\nid = 'e{number}'\nname = 'x'\n" for number in range(MAX_ENTRIES + 1))
    with pytest.raises(InvalidInput) as caught:
        read_plan(many)
    assert "301 milestones, activities, rounds, inspections and events; 300 at most" in {
        found.text.en for found in caught.value.faults
    }
