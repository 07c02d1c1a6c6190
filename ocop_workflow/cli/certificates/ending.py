"""`ocop certificates expired-notice`: the notice of certificates that ran out, as a draft."""

from __future__ import annotations

from typing import Annotated

import typer

from ocop_workflow.cli.certificates.group import certificates
from ocop_workflow.cli.drafts import Out, reader, save_draft
from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Json,
    application,
    read_given_day,
)


@certificates.command("expired-notice")
def draft_expiry_notice(
    *,
    unit: Annotated[str, typer.Option(metavar="MÃ", help="Cơ quan thông báo. / Who announces.")],
    since: Annotated[str, typer.Option(metavar="NGÀY", help="Hết hạn từ ngày. / The first last day.")],
    until: Annotated[str, typer.Option(metavar="NGÀY", help="Đến ngày. / The last one.")],
    out: Out,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dự thảo thông báo giấy hết hạn, đưa ra khỏi danh sách. / Draft the notice of what ran out."""
    from ocop_workflow.documents.ending import drafting

    app = application()
    span = read_given_day(since), read_given_day(until)
    with app.database.read() as tx:
        by = reader(tx, actor)
        drafted = drafting.draft_expiry_notice(tx, unit, span, by, app.clock.today())
    save_draft(drafted, out, "expired-notice", "thông báo giấy hết hạn", json=json)
