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
from ocop_workflow.cli.output import FAULTS_FOUND, read_text, say, show_json, show_preview, show_table
from ocop_workflow.errors import WrongUse
from ocop_workflow.vietnamese import number

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.changes.mergers.views import LossView, ProvinceMergedView
    from ocop_workflow.places.queries import UnitRecord

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
    from ocop_workflow.places import queries as stored
    from ocop_workflow.places.views import WholeUnitView

    app = application()
    today = app.clock.today()
    with app.database.read() as tx:
        records = stored.all_units(tx)
        addresses = stored.addresses(tx, [record.id for record in records], today)
    by_id = {record.id: record for record in records}
    if json:
        show_json([WholeUnitView.whole(record, by_id, addresses.get(record.id, ())) for record in records])
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


def _end_words(record: UnitRecord, by_id: dict[int, UnitRecord], today: date) -> str:
    if record.valid_to is None:
        return ""
    heir = by_id.get(record.successor_id or 0)
    ends = "sẽ kết thúc hoạt động" if record.lives(today) else "kết thúc hoạt động"
    return f"{ends} ngày {record.valid_to:%d/%m/%Y}, sáp nhập vào {heir.name if heir else '—'}"


Province = Annotated[
    str | None,
    typer.Option(
        "--province", metavar="TỈNH", help="Tên tỉnh không dấu, ví dụ quang-ngai, hue. / A province's name."
    ),
]


@units.command("load")
def load_units(
    file: Annotated[Path | None, typer.Argument(metavar="[TỆP]")] = None,
    province: Province = None,
    on: Day = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem, không ghi gì. / Write nothing.")
    ] = False,
    confirm: Confirm = None,
    json: Json = False,
) -> None:
    """Nạp địa phương: từ một tệp, hoặc cả một tỉnh từ bản đồ kèm theo (--province). / Load units.

    Tệp bỏ địa chỉ thư nào thì xem trước. Bản đồ là của ngày --on: trước 1/7/2025 có cấp huyện, từ ngày ấy
    không; địa phương đã có giữ nguyên mã, tên, địa chỉ. / With --province: the shipped map of a day.
    """
    if (file is None) == (province is None):
        raise WrongUse(
            "Cho biết một trong hai: một tệp địa phương, hoặc --province TỈNH.",
            "Name one of the two: a file of units, or --province NAME.",
        )
    if province is not None:
        _load_province(province, on, dry_run=dry_run, json=json)
    elif file is not None:
        if on is not None or dry_run:
            raise WrongUse(
                "--on, --dry-run chỉ đi với --province.", "--on and --dry-run go with --province only."
            )
        _load_file(file, confirm, json=json)


def _load_province(province: str, on: str | None, *, dry_run: bool, json: bool) -> None:
    from ocop_workflow.changes.mergers.country import load_province

    app = application()
    today = app.clock.today()
    day = read_day(on) or today
    with app.database.connect() as connection, connection.begin() as tx:
        done = load_province(connection, the_operator(), province, day, today=today, now=app.clock.now())
        if dry_run:
            tx.rollback()
    if json:
        show_json(done)
        return
    will = "sẽ thêm hoặc bổ sung" if dry_run else "đã thêm hoặc bổ sung"
    say(
        f"{province}, bản đồ ngày {day:%d/%m/%Y}: {done.districts} cấp huyện, "
        f"{number(done.communes)} cấp xã; {will} {number(done.changed)}."
    )
    say("Thêm địa chỉ thư bằng: ocop units contact add MÃ ĐỊA-CHỈ (mã: `ocop units list`).")
    if done.left_over:
        say(
            f"Còn {number(done.left_over)} địa phương cũ chưa ghi là đã sáp nhập: "
            f"ocop units succeed --province {province} --dry-run"
        )


def _load_file(file: Path, confirm: str | None, *, json: bool) -> None:
    from ocop_workflow.changes.mergers.units import load_units as load
    from ocop_workflow.changes.mergers.units import shared_mailboxes, what_is_lost
    from ocop_workflow.changes.mergers.views import LoadedUnitsView
    from ocop_workflow.fence.texts import within_bounds
    from ocop_workflow.places.queries import all_units
    from ocop_workflow.regulations.units import read_units

    text = within_bounds(read_text(file), str(file))
    app = application()
    today = app.clock.today()
    with app.database.read() as tx:
        given = read_units(text, str(file), {unit.slug for unit in all_units(tx)})
        loss = what_is_lost(tx, given, today)
    if loss is not None and confirm is None:
        _show_loss(loss, json=json)
    with app.database.write() as tx:
        done = load(tx, the_operator(), given, confirm, today=today, now=app.clock.now())
    notes = [note.vi for note in shared_mailboxes(given)]
    if json:
        show_json(LoadedUnitsView.alike(done, units=len(given), notes=tuple(notes)))
    say(f"{len(given)} địa phương, {done.changed} có thay đổi.")
    for note in notes:
        say(f"Lưu ý: {note}")
    if done.merged:
        say(f"Đã sáp nhập từ trước, giữ nguyên: {', '.join(done.merged)}.")


def _show_loss(loss: LossView, *, json: bool) -> NoReturn:
    """Show which addresses a file takes away, and how that is confirmed; nothing has happened."""
    command = again("--confirm", loss.hash)
    if json:
        show_preview(loss, command)
        raise typer.Exit(FAULTS_FOUND)
    rows = [(item.unit, item.name, item.address) for item in loss.leaving]
    show_table("Thư sẽ không còn gửi tới", ["Mã", "Địa phương", "Địa chỉ"], rows)
    say("Chưa nạp gì. Muốn giữ địa chỉ nào thì ghi nó vào emails, hoặc bỏ hẳn dòng emails.")
    say(f"Đúng là bỏ thì xác nhận bằng:\n  {command}")
    raise typer.Exit(FAULTS_FOUND)


@units.command()
def succeed(
    old: Annotated[
        str | None, typer.Argument(metavar="[CŨ]", help="Địa phương kết thúc hoạt động. / Which ends.")
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="[MỚI]", help="Địa phương kế thừa. / Which takes over.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="NGÀY", help="Ngày đầu tiên địa phương cũ không còn. / The first day without it."
        ),
    ] = None,
    province: Province = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help="Tệp JSON trả lời: mã sản phẩm hay địa phương → nơi về. / Answers."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem, không ghi gì. / Write nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Ghi việc sáp nhập: một địa phương, hoặc cả một tỉnh ngày 1/7/2025. / Record mergers of units.

    Với --province: xã nhập trọn thì theo ngay; xã bị chia và huyện thì hỏi, trả lời bằng --answers.
    / With --province the shipped map says who became whom; what no law says is asked.
    """
    if province is not None:
        if old or new or on:
            raise WrongUse(
                "--province không đi cùng mã địa phương hay --on.",
                "--province goes with no unit and no --on.",
            )
        _succeed_province(province, answers, dry_run=dry_run, json=json)
        return
    if not (old and new and on):
        raise WrongUse(
            "Cho biết địa phương CŨ, MỚI và --on NGÀY; hoặc --province TỈNH.",
            "Name the OLD and the NEW unit and --on DAY; or --province NAME.",
        )
    if answers is not None or dry_run:
        raise WrongUse(
            "--answers, --dry-run chỉ đi với --province.", "--answers and --dry-run go with --province only."
        )
    _succeed_one(old, new, read_given_day(on), json=json)


def _succeed_province(province: str, answers: Path | None, *, dry_run: bool, json: bool) -> None:
    from ocop_workflow.changes.mergers.country import succeed_province

    given = _read_answers(answers) if answers else {}
    app = application()
    today = app.clock.today()
    with app.database.connect() as connection, connection.begin() as tx:
        done = succeed_province(connection, the_operator(), province, given, today=today, now=app.clock.now())
        if dry_run:
            tx.rollback()
    if json:
        show_json(done)
    else:
        _tell_succession(done, dry_run=dry_run)
    if done.questions:
        raise typer.Exit(FAULTS_FOUND)


def _tell_succession(done: ProvinceMergedView, *, dry_run: bool) -> None:
    what = "sẽ" if dry_run else "đã"
    say(
        f"{number(len(done.merged))} địa phương {what} về nơi kế thừa, "
        f"{number(len(done.moved))} sản phẩm {what} chuyển, "
        f"{number(len(done.ended))} địa phương {what} kết thúc."
    )
    if done.questions:
        rows = [
            (one.about, one.name, one.hint, ", ".join(one.into) or "một địa phương bất kỳ")
            for one in done.questions
        ]
        show_table("Cần trả lời", ["Mã", "Tên", "Địa chỉ", "Về đâu (một trong)"], rows)
        example = ", ".join(f'"{one.about}": "…"' for one in done.questions[:2])
        say(f"Viết câu trả lời vào một tệp JSON, ví dụ {{{example}}}, rồi chạy lại với --answers TỆP.")


def _read_answers(file: Path) -> dict[str, str]:
    from json import JSONDecodeError, loads

    from ocop_workflow.fence.texts import within_bounds

    try:
        given = loads(within_bounds(read_text(file), str(file), "json"))
    except JSONDecodeError as error:
        raise WrongUse(
            f"Tệp {file} không phải JSON đúng (dòng {error.lineno}).",
            f"The file {file} is no valid JSON (line {error.lineno}).",
        ) from None
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise WrongUse(
            f'Tệp {file} phải có dạng {{"mã": "mã nơi về"}}.',
            f'The file {file} must be like {{"code": "unit"}}.',
        )
    return given


def _succeed_one(old: str, new: str, day: date, *, json: bool) -> None:
    from ocop_workflow.changes.mergers.succession import merge
    from ocop_workflow.changes.mergers.views import SuccessionView

    app = application()
    today = app.clock.today()
    with app.database.write() as tx:
        found = merge(tx, the_operator(), old, new, day, today=today, now=app.clock.now())
    shown = SuccessionView.of(found, today)
    if json:
        show_json(shown)
    when = "đã" if shown.done else "sẽ"
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
    from ocop_workflow.people.contacts import add_contact

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
    from ocop_workflow.people.contacts import end_contact

    app = application()
    day, today = read_day(on), app.clock.today()
    with app.database.write() as tx:
        record = end_contact(tx, the_operator(), unit, address, day, today=today, now=app.clock.now())
    if json:
        show_json({"unit": record.slug, "address": address, "on": day or today})
    say(f"{record.name}: thôi gửi thư tới {address} từ {day or today:%d/%m/%Y}.")
