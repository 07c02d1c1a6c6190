"""Whatever people have written is words in a document: no mark-up, no formula, no address, no header."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from ocop_workflow.documents.of_certificate import certificate_with_papers
from ocop_workflow.documents.outside.drafting import draft_of_certificate, list_certificate_documents
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.web.exchange.downloads import disposition
from tests.documents.reading import Read, parsed
from tests.documents.stage import AROUND, SAUCE
from tests.factories import write

if TYPE_CHECKING:
    from tests.documents.stage import Evening

#: what a document shows, and somebody has typed
TYPED = {
    "products": ("name",),
    "producers": ("name",),
    "councils": ("name", "decision_number"),
    "council_members": ("position",),
    "council_sessions": ("name", "place", "signer"),
    "session_conflicts": ("reason",),
    "session_products": ("again_because", "chair_note", "advice"),
    "certificates": ("product", "producer", "commune", "province", "issuer", "signer"),
    "officers": ("name",),
    "units": ("name", "office"),
    "transitions": ("unit",),
    "dossiers": ("official_code",),
}
PAYLOAD = "</w:t>&lt;\"'><w:br/>]]>{{7*7}}<script>"
LEADS = ("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://x.example")')


def fill(evening: Evening, words: str) -> None:
    for table, columns in TYPED.items():
        for column in columns:
            short = words[:60] if column == "official_code" else words
            write(evening.database, f"UPDATE {table} SET {column} = :words", words=short)


def drafts(evening: Evening) -> dict[str, bytes]:
    """Draft one document of each kind, of the session and of a certificate."""
    found = {}
    for line in evening.documents().documents:
        if line.ready and line.kind not in found:
            file = evening.draft(line.kind.value, commune=line.commune, product=line.product)
            found[line.kind.value] = file.content
    with evening.database.read() as tx:
        actor, today = evening.actor("thu"), evening.clock.today()
        for one in list_certificate_documents(tx, 1, actor, today).documents:
            if one.ready:
                drafted = draft_of_certificate(tx, 1, one.kind, actor=actor, around=AROUND, today=today)
                found[f"certificate {one.kind}"] = drafted.written().content
    return found


@pytest.mark.ordeal
def test_mark_up_in_any_text_is_words_in_every_document(decided: Evening) -> None:
    fill(decided, PAYLOAD)
    found = drafts(decided)
    assert {*map(str, SessionDocument), "certificate extract"} == set(found)
    for kind, content in found.items():
        if kind == "results-workbook":
            continue
        read = Read(content)  # every part can be read: nothing has broken it
        assert "{{7*7}}<script>" in read.text, kind
        for name, part in read.parts.items():
            if name.endswith(".rels"):
                assert b"External" not in part, (kind, name)
            if name.endswith(".xml"):
                parsed(part)
        codes = {(code.text or "").strip() for code in read.body.iter(f"{read.body.tag[:-8]}instrText")}
        assert codes <= {"PAGE"}, kind


@pytest.mark.parametrize("lead", LEADS)
def test_no_text_of_the_workbook_steers_the_program_that_opens_it(decided: Evening, lead: str) -> None:
    fill(decided, lead)
    content = decided.draft("results-workbook").content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert not [name for name, part in parts.items() if b"<f>" in part or b"External" in part]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    written = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in written} <= {"s", "n"}
    assert all(cell.quotePrefix for cell in written if cell.data_type == "s")
    assert any(str(cell.value).strip() == lead.strip() for cell in written)


@pytest.mark.parametrize(
    "name",
    ['a"; filename="b.exe', "a\r\nSet-Cookie: x=1\r\n\r\n<script>.pdf", "..\\..\\a/b.pdf", "đ\u202efdp.exe"],
)
def test_a_name_breaks_no_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    plain, _, exact = header.partition("; filename*=UTF-8''")
    assert plain.count('"') == 2
    assert not set(exact) & set('"\\/;\r\n<> ')


@pytest.mark.ordeal
def test_file_names_of_drafts_are_ours(decided: Evening) -> None:
    fill(decided, '"\r\n/../x')
    for line in decided.documents().documents:
        if line.ready:
            file = decided.draft(line.kind.value, commune=line.commune, product=line.product)
            assert file.name.replace("-", "").replace(".", "").isalnum(), file.name
    assert decided.draft("certificate", product=SAUCE).name == "phien-1-giay-chung-nhan-VD26-002.docx"
    with decided.database.read() as tx:
        assert certificate_with_papers(tx, 1, decided.clock.today()).papers
