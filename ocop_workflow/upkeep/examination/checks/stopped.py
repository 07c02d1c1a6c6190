"""What has stopped: no letter leaves, some were given up, or none could be written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.upkeep.examination.findings import DELIVER, Finding, Severity
from ocop_workflow.upkeep.health.stopped import (
    letters_given_up,
    letters_stuck,
    relay_refusing,
    say_refusing,
    say_stuck,
    say_to_whom,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot

_SEE_TO_THEM = Text(
    "Xem từng thư: `ocop letters list --state dead`. Địa chỉ còn đúng: `ocop letters resend SỐ`, hay tất cả "
    "cùng lúc: `ocop letters resend --dead`. Địa chỉ đã bỏ: `ocop units contact end`, thêm địa chỉ mới bằng "
    "`ocop units contact add`, và báo cho đơn vị bằng cách khác.",
    "See each letter: `ocop letters list --state dead`. Where the address is right: "
    "`ocop letters resend NUMBER`, or all at once: `ocop letters resend --dead`. Where it is none any more: "
    "`ocop units contact end`, `ocop units contact add` for the new one, and tell the unit in another way.",
)
_SET_RELAY = Text(
    "Xem lại tài khoản, quyền gửi thay và hạn mức ở máy chủ thư, OCOP_SMTP__… và OCOP_MAIL_FROM; thư tự đi "
    "khi máy chủ nhận lại, không phải gửi lại.",
    "Check the account, its right to send in this name and its limits at the mail server, OCOP_SMTP__… and "
    "OCOP_MAIL_FROM; the letters leave by themselves once it takes them.",
)
_SET_JOURNAL = Text(
    "Xem lại quyền ghi của tệp và thư mục, hoặc OCOP_SEND_JOURNAL; không có sổ thì không thư nào được gửi.",
    "Check who may write the file and its folder, or OCOP_SEND_JOURNAL; without it no letter is sent.",
)


def letters_leave(snapshot: Snapshot) -> Iterator[Finding]:
    """17. The relay takes letters, and none waits for hours; who sends them can write down that they left."""
    stuck = letters_stuck(snapshot.tx, snapshot.clock.now())
    if stuck is not None:
        yield Finding("outbox", "", say_stuck(stuck, snapshot.clock), DELIVER, Severity.WARNING)
    elif (refusing := relay_refusing(snapshot.tx)) is not None:
        yield Finding("outbox", "", say_refusing(refusing, snapshot.clock), _SET_RELAY, Severity.WARNING)
    if not snapshot.journal.is_writable:
        path = snapshot.journal.path
        text = Text(f"Không ghi được sổ thư đã gửi {path}.", f"The send journal {path} cannot be written.")
        yield Finding("", "OCOP_SEND_JOURNAL", text, _SET_JOURNAL, Severity.WARNING)


def letters_given_up_are_seen_to(snapshot: Snapshot) -> Iterator[Finding]:
    """17. Of a letter that was given up somebody takes care."""
    given_up = letters_given_up(snapshot.tx, snapshot.clock)
    if given_up is not None:
        text = say_to_whom(given_up, snapshot.clock)
        yield Finding("outbox", "", text, _SEE_TO_THEM, Severity.WARNING)
