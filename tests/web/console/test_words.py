"""Templates: their English is whole and nothing of it left over; nothing breaks the pages' policy."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from ocop_workflow.web.console.frame.around import DOORS
from ocop_workflow.web.console.frame.assets import address_of, assets, edition
from ocop_workflow.web.console.frame.words import day, figure, left, templates
from ocop_workflow.web.exchange.advice import PAGES

ROOM = Path(str(resources.files("ocop_workflow"))) / "web"
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
_VARIABLE = re.compile(r"%\(\w+\)s")


@cache
def spoken() -> frozenset[str]:
    """Return every sentence that the templates say."""
    found = extract_from_dir(
        ROOM / "templates",
        method_map=[("**.html", "jinja2")],
        options_map={"**.html": {"extensions": "jinja2.ext.i18n"}},
    )
    return frozenset({str(words) for _, _, words, _, _ in found} | {door.name for door in DOORS})


@cache
def catalogue() -> dict[str, str]:
    with (ROOM / "console" / "locale" / "en.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_every_sentence_has_its_english_and_no_other_has() -> None:
    assert catalogue().keys() == spoken()
    assert not [words for words, english in catalogue().items() if not english.strip()]


def test_what_stands_in_for_something_is_the_same_in_both() -> None:
    for words, english in catalogue().items():
        assert set(_VARIABLE.findall(words)) == set(_VARIABLE.findall(english)), words


def test_advice_names_pages_as_the_doors_do() -> None:
    named = {tuple(re.findall("«(.+?)»", text.vi + text.en)) for text in PAGES.values() if "«" in text.vi}
    assert named <= {(door.name, catalogue()[door.name]) for door in DOORS}


def test_no_english_word_is_vietnamese() -> None:
    marked = [english for english in catalogue().values() if re.search(r"[ăâđêôơưạảãàáẹẻẽèéịỉĩìí]", english)]
    assert marked == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOM / "templates").as_posix())
def test_nothing_in_a_template_breaks_the_policy(path: Path) -> None:
    text = path.read_text("utf-8")
    for pattern in (r"\sstyle=", r"\son\w+=", r"<script", r"<style", r"javascript:", r"https?://", r"\|safe"):
        assert not re.search(pattern, text), (path.name, pattern)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOM / "templates").as_posix())
def test_no_sentence_of_a_template_stands_outside_the_catalogue(path: Path) -> None:
    """Between tags there is only what is looked up, numbers, marks, and names that are alike in both."""
    text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    plain = re.sub(r"<[^>]*>", "\n", text)
    words = {line.strip() for line in plain.split("\n")} - {""}
    left_over = {line for line in words if re.search(r"[A-Za-zÀ-ỹ]{2,}", line)}
    assert left_over <= {"OCOP", "– OCOP", "Excel", "CSV", "&middot;"}, path.name


def test_every_template_is_read_by_both_languages() -> None:
    for language in ("vi", "en"):
        for path in TEMPLATES:
            templates(language).get_template(path.relative_to(ROOM / "templates").as_posix())


def test_days_and_numbers_are_written_as_people_do() -> None:
    assert (left(0).vi, left(1).en, left(-1).vi, left(-2).en) == (
        "hôm nay là hạn",
        "1 day left",
        "trễ 1 ngày",
        "2 days late",
    )
    assert (day("2024-04-03"), day("2024-04-03", "en"), day(None), figure(12345)) == (
        "3/4/2024",
        "03 Apr 2024",
        "",
        "12.345",
    )


def test_style_sheets_are_those_that_their_readme_names() -> None:
    from hashlib import sha256  # noqa: PLC0415 - of this test alone

    told = (ROOM / "static" / "README.md").read_text("utf-8")
    sheet = assets()["bootstrap/bootstrap.min.css"]
    assert sha256(sheet.plain).hexdigest() in told
    assert b"data:" not in sheet.plain
    assert not [
        name for name in re.findall(rb'url\("?([^)"]+)', sheet.plain) if name.decode() not in _icons()
    ]


def _icons() -> set[str]:
    return {path.removeprefix("bootstrap/") for path in assets()}


def test_addresses_of_style_sheets_change_with_what_they_hold() -> None:
    assert address_of("console.css") == f"/static/{edition()}/console.css"
    assert len(edition()) == 12


def test_a_first_visit_weighs_little() -> None:
    """80 KB compressed is the limit of a whole page; style sheets and pictures are most of it."""
    fetched = ("bootstrap/bootstrap.min.css", "console.css", "mark.svg")
    assert sum(len(assets()[name].packed) for name in fetched) < 40_000


def test_what_a_buyer_fetches_by_a_qr_code_weighs_next_to_nothing() -> None:
    """The page is found by a telephone in a shop: its style sheet is its own, without Bootstrap."""
    assert sum(len(assets()[name].packed) for name in ("lookup.css", "mark.svg")) < 3_000
