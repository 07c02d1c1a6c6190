"""`ocop secret …`: the key that signs what is given out, turned over or copied; no other command shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocop_workflow.cli.options import Json, application
from ocop_workflow.cli.output import say, show_json

secret = typer.Typer(no_args_is_help=True, help="Khóa ký của dịch vụ. / The service's secret.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(secret, name="secret")


@secret.command()
def rotate(json: Json = False) -> None:
    """Thay khóa; khóa vừa thay còn được tin tới lần thay sau. / Turn the secret over."""
    held = application().secret
    held.rotate()
    if json:
        show_json({"file": str(held.path)})
    say(f"Đã thay khóa trong {held.path}. Mã đã phát còn dùng được tới khi hết hạn.")
    say("Nghi khóa bị lộ thì chạy lần nữa: khóa cũ hết hiệu lực ngay.")


@secret.command()
def copy(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Chép vào tệp này. / Where to.")],
    json: Json = False,
) -> None:
    """Chép khóa ra một tệp để cất; `ocop backup` không chép khóa. / Copy it; a backup does not hold it."""
    application().secret.copy_to(file)
    if json:
        show_json({"file": str(file)})
    say(f"Đã chép khóa vào {file}, chỉ người dùng này đọc được. Hãy cất nó cách xa bản sao lưu.")
