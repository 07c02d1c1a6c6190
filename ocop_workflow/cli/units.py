"""`ocop units …`: the units, where their letters go, and into which they are merged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ocop_workflow.cli.options import (
    Confirm,
    Day,
    Json,
    again,
    application,
    read_day,
    read_given_day,
    the_operator,
)
from ocop_workflow.cli.output import FAULTS_FOUND, read_text, say, show_json, show_table

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.services.contacts import Loss
    from ocop_workflow.storage.units import UnitRecord

units = typer.Typer(no_args_is_help=True, help="Địa phương và địa chỉ thư. / Units and their addresses.")
contact = typer.Typer(no_args_is_help=True, help="Địa chỉ nhận thư của địa phương. / A unit's addresses.")
units.add_typer(contact, name="contact")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(units, name="units")


UnitId = Annotated[str, typer.Argument(metavar="MÃ", help="Mã địa phương, ví dụ pho-an. / A unit's id.")]
Address = Annotated[str, typer.Argument(metavar="ĐỊA CHỈ", help="Địa chỉ thư. / A mail address.")]


@units.command("list")
def list_units(json: Json = False) -> None:
    """Liệt kê địa phương, địa chỉ thư, nơi đã sáp nhập. / List units, addresses and mergers."""
    from ocop_workflow.storage import units as stored

    app = application()
    today = app.clock.today()
    with app.database.read() as tx:
        records = stored.all_units(tx)
        addresses = stored.addresses(tx, [record.id for record in records], today)
    by_id = {record.id: record for record in records}
    if json:
        show_json([_unit_json(record, addresses.get(record.id, ()), by_id) for record in records])
        return
    rows = [
        (
            record.slug,
            record.name,
            record.level.label,
            ", ".join(addresses.get(record.id, ())) or ("chưa có" if record.lives(today) else ""),
            _end_words(record, by_id, today),
        )
        for record in records
    ]
    show_table("Địa phương", ["Mã", "Tên", "Cấp", "Địa chỉ thư", "Sáp nhập"], rows)


def _unit_json(
    record: UnitRecord, emails: tuple[str, ...], by_id: dict[int, UnitRecord]
) -> dict[str, object]:
    heir = by_id.get(record.successor_id or 0)
    return {
        "id": record.slug,
        "name": record.name,
        "level": record.level.value,
        "emails": emails,
        "valid_to": record.valid_to,
        "successor": heir.slug if heir else None,
    }


def _end_words(record: UnitRecord, by_id: dict[int, UnitRecord], today: date) -> str:
    if record.valid_to is None:
        return ""
    heir = by_id.get(record.successor_id or 0)
    ends = "sẽ kết thúc hoạt động" if record.lives(today) else "kết thúc hoạt động"
    return f"{ends} ngày {record.valid_to:%d/%m/%Y}, sáp nhập vào {heir.name if heir else '—'}"


@units.command("load")
def load_units(
    file: Annotated[Path, typer.Argument(metavar="TỆP")], confirm: Confirm = None, json: Json = False
) -> None:
    """Nạp, cập nhật địa phương và địa chỉ thư; bỏ địa chỉ nào thì xem trước. / Load units."""
    from ocop_workflow.regulations.units import read_units
    from ocop_workflow.services.contacts import load_units as load
    from ocop_workflow.services.contacts import what_is_lost
    from ocop_workflow.storage.units import all_units

    text = read_text(file)
    app = application()
    today = app.clock.today()
    with app.database.read() as tx:
        given = read_units(text, str(file), {unit.slug for unit in all_units(tx)})
        loss = what_is_lost(tx, given, today)
    if loss is not None and confirm is None:
        _show_loss(loss, json=json)
    with app.database.write() as tx:
        done = load(tx, the_operator(), given, confirm, today=today, now=app.clock.now())
    if json:
        show_json({"units": len(given), "changed": done.changed, "merged": done.merged})
    say(f"{len(given)} địa phương, {done.changed} có thay đổi.")
    if done.merged:
        say(f"Đã sáp nhập từ trước, giữ nguyên: {', '.join(done.merged)}.")


def _show_loss(loss: Loss, *, json: bool) -> NoReturn:
    """Show which addresses a file takes away, and how that is confirmed; nothing has happened."""
    command = again("--confirm", loss.hash)
    if json:
        show_json({**loss.as_json(), "confirm": command})
        raise typer.Exit(FAULTS_FOUND)
    rows = [(item.unit, item.name, item.address) for item in loss.leaving]
    show_table("Thư sẽ không còn gửi tới", ["Mã", "Địa phương", "Địa chỉ"], rows)
    say("Chưa nạp gì. Muốn giữ địa chỉ nào thì ghi nó vào emails, hoặc bỏ hẳn dòng emails.")
    say(f"Đúng là bỏ thì xác nhận bằng:\n  {command}")
    raise typer.Exit(FAULTS_FOUND)


@units.command()
def succeed(
    old: Annotated[str, typer.Argument(metavar="CŨ", help="Địa phương kết thúc hoạt động. / Which ends.")],
    new: Annotated[str, typer.Argument(metavar="MỚI", help="Địa phương kế thừa. / Which takes over.")],
    on: Annotated[
        str,
        typer.Option(
            metavar="NGÀY", help="Ngày đầu tiên địa phương cũ không còn. / The first day without it."
        ),
    ],
    json: Json = False,
) -> None:
    """Ghi việc sáp nhập: đến ngày, mọi thứ theo về nơi mới. / Record that a unit is merged into another."""
    from ocop_workflow.services.succession import merge

    day = read_given_day(on)
    app = application()
    today = app.clock.today()
    with app.database.write() as tx:
        found = merge(tx, the_operator(), old, new, day, today=today, now=app.clock.now())
    if json:
        show_json({"unit": found.unit, "successor": found.heir, "on": found.on, "done": found.on <= today})
    when = "đã" if found.on <= today else "sẽ"
    say(f"{found.name} {when} kết thúc hoạt động ngày {found.on:%d/%m/%Y}.")
    say(f"Sản phẩm, kế hoạch, địa chỉ, quyền {when} chuyển về {found.heir_name}.")


@contact.command()
def add(
    unit: UnitId,
    address: Address,
    first: Annotated[
        str | None, typer.Option("--from", metavar="NGÀY", help="Từ ngày nào; hôm nay. / From which day on.")
    ] = None,
    json: Json = False,
) -> None:
    """Thêm một địa chỉ nhận thư. / Send a unit's letters to one more address."""
    from ocop_workflow.services.contacts import add_contact

    app = application()
    day, today = read_day(first), app.clock.today()
    with app.database.write() as tx:
        record = add_contact(tx, the_operator(), unit, address, day, today=today, now=app.clock.now())
    if json:
        show_json({"unit": record.slug, "address": address, "from": day or today})
    say(f"{record.name}: thư gửi thêm tới {address} từ {day or today:%d/%m/%Y}.")


@contact.command()
def end(unit: UnitId, address: Address, on: Day = None, json: Json = False) -> None:
    """Thôi gửi thư tới một địa chỉ. / Send no more letters to an address."""
    from ocop_workflow.services.contacts import end_contact

    app = application()
    day, today = read_day(on), app.clock.today()
    with app.database.write() as tx:
        record = end_contact(tx, the_operator(), unit, address, day, today=today, now=app.clock.now())
    if json:
        show_json({"unit": record.slug, "address": address, "on": day or today})
    say(f"{record.name}: thôi gửi thư tới {address} từ {day or today:%d/%m/%Y}.")
