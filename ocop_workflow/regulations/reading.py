"""Reading a TOML file into a frozen model, with every fault of the file at once and its place.

Used for regulations, plans, units: whatever an office may write by hand.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ocop_workflow.bounds import out_of_bounds
from ocop_workflow.errors import Fault, InvalidInput, fault
from ocop_workflow.wording import UNKNOWN_ENTRY, as_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

Model = TypeVar("Model", bound=BaseModel)


class Frozen(BaseModel):
    """A value that cannot change and has no key that its schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other values; what was worked out of the old ones and kept is not copied."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text, with or without the byte order mark that Notepad writes before it.

    Raises:
        ValueError: it is no TOML.
    """
    return tomllib.loads(text.removeprefix("\ufeff"))


def read_toml(
    text: str,
    model: type[Model],
    name: str,
    cross_check: Callable[[dict[str, Any]], Iterable[Fault]] = lambda _raw: (),
    complete: Callable[[dict[str, Any]], dict[str, Any]] = lambda raw: raw,
) -> Model:
    """Read `text` as `model`.

    Args:
        text: the content of a TOML file.
        model: the schema.
        name: what the file is called, for the sentence.
        cross_check: finds the faults that lie between entries (a reference to nothing, an id used
            twice). It gets the raw tables, so that it speaks even where the schema has found faults.
        complete: fills in what the file leaves out, before anything is looked at.

    Raises:
        InvalidInput: the text is no TOML, larger or deeper than anybody writes, or breaks the schema; all
            faults at once.
    """
    faults: list[Fault] = []
    if beyond := out_of_bounds(text):
        raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", [Fault("", beyond)])
    try:
        raw = complete(parse_toml(text))
        faults += cross_check(raw)
        value = model.model_validate(raw)
        if not faults:
            return value
    except ValidationError as error:
        told = {item.place for item in faults}
        faults += [item for item in as_faults(error) if item.text != UNKNOWN_ENTRY or item.place not in told]
    except ValueError as error:  # more than TOMLDecodeError: a number of 5,000 digits is one by itself
        faults += [fault("", f"không phải TOML đúng ({error})", f"not valid TOML ({error})")]
    raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", faults)


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
        strangers += as_faults(error)
    else:
        if not strangers:
            return value
    raise InvalidInput(f"{name}: dữ liệu có lỗi.", f"{name}: the data are at fault.", strangers)
