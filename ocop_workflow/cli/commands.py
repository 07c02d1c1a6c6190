"""The commands of `ocop`, each in a line; the modules that hold them are read when one is asked for.

Putting all fifty together takes longer than a sweep with nothing due.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ocop_workflow.cli.usage import bilingual

if TYPE_CHECKING:
    from collections.abc import Iterator

#: the modules of the command line, in the order of the help: the commands that each holds, in short
PARTS = {
    "plans.plans": {
        "plan": "Kế hoạch năm: kiểm tra, nạp, đổi, gia hạn.",
        "activity": "Hoạt động có hạn của kế hoạch.",
    },
    "units": {"units": "Địa phương, địa chỉ thư, sáp nhập."},
    "importing": {"import": "Nhập danh sách sản phẩm từ Excel hoặc CSV."},
    "products.products": {
        "products": "Liệt kê sản phẩm và hạn kế tiếp.",
        "product": "Xem một sản phẩm: hạn, thao tác được phép, lịch sử.",
        "advance": "Đưa sản phẩm sang bước tiếp theo.",
        "undo": "Hoàn tác thao tác cuối; lịch sử vẫn giữ cả hai.",
        "explain": "Vì sao có hạn này: điều khoản, nguyên văn, cách tính.",
    },
    "products.events": {"event": "Sự kiện riêng của sản phẩm mà kế hoạch đếm từ đó."},
    "products.papers": {"paper": "Giấy tờ của hồ sơ: cần gì, có gì, thiếu gì."},
    "products.forms": {"form": "Mẫu 01, 02, 03 của hồ sơ; doanh thu theo năm."},
    "products.documents": {"document": "Văn bản ngoài phiên họp: lập được gì, dự thảo."},
    "products.questions": {"questions": "Câu hỏi của việc nhập: xem, trả lời."},
    "rubrics": {"rubric": "Phiếu chấm 26 bộ, và sao mà các phiếu cho."},
    "councils": {
        "council": "Hội đồng: quy chế, thành viên.",
        "session": "Phiên họp: ai đã ký, kết quả.",
    },
    "certificates": {
        "certificates": "Giấy chứng nhận: danh sách, xác nhận.",
        "renewals": "Giấy nào phải làm lại, nộp khi nào.",
    },
    "monitoring": {
        "inspections": "Sản phẩm nào đến lượt kiểm tra, ai trễ.",
        "visit": "Kiểm tra tại cơ sở: ghi, xem, việc phải làm.",
    },
    "running": {
        "sweep": "Quét trong ngày: nhắc việc, cờ quá hạn, viết thư.",
        "deliver": "Gửi thư đang chờ.",
        "scheduler": "Chạy bộ lập lịch: quét lúc 06:00, gửi mỗi phút.",
        "demo": "Xem thử: kế hoạch 2024 của Đức Phổ; một phiên họp.",
    },
    "serving": {"serve": "Mở API, kèm bộ lập lịch."},
    "upkeep.simulating": {"simulate": "Sống trước cả năm: thư nào, ngày nào, ai trễ."},
    "upkeep.upkeep": {
        "db": "Cơ sở dữ liệu: tạo, nâng cấp.",
        "states": "Bảng trạng thái, dữ liệu của từng thao tác.",
    },
    "upkeep.proving": {"prove": "Chứng minh đã nhắc đúng và đủ."},
    "upkeep.backups": {
        "backup": "Sao lưu cơ sở dữ liệu đang dùng, có kiểm tra.",
        "restore": "Khôi phục từ bản sao lưu.",
    },
    "letters": {"letters": "Hộp thư đi."},
    "people.officers": {"officer": "Cán bộ và vai trò."},
    "people.people": {
        "person": "Dữ liệu cá nhân: tìm, xuất, xoá theo yêu cầu.",
        "expire": "Xoá bản chép đã hết hạn lưu.",
    },
    "people.tokens": {"token": "Mã truy cập cho API và lịch."},
    "people.secrets": {"secret": "Khóa ký của dịch vụ: thay, chép."},
    "audit": {"audit": "Nhật ký kiểm tra."},
    "upkeep.care": {"doctor": "Khám cơ sở dữ liệu: mọi điều luôn phải đúng."},
}


def part(name: str) -> typer.Typer:
    """Return the commands of one module."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.callback()(_a_group)
    import_module(f"ocop_workflow.cli.{name}").add_to(app)
    _help_in_both_languages(app)
    return app


def _a_group() -> None:
    """Make a group, even of a part that has only one command."""


class _Command(TyperCommand):
    """A command whose help speaks both languages."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer keeps its class to itself
        """Return the help's page."""
        return bilingual(super().get_help(ctx))


class _Group(TyperGroup):
    """A group of commands, likewise."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - likewise
        """Return the help's page."""
        return bilingual(super().get_help(ctx))


def _help_in_both_languages(app: typer.Typer) -> None:
    """Let every command that hangs under `app` write its help so; typer asks for it command by command."""
    for command in app.registered_commands:
        command.cls = _Command
    for group in app.registered_groups:
        group.cls = _Group
        if group.typer_instance is not None:
            _help_in_both_languages(group.typer_instance)


class _Lazily(Mapping[str, Any]):
    """Every command by its name, read when it is asked for."""

    def __init__(self) -> None:
        self._holders = {name: module for module, held in PARTS.items() for name in held}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer keeps the class of a command to itself
        group: Any = typer.main.get_command(part(self._holders[name]))
        return group.commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._holders)

    def __len__(self) -> int:
        return len(self._holders)


class Commands(_Group):
    """All commands; their short lines stand above, so that the help need not read them."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - handed on as they are
        """Take what typer gives to every group."""
        super().__init__(**given)
        self.commands = _Lazily()  # type: ignore[assignment]  # nobody adds to it

    def format_commands(self, _ctx: object, formatter: Any) -> None:  # noqa: ANN401 - typer keeps its class to itself
        """Write the commands into the help."""
        with formatter.section("Các lệnh / Commands"):
            formatter.write_dl([line for held in PARTS.values() for line in held.items()])
