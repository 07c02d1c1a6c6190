"""Where a document that was drafted is put, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import NOBODY, acting_as, the_operator
from ocop_workflow.cli.output import say, show_json

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.documents.views import IssuedView
    from ocop_workflow.store import Connection

Out = Annotated[
    Path, typer.Option(metavar="TỆP", help="Lưu thành tệp này; chưa có thì mới ghi. / Where to save it.")
]

SignedFile = Annotated[Path, typer.Argument(metavar="TỆP", help="Bản đã ký. / The signed file.")]
AsNumber = Annotated[
    str, typer.Option("--number", metavar="SỐ", help="Số, ký hiệu văn thư cấp. / As the clerk gave it.")
]
IssuedOn = Annotated[str, typer.Option(metavar="NGÀY", help="Ngày ban hành. / Its day.")]
Signer = Annotated[str, typer.Option(metavar="CHỮ", help="Người ký. / Who signed.")]
Because = Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao. / Why.")]


def reader(tx: Connection, login: str) -> Actor:
    """Return who drafts: the officer who is named, else the host's operator."""
    return the_operator() if login == NOBODY else acting_as(tx, login)


def save_draft(drafted: DraftedDocument, out: Path, kind: str, label: str, *, json: bool) -> None:
    """Write a draft to a file that is not there yet, and say so; `kind` and `label`: what it is.

    Raises:
        InvalidInput: the file is there, or cannot be written.
    """
    from ocop_workflow.store.files import write_new

    file = drafted.written()
    write_new(out, file.content)
    if json:
        show_json({"kind": kind, "name": file.name, "size": file.size, "out": str(out)})
        return
    say(f"Đã dự thảo {label.lower()} ({file.size} byte) thành {out}.")


def tell_filed(done: IssuedView, *, json: bool) -> None:
    """Say under which number a signed document is kept, and what is odd about it."""
    if json:
        show_json(done)
        return
    say(f"Đã lưu {done.title}: số {done.number} ngày {done.issued_on:%d/%m/%Y} ({done.name}).")
    for one in done.told:
        say(f"Lưu ý: {one}")


def tell_taken_back(done: IssuedView, *, json: bool) -> None:
    """Say that what was filed by mistake is taken back, and stays."""
    if json:
        show_json(done)
        return
    say(f"Đã rút lại bản lưu của {done.title} số {done.number} ({done.name}); bản ấy vẫn giữ, không xoá.")
