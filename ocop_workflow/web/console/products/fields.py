"""The fields of an event's form: from the one table of forms, as boxes to fill in, and back as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.errors import Text
from ocop_workflow.plans.loaded import plans_of
from ocop_workflow.products.checks import find_product, regulation_behind
from ocop_workflow.regulations import Level, regulation_on
from ocop_workflow.states import form_of
from ocop_workflow.states.facts import Dossier, NotRenewing
from ocop_workflow.states.forms import Asked
from ocop_workflow.states.lifecycle import lifecycle_of
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.states import Event
    from ocop_workflow.states.forms import Field
    from ocop_workflow.store import Connection

#: texts that are longer than this are written into a larger box
_LONG: Final = 200
_LONGEST: Final = 300
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


#: what the box for words is called, behind its field
_WORDS: Final = ".words"


@dataclass(frozen=True, slots=True)
class Box:
    """One field as it stands on a page.

    `choices`: values with their words; none: it is written into. `instead`: when words are written in place
    of a choice, into a box of its own; empty: never.
    """

    key: str
    label: str
    asked: str
    note: str
    kind: str
    required: bool
    value: str
    longest: int
    choices: tuple[tuple[str, str], ...] = ()
    parts: tuple[Box, ...] = ()
    instead: str = ""
    words: str = ""


def fields_of(event: Event, needed: Collection[str]) -> list[Field]:
    """Return the fields that are of use now: those that are needed, and those that may be given beside them.

    `needed`: what the service says is missing; whatever is on record is not asked again.
    """
    left_out = (Asked.UNLESS_RECORDED, Asked.BY_PAPER)
    return [field for field in every_field(event) if field.key in needed or field.asked not in left_out]


def every_field(event: Event) -> tuple[Field, ...]:
    """Return the fields that an event takes at all: the ladder of all levels knows every event."""
    return form_of(event, lifecycle_of(tuple(Level)))


@dataclass(frozen=True, slots=True)
class Offer:
    """What fields offer to choose from: groups of the product's regulation, plans, and grounds.

    `grounds`: those of a revocation by the law of today, in force `since`; what an older law has is written
    in words.
    """

    groups: tuple[tuple[str, str], ...]
    plans: tuple[tuple[str, str], ...]
    grounds: tuple[tuple[str, str], ...] = ()
    since: date | None = None


def offer(tx: Connection, code: str, actor: Actor, today: date) -> Offer:
    """Return what the forms of a product offer on a local day."""
    record = find_product(tx, code)
    regulation, law = regulation_behind(tx, record, today), regulation_on(today)
    return Offer(
        tuple(regulation.group_names.items()),
        tuple((plan.slug, plan.title) for plan in plans_of(tx, actor)),
        tuple((item.id, f"{item.id}) {item.as_written}") for item in (law.revocation if law else ())),
        law.in_force.since if law else None,
    )


def boxes(fields: list[Field], offered: Offer, sent: Mapping[str, str], language: Language) -> list[Box]:
    """Return fields as boxes, with what was sent."""
    return [_box(field, (field.key,), offered, sent, language, required=True) for field in fields]


def _box(
    field: Field,
    path: tuple[str, ...],
    offered: Offer,
    sent: Mapping[str, str],
    language: Language,
    *,
    required: bool,
) -> Box:
    key = ".".join(path)
    is_asked = required and field.asked in (Asked.ALWAYS, Asked.UNLESS_RECORDED, Asked.BY_PAPER)
    longest = int(field.schema.get("maxLength", _LONGEST))
    choices = _choices(field, offered, language)
    return Box(
        key=key,
        label=_begun(say(field.text, language)),
        asked="" if is_asked else say(field.asked.text, language),
        note="" if choices else _note(field, language),
        kind=_kind(field, longest),
        required=is_asked and not field.parts and not (choices and field.key == "ground"),
        value=sent.get(key, ""),
        longest=longest,
        choices=choices,
        instead=_instead(offered, language) if choices and field.key == "ground" else "",
        words=sent.get(f"{key}{_WORDS}", ""),
        parts=tuple(
            _box(part, (*path, part.key), offered, sent, language, required=is_asked) for part in field.parts
        ),
    )


def _instead(offered: Offer, language: Language) -> str:
    """Say when a ground is written in words: its law is older than the one whose grounds are offered."""
    since = offered.since
    if since is None:
        return ""
    told = Text(
        f"Hoặc ghi bằng lời, nếu kết luận trước ngày {since:%d/%m/%Y}",
        f"Or in words, if the conclusion is of before {since}",
    )
    return say(told, language)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _note(field: Field, language: Language) -> str:
    if field.schema.get("type") == "array":
        return "65; 66,5; 70" if language == "vi" else "65; 66.5; 70"
    return _begun(say(field.note, language))


def _kind(field: Field, longest: int) -> str:
    schema = field.schema
    if schema.get("format") == "date":
        return "date"
    if schema.get("type") in ("number", "integer"):
        return "number"
    return "long" if field.key in ("reason", "conclusion", "ground") and longest > _LONG else "line"


def _choices(field: Field, offered: Offer, language: Language) -> tuple[tuple[str, str], ...]:
    if field.key == "group":
        return offered.groups
    if field.key == "plan":
        return offered.plans
    if field.key == "ground":
        return offered.grounds
    if "enum" in field.schema:
        words = NotRenewing if field.key == "not_renewing" else Dossier
        return tuple((word, _begun(say(words(word).text, language))) for word in field.schema["enum"])
    return ()


def data_of(fields: list[Field], sent: Mapping[str, str]) -> dict[str, Any]:
    """Return what was sent as an event's data; empty boxes are left out, numbers take a comma."""
    found = {field.key: _value(field, (field.key,), sent) for field in fields}
    return {key: value for key, value in found.items() if value not in (None, "", {})}


def _value(field: Field, path: tuple[str, ...], sent: Mapping[str, str]) -> Any:  # noqa: ANN401 - of JSON
    if field.parts:
        inner = {part.key: _value(part, (*path, part.key), sent) for part in field.parts}
        return {key: value for key, value in inner.items() if value not in (None, "")}
    key = ".".join(path)
    written = sent.get(key) or sent.get(f"{key}{_WORDS}", "")
    kind = field.schema.get("type")
    if kind == "array":
        return [number.replace(",", ".") for number in re.split(r"[;\s]+", written) if number]
    if kind == "integer":
        return int(written) if written.isdecimal() and len(written) < 10 else written  # noqa: PLR2004 - no larger one is meant
    if kind == "number":
        return written.replace(",", ".") if _NUMBER.fullmatch(written) else written
    return written
