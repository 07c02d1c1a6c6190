"""The store of files: named by their hash, written once, compared when they are read; what may go wrong."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import obstore
import pytest
from obstore.exceptions import GenericError

from ocop_workflow.errors import InvalidInput, NotFound, TooLarge, Unavailable
from ocop_workflow.files import FileKind, FileStore, KeptFile
from ocop_workflow.files.uploads import MIB
from tests.files.bucket import bucket
from tests.files.samples import DOCM, PDF, PNG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore((tmp_path / "kho tệp" / "files").as_uri())


def keep(store: FileStore, content: bytes, name: str = "phiếu.pdf") -> KeptFile:
    with store.upload() as upload:
        upload.add(content)
        return store.keep(upload, name)


def folder(store: FileStore) -> Path:
    assert store.folder is not None
    return store.folder


def test_a_file_lies_under_its_hash_once_and_for_its_owner_alone(store: FileStore) -> None:
    assert keep(store, PDF) == KeptFile("phiếu.pdf", len(PDF), SHA, FileKind.PDF)
    assert keep(store, PDF, "tên khác.pdf").sha256 == SHA
    assert [path.name for path in folder(store).iterdir()] == [SHA]
    assert (folder(store) / SHA).read_bytes() == PDF
    assert ((folder(store) / SHA).stat().st_mode & 0o777, folder(store).stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    assert store.sizes() == {SHA: len(PDF)}
    with store.read(SHA) as file:
        assert file.read() == PDF


def test_a_store_that_holds_nothing_yet_is_empty_and_makes_no_folder(store: FileStore) -> None:
    assert store.sizes() == {}
    with pytest.raises(Unavailable, match="not in the store any more"):
        store.fetch(SHA)
    assert not folder(store).exists()


def test_an_empty_file_and_a_kind_that_is_not_taken_are_refused_and_nothing_is_written(
    store: FileStore,
) -> None:
    with pytest.raises(InvalidInput) as empty:
        keep(store, b"")
    assert [(item.place, item.text.vi) for item in empty.value.faults] == [("file", "tệp trống")]
    for content in (b"MZ a program", DOCM):
        with pytest.raises(InvalidInput) as refused:
            keep(store, content, "phiếu.pdf")
        (told,) = refused.value.faults
        assert told.text.vi == (
            "chỉ nhận PDF, JPEG, PNG, DOCX, XLSX, ZIP, không hỏng và không chứa macro; "
            "tệp này là loại khác, hoặc hỏng"
        )
    assert not folder(store).exists()


def test_a_file_is_taken_up_to_its_bound_and_not_a_byte_more(tmp_path: Path) -> None:
    store = FileStore((tmp_path / "files").as_uri(), largest=MIB)
    assert keep(store, PDF + bytes(MIB - len(PDF))).size == MIB
    with pytest.raises(TooLarge) as refused:
        keep(store, PDF + bytes(MIB - len(PDF) + 1))
    assert refused.value.text.vi == "Tệp quá lớn (tối đa 1 MiB)."
    assert len(store.sizes()) == 1


def test_fifty_mebibytes_are_the_bound_and_pass_through(store: FileStore) -> None:
    assert store.largest == 50 * MIB
    with store.upload() as upload:
        upload.add(PDF)
        upload.add_all(bytes(MIB) for _ in range(49))
        upload.add(bytes(MIB - len(PDF)))
        kept = store.keep(upload, "lớn.pdf")
        with pytest.raises(TooLarge):
            upload.add(b"x")
    with store.read(kept.sha256) as file:
        assert file.seek(0, 2) == 50 * MIB


def test_a_damaged_file_is_never_handed_out_and_is_whole_again_when_it_is_brought_again(
    store: FileStore,
) -> None:
    keep(store, PDF)
    (folder(store) / SHA).write_bytes(PDF[:-1] + b"X")
    with pytest.raises(Unavailable, match="damaged in the store"):
        store.fetch(SHA)
    keep(store, PDF)
    with store.read(SHA) as file:
        assert file.read() == PDF


def test_what_a_crash_left_half_written_is_no_file(store: FileStore) -> None:
    keep(store, PDF)
    (folder(store) / f"{SHA}#1").write_bytes(PDF[:7])
    (folder(store) / "note.txt").write_text("of somebody's")
    assert store.sizes() == {SHA: len(PDF)}


def broken(words: str) -> Callable[..., Any]:
    def put(*_: object, **__: object) -> None:
        raise GenericError(words)

    return put


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Unable to copy: No space left on device (os error 28)", "Ổ đĩa của kho tệp đã đầy; chưa ghi gì"),
        ("Error performing PUT s3://secret-bucket/x: timed out", "Kho tệp không ghi được; chưa ghi gì"),
    ],
)
def test_a_full_disk_and_a_store_that_is_away_are_one_sentence_each(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, words: str, told: str
) -> None:
    monkeypatch.setattr(obstore, "put", broken(words))
    with pytest.raises(Unavailable) as refused:
        keep(store, PDF)
    assert refused.value.text.vi.startswith(told)
    assert "secret" not in refused.value.text.vi + refused.value.text.en


def test_a_folder_that_cannot_be_made_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file")
    store = FileStore((tmp_path / "files" / "below").as_uri())
    with pytest.raises(Unavailable, match="cannot be written"):
        keep(store, PDF)


def elsewhere(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> FileStore:
    """Return a store in a bucket, named as its own variables name it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for name in ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    return FileStore("s3://ocop-files/duc-pho")


def test_a_store_on_another_machine_keeps_files_and_gives_them_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with bucket() as (endpoint, held):
        store = elsewhere(monkeypatch, endpoint)
        assert store.sizes() == {}
        assert keep(store, PDF).sha256 == SHA
        assert held == {f"duc-pho/{SHA}": PDF}
        assert store.sizes() == {SHA: len(PDF)}
        with store.read(SHA) as file:
            assert file.read() == PDF
        with pytest.raises(Unavailable, match="not in the store any more"):
            store.fetch("0" * 64)
        held[f"duc-pho/{SHA}"] = PNG
        with pytest.raises(Unavailable, match="damaged in the store"):
            store.fetch(SHA)


def test_a_store_on_a_machine_that_does_not_answer_is_away_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    store = elsewhere(monkeypatch, "http://127.0.0.1:9")
    assert store.folder is None
    with pytest.raises(Unavailable, match="cannot be written"):
        keep(store, PDF)
    for ask in (lambda: store.fetch(SHA), store.sizes):
        with pytest.raises(Unavailable, match="does not answer"):
            ask()


def test_a_store_takes_over_what_another_holds(store: FileStore, tmp_path: Path) -> None:
    names = [keep(store, content, "a").sha256 for content in (PDF, PNG)]
    other = FileStore((tmp_path / "other").as_uri())
    other.take_over(store, names)
    assert other.sizes() == store.sizes()
    with pytest.raises(Unavailable):
        other.take_over(store, ["0" * 64])


def test_a_file_of_the_host_that_is_not_there_is_told(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    with store.upload() as upload:
        upload.add_file(tmp_path / "a.png")
        assert upload.finish("a.png").kind is FileKind.PNG
        for path in (tmp_path / "none.pdf", tmp_path):
            with pytest.raises(NotFound, match="cannot be read"):
                upload.add_file(path)


def test_a_draft_that_cannot_be_written_says_that_the_disk_is_full(store: FileStore) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    upload = store.upload()
    upload.file.close()
    upload.file = Full()
    with upload, pytest.raises(Unavailable, match="disk of the store of files is full"):
        upload.add(PDF)
