"""`ocop backup`, `ocop restore`: a checked copy of the database, and putting one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Json, application, the_operator
from ocop_workflow.cli.output import FAULTS_FOUND, remark, say, show_json
from ocop_workflow.vietnamese import number

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.command("backup")(back_up_database)
    app.command("restore")(restore_database)


#: findings that a person is shown
SHOWN = 10

File = Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp sao lưu. / The backup's file.")]


def back_up_database(file: File, json: Json = False) -> None:
    """Sao lưu cơ sở dữ liệu đang dùng, rồi kiểm tra bản sao. / Back up a database in use, and check it."""
    from ocop_workflow.upkeep.backup import back_up
    from ocop_workflow.upkeep.file_backup import folder_beside

    app = application()
    database = app.database
    done = back_up(database, file, app.files)
    if database.file is not None and database.file.resolve().parent == file.resolve().parent:
        remark(
            f"Bản sao nằm cạnh cơ sở dữ liệu ({done.file.parent}): mất thư mục hay ổ này là mất cả hai. "
            "Hãy chép nó sang ổ khác.",
            "The backup lies beside the database: one lost folder or disk takes both. Copy it elsewhere.",
        )
    if json:
        show_json(
            {
                "file": str(done.file),
                "size": done.size,
                "revision": done.revision,
                "checked": done.is_sound,
                "findings": [finding.en for finding in done.findings],
                "files": done.files.wanted,
                "files_copied": done.files.copied,
            }
        )
    if done.files.wanted:
        where = f"trong {folder_beside(file).folder}" if app.files.folder else f"ghi tên trong {file}.files"
        say(f"{done.files.wanted} tệp của giấy tờ {where}, mới chép thêm {done.files.copied}.")
    if done.is_sound:
        say(f"Đã sao lưu vào {done.file} ({number(done.size)} byte), đã kiểm tra, phiên bản {done.revision}.")
        return
    say(f"Đã sao lưu vào {done.file} ({number(done.size)} byte), NHƯNG bản sao không đúng:")
    for finding in done.findings[:SHOWN]:
        say(f"  - {finding.vi}")
    say(f"Có {len(done.findings)} điều sai, xem `ocop doctor`; hãy giữ các bản sao lưu trước.")
    raise typer.Exit(FAULTS_FOUND)


def restore_database(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại. / Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Khôi phục từ bản sao lưu; thư chưa gửi được giữ lại tới `ocop letters reconcile`. / Restore."""
    from ocop_workflow.upkeep.backup import bring_files_back, look_at, restore

    app = application()
    if not yes:
        revision = look_at(app.database, file)
        question = f"Thay cơ sở dữ liệu hiện tại bằng {file} (phiên bản {revision})?"
        typer.confirm(question, abort=True, err=True)
    done = restore(app.database, file, app.journal, app.clock.local(app.clock.now()))
    erased = _erase_again(app)
    files = bring_files_back(app.database, file, app.files)
    if json:
        aside = str(done.aside) if done.aside else None
        told = {"revision": done.revision, "held": done.held, "aside": aside, "erased_again": erased}
        lacking = [finding.en for finding in files.findings]
        show_json({**told, "files": files.wanted, "files_copied": files.copied, "files_lacking": lacking})
    say(f"Đã khôi phục từ {file} (phiên bản {done.revision}).")
    if done.aside:
        say(f"  Cơ sở dữ liệu cũ nằm ở {done.aside}")
    if erased:
        say(f"  Đã xoá lại {erased} mục dữ liệu cá nhân theo sổ {app.erasures.path}.")
    if files.wanted:
        say(f"  {files.wanted} tệp của giấy tờ, vừa chép về {files.copied}.")
    for finding in files.findings:
        say(f"  - {finding.vi}")
    say(f"  {done.held} thư chưa gửi đang giữ lại: chạy `ocop letters reconcile` để đối chiếu với sổ.")
    if files.findings:
        raise typer.Exit(FAULTS_FOUND)


def _erase_again(app: Application) -> int:
    """Erase what people had had erased since the backup; one of an older version waits for its upgrade."""
    from ocop_workflow.privacy import erase_again
    from ocop_workflow.store.troubles import fitness

    with app.database.read() as tx:
        if fitness.revision_reached(tx) != fitness.revision_wanted():
            return 0
    with app.database.write() as tx:
        return erase_again(tx, the_operator(), app.erasures, today=app.clock.today(), now=app.clock.now())
