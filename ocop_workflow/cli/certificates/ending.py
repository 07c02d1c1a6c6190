"""`ocop certificates expired…`: the notice of certificates that ran out, drafted, filed, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.certificates.group import certificates
from ocop_workflow.cli.drafts import (
    AsNumber,
    Because,
    IssuedOn,
    Out,
    SignedFile,
    Signer,
    reader,
    save_draft,
    tell_filed,
    tell_taken_back,
)
from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Json,
    acting_as,
    application,
    read_given_day,
)
from ocop_workflow.cli.output import say, show_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.documents.ending.record import ExpirySpan
    from ocop_workflow.store import Connection

Unit = Annotated[str, typer.Option(metavar="MÃ", help="Cơ quan thông báo. / Who announces.")]
Since = Annotated[str, typer.Option(metavar="NGÀY", help="Hết hạn từ ngày. / The first last day.")]
Until = Annotated[str, typer.Option(metavar="NGÀY", help="Đến ngày. / The last one.")]


@certificates.command("expired")
def show_expiry_notice(
    *, unit: Unit, since: Since, until: Until, actor: As = NOBODY, json: Json = False
) -> None:
    """Thông báo giấy hết hạn: lập được chưa, đã lưu bản nào. / How the notice of what ran out stands."""
    from ocop_workflow.documents.ending import filing

    app = application()
    with app.database.read() as tx:
        span, by = _span(unit, since, until), reader(tx, actor)
        found = filing.show_expiry_notice(tx, span, by, app.clock.today())
    if json:
        show_json(found)
        return
    asked = f"{found.since:%d/%m/%Y} – {found.until:%d/%m/%Y}"
    if found.issued:
        say(f"{found.name}, {asked}: đã ban hành số {found.issued.number} ({found.issued.name}).")
    else:
        say(f"{found.name}, {asked}: {found.certificates} giấy chứng nhận hết hạn.")
    for one in found.lacks:
        say(f"Lưu ý: {one}")
    for other in found.others:
        days = f"{other.since:%d/%m/%Y} – {other.until:%d/%m/%Y}"
        say(f"Khoảng khác: {days}, số {other.issued.number} ngày {other.issued.issued_on:%d/%m/%Y}.")


@certificates.command("expired-notice")
def draft_expiry_notice(
    *,
    unit: Unit,
    since: Since,
    until: Until,
    out: Out,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dự thảo thông báo giấy hết hạn, đưa ra khỏi danh sách. / Draft the notice of what ran out."""
    from ocop_workflow.documents.ending import drafting

    drafted = _drafted(drafting.draft_expiry_notice, _span(unit, since, until), actor)
    save_draft(drafted, out, "expired-notice", "thông báo giấy hết hạn", json=json)


@certificates.command("ending-notice")
def draft_coming_notice(
    *,
    unit: Unit,
    since: Since,
    until: Until,
    out: Out,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dự thảo thông báo giấy sắp hết hạn, gửi chủ thể. / Draft the notice of what is about to run out."""
    from ocop_workflow.renewals import announcing

    drafted = _drafted(announcing.draft_coming_notice, _span(unit, since, until), actor)
    save_draft(drafted, out, "ending-notice", "thông báo giấy sắp hết hạn", json=json)


def _drafted(
    draft: Callable[[Connection, ExpirySpan, Actor, date], DraftedDocument], span: ExpirySpan, actor: str
) -> DraftedDocument:
    app = application()
    with app.database.read() as tx:
        return draft(tx, span, reader(tx, actor), app.clock.today())


@certificates.command("issue-expired-notice")
def file_expiry_notice(
    file: SignedFile,
    *,
    unit: Unit,
    since: Since,
    until: Until,
    as_number: AsNumber,
    on: IssuedOn,
    signer: Signer,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Lưu bản đã ký của thông báo giấy hết hạn. / File the signed notice of what ran out."""
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.ending import filing

    app = application()
    today, span = app.clock.today(), _span(unit, since, until)
    given = Issue(as_number, read_given_day(on), signer)
    with app.database.read() as tx:
        filing.refuse_filing_notice(tx, span, acting_as(tx, actor), today)
    kept = app.files.keep_copy(file)
    with app.database.write() as tx:
        by, now = acting_as(tx, actor), app.clock.now()
        done = filing.file_expiry_notice(tx, span, given, kept, actor=by, today=today, now=now)
    tell_filed(done, json=json)


@certificates.command("take-back-expired-notice")
def take_expiry_notice_back(
    *,
    unit: Unit,
    since: Since,
    until: Until,
    reason: Because,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Rút lại bản thông báo giấy hết hạn lưu nhầm. / Take back a notice that was filed by mistake."""
    from ocop_workflow.documents.ending import filing

    app = application()
    span = _span(unit, since, until)
    with app.database.write() as tx:
        by, now = acting_as(tx, actor), app.clock.now()
        done = filing.take_back_expiry_notice(tx, span, reason, actor=by, now=now)
    tell_taken_back(done, json=json)


def _span(unit: str, since: str, until: str) -> ExpirySpan:
    from ocop_workflow.documents.ending.record import ExpirySpan

    return ExpirySpan(unit, read_given_day(since), read_given_day(until))
