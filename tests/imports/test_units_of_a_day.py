"""A commune's name in a list means what it meant on the day of the paper; where two answer, it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.mergers.country import load_province
from ocop_workflow.imports.answers import Answers
from ocop_workflow.imports.importing import File, import_annex
from ocop_workflow.imports.reading.candidate import AnnexContent
from ocop_workflow.regulations.country import REFORM
from tests.fakes import FixedClock
from tests.stories.cast import HOST
from tests.stories.journeys import candidate, load_text

if TYPE_CHECKING:
    from ocop_workflow.imports.report import ImportReport
    from ocop_workflow.store import Database

PLAN = "ke-hoach-2026"
TODAY = FixedClock.at(date(2026, 3, 10))


def planned(database: Database, province: str) -> Database:
    """Store a province's communes of March 2026, none of those of before, and a plan of the province."""
    with database.write() as tx:
        load_province(tx, HOST, province, REFORM, today=TODAY.today(), now=TODAY.now())
    plan = shipped_plan_text("example-2026").replace('"example-2026"', f'"{PLAN}"')
    load_text(database, TODAY, plan.replace('unit = "vi-du"', f'unit = "{province}"'))
    return database


@pytest.fixture
def province(database: Database) -> Database:
    """Quảng Ngãi in March 2026."""
    return planned(database, "quang-ngai")


def bring(database: Database, *names: str, **answers: str) -> ImportReport:
    rows = [candidate(row, name, f"Sản phẩm {row}") for row, name in enumerate(names, start=2)]
    placed = tuple(replace(row, places=(f"B{row.row}", f"C{row.row}")) for row in rows)
    file = File("danh-sach.csv", "0" * 64, AnnexContent(placed), Answers(answers))
    with database.write() as tx:
        return import_annex(tx, file, PLAN, actor=HOST, today=TODAY.today(), now=TODAY.now())


def places(database: Database) -> list[tuple[str, str]]:
    with database.read() as tx:
        found = tx.execute(
            text("SELECT p.name, u.name FROM products p JOIN units u ON u.id = p.unit_id ORDER BY p.id")
        )
        return [(row[0], row[1]) for row in found]


def asked(report: ImportReport) -> list[str]:
    return [doubt.vi for row in report.rows for doubt in row.doubts]


def test_a_list_of_2026_with_old_names_finds_the_heirs(province: Database) -> None:
    report = bring(
        province,
        "Phổ Khánh",
        "Phường Nguyễn Nghiêm, thị xã Đức Phổ",
        "Xã Nguyễn Nghiêm",
        "X. Phổ Thuận, TX Đức Phổ, tỉnh Quảng Ngãi",
        "Phường Sa Huỳnh",
    )
    assert asked(report) == []
    assert places(province) == [
        ("Sản phẩm 2", "Xã Khánh Cường"),
        ("Sản phẩm 3", "Phường Đức Phổ"),
        ("Sản phẩm 4", "Xã Nguyễn Nghiêm"),
        ("Sản phẩm 5", "Phường Trà Câu"),
        ("Sản phẩm 6", "Phường Sa Huỳnh"),
    ]


def test_a_name_that_two_answer_is_asked_and_the_id_answers(province: Database) -> None:
    report = bring(province, "Nguyễn Nghiêm")
    (question,) = asked(report)
    assert question == (
        "Ô B2: “Nguyễn Nghiêm” có thể là Xã Nguyễn Nghiêm, Tỉnh Quảng Ngãi (nguyen-nghiem-21457) hay "
        "Phường Nguyễn Nghiêm, Thành phố Quảng Ngãi, nay thuộc Phường Cẩm Thành (cam-thanh-21025) hay "
        "Phường Nguyễn Nghiêm, Thị xã Đức Phổ, nay thuộc Phường Đức Phổ (duc-pho-21439); "
        "ghi mã của nơi đúng."
    )
    assert places(province) == []
    assert asked(bring(province, "Nguyễn Nghiêm", B2="duc-pho-21439")) == []
    assert places(province) == [("Sản phẩm 2", "Phường Đức Phổ")]


def test_a_commune_that_was_divided_is_asked_about(province: Database) -> None:
    (question,) = asked(bring(province, "Xã Trà Bùi"))
    assert "Xã Trà Bùi, Huyện Trà Bồng, nay thuộc " in question
    assert question.count(" hay ") == 1


def test_a_code_is_known_and_one_that_was_given_to_another_is_asked_about(database: Database) -> None:
    gia_lai = planned(database, "gia-lai")
    (question,) = asked(bring(gia_lai, "23710", "23737", B3="ia-mo-23737"))
    assert question == (
        "Ô B2: “23710” có thể là Xã Ia Băng, Tỉnh Gia Lai (ia-bang-23710) hay "
        "Xã A Dơk, Huyện Đăk Đoa, nay thuộc Xã Ia Dơk (ia-dok-23869); ghi mã của nơi đúng."
    )
    assert places(gia_lai) == [("Sản phẩm 3", "Xã Ia Mơ")]
