"""Reading a TOML file into a frozen model, with every fault of the file at once and its place.

Used for regulations, plans, units: whatever an office may write by hand.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ocop_workflow.errors import Fault, InvalidInput, Text, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)


class Frozen(BaseModel):
    """A value that cannot change and has no key that its schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def read_toml(
    text: str,
    model: type[Model],
    name: str,
    cross_check: Callable[[dict[str, Any]], Iterable[Fault]] = lambda _raw: (),
) -> Model:
    """Read `text` as `model`.

    Args:
        text: the content of a TOML file.
        model: the schema.
        name: what the file is called, for the sentence.
        cross_check: finds the faults that lie between entries (a reference to nothing, an id used
            twice). It gets the raw tables, so that it speaks even where the schema has found faults.

    Raises:
        InvalidInput: the text is no TOML, or breaks the schema; all faults at once.
    """
    faults: list[Fault] = []
    try:
        raw = tomllib.loads(text)
        faults += cross_check(raw)
        value = model.model_validate(raw)
        if not faults:
            return value
    except tomllib.TOMLDecodeError as error:
        faults += [fault("", f"không phải TOML đúng ({error})", f"not valid TOML ({error})")]
    except RecursionError:
        faults += [fault("", "lồng quá sâu", "nested too deep")]
    except ValidationError as error:
        faults += faults_of(error.errors(include_url=False))
    raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", faults)


def place_of(location: tuple[int | str, ...]) -> str:
    """Write a place as its author would look for it: `milestones[3].when.by` (counted from 0)."""
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        else:
            place += f".{part}" if place else part
    return place


#: pydantic's kinds of fault in words an officer understands; whatever is missing here falls back to English
_KINDS = {
    "missing": "thiếu mục này",
    "extra_forbidden": "không có mục nào mang tên này",
    "string_type": "phải là chữ trong dấu nháy",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "date_type": "phải là ngày, viết như 2024-11-30",
    "date_parsing": "không có ngày này",
    "date_from_datetime_parsing": "không có ngày này; viết như 2024-11-30",
    "date_from_datetime_inexact": "phải là ngày, không kèm giờ",
    "enum": "không phải là một trong các từ được dùng ở đây",
    "literal_error": "không phải là một trong các từ được dùng ở đây",
    "string_too_short": "không được để trống",
    "string_too_long": "quá dài",
    "string_unicode": "có ký tự hỏng",
    "too_long": "có quá nhiều mục",
    "int_parsing_size": "quá lớn",
    "int_from_float": "phải là số nguyên",
    "bool_parsing": "phải là true hoặc false",
    "dict_type": "phải là một bảng { … }",
    "list_type": "phải là một danh sách trong dấu [ ]",
    "model_attributes_type": "phải là một bảng { … }",
    "json_invalid": "không phải JSON đúng",
    "string_pattern_mismatch": "viết không đúng mẫu",
    "greater_than_equal": "quá nhỏ",
    "less_than_equal": "quá lớn",
    "too_short": "phải có ít nhất một mục",
    "tuple_type": "phải là một danh sách trong dấu [ ]",
    "model_type": "phải là một bảng { … }",
    "value_error": "",
}


def faults_of(found: Iterable[ErrorDetails]) -> list[Fault]:
    """Return what pydantic has found as faults in both languages."""
    return [_fault_of(item) for item in found if not _is_echo(item)]


def _is_echo(item: ErrorDetails) -> bool:
    """A list whose every entry is at fault also counts as too short: that says nothing new."""
    return item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]


def _fault_of(item: ErrorDetails) -> Fault:
    said = item.get("ctx", {}).get("error")
    if isinstance(said, BilingualError):
        return Fault(place_of(item["loc"]), said.text)
    expected = item.get("ctx", {}).get("expected", "")
    vi = _KINDS.get(item["type"]) or "không hợp lệ"
    if expected:
        vi += f": {expected}"
    return fault(place_of(item["loc"]), vi, item["msg"])


class BilingualError(ValueError):
    """Raised inside a validator to say what is wrong in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.text = Text(vi, en)
        super().__init__(en)


def read_fields(given: Mapping[str, Any], model: type[Model], name: str, known: Collection[str]) -> Model:
    """Read named values of which only `known` may be given.

    Raises:
        InvalidInput: an unknown name or a bad value; all faults at once.
    """
    strangers = [
        fault(
            key,
            f"không dùng ở đây; dùng được: {', '.join(sorted(known)) or 'không có'}",
            f"not taken here; taken: {', '.join(sorted(known)) or 'nothing'}",
        )
        for key in given
        if key not in known
    ]
    try:
        value = model.model_validate({key: value for key, value in given.items() if key in known})
    except ValidationError as error:
        strangers += faults_of(error.errors(include_url=False))
    else:
        if not strangers:
            return value
    raise InvalidInput(f"{name}: dữ liệu có lỗi.", f"{name}: the data are at fault.", strangers)
