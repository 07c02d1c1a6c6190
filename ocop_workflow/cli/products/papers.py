"""`ocop paper …`: the papers of a product's dossier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Json,
    acting_as,
    application,
    read_data,
)
from ocop_workflow.cli.output import say, show_json, show_table
from ocop_workflow.cli.products import handing
from ocop_workflow.cli.products.handing import Code, Number  # noqa: TC001 - typer reads them at run time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.dossiers.paper_views import PapersView, PaperView

paper = typer.Typer(no_args_is_help=True, help="Giấy tờ của hồ sơ. / Papers of a dossier.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    handing.add_to(paper)
    app.add_typer(paper, name="paper")


FileNumber = Annotated[
    int, typer.Argument(metavar="SỐ-TỆP", min=1, max=2**31 - 1, help="Số tệp. / The file's number.")
]


@paper.command("set")
def choose(
    code: Code,
    number: Annotated[
        int, typer.Argument(metavar="BỘ", min=1, max=99, help="Số bộ (Phụ lục I). / A set's number.")
    ],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Chọn bộ sản phẩm mà hồ sơ được chấm theo. / Choose the set by whose sheet it is scored."""
    from ocop_workflow.products.evaluation.filing import choose_set

    app = application()
    with app.database.write() as tx:
        today, now = app.clock.today(), app.clock.now()
        choose_set(tx, code, number, actor=acting_as(tx, actor), today=today, now=now)
    told: dict[str, Any] = {"code": code, "set": number}
    if json:
        show_json(told)
        return
    say(f"{code}: chấm theo phiếu của bộ {number}.")


@paper.command("list")
def list_all(code: Code, json: Json = False) -> None:
    """Hồ sơ cần giấy tờ nào, đã có gì, còn thiếu gì. / What the dossier needs, and what is there."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.papers.keeping import list_papers

    app = application()
    with app.database.read() as tx:
        found = list_papers(tx, code, the_operator(), today=app.clock.today())
    if json:
        show_json(found)
        return
    _tell(found)


def _tell(found: PapersView) -> None:
    rows: list[tuple[object, ...]] = []
    for task in found.tasks:
        state = "THIẾU" if task.lacking else "" if task.papers else "chưa có"
        rows += _rows(task.kind, task.name, task.brought_by_label, state, task.papers)
    for item in found.evidence:
        rows += _rows(item.kind, item.name, "chủ thể", "", item.papers)
    for other in found.other:
        rows += _rows(other.kind, other.name or "", "", "", (other,))
    title = f"{found.code}, hồ sơ {found.dossier} ({found.dossier_kind.label}), {found.regulation}"
    show_table(title, ["Loại", "Giấy tờ", "Ai nộp", "Tình trạng", "Số", "Ngày cấp", "Hết hạn", "Ở đâu"], rows)
    if found.before:
        earlier = [
            (
                item.id,
                item.dossier,
                item.name or item.kind_name,
                item.number,
                "HẾT HẠN" if item.expired else f"{item.expires_on:%d/%m/%Y}" if item.expires_on else "",
            )
            for item in found.before
        ]
        show_table("Hồ sơ trước còn giữ", ["Số", "Lượt", "Giấy tờ", "Số hiệu", "Hết hạn"], earlier)
    if files := list(_files(found)):
        show_table("Tệp", ["Giấy tờ", "Số tệp", "Tên", "Byte", "Loại", "Ai gắn"], files)
    say(f"Còn thiếu {found.lacking}; hết hạn {found.expired}.")


def _rows(
    kind: str, name: str, by: str, state: str, papers: tuple[PaperView, ...]
) -> list[tuple[object, ...]]:
    if not papers:
        return [(kind, name, by, state, "", "", "", "")]
    return [
        (
            f"{kind} #{item.id}",
            item.name or name,
            by,
            "HẾT HẠN" if item.expired else state or "đã có",
            item.number,
            f"{item.issued_on:%d/%m/%Y}" if item.issued_on else "",
            f"{item.expires_on:%d/%m/%Y}" if item.expires_on else "",
            item.shelf,
        )
        for item in papers
    ]


def _files(found: PapersView) -> Iterator[tuple[object, ...]]:
    asked = [item for task in found.tasks for item in task.papers]
    proving = [item for kind in found.evidence for item in kind.papers]
    for item in (*asked, *proving, *found.other):
        for file in item.files:
            yield item.id, file.id, file.name, file.size, file.media_type, file.added_by


@paper.command()
def reuse(
    code: Code,
    numbers: Annotated[
        list[int], typer.Argument(metavar="SỐ…", min=1, max=2**31 - 1, help="Số giấy tờ. / Papers' numbers.")
    ],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dùng lại giấy tờ của hồ sơ trước còn giá trị. / Take papers of an earlier dossier over."""
    from ocop_workflow.products.papers.keeping import list_papers
    from ocop_workflow.products.papers.reusing import reuse_papers

    app = application()
    with app.database.write() as tx:
        who, today = acting_as(tx, actor), app.clock.today()
        reuse_papers(tx, code, numbers, actor=who, today=today, now=app.clock.now())
        found = list_papers(tx, code, who, today=today)
    if json:
        show_json(found)
        return
    _tell(found)


@paper.command()
def ending(
    within: Annotated[
        int,
        typer.Option(metavar="NGÀY", min=0, max=3660, help="Trong bao nhiêu ngày. / Within how many days."),
    ] = 60,
    json: Json = False,
) -> None:
    """Giấy tờ của các hồ sơ sắp hết hạn, đã hết hạn. / Papers that run out soon, or have."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.papers.keeping import list_ending

    app = application()
    with app.database.read() as tx:
        found = list_ending(tx, the_operator(), today=app.clock.today(), within=within)
    if json:
        show_json(found)
        return
    rows = [
        (
            item.code,
            item.product,
            item.unit,
            item.name,
            item.number,
            f"{item.expires_on:%d/%m/%Y}",
            f"còn {item.days_left} ngày" if item.days_left >= 0 else "ĐÃ HẾT HẠN",
        )
        for item in found.papers
    ]
    show_table("Giấy tờ sắp hết hạn", ["Mã", "Sản phẩm", "Địa phương", "Giấy tờ", "Số", "Đến ngày", ""], rows)


@paper.command()
def add(
    code: Code,
    kind: Annotated[
        str, typer.Argument(metavar="LOẠI", help="Mã loại như trong danh sách, hoặc other. / Its kind.")
    ],
    data: Annotated[
        str,
        typer.Option(
            metavar="JSON",
            help="name, number, issuer, issued_on, expires_on, shelf, criteria [“3.5”]. / What it says.",
        ),
    ] = "{}",
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Ghi một giấy tờ vào hồ sơ. / Record a paper of the dossier."""
    from ocop_workflow.products.papers.keeping import add_paper
    from ocop_workflow.products.papers.reading import DAYS, read_paper

    given = read_data(data, days=DAYS)
    app = application()
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        done = add_paper(
            tx,
            code,
            read_paper({"kind": kind, **given}),
            actor=by,
            today=app.clock.today(),
            now=app.clock.now(),
        )
    if json:
        show_json(done)
        return
    say(f"Đã ghi giấy tờ số {done.id} ({done.kind}) vào hồ sơ của {code}.")


@paper.command()
def withdraw(
    code: Code,
    number: Number,
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao rút. / Why.")],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Rút một giấy tờ khỏi hồ sơ; nhật ký giữ lại. / Take a paper out; the audit keeps it."""
    from ocop_workflow.products.papers.keeping import withdraw_paper

    app = application()
    with app.database.write() as tx:
        withdraw_paper(tx, code, number, reason, actor=acting_as(tx, actor), now=app.clock.now())
    told: dict[str, Any] = {"code": code, "withdrawn": number}
    if json:
        show_json(told)
        return
    say(f"Đã rút giấy tờ số {number} khỏi hồ sơ của {code}.")


@paper.command()
def attach(
    code: Code,
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="PDF, ảnh, DOCX, XLSX, ZIP. / The file.")],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Gắn một tệp vào giấy tờ. / Put a file to a paper."""
    from ocop_workflow.products.papers.attaching import attach_file, refuse_attaching

    app = application()
    with app.database.read() as tx:
        refuse_attaching(tx, code, number, acting_as(tx, actor))
    kept = app.files.keep_copy(file)
    with app.database.write() as tx:
        done = attach_file(tx, code, number, kept, actor=acting_as(tx, actor), now=app.clock.now())
    if json:
        show_json(done)
        return
    say(f"Đã gắn tệp số {done.id} ({done.name}, {done.size} byte) vào giấy tờ số {number} của {code}.")


@paper.command()
def fetch(
    code: Code,
    number: Number,
    file: FileNumber,
    out: Annotated[
        Path, typer.Option(metavar="TỆP", help="Lưu thành tệp này; chưa có thì mới ghi. / Where to save it.")
    ],
    json: Json = False,
) -> None:
    """Lấy một tệp của giấy tờ ra. / Save a file of a paper."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.papers.attaching import find_file
    from ocop_workflow.store.files import write_new

    app = application()
    with app.database.read() as tx:
        found = find_file(tx, code, number, file, the_operator())
    with app.files.read(found.sha256) as opened:
        write_new(out, opened.read())
    if json:
        show_json(found)
        return
    say(f"Đã lưu {found.name} ({found.size} byte) thành {out}.")


@paper.command()
def detach(
    code: Code,
    number: Number,
    file: FileNumber,
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao rút. / Why.")],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Rút một tệp khỏi giấy tờ; nhật ký giữ lại. / Take a file from a paper; the audit keeps it."""
    from ocop_workflow.products.papers.attaching import withdraw_file

    app = application()
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        withdraw_file(tx, code, number, file, reason, actor=by, now=app.clock.now())
    if json:
        show_json({"code": code, "paper": number, "withdrawn": file})
        return
    say(f"Đã rút tệp số {file} khỏi giấy tờ số {number} của {code}.")
