"""The audit: who did what, when, from where, acting for whom, before and after; append-only and chained.

Each entry holds the hash of the one before, so that a change anywhere breaks every hash behind it. What
only the last hash can show, a tail cut off or a chain written anew from some entry on, is found by
comparing with a head that was noted elsewhere (`verify(..., anchor=)`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from ocop_workflow.audit import queries as auditing
from ocop_workflow.errors import Text
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.audit.queries import AuditEntry
    from ocop_workflow.places.contact_queries import Kept
    from ocop_workflow.store import Connection

#: what the first entry is chained to
GENESIS = "0" * 64
#: the entry that closes the segment of before contact values had a table of their own (migration 0015)
SEAL = "audit.seal"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done (or refused): to what, and what it was before and after."""

    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    transition_id: int | None = None


def record(tx: Connection, actor: Actor, deed: Deed, now: datetime, warrant: Warrant | None = None) -> None:
    """Append one entry, in the transaction of what it tells of.

    Call it last: on PostgreSQL whoever appends waits for the others' commits.

    Args:
        tx: a writing transaction.
        actor: who did it.
        deed: what was done. No secret and no letter belongs in it.
        now: this instant.
        warrant: in whose name, if a right was needed.
    """
    record_all(tx, actor, [deed], now, warrant)


def record_all(
    tx: Connection, actor: Actor, deeds: Iterable[Deed], now: datetime, warrant: Warrant | None = None
) -> None:
    """Append several entries of one actor; see `record`."""
    seq, previous = auditing.head_under_lock(tx) or (0, GENESIS)
    rows: list[dict[str, Any]] = []
    for deed in deeds:
        seq += 1
        row = {
            "seq": seq,
            "at": now,
            "actor": clean(actor.login)[:100],
            "origin": clean(actor.origin)[:100],
            "acting_for": warrant.acting_for if warrant else None,
            "action": deed.action,
            "subject": clean(deed.subject)[:300],
            "before": _plain(deed.before),
            "after": _plain(deed.after),
            "transition_id": deed.transition_id,
            "previous": previous,
        }
        previous = _hash(row)
        rows.append({**row, "hash": previous})
    if rows:
        auditing.append(tx, rows)


def hashed(value: Kept) -> dict[str, str | None]:
    """Return how the audit names a contact value: its mark, and a hash that nobody reads without its salt.

    The salt is kept with the value and goes with it: what the audit says can then be tied to nobody.
    """
    if value.salt is None:
        return {"contact": value.mark, "sha256": None}
    return {"contact": value.mark, "sha256": _salted(value.salt, value.address)}


def _salted(salt: str, address: str) -> str:
    return hashlib.sha256(f"{salt}:{address}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What the chain says: how many entries were read, its head, and the first entry at fault.

    Attributes:
        sealed: how many of them are the segment of before, which held contact values as they were; the
            entry behind it names its number and its head, and the chain begins anew there.
        erased: how many contact values it names that were erased since.
    """

    entries: int
    head: str
    bad_seq: int | None = None
    reason: Text | None = None
    sealed: int = 0
    erased: int = 0


def verify(tx: Connection, anchor: tuple[int, str] | None = None) -> ChainVerdict:
    """Read the whole chain and name the first entry that is not as it was written.

    Args:
        tx: a reading transaction.
        anchor: the number and hash of an entry, noted elsewhere; it has to be found unchanged.
    """
    read = ChainVerdict(0, GENESIS)
    for entry in auditing.all_entries(tx):
        named = [contacts.kept_under(tx, one["contact"]) for one in _named(entry)]
        reason = _fault(entry, read.entries + 1, read.head, anchor) or _changed(entry, named)
        if reason is not None:
            return replace(read, bad_seq=entry.seq, reason=reason)
        read = replace(
            read,
            entries=entry.seq,
            head=entry.hash,
            sealed=read.entries if entry.action == SEAL else read.sealed,
            erased=read.erased + sum(value is None or value.salt is None for value in named),
        )
    if anchor is not None and read.entries < anchor[0]:
        return replace(read, bad_seq=read.entries + 1, reason=_CUT_OFF)
    return read


def _named(entry: AuditEntry) -> list[dict[str, Any]]:
    """Return the contact values that an entry names, by mark and hash."""
    told = [*(entry.before or {}).values(), *(entry.after or {}).values()]
    return [one for one in told if isinstance(one, dict) and one.keys() == {"contact", "sha256"}]


def _changed(entry: AuditEntry, named: Sequence[Kept | None]) -> Text | None:
    """Say whether a contact value is not the one that the entry names; one that is gone cannot be asked."""
    for value, told in zip(named, _named(entry), strict=True):
        if value is None or value.salt is None or told["sha256"] is None:
            continue
        if _salted(value.salt, value.address) != told["sha256"]:
            return _OTHER_VALUE
    return None


def _fault(entry: AuditEntry, expected: int, previous: str, anchor: tuple[int, str] | None) -> Text | None:
    if entry.seq != expected:
        return Text(f"thiếu mục số {expected}", f"entry {expected} is missing")
    if entry.previous != previous:
        return Text("không nối với mục trước", "it is not chained to the entry before")
    fields = {name: getattr(entry, name) for name in _HASHED}
    if _hash(fields) != entry.hash:
        return Text("nội dung đã bị sửa", "its content was changed")
    if anchor is not None and entry.seq == anchor[0] and entry.hash != anchor[1]:
        return Text("khác với dấu đã ghi lại ở nơi khác", "it differs from the head noted elsewhere")
    if entry.action == SEAL and entry.after != {"entries": expected - 1, "head": previous}:
        return Text("không niêm phong đúng phần trước nó", "it does not seal what comes before it")
    return None


_OTHER_VALUE = Text(
    "giá trị liên hệ mà mục này nói tới đã bị sửa", "the contact value that it names was changed"
)
_CUT_OFF = Text("các mục cuối đã bị xóa", "the last entries were deleted")
_HASHED = (
    "seq",
    "at",
    "actor",
    "origin",
    "acting_for",
    "action",
    "subject",
    "before",
    "after",
    "transition_id",
    "previous",
)


def _plain(value: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - JSON
    """Return what JSON makes of it, so that it is hashed as it will be read back."""
    return None if value is None else json.loads(json.dumps(value, default=str))


def _hash(fields: Mapping[str, Any]) -> str:
    at = fields["at"].astimezone(UTC).isoformat()
    plain = [at if name == "at" else fields[name] for name in _HASHED]
    return hashlib.sha256(
        json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
