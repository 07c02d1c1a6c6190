"""`ocop person …`, `ocop expire`: what is kept about people, and until when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import NOBODY, As, Json, acting_as, again, application, the_operator
from ocop_workflow.cli.output import FAULTS_FOUND, json_text, say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.privacy import Going
    from ocop_workflow.store import Connection

person = typer.Typer(no_args_is_help=True, help="Dữ liệu cá nhân. / Personal data.")

Id = Annotated[str, typer.Argument(metavar="MÃ", help="Mã, như `ocop person find` in ra. / An ID.")]


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(person, name="person")
    app.command("expire")(expire_copies)


@person.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TÊN", help="Tên, địa chỉ hay một phần. / A part of it.")],
    login: As = NOBODY,
    json: Json = False,
) -> None:
    """Tìm người đại diện, đầu mối nhận thư, cán bộ. / Find a representative, contact or officer."""
    from ocop_workflow.privacy import find_people
    from ocop_workflow.privacy.views import PersonView

    app = application()
    with app.database.read() as tx:
        found = find_people(tx, _who(tx, login), text)
    if json:
        show_json([PersonView.alike(one) for one in found])
        return
    rows = [(one.id, one.kind.text.vi, one.name, one.where) for one in found]
    show_table(f"{len(rows)} người", ["Mã", "Là", "Tên, địa chỉ", "Ở đâu"], rows)


@person.command()
def export(
    person_id: Id,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="TỆP", help="Ghi vào tệp, chỉ mình đọc được. / A file.")
    ] = None,
    login: As = NOBODY,
    json: Json = False,  # noqa: ARG001 - what is handed out is JSON anyway
) -> None:
    """Xuất mọi điều đang giữ về một người (JSON). / Hand out what is kept of a person."""
    from ocop_workflow.privacy import export as service
    from ocop_workflow.store.files import write_new

    app = application()
    with app.database.write() as tx:
        told = service(tx, _who(tx, login), person_id, now=app.clock.now())
        if out is not None:
            write_new(out, f"{json_text(told)}\n".encode())
    if out is None:
        show_json(told)
        return
    say(f"Đã ghi vào {out}. Nhật ký ghi lại việc xuất này.")


@person.command()
def anonymise(
    person_id: Id,
    reason: Annotated[str, typer.Option(metavar="LÝ DO", help="Vì sao, ghi vào nhật ký. / Why.")],
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Xoá thật; không có thì chỉ xem. / Do it.")
    ] = False,
    login: As = NOBODY,
    json: Json = False,
) -> None:
    """Xoá dữ liệu liên hệ của một người; hồ sơ vẫn lưu. / Erase what may go of a person.

    Không có --confirm thì chỉ cho xem điều gì sẽ xoá, điều gì ở lại, và thoát 1.
    """
    from ocop_workflow import privacy as people
    from ocop_workflow.privacy.views import GoingView

    app = application()
    if not confirm:
        with app.database.read() as tx:
            going = people.what_goes(tx, _who(tx, login), person_id)
        if json:
            show_json(GoingView.of(going, erased=False))
        else:
            _show(going)
            say(
                f"Chưa xoá gì. Không lấy lại được: {again('--confirm')}" if not going.is_nothing else _NOTHING
            )
        raise typer.Exit(FAULTS_FOUND)
    with app.database.write() as tx:
        going = people.anonymise(
            tx,
            _who(tx, login),
            person_id,
            reason,
            app.erasures,
            today=app.clock.today(),
            now=app.clock.now(),
        )
    if json:
        show_json(GoingView.of(going, erased=True))
        return
    say(f"{person_id}: đã xoá {len(going.values)} giá trị liên hệ, {going.letters} thư.")
    if going.logins:
        say("Đã xoá mật khẩu, nhãn mã truy cập, lần đăng nhập sai.")
    for note in going.notes:
        say(note.vi)
    say("Bản sao lưu cũ vẫn còn giá trị ấy: khôi phục bằng `ocop restore` thì tự xoá lại theo sổ.")


_NOTHING = "Không còn gì để xoá."


def _show(going: Going) -> None:
    rows = [
        ("xoá", f"mẫu {one.form}.{one.field}" if one.field else one.kind.text.vi, one.address)
        for one in going.values
    ]
    if going.letters:
        waiting = f", {going.waiting} chưa gửi sẽ không gửi" if going.waiting else ""
        rows.append(("xoá", "thư", f"nội dung và địa chỉ của {going.letters} thư{waiting}"))
    rows += [("xoá", "tài khoản", "mật khẩu, nhãn mã truy cập, lần đăng nhập sai")] if going.logins else []
    rows += [("ở lại", "hồ sơ", text.vi) for text in going.stays]
    person = going.person
    show_table(f"{person.id}: {person.name} ({person.where})", ["", "Loại", "Điều gì"], rows)
    for note in going.notes:
        say(note.vi)


def expire_copies(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem. / Only look.")] = False,
    json: Json = False,
) -> None:
    """Xoá bản chép đã hết hạn lưu, như bộ lập lịch làm hằng ngày. / Delete copies whose term is over."""
    from dataclasses import asdict

    from ocop_workflow.privacy.terms import expire, what_expires
    from ocop_workflow.privacy.views import ExpiredView

    app = application()
    if dry_run:
        with app.database.read() as tx:
            done = what_expires(tx, app.terms, app.erasures, app.clock)
    else:
        done = expire(app.database, the_operator(), app.terms, app.erasures, app.clock)
    if json:
        show_json(ExpiredView.of(done, dry_run=dry_run))
        return
    rows = [
        (_NAMES[name], count, f"{getattr(app.terms, name)} ngày" if hasattr(app.terms, name) else "")
        for name, count in asdict(done).items()
    ]
    show_table("Sẽ xoá" if dry_run else "Đã xoá", ["Bản chép", "Bao nhiêu", "Hạn lưu"], rows)


_NAMES = {
    "letters": "nội dung và địa chỉ của thư đã xong",
    "contacts": "địa chỉ nhận thư đã thôi dùng",
    "officers": "mật khẩu, nhãn mã của cán bộ đã khóa",
    "sign_ins": "lần đăng nhập sai",
    "replies": "câu trả lời giữ cho yêu cầu gửi lại",
    "erased_again": "đã xoá theo yêu cầu, có lại do khôi phục",
}


def _who(tx: Connection, login: str) -> Actor:
    """Return the officer who is named, whose rights decide; nobody named: the host's operator."""
    return the_operator() if login == NOBODY else acting_as(tx, login)
