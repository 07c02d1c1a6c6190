"""`ocop prove`: the reminders on record against those that ought to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Json, application, read_day
from ocop_workflow.cli.output import FAULTS_FOUND, say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.upkeep.examination.reckoning.balance import Balance, Proof

Since = Annotated[
    str | None, typer.Option("--from", metavar="NGÀY", help="Từ ngày (mặc định: từ đầu). / From a day.")
]
Until = Annotated[
    str | None,
    typer.Option("--to", metavar="NGÀY", help="Đến ngày (mặc định: lần quét cuối). / Up to a day."),
]


def add_to(app: typer.Typer) -> None:
    """Hang this command under `ocop`."""
    app.command("prove")(prove_reminders)


def prove_reminders(since: Since = None, until: Until = None, json: Json = False) -> None:
    """Chứng minh đã nhắc đúng và đủ: tính lại từ kế hoạch và lịch sử, đối chiếu với sổ. / Prove."""
    from ocop_workflow.upkeep.examination import prove

    app = application()
    with app.database.read() as tx:
        found = prove(
            tx,
            app.settings.zone,
            since=read_day(since),
            until=read_day(until),
            today=app.clock.today(),
        )
    if json:
        show_json(found.as_json())
    else:
        _show(found)
    if not found.is_balanced:
        raise typer.Exit(FAULTS_FOUND)


def _show(found: Proof) -> None:
    if found.last_sweep is None:
        say("Chưa có lần quét nào hoàn thành.")
    else:
        say(f"Đến lần quét hoàn thành cuối cùng, ngày {found.last_sweep:%d/%m/%Y}:")
    show_table("Lời nhắc", ["Khoản", "Số lượng"], _rows(found.balance))
    for row in found.unbalanced:
        say(f"  LỖI: {row.text.vi}")
    say(_verdict(found))


def _verdict(found: Proof) -> str:
    """Say whether it balances, and what of it nobody has heard."""
    if not found.is_balanced:
        return "KHÔNG KHỚP."
    balance = found.balance
    unheard = [
        f"{count} lời nhắc {where}"
        for count, where in (
            (balance.undelivered, "nằm trong thư không gửi được (xem `ocop letters list --state dead`)"),
            (balance.waiting, "còn chờ gửi (xem `ocop letters list --state pending`)"),
        )
        if count
    ]
    recorded = "Khớp: mọi lời nhắc phải có đều có, không thừa"
    return f"{recorded}; nhưng chưa tới người nhận: {', '.join(unheard)}." if unheard else f"{recorded}."


def _rows(balance: Balance) -> list[tuple[str, int]]:
    return [
        ("phải có", balance.ought),
        ("  đã nói trong thư đã gửi", balance.said),
        ("  đang chờ gửi", balance.waiting),
        ("  thư không gửi được", balance.undelivered),
        ("  giữ lại, có lý do", balance.withheld),
        ("  mức nhắc sau thay thế", balance.superseded),
        ("  hủy vì sản phẩm đã sang bước sau", balance.cancelled),
        ("  thiếu", balance.missing),
        ("thừa", balance.extra),
        ("chưa đến ngày", balance.not_yet_due),
    ]
