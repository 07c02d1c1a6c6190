"""The rounds (đợt) of a plan file that somebody brings: what has no effect yet, who is left out.

Looked for in the raw tables, like the faults of `yearly`. A plan that is loaded stays readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.reading.consistency import alternatives, entries
from ocop_workflow.errors import Fault, Text, fault
from ocop_workflow.states import Dossier

if TYPE_CHECKING:
    from collections.abc import Iterator


_Raw = dict[str, Any]

#: what real plans say of a round and this version does not act on, by the key that would say it
NOT_YET = {
    "peak": ("tháng trọng tâm của một đợt", "a round's peak months"),
    "template": ("đợt lấy theo năm trước", "a round taken from the year before"),
    "letters": ("thư riêng của một đợt", "letters of a round's own"),
}


def round_faults(raw: _Raw) -> Iterator[Fault]:
    """Yield the faults of a plan file's rounds, given its raw tables."""
    yield from _not_yet(raw)
    yield from _open_to_nobody(raw)
    yield from _numbers(raw)


def round_remarks(raw: _Raw) -> Iterator[Fault]:
    """Yield what is worth a second look: a milestone whose rounds are all closed to a kind of dossier."""
    open_to = {str(entry.get("id")): _kinds(entry.get("open_to")) for _, entry in entries(raw, "rounds")}
    for place, entry in entries(raw, "milestones"):
        parts = [part for _, part in alternatives("", entry["when"])] if "when" in entry else []
        named = [part.get("with") or part.get("dossiers_of") for part in parts if "any_of" not in part]
        if not named or not all(name in open_to for name in named):
            continue
        taken = {kind for name in named for kind in open_to[str(name)]}
        for kind in Dossier:
            if kind in _kinds(entry.get("dossiers")) and kind not in taken:
                yield fault(
                    f"{place}.when",
                    f"không đợt nào mở cho hồ sơ {kind.label}: mốc này sẽ không có hạn cho hồ sơ ấy",
                    f"no round is open to {kind.value}: such dossiers have no due day here",
                )


def called(entry: _Raw) -> str:
    """Name a round as its author does."""
    return str(entry.get("id", "?"))


def _not_yet(raw: _Raw) -> Iterator[Fault]:
    for place, entry in entries(raw, "rounds"):
        for key, (vi, en) in NOT_YET.items():
            if key in entry:
                yield fault(
                    f"{place}.{key}",
                    f"đợt {called(entry)}: bản này chưa thực hiện {vi}; bỏ mục này, as_written giữ câu chữ",
                    f"round {called(entry)}: {en} has no effect yet; leave it out, as_written has the words",
                )


def _open_to_nobody(raw: _Raw) -> Iterator[Fault]:
    for place, entry in entries(raw, "rounds"):
        for key in ("open_to", "stars"):
            if entry.get(key) != []:
                continue
            yield fault(
                f"{place}.{key}",
                f"đợt {called(entry)} không mở cho ai; bỏ mục này nếu mở cho mọi hồ sơ",
                f"round {called(entry)} is open to nobody; leave the key out if it is open to all",
            )


def _numbers(raw: _Raw) -> Iterator[Fault]:
    """A number is one round's, or that of its passes, of which each says which it is."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for place, entry in entries(raw, "rounds"):
        key, part = (str(entry.get("level")), str(entry.get("number"))), str(entry.get("pass", ""))
        others = seen.setdefault(key, {})
        other = others.get(part) or next((name for each, name in others.items() if not (each and part)), None)
        others.setdefault(part, called(entry))
        if other is not None:
            of_pass = Text(f" lần {part}", f", pass {part},") if part else Text("", "")
            yield fault(
                f"{place}.number",
                f"đợt {called(entry)} trùng số {key[1]}{of_pass.vi} với đợt {other} của cùng cấp; hai lần "
                "của một đợt thì mỗi lần ghi pass = 1, 2",
                f"round {called(entry)} has the number {key[1]}{of_pass.en} of round {other} of the same "
                "level; of two passes of a round each says pass = 1, 2",
            )


def _kinds(value: object) -> frozenset[Dossier]:
    """Read a list of kinds; left out, all are meant."""
    if not isinstance(value, list):
        return frozenset(Dossier)
    return frozenset(kind for kind in Dossier if kind.value in value)
