"""What the doctor says: findings, and what is to be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.sweep.holding import confirm_line

if TYPE_CHECKING:
    from datetime import date


class Severity(StrEnum):
    """A note asks for nothing; a warning is to be looked at; what is violated must not be."""

    NOTE = "note"
    WARNING = "warning"
    VIOLATED = "violated"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it ought to be.

    Attributes:
        table: where it stands; empty: the database itself.
        key: which row; a product's code, a letter's key or a number.
        text: what is wrong, in both languages.
        advice: what to do about it.
        severity: how bad it is.
        invariant: the number of the rule that is broken; `examine` writes it in.
    """

    table: str
    key: str
    text: Text
    advice: Text
    severity: Severity = Severity.VIOLATED
    invariant: int = 0

    def as_json(self) -> dict[str, object]:
        """Return the finding under the keys that others may lean on."""
        return {
            "invariant": self.invariant,
            "severity": self.severity.value,
            "table": self.table,
            "key": self.key,
            "vi": self.text.vi,
            "en": self.text.en,
            "advice_vi": self.advice.vi,
            "advice_en": self.advice.en,
        }


RESTORE = Text(
    "Giữ nguyên tệp để đối chiếu; khôi phục từ bản sao lưu gần nhất mà `ocop doctor` thấy còn đúng.",
    "Keep the data as evidence; restore the latest backup that `ocop doctor` finds sound.",
)
REPORT = Text(
    "Đừng sửa tay; sao lưu ngay và báo cho người phụ trách kỹ thuật kèm kết quả `ocop doctor --json`.",
    "Do not repair by hand; take a backup now and send the output of `ocop doctor --json` to the developers.",
)
SWEEP = Text(
    "Chạy `ocop sweep` rồi kiểm tra lại; nếu vẫn còn, hãy sao lưu và báo người phụ trách kỹ thuật.",
    "Run `ocop sweep` and examine again; if it stays, take a backup and tell the developers.",
)
DELIVER = Text(
    "Chạy `ocop deliver --once` và xem lời của máy chủ thư; kiểm tra `ocop scheduler` có đang chạy không.",
    "Run `ocop deliver --once` and read what the mail server says; see whether `ocop scheduler` runs.",
)
NOTHING = Text("Không cần làm gì.", "Nothing has to be done.")
NOT_BY_UPGRADE = Text(
    "Ai đó đã sửa tay; `ocop db upgrade` không bù được. Khôi phục từ bản sao lưu gần nhất mà `ocop doctor` "
    "thấy còn đúng.",
    "Somebody has changed it by hand; `ocop db upgrade` cannot bring it back. Restore the latest backup that "
    "`ocop doctor` finds sound.",
)
UPGRADE = Text("Chạy `ocop db upgrade`.", "Run `ocop db upgrade`.")
CONFIGURE = Text(
    "Sửa cấu hình của cơ sở dữ liệu rồi khởi động lại dịch vụ.",
    "Correct the settings of the database, then start the service again.",
)


def confirming(day: date) -> Text:
    """Return what to do where a sweep waits for its day to be confirmed."""
    line = confirm_line(day)
    return Text(
        f"Xem lại giờ của máy; nếu đúng ngày thì chạy `{line}`.",
        f"Check the machine's time; if the day is right, run `{line}`.",
    )


SET_CLOCK = Text(
    "Chỉnh lại giờ của máy (NTP), rồi kiểm tra lại.",
    "Set the machine's time right (NTP), then examine again.",
)
ADD_DAYS_OFF = Text(
    "Khi có thông báo lịch nghỉ: cập nhật phần mềm hoặc thêm tệp data/holidays/NĂM.toml.",
    "When they are announced: update the service, or add the file data/holidays/YEAR.toml.",
)
LOAD_PLAN = Text(
    "Nạp kế hoạch năm mới: `ocop plan load TỆP`.", "Load the new year's plan: `ocop plan load FILE`."
)
