"""`ocop renewals`: how and until when each certificate is to be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Day, Json, application, read_day
from ocop_workflow.cli.output import show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.renewals.forecast import ForecastView
    from ocop_workflow.renewals.listing import RenewalView


def list_all(
    *,
    on: Day = None,
    unit: Annotated[str | None, typer.Option(metavar="MÃ", help="Mã địa phương. / A unit's id.")] = None,
    within: Annotated[
        int | None,
        typer.Option(
            min=0, max=40_000, metavar="NGÀY", help="Phải nộp trong bao nhiêu ngày. / To be saved in."
        ),
    ] = None,
    foresee: Annotated[
        bool,
        typer.Option(
            "--forecast",
            help="Dự báo: bao nhiêu sao giữ được, có thể mất. / How many stars are saved or lost.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Giấy nào phải làm lại, nộp khi nào. / Which certificates to renew, and until when."""
    from ocop_workflow.renewals.forecast import forecast
    from ocop_workflow.renewals.listing import WantedRenewals, list_renewals

    app = application()
    day = read_day(on) or app.clock.today()
    if foresee:
        with app.database.read() as tx:
            foreseen = forecast(tx, day, unit)
        return show_json(foreseen) if json else _show_forecast(foreseen)
    with app.database.read() as tx:
        found = list_renewals(tx, day, WantedRenewals(unit, within))
    if json:
        return show_json(found)
    columns = ["Giấy", "Sản phẩm", "Địa phương", "Sao", "Hết hạn", "Nộp chậm nhất", "Tình trạng", "Đã báo"]
    return show_table(f"{len(found)} giấy chứng nhận", columns, [_row(one) for one in found])


def _show_forecast(found: ForecastView) -> None:
    columns = ["", "Giữ được", "Còn nộp được", "Quá hạn nộp", "Mất", "Tất cả"]
    rows = [
        (one.label, one.saved, one.open, one.late, one.lost, one.total)
        for one in (*found.rounds, *found.communes, *found.stars, found.overall)
    ]
    show_table(f"Dự báo ngày {found.on:%d/%m/%Y}", columns, rows)


def _row(one: RenewalView) -> tuple[object, ...]:
    by = one.save_by
    until = "" if by is None else f"{by.date:%d/%m/%Y}"
    if by is not None and by.round:
        until += f" ({by.round}{', tạm tính' if by.provisional else ''})"
    elif by is not None and by.opens_on:
        until += f" (từ {by.opens_on:%d/%m/%Y})"
    return (
        one.certificate,
        f"{one.product or ''} {one.name}".strip(),
        one.unit_name,
        one.star,
        f"{one.expires_on:%d/%m/%Y}",
        until,
        f"{one.status_label} ({one.reason})" if one.reason else one.status_label,
        f"{one.told_on:%d/%m/%Y}" if one.told_on else "",
    )
