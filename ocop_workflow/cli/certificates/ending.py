"""`ocop certificates document`, `expired-notice`: what ends certificates, as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.certificates.group import Number, certificates
from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Json,
    acting_as,
    application,
    read_given_day,
    the_operator,
)
from ocop_workflow.cli.output import say, show_json

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.store import Connection


@certificates.command("document")
def draft_document(
    number: Number,
    kind: Annotated[str, typer.Argument(metavar="LOẠI", help="decision, notice, letter.")],
    out: Annotated[
        Path, typer.Option(metavar="TỆP", help="Lưu thành tệp này; chưa có thì mới ghi. / Where to save it.")
    ],
    actor: As = NOBODY,
    *,
    json: Json = False,
) -> None:
    """Dự thảo văn bản của việc thu hồi. / Draft a document of a revocation."""
    from ocop_workflow.documents.ending.drafting import draft_revocation
    from ocop_workflow.documents.ending.words import named

    app = application()
    with app.database.read() as tx:
        drafted = draft_revocation(tx, number, named(kind), _reader(tx, actor), app.clock.today())
    _save(drafted, out, json=json)


@certificates.command("expired-notice")
def draft_expiry_notice(
    *,
    unit: Annotated[str, typer.Option(metavar="MÃ", help="Cơ quan thông báo. / Who announces.")],
    since: Annotated[str, typer.Option(metavar="NGÀY", help="Hết hạn từ ngày. / The first last day.")],
    until: Annotated[str, typer.Option(metavar="NGÀY", help="Đến ngày. / The last one.")],
    out: Annotated[
        Path, typer.Option(metavar="TỆP", help="Lưu thành tệp này; chưa có thì mới ghi. / Where to save it.")
    ],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dự thảo thông báo giấy hết hạn, đưa ra khỏi danh sách. / Draft the notice of what ran out."""
    from ocop_workflow.documents.ending import drafting

    app = application()
    span = read_given_day(since), read_given_day(until)
    with app.database.read() as tx:
        by = _reader(tx, actor)
        drafted = drafting.draft_expiry_notice(tx, unit, span, by, app.clock.today())
    _save(drafted, out, json=json)


def _reader(tx: Connection, login: str) -> Actor:
    return the_operator() if login == NOBODY else acting_as(tx, login)


def _save(drafted: DraftedDocument, out: Path, *, json: bool) -> None:
    from ocop_workflow.store.files import write_new

    file = drafted.written()
    write_new(out, file.content)
    if json:
        show_json({"name": file.name, "size": file.size, "out": str(out)})
        return
    say(f"Đã dự thảo {file.name} ({file.size} byte) thành {out}.")
