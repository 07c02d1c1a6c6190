"""How deep and large a file of tables may be: what people write passes, what a machine piles up does not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import ocop_workflow
from ocop_workflow.bounds import MAX_CHARACTERS, MAX_NESTED, MAX_PARTS, out_of_bounds

SHIPPED = sorted((Path(ocop_workflow.__file__).parent / "data").rglob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_file_that_ships_passes(path: Path) -> None:
    assert out_of_bounds(path.read_text("utf-8")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" + ".a" * 10_000 + "=1", "line 1: a name has more than 16 parts"),
        ('x = 1\n"a"' + ' . "a"' * MAX_PARTS + " = 1", "line 2: a name has more than 16 parts"),
        ("[" + "a." * MAX_PARTS + "a]", "line 1: a name has more than 16 parts"),
        ("\na = " + "[" * (MAX_NESTED + 1), "line 2: nested deeper than 16 levels"),
        ("a = " + "{b=" * (MAX_NESTED + 1), "line 1: nested deeper than 16 levels"),
        ('a = """\n[[[[""""\nb = ' + "[" * (MAX_NESTED + 1), "line 3: nested deeper than 16 levels"),
        ('{"a":' * 17 + "1" + "}" * 17, "line 1: nested deeper than 16 levels"),
        ("#" * MAX_CHARACTERS + "#", "the file is longer than 1,000,000 characters"),
    ],
    ids=lambda given: given[:20],
)
def test_what_is_too_deep_is_told_with_its_line(text: str, said: str) -> None:
    found = out_of_bounds(text)
    assert found is not None
    assert found.en == said


@pytest.mark.parametrize(
    "text",
    [
        "as_written = '" + "[." * 50 + "'",
        'as_written = "' + '……[{.\\"' * 50 + '"',
        'as_written = """' + '[.{\n\\"""' * 50 + '"""',
        "as_written = '''" + "[.{\n''" * 50 + "'''",
        "# " + "[." * 50,
        "a = [\n" + "1.5,\n" * 50 + "]",
        "a = [" + "[1], " * 50 + "]",
        "]" * 50 + "[" * MAX_NESTED,
        "a = " + "[" * MAX_NESTED,
        "a" + ".a" * (MAX_PARTS - 1) + " = 1",
    ],
    ids=lambda given: given[:20],
)
def test_what_stands_in_words_or_side_by_side_is_not_deep(text: str) -> None:
    assert out_of_bounds(text) is None


@pytest.mark.parametrize("piece", ['"""\\"', '"', "'", '"""\\', "\\", "a=1\n", '"\n', "[],", "''''''"])
def test_the_look_takes_no_longer_than_the_text_is_long(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begun = time.process_time()
        out_of_bounds(text)
        return time.process_time() - begun

    assert seconds(400_000) < 20 * max(seconds(100_000), 0.01)
