"""Names under which files are kept, whatever they were called where they come from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.files.kinds import FileKind
from ocop_workflow.files.names import clean_name


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("Phiếu đăng ký.pdf", FileKind.PDF, "Phiếu đăng ký.pdf"),
        ("ANH.JPG", FileKind.JPEG, "ANH.jpg"),
        ("anh.jpeg", FileKind.JPEG, "anh.jpeg"),
        ("quét.jpg", FileKind.PDF, "quét.jpg.pdf"),
        ("báo cáo", FileKind.DOCX, "báo cáo.docx"),
        ("", FileKind.PNG, "tep.png"),
        (".pdf", FileKind.PDF, "pdf.pdf"),
        ("..", FileKind.PDF, "tep.pdf"),
        ("../../etc/passwd", FileKind.PDF, "passwd.pdf"),
        ("C:\\Users\\lan\\giấy.pdf", FileKind.PDF, "giấy.pdf"),
        ("con.pdf", FileKind.PDF, "_con.pdf"),
        ("COM1.tar.pdf", FileKind.PDF, "_COM1.tar.pdf"),
        ("hóa đơn\u202efdp.exe", FileKind.PDF, "hóa đơnfdp.exe.pdf"),
        ('a"; filename="b.exe', FileKind.ZIP, "a_; filename=_b.exe.zip"),
        ("a\r\nSet-Cookie: x=1.pdf", FileKind.PDF, "a Set-Cookie_ x=1.pdf"),
        ("<script>alert(1)</script>.pdf", FileKind.PDF, "script_.pdf"),
        ("e\u0301.pdf", FileKind.PDF, "é.pdf"),
        ("\ud800.pdf", FileKind.PDF, "pdf.pdf"),
        ("%2e%2e%2f.pdf", FileKind.PDF, "_2e_2e_2f.pdf"),
    ],
)
def test_a_name_is_made_harmless_and_tells_the_truth(given: str, kind: FileKind, kept: str) -> None:
    assert clean_name(given, kind) == kept


@given(st.text(max_size=1000), st.sampled_from(FileKind))
def test_whatever_it_was_called_it_can_be_saved_everywhere(given: str, kind: FileKind) -> None:
    kept = clean_name(given, kind)
    assert kept.rpartition(".")[2] in kind.endings
    assert 0 < len(kept.encode()) <= 200
    assert not set(kept) & set('<>:"|?*%/\\')
    assert kept.isprintable()
    assert kept == kept.strip(". ") == unicodedata.normalize("NFC", kept)
    assert clean_name(kept, kind) == kept
