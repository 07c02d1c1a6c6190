"""The letters' rules: nothing said is lost, every copy is the same, each is where it says it is."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar import load_work_calendar
from ocop_workflow.errors import InvalidInput, Text
from ocop_workflow.notifications import (
    LetterKind,
    RetryPolicy,
    correction_key,
    digest_key,
    first_key,
    message_id,
    notice_key,
    retraction_key,
    token_key,
    warning_key,
)
from ocop_workflow.notifications.mime import check_head
from ocop_workflow.products.notices.notices import NOTICED
from ocop_workflow.sweep.token_ends import AHEAD, SHORT_LIFE
from ocop_workflow.upkeep.examination import deadline_queries, letter_queries, unit_queries
from ocop_workflow.upkeep.examination.findings import DELIVER, REPORT, RESTORE, SWEEP, Finding, Severity
from ocop_workflow.upkeep.health import queries as inspecting_host
from ocop_workflow.upkeep.health import stale_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.snapshot import Snapshot

#: how far a letter's next attempt may lie beyond the longest wait, for clocks that differ
_SLACK = timedelta(minutes=2)


def ledger_balances(snapshot: Snapshot) -> Iterator[Finding]:
    """14. Reminders, digests, notices and letters belong together, and none stands alone."""
    tx = snapshot.tx
    for row in deadline_queries.misplaced_reminders(tx):
        yield _finding(
            "reminders",
            f"{row.deadline_id}/{row.stage}/{row.desk_id}",
            f"lời nhắc nằm sai trong thư tổng hợp {row.digest_id}",
            f"the reminder does not belong in the digest {row.digest_id}",
        )
    for row in letter_queries.digests_without_letters(tx):
        yield _finding(
            "digests", str(row.id), "thư tổng hợp không có thư gửi đi", "no letter carries the digest"
        )
    for row in letter_queries.digests_without_reminders(tx):
        yield _finding(
            "digests", str(row.id), "thư tổng hợp không có lời nhắc nào", "the digest says nothing"
        )
    for row in letter_queries.letters_of_nothing(tx):
        yield _finding(
            "outbox",
            row.key,
            "thư không thuộc về đúng một thư tổng hợp của đơn vị hoặc một bước chuyển",
            "the letter belongs to no digest of its unit and to no step",
        )
    for row in letter_queries.steps_without_notice(tx, {event.value for event in NOTICED}):
        yield _finding(
            "transitions",
            f"{row.code}/{row.seq}",
            f"chưa có thư báo về bước «{row.event}»",
            f"no letter tells of the step {row.event}",
        )


def desks_are_those_spoken_to(snapshot: Snapshot) -> Iterator[Finding]:
    """37. Every unit has its desk, and reminders and digests go to units' desks alone."""
    for row in unit_queries.units_without_desk(snapshot.tx):
        yield _finding("desks", row.slug, f"{row.name} không có nơi nhận thư", "the unit has no desk")
    for row in deadline_queries.reminders_to_officers(snapshot.tx):
        yield _finding(
            "reminders",
            f"{row.deadline_id}/{row.stage}/{row.desk_id}",
            "lời nhắc không gửi tới địa phương nào",
            "the reminder is to no unit",
        )
    for row in letter_queries.digests_of_officers(snapshot.tx):
        yield _finding(
            "digests", str(row.id), "thư tổng hợp không gửi tới địa phương nào", "the digest is to no unit"
        )


def units_are_told(snapshot: Snapshot) -> Iterator[Finding]:
    """33. The last sweep of a working day has written to every desk that it had something to say to."""
    working = load_work_calendar().is_working
    last = next((sweep for sweep in reversed(snapshot.sweeps) if sweep.stands and working(sweep.day)), None)
    if last is None:
        return
    day = last.day
    for row in deadline_queries.units_left_untold(snapshot.tx, last.id, day):
        text = Text(
            f"{row.name} còn {row.unsaid} lời nhắc chưa nói (từ {row.since:%d/%m/%Y}) dù lần quét ngày "
            f"{day:%d/%m/%Y} phải viết thư.",
            f"{row.name} has {row.unsaid} reminders unsaid (since {row.since}), though the sweep of {day} "
            "had to write.",
        )
        yield Finding("reminders", row.slug, text, SWEEP, Severity.WARNING)
    until = datetime.combine(
        day + AHEAD + timedelta(days=1), time(), snapshot.clock.local(last.started_at).tzinfo
    )
    for row in letter_queries.tokens_untold(snapshot.tx, day, last.started_at, until):
        if row.expires_at - row.created_at > SHORT_LIFE:
            text = Text(
                f"Mã truy cập {row.prefix} của {row.login} sắp hết hạn mà chưa có thư báo.",
                f"The token {row.prefix} of {row.login} ends soon, and no letter says so.",
            )
            yield Finding("tokens", row.prefix, text, SWEEP, Severity.WARNING)


def letters_are_what_they_were(snapshot: Snapshot) -> Iterator[Finding]:
    """15. Key, Message-ID, checksum and the headers in the frozen bytes agree with the columns."""
    for row in letter_queries.letters_with_bytes(snapshot.tx):
        for vi, en in _letter_faults(row):
            yield _finding("outbox", row.key, vi, en)


def _letter_faults(row: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a row of the database
    mime = bytes(row.mime)
    if hashlib.sha256(mime).hexdigest() != row.sha256:
        yield "nội dung không khớp mã kiểm tra sha256", "its bytes do not match its sha256"
    first = first_key(row.key)  # a copy's key is its letter's, with its number
    if first != _key(row, first):
        yield "khóa không khớp đơn vị, địa chỉ, ngày", "its key does not say its unit, address and day"
    head, blank, _ = mime.partition(b"\r\n\r\n")
    if not blank or not _only_allowed_headers(head + b"\r\n"):
        yield "phần đầu thư có dòng lạ", "its head holds a line that is not allowed"
        return
    read = BytesHeaderParser().parsebytes(head)
    # a copy keeps the sender of its letter and is named in the name of today's
    domain = row.message_id.removesuffix(">")
    if str(read["Message-ID"]) != row.message_id or message_id(row.key, domain) != row.message_id:
        yield "Message-ID không khớp", "its Message-ID does not agree"
    if parseaddr(str(read["To"]))[1] != row.address:
        yield "người nhận trong thư khác người nhận đã ghi", "its recipient is another one than recorded"
    if parsedate_to_datetime(str(read["Date"])) != row.created_at.replace(microsecond=0):
        yield "ngày giờ trong thư khác lúc viết thư", "its date is not the instant it was written"


def _key(row: Any, first: str) -> str:  # noqa: ANN401 - see above
    if row.kind == LetterKind.TOKEN.value:
        return token_key(row.prefix or "")
    if row.kind == LetterKind.CORRECTION.value and row.seq is not None:
        return retraction_key(row.code, row.seq, row.address)
    if row.kind == LetterKind.WARNING.value:  # what it is about is said by the key alone
        subject = row.key.removeprefix("warning:").removesuffix(f":{row.slug}:{row.address}")
        return warning_key(subject, row.slug, row.address)
    if row.kind == LetterKind.CORRECTION.value:  # which dates have changed is said by the key alone
        subject = first.removeprefix("correction:").removesuffix(f":{row.slug}:{row.address}")
        return correction_key(subject, row.slug, row.address)
    if row.day is not None:
        return digest_key(row.slug, row.address, row.day, row.generation)
    return notice_key(row.code, row.seq, row.address)


def _only_allowed_headers(head: bytes) -> bool:
    try:
        check_head(head)
    except InvalidInput:
        return False
    return True


def attempts_are_counted(snapshot: Snapshot) -> Iterator[Finding]:
    """16. Every claim counts one attempt; what was sent was tried."""
    for row in letter_queries.letters_miscounted(snapshot.tx):
        yield _finding(
            "outbox",
            row.key,
            f"số lần gửi ({row.attempts}) không thể đúng",
            f"its number of attempts ({row.attempts}) cannot be",
        )


def letters_move_on(snapshot: Snapshot) -> Iterator[Finding]:
    """17. No letter stays half sent, waits longer than the longest pause, or waits beyond the horizon."""
    now, policy = snapshot.clock.now(), RetryPolicy()
    for row in inspecting_host.stale_leases(snapshot.tx, stale_before(now)):
        yield _waiting(row.key, "đang gửi dở và không ai gửi tiếp", "is half sent and nobody takes it up")
    until = now + policy.longest + _SLACK
    for row in letter_queries.letters_put_off(snapshot.tx, until, now - policy.horizon - policy.longest):
        since, again = snapshot.clock.local(row.created_at), snapshot.clock.local(row.next_at)
        yield _waiting(
            row.key,
            f"chờ từ {since:%d/%m/%Y}, lần gửi tới {again:%d/%m/%Y}",
            f"has waited since {since:%Y-%m-%d}, to be tried on {again:%Y-%m-%d}",
        )


def _waiting(key: str, vi: str, en: str) -> Finding:
    return Finding(
        "outbox", key, Text(f"Thư {key} {vi}.", f"The letter {key} {en}."), DELIVER, Severity.WARNING
    )


def letters_bear_out_their_state(snapshot: Snapshot) -> Iterator[Finding]:
    """18. What is sent has the relay's reply, what is dead a reason, what is superseded a successor."""
    for row in letter_queries.letters_in_no_state(snapshot.tx):
        yield _finding(
            "outbox",
            row.key,
            f"trạng thái «{row.state}» không khớp các cột khác",
            f"its state {row.state} is not borne out by its other columns",
        )
    for row in letter_queries.digests_superseded_backwards(snapshot.tx):
        yield _finding(
            "digests", str(row.id), "bị thay bởi thư cũ hơn hoặc chính nó", "is superseded by no later digest"
        )


def _finding(table: str, key: str, vi: str, en: str) -> Finding:
    advice = RESTORE if table == "outbox" else REPORT
    return Finding(table, key, Text(f"{key}: {vi}.", f"{key}: {en}."), advice)
