"""`ocop letters …`: the outbox in an officer's hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Confirm, Json, again, application, read_day, the_operator
from ocop_workflow.cli.output import FAULTS_FOUND, say, show_json, show_preview, show_table
from ocop_workflow.errors import WrongUse

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.clock import Clock
    from ocop_workflow.letters.mailbox_queries import LetterRecord

Number = Annotated[
    int, typer.Argument(metavar="SỐ", help="Số thư, xem bằng `ocop letters list`. / Its number.")
]

letters = typer.Typer(no_args_is_help=True, help="Hộp thư đi. / The outbox.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(letters, name="letters")


@letters.command("list")
def list_all(
    state: Annotated[
        str | None, typer.Option(metavar="TRẠNG THÁI", help="pending (chờ gửi), sent, dead, held… / A state.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Bao nhiêu thư mới nhất. / How many.")] = 50,
    json: Json = False,
) -> None:
    """Liệt kê thư mới nhất. / List the newest letters."""
    from ocop_workflow.letters.outbox import list_letters
    from ocop_workflow.letters.views import LetterView
    from ocop_workflow.upkeep.health.stopped import (
        letters_given_up,
        relay_refusing,
        say_given_up,
        say_refusing,
    )

    app = application()
    with app.database.read() as tx:
        found = list_letters(tx, state, limit)
        refusing, given_up = relay_refusing(tx), letters_given_up(tx, app.clock)
    if json:
        show_json([LetterView.of(record) for record in found])
        return
    rows = [
        (
            r.id,
            f"{app.clock.local(r.created_at):%d/%m/%Y %H:%M}",
            r.address,
            r.subject,
            r.state.label,
            r.attempts,
            r.last_error,
        )
        for r in found
    ]
    columns = ["Số", "Viết lúc", "Địa chỉ", "Tiêu đề", "Trạng thái", "Lần thử", "Lỗi gần nhất"]
    show_table(f"{len(rows)} thư", columns, rows)
    if refusing is not None:
        say(say_refusing(refusing, app.clock).vi)
    if given_up is not None:
        say(say_given_up(given_up, app.clock).vi)


@letters.command()
def show(letter_id: Number, json: Json = False) -> None:
    """Xem một thư: trạng thái và lời thư. / Show one letter."""
    from ocop_workflow.letters.outbox import show_letter
    from ocop_workflow.letters.views import LetterTextView

    app = application()
    with app.database.read() as tx:
        page = show_letter(tx, letter_id)
    shown = LetterTextView.in_full(page)
    if json:
        show_json(shown)
        return
    record = page.record
    tried = f"{record.state.label}, {record.attempts} lần thử. {record.last_error or ''}"
    say(f"Thư số {record.id}: {tried}".rstrip())
    say(_times(record, app.clock))
    say(f"Gửi: {record.unit_name or record.officer} <{record.address}>\nTiêu đề: {record.subject}\n")
    say(shown.text)


def _times(record: LetterRecord, clock: Clock) -> str:
    """Say when a letter was written, and when it went out or will be tried."""
    said = f"Viết lúc {clock.local(record.created_at):%d/%m/%Y %H:%M}"
    if record.sent_at is not None:
        return f"{said}, gửi lúc {clock.local(record.sent_at):%d/%m/%Y %H:%M}."
    if record.state.value == "pending":
        return f"{said}, gửi từ {clock.local(record.next_at):%d/%m/%Y %H:%M}."
    return f"{said}."


@letters.command()
def resend(
    letter_id: Annotated[
        int | None, typer.Argument(metavar="[SỐ]", help="Số thư, xem bằng `ocop letters list`. / Its number.")
    ] = None,
    dead: Annotated[
        bool, typer.Option("--dead", help="Mọi thư đã bỏ mà chưa ai xử lý. / All that were given up.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(metavar="NGÀY", help="Thư viết từ ngày này. / Written from this day on.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="MÃ", help="Thư gửi địa phương này, cấp dưới. / To this unit.")
    ] = None,
    confirm: Confirm = None,
    json: Json = False,
) -> None:
    """Gửi lại một thư đã gửi hoặc đã bỏ, hay mọi thư đã bỏ (--dead), thành thư mới. / Send letters again.

    Với --dead: lần đầu chỉ cho xem (thoát 1), rồi xác nhận bằng --confirm. / With --dead: seen first.
    """
    if (letter_id is None) != dead:
        raise WrongUse(
            "Cho biết một trong hai: một SỐ thư, hoặc --dead.", "Name one of the two: a letter, or --dead."
        )
    if letter_id is not None:
        if since or unit or confirm:
            raise WrongUse(
                "--since, --unit, --confirm chỉ đi với --dead.", "--since, --unit, --confirm go with --dead."
            )
        _resend_one(letter_id, json=json)
        return
    _resend_dead(read_day(since), unit, confirm, json=json)


def _resend_dead(since: date | None, unit: str | None, confirm: str | None, *, json: bool) -> None:
    from ocop_workflow.letters import outbox as service
    from ocop_workflow.letters.views import DeadLetterView, ResendingView

    app = application()
    which = service.Which(since, unit)
    if confirm is not None:
        with app.database.write() as tx:
            keys = service.resend_dead(tx, the_operator(), which, confirm, app.sender, app.clock)
        if json:
            show_json(ResendingView(keys=tuple(keys)))
        say(f"{len(keys)} thư sẽ được gửi lại.")
        return
    with app.database.read() as tx:
        found = service.dead_letters(tx, the_operator(), which, app.clock)
    command = again("--confirm", found.hash)
    if json:
        shown = (
            DeadLetterView.given_up(one.record, one.refusal.vi if one.refusal else None)
            for one in found.letters
        )
        show_preview(ResendingView(found.hash, tuple(shown)), command)
        raise typer.Exit(FAULTS_FOUND if found.wanted else 0)
    rows = [
        (
            one.record.id,
            f"{app.clock.local(one.record.created_at):%d/%m/%Y %H:%M}",
            one.record.unit_name,
            one.record.address,
            one.record.last_error,
            one.refusal.vi if one.refusal else "gửi lại",
        )
        for one in found.letters
    ]
    columns = ["Số", "Viết lúc", "Địa phương", "Địa chỉ", "Vì sao bị bỏ", "Nay"]
    show_table(f"{len(rows)} thư đã bỏ, {len(found.wanted)} thư gửi lại được", columns, rows)
    if found.wanted:
        say(f"Chưa gửi lại thư nào. Xác nhận bằng:\n  {command}")
        raise typer.Exit(FAULTS_FOUND)


def _resend_one(letter_id: int, *, json: bool) -> None:
    from ocop_workflow.letters import outbox as service
    from ocop_workflow.letters.views import ResentView

    app = application()
    with app.database.write() as tx:
        key = service.resend(tx, the_operator(), letter_id, app.sender, app.clock.now())
    if json:
        show_json(ResentView(key))
    say(f"Thư số {letter_id} sẽ được gửi lại.")


@letters.command()
def hold(letter_id: Number, json: Json = False) -> None:
    """Giữ một thư đang chờ, chưa gửi. / Hold a waiting letter."""
    from ocop_workflow.letters import outbox as service

    app = application()
    with app.database.write() as tx:
        service.hold(tx, the_operator(), letter_id, app.clock.now())
    if json:
        show_json({"id": letter_id, "state": "held"})
    say(f"Đã giữ thư số {letter_id}.")


@letters.command()
def release(letter_id: Number, json: Json = False) -> None:
    """Cho gửi một thư đang bị giữ. / Release a held letter."""
    from ocop_workflow.letters import outbox as service

    app = application()
    with app.database.write() as tx:
        service.release(tx, the_operator(), letter_id, app.clock.now())
    if json:
        show_json({"id": letter_id, "state": "pending"})
    say(f"Thư số {letter_id} sẽ được gửi.")


@letters.command()
def reconcile(
    without_journal: Annotated[
        bool,
        typer.Option("--without-journal", help="Chấp nhận không có sổ, có thể gửi trùng. / Accept doubles."),
    ] = False,
    json: Json = False,
) -> None:
    """Sau khi khôi phục: đối chiếu thư đang giữ với sổ thư đã gửi. / After a restore."""
    from ocop_workflow.upkeep import backup

    app = application()
    done = backup.reconcile(app.database, app.journal, without_journal=without_journal)
    if json:
        show_json({"sent": done.sent, "pending": done.pending, "held": done.held})
    say(f"{done.sent} thư đã gửi từ trước, {done.pending} thư chờ gửi lại, {done.held} thư cán bộ còn giữ.")
