"""`ocop certificates …`: the certificates, and what their level says of those that a commune has named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.certificates.group import Number, certificates
from ocop_workflow.cli.options import (
    As,
    Day,
    Json,
    acting_as,
    application,
    read_data,
    read_day,
)
from ocop_workflow.cli.output import say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.certificates.views import ListedCertificateView, SettledView
    from ocop_workflow.states import CertificateStanding

Data = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="JSON",
        help="paper_number, paper_date, signer, reason, note. / On what paper, or why not.",
    ),
]


Paper = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="JSON",
        help="unit, product, producer, representative, registration, producer_id, new_producer, signer, "
        "certificate {star, number, decided_on, valid_until}; đã hết thì ended_on, ended_because. / What its "
        "paper says.",
    ),
]


@certificates.command("list")
def list_all(
    *,
    unit: Annotated[str | None, typer.Option(metavar="MÃ", help="Mã địa phương. / A unit's id.")] = None,
    star: Annotated[int | None, typer.Option(min=3, max=5, help="Hạng sao. / Stars.")] = None,
    standing: Annotated[
        str | None, typer.Option(metavar="TÌNH TRẠNG", help="proposed, confirmed, refused.")
    ] = None,
    ends_within: Annotated[
        int | None,
        typer.Option(
            "--ends-within", min=0, max=40_000, metavar="NGÀY", help="Hết hạn trong bao nhiêu ngày."
        ),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            metavar="TÌNH TRẠNG",
            help="running, ended, valid, in_re_rating, expired, replaced, revoked, refused, undone.",
        ),
    ] = None,
    evidence: Annotated[str | None, typer.Option(metavar="MỨC", help="A, B1, B2, C.")] = None,
    on: Day = None,
    json: Json = False,
) -> None:
    """Liệt kê giấy chứng nhận, còn và hết hiệu lực. / List certificates, running and ended."""
    from ocop_workflow.products.settling.register import WantedCertificates, list_certificates

    app = application()
    with app.database.read() as tx:
        wanted = WantedCertificates(unit, star, standing, ends_within, status=status, evidence=evidence)
        found = list_certificates(tx, read_day(on) or app.clock.today(), wanted)
    if json:
        show_json(found)
        return
    columns = [
        "Số",
        "Sản phẩm",
        "Chủ thể",
        "Địa phương",
        "Sao",
        "Quyết định",
        "Có giá trị đến",
        "",
        "Xác nhận",
    ]
    show_table(f"{len(found)} giấy chứng nhận", columns, [_row(view) for view in found])


def _row(view: ListedCertificateView) -> tuple[object, ...]:
    return (
        view.id,
        f"{view.product} {view.name}",
        view.producer or "",
        view.unit,
        view.star,
        f"{view.number}, {view.decided_on:%d/%m/%Y}",
        f"{view.valid_until:%d/%m/%Y}",
        view.status_text.vi,
        view.standing_label,
    )


@certificates.command()
def show(number: Number, on: Day = None, json: Json = False) -> None:
    """Xem một giấy chứng nhận. / Show one certificate."""
    from ocop_workflow.documents.of_certificate import certificate_with_papers

    app = application()
    with app.database.read() as tx:
        view = certificate_with_papers(tx, number, read_day(on) or app.clock.today())
    _tell(view, json=json)
    for paper in () if json else view.papers:
        day = f" ngày {paper.date:%d/%m/%Y}" if paper.date else ""
        known = f" số {paper.number}{day}" if paper.number else ""
        where = f"; bản đã ký: {paper.signed}" if paper.signed else f"; dự thảo: {paper.draft}"
        say(f"  Giấy tờ: {paper.label}{known}{where if paper.signed or paper.draft else ''}")


@certificates.command()
def qr(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="TỆP", help="Tệp .svg hoặc .png. / A new file.")],
    json: Json = False,
) -> None:
    """Vẽ mã QR dẫn tới trang tra cứu của một giấy. / Draw the QR code of a certificate's public page."""
    from ocop_workflow.certificates.qr import as_png, as_svg
    from ocop_workflow.certificates.views import CertificateQrView
    from ocop_workflow.errors import WrongUse
    from ocop_workflow.products.settling.register import page_address, show_certificate
    from ocop_workflow.store.files import write_new

    draw = {".svg": as_svg, ".png": as_png}.get(out.suffix.lower())
    if draw is None:
        raise WrongUse("--out phải là tệp .svg hoặc .png.", "--out must be a file .svg or .png.")
    app = application()
    with app.database.read() as tx:
        view = show_certificate(tx, number, app.clock.today())
    address = page_address(app.settings.public_address, view)
    write_new(out, draw(address))
    if json:
        show_json(CertificateQrView(number, address, str(out)))
    say(f"Đã ghi {out}: {address}")


@certificates.command()
def confirm(number: Number, actor: As = "ocop", data: Data = "{}", json: Json = False) -> None:
    """Xác nhận giấy chứng nhận mà xã đã khai báo. / Confirm what a commune has named."""
    from ocop_workflow.states import CertificateStanding

    _tell(_settle(number, CertificateStanding.CONFIRMED, actor, data), json=json)


@certificates.command()
def refuse(number: Number, actor: As = "ocop", data: Data = "{}", json: Json = False) -> None:
    """Không xác nhận; hồ sơ đánh giá lại dựa vào nó được rút. / Refuse it; its re-rating is withdrawn."""
    from ocop_workflow.states import CertificateStanding

    _tell(_settle(number, CertificateStanding.REFUSED, actor, data), json=json)


Right = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="JSON",
        help="product, producer, commune, unit, issuer, signer, number, decided_on, valid_until, star, "
        "evidence, source, published_on; reason. / What it ought to say, and why.",
    ),
]


@certificates.command()
def correct(number: Number, actor: As = "ocop", data: Right = "{}", json: Json = False) -> None:
    """Đính chính điều ghi sai trong sổ, có lý do. / Put right what the register says wrongly."""
    from ocop_workflow.changes.certificates.correcting import Correcting, correct_certificate

    given = read_data(data)
    app = application()
    with app.database.write() as tx:
        order = Correcting(number, acting_as(tx, actor), given)
        today, now = app.clock.today(), app.clock.now()
        view = correct_certificate(tx, order, sender=app.sender, today=today, now=now)
    _tell(view, json=json)


@certificates.command()
def enter(actor: As = "ocop", data: Paper = "{}", json: Json = False) -> None:
    """Ghi một giấy chứng nhận đã cấp ngoài hệ thống. / Enter one that was granted elsewhere."""
    from ocop_workflow.products.settling.entering import Entering, enter_certificate

    given = read_data(data)
    app = application()
    with app.database.write() as tx:
        order = Entering(acting_as(tx, actor), given, app.clock.today(), app.clock.now())
        view = enter_certificate(tx, order)
    _tell(view, json=json)


@certificates.command()
def undo(
    number: Number,
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao hoàn tác. / Why.")],
    actor: As = "ocop",
    json: Json = False,
) -> None:
    """Hoàn tác việc xác nhận, hay không xác nhận: giấy lại chờ. / Take a confirmation or refusal back."""
    from ocop_workflow.products.settling.reopening import Reopening, unsettle

    app = application()
    with app.database.write() as tx:
        order = Reopening(number, acting_as(tx, actor), reason)
        view = unsettle(tx, order, sender=app.sender, today=app.clock.today(), now=app.clock.now())
    _tell(view, json=json)


def _settle(number: int, standing: CertificateStanding, actor: str, data: str) -> ListedCertificateView:
    from ocop_workflow.products.settling.confirming import Settlement, settle

    given = read_data(data)
    app = application()
    with app.database.write() as tx:
        order = Settlement(number, standing, acting_as(tx, actor), given)
        return settle(tx, order, today=app.clock.today(), now=app.clock.now())


def _tell(view: ListedCertificateView, *, json: bool) -> None:
    if json:
        show_json(view)
        return
    decision = f"số {view.number} ngày {view.decided_on:%d/%m/%Y}"
    say(f"Giấy chứng nhận {view.id}: {view.star} sao, {decision}")
    say(f"  Sản phẩm: {view.product} {view.name}, {view.producer or 'chưa rõ chủ thể'}, {view.unit}")
    say(f"  Có giá trị đến {view.valid_until:%d/%m/%Y}: {view.status_text.vi}")
    say(f"  {view.standing_label[0].upper()}{view.standing_label[1:]}{_paper_words(view.settled)}")
    known = f"  Chứng cứ: {view.evidence.value}, {view.evidence_label}"
    say(f"{known}; tra cứu: {view.page}" if view.page else known)


def _paper_words(settled: SettledView | None) -> str:
    if settled is None:
        return ""
    paper = settled.paper or {}
    document = f", theo văn bản số {paper['paper_number']}" if "paper_number" in paper else ""
    if "paper_date" in paper:
        document += f" ngày {date.fromisoformat(paper['paper_date']):%d/%m/%Y}"
    if "signer" in paper:
        document += f", {paper['signer']} ký"
    return f", {settled.by}{document}" + (f": {paper['reason']}" if "reason" in paper else "")
