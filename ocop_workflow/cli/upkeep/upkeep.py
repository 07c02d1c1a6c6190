"""`ocop db …`, `ocop states …`: looking after the service itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Json, application, the_operator
from ocop_workflow.cli.output import FAULTS_FOUND, say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.states import Field

if TYPE_CHECKING:
    from ocop_workflow.store.schema import SchemaState

db = typer.Typer(no_args_is_help=True, help="Cơ sở dữ liệu. / The database.")
states = typer.Typer(no_args_is_help=True, help="Bảng trạng thái. / The table of states.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(db, name="db")
    app.add_typer(states, name="states")


@db.command()
def upgrade(json: Json = False) -> None:
    """Tạo hoặc cập nhật cơ sở dữ liệu. / Create or upgrade the database."""
    from ocop_workflow.privacy import erase_again
    from ocop_workflow.store import schema

    app = application()
    revision = schema.upgrade(app.database)
    with app.database.write() as tx:  # an older backup may have come back with what was erased since
        erased = erase_again(tx, the_operator(), app.erasures, today=app.clock.today(), now=app.clock.now())
    if json:
        show_json({"revision": revision})
    say(f"Cơ sở dữ liệu ở phiên bản {revision}.")
    if erased:
        say(f"Đã xoá lại {erased} mục dữ liệu cá nhân theo sổ {app.erasures.path}.")


@db.command()
def check(json: Json = False) -> None:
    """Xem tình trạng cơ sở dữ liệu, để nó tự khám tệp của mình. / Check the database and its file."""
    from ocop_workflow.store import schema

    state = schema.check(application().database)
    if json:
        show_json(
            {
                "current": state.current,
                "wanted": state.wanted,
                "differences": [difference.en for difference in state.differences],
                "is_current": state.is_current,
                "damage": state.damage,
                "unexamined": state.unexamined.en if state.unexamined else None,
            }
        )
    _say_state(state)
    if not state.is_sound:
        raise typer.Exit(FAULTS_FOUND)


def _say_state(state: SchemaState) -> None:
    if state.current != state.wanted:
        reached = state.current or "trạng thái trống"
        say(f"Cơ sở dữ liệu ở {reached}, cần {state.wanted}: chạy `ocop db upgrade`.")
    elif state.differences:
        say(f"Cơ sở dữ liệu ghi là phiên bản {state.wanted} nhưng không đủ; `ocop db upgrade` không bù được:")
        for difference in state.differences:
            say(f"  - {difference.vi}")
        say("Hãy khôi phục từ bản sao lưu gần nhất mà `ocop doctor` thấy còn đúng.")
    else:
        say(f"Cơ sở dữ liệu đúng phiên bản {state.wanted}.")
    if state.damage:
        say("Tệp dữ liệu bị hỏng; giữ nguyên tệp, khôi phục từ bản sao lưu gần nhất còn đúng:")
        for line in state.damage:
            say(f"  - {line}")
    if state.unexamined:
        say(state.unexamined.vi)


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


@states.command()
def form(
    event: Annotated[str, typer.Argument(metavar="THAO-TÁC", help="Ví dụ certify. / An event.")],
    json: Json = False,
) -> None:
    """Xem một thao tác cần dữ liệu gì, ghi thế nào sau `--data`. / Show the data that an event takes."""
    from json import dumps

    from ocop_workflow.products.advance import read_event
    from ocop_workflow.regulations import Level
    from ocop_workflow.states import example_of, form_of, schema_of
    from ocop_workflow.states.lifecycle import lifecycle_of

    named = read_event(event)
    fields = form_of(named, lifecycle_of(tuple(Level)))  # the ladder of all levels knows every event
    if json:
        show_json(
            {
                "event": named.value,
                "vi": named.text.vi,
                "en": named.text.en,
                "fields": [_field_json(field) for field in fields],
                "example": example_of(fields),
                "schema": schema_of(fields),
            }
        )
        return
    if not fields:
        say(f"{named.value} ({named.label}): không cần dữ liệu.")
        return
    rows = [row for field in fields for row in _field_rows(field)]
    show_table(f"{named.value} ({named.label})", ["Tên", "Nghĩa", "Cách ghi", ""], rows)
    say("Ví dụ:")
    example = dumps(example_of(fields), ensure_ascii=False)
    say(f"  ocop advance MÃ {named.value} --as CÁN-BỘ --data '{example}'")


def _field_json(field: Field) -> dict[str, object]:
    return {
        "key": field.key,
        "vi": field.text.vi,
        "en": field.text.en,
        "asked": field.asked.value,
        "written": {"vi": field.written.vi, "en": field.written.en},
        "note": {"vi": field.note.vi, "en": field.note.en} if field.note.vi else None,
        "example": field.example,
        "fields": [_field_json(part) for part in field.parts],
    }


def _field_rows(field: Field, within: str = "") -> list[tuple[str, ...]]:
    key = within + field.key
    meaning = f"{field.text.vi} ({field.note.vi})" if field.note.vi else field.text.vi
    own = (key, meaning, field.written.vi, field.asked.text.vi)
    return [own, *(row for part in field.parts for row in _field_rows(part, f"{key}."))]
