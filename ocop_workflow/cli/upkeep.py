"""`ocop db …`, `ocop states …`: looking after the service itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocop_workflow.cli.options import Json, application
from ocop_workflow.cli.output import FAULTS_FOUND, say, show_json

db = typer.Typer(no_args_is_help=True, help="Cơ sở dữ liệu. / The database.")
states = typer.Typer(no_args_is_help=True, help="Bảng trạng thái. / The table of states.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(db, name="db")
    app.add_typer(states, name="states")


@db.command()
def upgrade(json: Json = False) -> None:
    """Tạo hoặc cập nhật cơ sở dữ liệu. / Create or upgrade the database."""
    from ocop_workflow.storage import schema

    revision = schema.upgrade(application().database)
    if json:
        show_json({"revision": revision})
    say(f"Cơ sở dữ liệu ở phiên bản {revision}.")


@db.command()
def check(json: Json = False) -> None:
    """Xem tình trạng cơ sở dữ liệu. / Show the state of the database."""
    from ocop_workflow.storage import schema

    state = schema.check(application().database)
    if json:
        show_json(
            {
                "current": state.current,
                "wanted": state.wanted,
                "differences": state.differences,
                "is_current": state.is_current,
            }
        )
    if state.is_current:
        say(f"Cơ sở dữ liệu đúng phiên bản {state.wanted}.")
        return
    say(f"Cơ sở dữ liệu ở {state.current or 'trạng thái trống'}, cần {state.wanted}: chạy `ocop db upgrade`.")
    for difference in state.differences:
        say(f"  - {difference}")
    raise typer.Exit(FAULTS_FOUND)


@states.command()
def draw(
    path: Annotated[Path, typer.Argument(metavar="TỆP", help="Nơi ghi. / Where to.")] = Path(
        "docs/states.md"
    ),
    json: Json = False,
) -> None:
    """Vẽ bảng trạng thái ra tệp Markdown. / Draw the table of states."""
    from ocop_workflow.errors import WrongUse
    from ocop_workflow.regulations import load_regulation, regulation_ids
    from ocop_workflow.states.drawing import draw as draw_states

    text = draw_states([load_regulation(name) for name in regulation_ids()])
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise WrongUse(
            f"Không ghi được {path} ({error.strerror}).", f"{path} cannot be written ({error.strerror})."
        ) from error
    if json:
        show_json({"written": str(path)})
    say(f"Đã ghi {path}.")
