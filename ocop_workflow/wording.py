"""What a schema finds wrong, in words that an officer understands, in both languages of the interface.

One table for everything that people write by hand: plan files, regulations, units, the data of a step,
settings. The value itself is never repeated: it may be a secret.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from pydantic import AfterValidator, ValidationError

from ocop_workflow.errors import Fault, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic_core import ErrorDetails

    Location = tuple[int | str, ...]

#: how pydantic names the branches of a union and the functions around a value
_OF_THE_SCHEMA = re.compile(r"[a-z][a-z-]*\[|constrained-")

#: what is said of a key that no schema knows
UNKNOWN_ENTRY = Text("không có mục nào mang tên này", "no entry has this name")

#: pydantic's kinds of fault; what stands in braces comes with the fault
_KINDS = {
    "missing": Text("thiếu mục này", "this entry is missing"),
    "extra_forbidden": UNKNOWN_ENTRY,
    "string_type": Text("phải là chữ trong dấu nháy", "must be text in quotation marks"),
    "int_type": Text("phải là số nguyên", "must be a whole number"),
    "int_parsing": Text("phải là số nguyên", "must be a whole number"),
    "int_from_float": Text("phải là số nguyên", "must be a whole number"),
    "bool_type": Text("phải là true hoặc false", "must be true or false"),
    "bool_parsing": Text("phải là true hoặc false", "must be true or false"),
    "date_type": Text("phải là ngày, viết như 2024-11-30", "must be a day, written like 2024-11-30"),
    "date_parsing": Text("không có ngày này", "there is no such day"),
    "date_from_datetime_parsing": Text(
        "không có ngày này; viết như 2024-11-30", "there is no such day; write it like 2024-11-30"
    ),
    "date_from_datetime_inexact": Text("phải là ngày, không kèm giờ", "must be a day, without a time"),
    "time_parsing": Text("không có giờ này; viết như 06:00", "there is no such time; write it like 06:00"),
    "datetime_from_date_parsing": Text(
        "phải là ngày giờ, viết như 2024-04-23T06:00:00+07:00",
        "must be a day and time, written like 2024-04-23T06:00:00+07:00",
    ),
    "datetime_parsing": Text(
        "không có ngày giờ này; viết như 2024-04-23T06:00:00+07:00",
        "there is no such time; write it like 2024-04-23T06:00:00+07:00",
    ),
    "timezone_aware": Text("phải kèm múi giờ, như +07:00", "must carry its zone, like +07:00"),
    "enum": Text("phải là một trong: {words}", "must be one of: {words}"),
    "literal_error": Text("phải là một trong: {words}", "must be one of: {words}"),
    "string_too_short": Text("không được để trống", "must not be empty"),
    "string_too_long": Text("dài quá {max_length} chữ", "longer than {max_length} letters"),
    "greater_than": Text("phải lớn hơn {gt}", "must be more than {gt}"),
    "greater_than_equal": Text("quá nhỏ, ít nhất là {ge}", "too small, at least {ge}"),
    "less_than": Text("phải nhỏ hơn {lt}", "must be less than {lt}"),
    "less_than_equal": Text("quá lớn, nhiều nhất là {le}", "too large, at most {le}"),
    "too_short": Text("phải có ít nhất {min_length} mục", "needs at least {min_length} entries"),
    "too_long": Text("nhiều nhất {max_length} mục", "takes at most {max_length} entries"),
    "tuple_type": Text("phải là một danh sách trong dấu [ ]", "must be a list in [ ]"),
    "dict_type": Text("phải là một bảng { … }", "must be a table { … }"),
    "list_type": Text("phải là một danh sách trong dấu [ ]", "must be a list in [ ]"),
    "model_attributes_type": Text("phải là một bảng { … }", "must be a table { … }"),
    "json_invalid": Text("không phải JSON đúng", "is no JSON"),
    "string_unicode": Text("có ký tự hỏng", "holds a broken character"),
    "int_parsing_size": Text("quá lớn", "is too large"),
    "model_type": Text("phải là một bảng { … }", "must be a table { … }"),
}


class RequestErrors(Protocol):
    """What the web framework raises where a request's parts are at fault."""

    def errors(self) -> Sequence[ErrorDetails]:
        """Return what was found, each with its place."""
        ...


class BilingualError(ValueError):
    """Raised inside a validator to say what is wrong in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.text = Text(vi, en)
        super().__init__(en)


def shaped(pattern: str, example: str) -> AfterValidator:
    """Return a validator of texts that match `pattern`; its fault shows `example`, not the pattern."""
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise BilingualError(
                f"viết không đúng mẫu; viết như {example}",
                f"written in another form; write it like {example}",
            )
        return text

    return AfterValidator(check)


def faults_of(found: Iterable[ErrorDetails]) -> Iterator[tuple[Location, Text]]:
    """Yield every fault that a schema found: where it lies, and a sentence."""
    for item in found:
        if not _is_echo(item):
            yield item["loc"], _words(item)


def as_faults(error: ValidationError | RequestErrors) -> list[Fault]:
    """Return every fault that a schema found in a file, a form or a request."""
    found = error.errors(include_url=False) if isinstance(error, ValidationError) else error.errors()
    return [Fault(place_of(location), text) for location, text in faults_of(found)]


def place_of(location: Location) -> str:
    """Write a place as its author would look for it: `milestones[3].when.by` (counted from 0)."""
    place = ""
    for part in location:
        if isinstance(part, str) and _OF_THE_SCHEMA.match(part):
            continue  # which branch of the schema it was: nothing that its author wrote
        if isinstance(part, int):
            place += f"[{part}]"
        else:
            place += f".{part}" if place else part
    return place


def _is_echo(item: ErrorDetails) -> bool:
    """A list whose every entry is at fault also counts as too short: that says nothing new."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _words(item: ErrorDetails) -> Text:
    about = dict(item.get("ctx", {}))
    said = about.get("error")
    if isinstance(said, BilingualError):
        return said.text
    found = _KINDS.get(item["type"])
    if found is None:
        return Text("không hợp lệ", item["msg"])
    about["words"] = str(about.get("expected", "")).replace(" or ", ", ")
    return Text(_fill(found.vi, about), _fill(found.en, about))


def _fill(sentence: str, about: dict[str, object]) -> str:
    for name, value in about.items():
        sentence = sentence.replace(f"{{{name}}}", str(value))
    return sentence
