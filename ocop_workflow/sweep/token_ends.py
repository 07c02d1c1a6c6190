"""Tokens that end: their officer hears of it once, on a working day of the last two weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission, Scope
from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.posting import Draft, seal
from ocop_workflow.notifications import LetterKind, Warned, render_warning, token_key, vietnamese_date
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import who_may

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.notifications import Sender
    from ocop_workflow.people.officer_queries import EndingToken
    from ocop_workflow.store import Connection

#: so many days before its end an officer hears of a token
AHEAD = timedelta(days=14)
#: one that lives no longer was made for a while: nothing is said of it
SHORT_LIFE = timedelta(days=30)


def write_token_letters(tx: Connection, day: date, sender: Sender, now: datetime) -> int:
    """Write the letters about tokens that end soon behind a working day, each once. Returns how many."""
    until = datetime.combine(day + AHEAD + timedelta(days=1), time(), sender.zone)
    found = officers.tokens_ending(tx, now, until, day)
    ending = [token for token in found if token.expires_at - token.created_at > SHORT_LIFE]
    if not ending:
        return 0
    told = letters.keys_among(tx, [token_key(token.prefix) for token in ending])
    written = [
        seal(
            Draft(LetterKind.TOKEN, render_warning(_words(tx, token, day, sender))),
            token_key(token.prefix),
            _TokenHolder(token.name, token.desk_id),
            token.address,
            sender,
            now,
        )
        for token in ending
        if token_key(token.prefix) not in told
    ]
    return letters.write_letters(tx, written, now)


@dataclass(frozen=True, slots=True)
class _TokenHolder:
    """The officer, as greeted, and the officer's desk."""

    office: str
    desk_id: int


def _words(tx: Connection, token: EndingToken, day: date, sender: Sender) -> Warned:
    end = token.expires_at.astimezone(sender.zone)
    left = (end.date() - day).days
    label = f" «{token.label}»" if token.label else ""
    scope = f" --scope {token.scope.value}" if token.scope is not Scope.ACT else ""
    unit = f" --unit {token.unit}" if token.unit else ""
    return Warned(
        office=token.name,
        day=day,
        title="Mã truy cập sắp hết hạn",
        says=(
            (
                f"Mã truy cập{label} (bắt đầu bằng {token.prefix}) hết hạn lúc {end:%H:%M} ngày "
                f"{vietnamese_date(end.date())} ({f'còn {left} ngày' if left else 'hôm nay là ngày cuối'})."
            ),
            "Sau lúc ấy, phần mềm hoặc lịch đang dùng mã này không vào được nữa.",
        ),
        todo=(
            (
                "Tạo mã mới ở trang Tài khoản rồi thay vào nơi đang dùng mã cũ "
                f"(trên máy chủ: ocop token create {token.login}{scope}{unit})"
            ),
            f"Thay xong thì thu hồi mã cũ, cũng ở trang ấy (trên máy chủ: ocop token revoke {token.prefix})",
            f"Không tự làm được thì nhờ {_whom_to_ask(tx, token)}.",
        ),
        english=(
            f"Your token {token.prefix} ends on {end:%Y-%m-%d} at {end:%H:%M} "
            f"({left} day{'s' * (left != 1)} left). Make a new one, then revoke this one."
        ),
        public_url=sender.public_url,
    )


def _whom_to_ask(tx: Connection, token: EndingToken) -> str:
    """Name an administrator of the officer's unit; none: whoever looks after the server."""
    for grant in officers.grants_of(tx, token.officer_id):
        login = who_may(tx, Permission.MANAGE_OFFICERS, grant.unit_id)
        if login is not None:
            return f"quản trị hệ thống ({login})"
    return "người phụ trách máy chủ"
