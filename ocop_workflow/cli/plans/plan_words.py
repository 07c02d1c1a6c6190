"""A plan's file as a command is given it, and a loaded plan as a person reads it in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_workflow.cli.options import read_given_day
from ocop_workflow.cli.output import read_text, say, show_table
from ocop_workflow.errors import WrongUse

if TYPE_CHECKING:
    from ocop_workflow.overview.plan_views import PlanLineView, PlanRoundView, PlanView


def plan_text(name: str, year: int | None) -> str:
    """Return the text of a plan file, or of a shipped plan: of a yearly template, what it gives for a year.

    Raises:
        WrongUse: it is a template and no year is given.
        OcopError: it cannot be read, or see `text_for_year`.
    """
    from ocop_workflow.calendar import is_template, shipped_plan_text, text_for_year
    from ocop_workflow.fence.texts import within_bounds

    path = Path(name)
    is_file = path.suffix == ".toml" or path.exists()
    text = within_bounds(read_text(path), name) if is_file else shipped_plan_text(name)
    if year is not None:
        return text_for_year(text, year, name)
    if is_template(text):
        raise WrongUse(
            f"{name} là mẫu hằng năm, không ghi năm: thêm --year, ví dụ --year 2027.",
            f"{name} is a yearly template without a year: add --year, like --year 2027.",
        )
    return text


def _share(line: PlanRoundView) -> str:
    """Say how much of what is registered has come, beside what the plan asks for."""
    asked = f"ít nhất {line.quota_percent} %" if line.quota_percent else ""
    if not line.registered:
        return asked
    so_far = f"{line.came}/{line.registered} ({line.percent} %)"
    back = f"trả lại {line.returned}" if line.returned else ""
    missed = "CHƯA ĐẠT" if line.quota_met is False else ""
    return "; ".join(filter(None, (so_far, back, asked, missed)))


def show_plan(found: PlanView, *, everything: bool) -> None:
    """Show a plan; `everything`: with what its file says beside times."""
    say(found.title)
    say(f"Cơ quan: {found.unit}. Quy định: {found.regulation}.")
    say(f"Năm {found.year}, đến hết {found.last_day:%d/%m/%Y}. Mã sản phẩm: {found.code}-…")
    if found.parent:
        say(f"Kế hoạch cấp trên: {found.parent}.")
    if found.children:
        say(f"Kế hoạch bên dưới: {', '.join(found.children)}.")
    papers = found.said["documents"]
    for paper in papers:
        number = f" số {paper['number']}" if paper["number"] else ""
        say(f"Văn bản {paper['id']}: {paper['name']}{number}{_issued(paper['issued'])}.")
    say("")
    rows = [
        (line.id, _clause(line), line.name, line.due, line.reach, line.actor, f"“{line.as_written}”")
        for line in found.lines
    ]
    show_table("Mốc và hoạt động", ["Mã", "Mục", "Việc", "Hạn", "Phải đạt", "Ai làm", "Nguyên văn"], rows)
    if found.rounds:
        of_rounds = [
            (
                line.id,
                line.clause,
                line.name,
                line.dossiers,
                line.done,
                line.open_to_words.vi,
                _share(line),
                line.as_written,
            )
            for line in found.rounds
        ]
        columns = ["Mã", "Mục", "Đợt", "Hạn hồ sơ", "Đánh giá xong", "Mở cho", "Đã có hồ sơ", "Nguyên văn"]
        show_table("Đợt đánh giá", columns, of_rounds)
    if found.said["inspections"]:
        looks = [(*(line.get(key, "") for key in _LOOKS), _whom(line)) for line in found.said["inspections"]]
        show_table("Kiểm tra, giám sát", [*_LOOKS.values(), "Sản phẩm nào"], looks)
    if found.events:
        of_events = [(line.id, line.name, line.day_words) for line in found.events]
        show_table("Sự kiện", ["Mã", "Tên", "Ngày"], of_events)
    if everything:
        _show_everything(found)
    for note in found.notes:
        say(f"Lưu ý: {note}.")
    show_table("Sản phẩm", ["Trạng thái", "Số lượng"], list(found.products.items()))
    if found.silent:
        say(f"\nChưa có sản phẩm nào, được nhắc đăng ký: {', '.join(found.silent)}.")


def _clause(line: PlanLineView) -> str:
    return f"{line.clause} ({line.document})" if line.document else line.clause


#: the keys of an inspection as a table has them
_LOOKS = {
    "id": "Mã",
    "clause": "Mục",
    "name": "Việc",
    "actor": "Ai làm",
    "every_months": "Mấy tháng một lần",
    "as_written": "Nguyên văn",
}


def _whom(line: dict[str, Any]) -> str:
    stars = [f"{', '.join(map(str, line['stars']))} sao"] if line["stars"] else []
    groups = [f"ngành {', '.join(line['groups'])}"] if line["groups"] else []
    return "; ".join([*stars, *groups]) or "mọi giấy còn hạn"


def _issued(day: str) -> str:
    return f" ngày {read_given_day(day):%d/%m/%Y}" if day else ""


def _show_everything(found: PlanView) -> None:
    """Show what the file says beside times: how each is done and watched, then its other tables."""
    headings = ["Mã", "Cách tính", "Cách hiểu", "Hồ sơ", "Việc cần làm", "Nơi", "Nhắc"]
    rows = [
        (line.id, line.reckoning, line.reading, line.dossiers, line.action, line.where, line.watched)
        for line in found.lines
    ]
    show_table("Cách làm", headings, rows)
    tasks = [(line.id, task) for line in found.lines for task in line.tasks.splitlines()]
    if tasks:
        show_table("Nội dung công việc", ["Mã", "Nguyên văn (ai làm)"], tasks)
    for name, (title, columns) in _TABLES.items():
        given = found.said.get(name) or []
        entries = given if isinstance(given, list) else [given]
        keys = [key for key in columns if any(entry.get(key) not in (None, "") for entry in entries)]
        if keys:
            values = [tuple(entry.get(key, "") for key in keys) for entry in entries]
            show_table(title, [columns[key] for key in keys], values)


_PAPER = {"number": "Số", "issued": "Ngày", "signed_by": "Người ký", "source": "Bản gốc", "sha256": "SHA-256"}
_CLAUSE = {"clause": "Mục", "document": "Văn bản", "as_written": "Nguyên văn"}
#: the tables that are shown as the file has them: title, and what each key is called
_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "document": ("Văn bản", _PAPER),
    "documents": ("Văn bản khác của kế hoạch", {"id": "Mã", "name": "Tên", **_PAPER}),
    "office": ("Cơ quan thường trực", {"name": "Tên", "address": "Địa chỉ"}),
    "legal_basis": ("Căn cứ", {"number": "Số", "issued": "Ngày", **_CLAUSE}),
    "targets": (
        "Chỉ tiêu",
        {"id": "Mã", "what": "Chỉ tiêu", "at_least": "Ít nhất", "unit": "Đơn vị", **_CLAUSE},
    ),
    "budget": ("Kinh phí", {"source": "Nguồn", **_CLAUSE}),
    "duties": ("Nhiệm vụ", {"agency": "Cơ quan", **_CLAUSE}),
    "groups": ("Ngành hàng", {"number": "Số", "as_written": "Nguyên văn"}),
    "cycle": ("Chu trình", {"number": "Bước", "as_written": "Nguyên văn"}),
    "annex": ("Phụ lục", {"title": "Tên", "file": "Tệp", "products": "Số sản phẩm"}),
}
