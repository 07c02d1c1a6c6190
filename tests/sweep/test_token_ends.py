"""An officer hears once, and nobody else does, that a token ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Actor, Role, Scope
from ocop_workflow.errors import NotFound, NotPermitted
from ocop_workflow.letters.outbox import hold, show_letter
from ocop_workflow.overview.list_queries import newest_letters
from ocop_workflow.people.officer_addresses import set_officer_address
from ocop_workflow.people.officers import HOST, actor_on_host, disable_officer, grant_role
from ocop_workflow.people.tokens import TokenOrder, create_token, revoke_token
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine
from tests.factories import SENDER, letter_text, rows
from tests.stories.cast import appoint
from tests.stories.days import sweep_on
from tests.upkeep.examination.corruptions import Corruption
from tests.web.cast import OFFICERS

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

LAN = "lan@pho-an.example"
#: made on 23/4/2024 for 90 days: it ends on Monday 22/7, and 8/7 is the Monday two weeks before
SOON, END = "2024-07-08", "2024-07-22"


@pytest.fixture
def prefix(seeded: Database, clock: FixedClock) -> str:
    """Lan has an address and a token of 90 days; returns what it begins with."""
    appoint(seeded, clock, OFFICERS)
    with seeded.write() as tx:
        set_officer_address(tx, HOST, "lan", LAN, today=clock.today(), now=clock.now())
    return make(seeded, clock, 90, "máy của xã")


def make(database: Database, clock: FixedClock, days: int, label: str = "") -> str:
    with database.write() as tx:
        order = TokenOrder("lan", Scope.ACT, days, label)
        return create_token(tx, HOST, order, now=clock.now())[:12]


def told(database: Database) -> list[tuple[str, str]]:
    found = rows(database, "SELECT key, address FROM outbox WHERE kind = 'token' ORDER BY id")
    return [(key, address) for key, address in found]


def test_the_letter_says_which_token_until_when_and_what_to_do(
    seeded: Database, clock: FixedClock, prefix: str
) -> None:
    sweep_on(seeded, clock, SOON)
    ((mime,),) = rows(seeded, "SELECT mime FROM outbox WHERE kind = 'token'")
    message = message_from_bytes(mime, policy=policy.default)
    assert str(message["Subject"]) == "[OCOP] Mã truy cập sắp hết hạn – Lan, ngày 08/07/2024"
    assert str(message["To"]) == f"Lan <{LAN}>"
    assert (
        letter_text(mime)
        == f"""\
Kính gửi: Lan

Chương trình Mỗi xã một sản phẩm (OCOP), thư về hệ thống nhắc việc, ngày 08/07/2024.

Mã truy cập sắp hết hạn.
Mã truy cập «máy của xã» (bắt đầu bằng {prefix}) hết hạn lúc 06:00 ngày 22/07/2024 (còn 14 ngày).
Sau lúc ấy, phần mềm hoặc lịch đang dùng mã này không vào được nữa.

Việc cần làm:
- Tạo mã mới ở trang Tài khoản rồi thay vào nơi đang dùng mã cũ (trên máy chủ: ocop token create lan)
- Thay xong thì thu hồi mã cũ, cũng ở trang ấy (trên máy chủ: ocop token revoke {prefix})
- Không tự làm được thì nhờ quản trị hệ thống (chu).

English: Your token {prefix} ends on 2024-07-22 at 06:00 (14 days left). Make a new one, then revoke this one.

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động.
"""
    )


def test_it_is_said_once_on_the_first_working_day_of_the_last_two_weeks(
    seeded: Database, clock: FixedClock, prefix: str
) -> None:
    for day in ("2024-07-05", "2024-07-07"):  # too early; a Sunday
        sweep_on(seeded, clock, day)
    assert told(seeded) == []
    clock.move_to(date.fromisoformat(SOON))
    rehearsed = sweep(seeded, clock, SENDER, rehearsal=True).counts.letters
    assert told(seeded) == []
    assert sweep_on(seeded, clock, SOON) == rehearsed
    for day in (SOON, "2024-07-09", END):
        sweep_on(seeded, clock, day)
    assert told(seeded) == [(f"token:{prefix}", LAN)]
    assert {finding.invariant for finding in examine(seeded, clock).findings} == {17}  # nothing was sent


@pytest.mark.parametrize("why", ["short", "revoked", "disabled", "no address"])
def test_nothing_is_said_of_a_token_that_nobody_misses(
    seeded: Database, clock: FixedClock, prefix: str, why: str
) -> None:
    today, now = clock.today(), clock.now()
    with seeded.write() as tx:
        if why in ("short", "revoked"):
            revoke_token(tx, HOST, prefix, now=now)
        if why == "disabled":
            disable_officer(tx, HOST, "lan", now=now)
        if why == "no address":
            set_officer_address(tx, HOST, "lan", None, today=today, now=now)
    if why == "short":
        make(seeded, clock, 30)
        sweep_on(seeded, clock, "2024-05-13")
    sweep_on(seeded, clock, SOON)
    assert told(seeded) == []


def seen_by(database: Database, actor: Actor) -> list[str]:
    with database.read() as tx:
        return [letter.kind.value for letter in newest_letters(tx, actor, 100) if letter.officer]


@pytest.mark.usefixtures("prefix")
def test_the_officer_sees_it_and_whoever_administers_the_officer_and_nobody_else(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, SOON)
    with seeded.read() as tx:
        actors = {login: actor_on_host(tx, login, "test") for login in OFFICERS}
        ((number,),) = rows(seeded, "SELECT id FROM outbox WHERE kind = 'token'")
        for login, actor in actors.items():
            if login in ("lan", "quan", "chu"):
                assert show_letter(tx, number, actor).record.officer == "lan"
                continue
            with pytest.raises(NotFound):
                show_letter(tx, number, actor)
    assert {login for login, actor in actors.items() if seen_by(seeded, actor)} == {"lan", "quan", "chu"}
    assert seen_by(seeded, replace(actors["quan"], scope=Scope.READ)) == []
    assert seen_by(seeded, HOST) == ["token"]

    with seeded.write() as tx:  # a role beyond the town: the town's administrator manages Lan no more
        grant_role(tx, HOST, "lan", Role.VIEWER, "quang-ngai", now=clock.now())
    assert {login for login, actor in actors.items() if seen_by(seeded, actor)} == {"lan", "chu"}
    with seeded.write() as tx:
        with pytest.raises(NotPermitted):  # one's own is read, not held back
            hold(tx, actors["lan"], number, clock.now())
        hold(tx, actors["chu"], number, clock.now())


@pytest.mark.usefixtures("prefix")
@pytest.mark.parametrize(
    ("rule", "damage"),
    [
        (14, "UPDATE outbox SET kind = 'warning', key = 'warning:x::' || address WHERE kind = 'token'"),
        (15, "UPDATE outbox SET key = 'token:another' WHERE kind = 'token'"),
        (33, "DELETE FROM outbox WHERE kind = 'token'"),
        (26, "UPDATE desks SET officer_id = 999999 WHERE kind = 'officer'"),
        (
            37,
            (
                "INSERT INTO reminders (deadline_id, stage, desk_id, day, status) "
                "SELECT r.deadline_id, r.stage, k.id, r.day, 'superseded' FROM reminders r, desks k "
                "WHERE k.kind = 'officer' "
                "AND r.deadline_id = (SELECT MIN(deadline_id) FROM reminders) AND r.stage = 7"
            ),
        ),
    ],
)
def test_the_doctor_knows_why_there_is_such_a_letter(
    seeded: Database, clock: FixedClock, rule: int, damage: str
) -> None:
    sweep_on(seeded, clock, SOON)
    Corruption(rule, "", damage).apply(seeded)
    assert rule in {finding.invariant for finding in examine(seeded, clock).findings}
