"""What leaves the service: frozen, typed views, one a noun; a type gives JSON and schema alike.

A view is a dataclass that inherits `View`; it stands in `views.py` of its noun's room. The API answers with
it, the OpenAPI document takes its schema, `--json` prints it, pages and documents read its fields. Labels
stand in the language that it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self


class View:
    """Something that is shown: exactly these names, and nothing is read from outside into it."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid", serialize_by_alias=True)
    __dataclass_fields__: ClassVar[dict[str, Any]]
    #: what `--json` has always called a key that the API calls otherwise
    json_names: ClassVar[tuple[tuple[str, str], ...]] = ()

    @classmethod
    def alike(cls, record: object, **more: Any) -> Self:  # noqa: ANN401 - of whatever type the field is
        """Make a view of what a record has under the same names.

        Args:
            record: anything with attributes.
            more: what the record has under another name, or not at all.
        """
        same = (name for name in cls.__dataclass_fields__ if name not in more and hasattr(record, name))
        return cls(**{name: getattr(record, name) for name in same}, **more)


#: of a key that is left out where there is nothing to say: `note: Annotated[str | None, OMITTED] = None`
OMITTED = Field(exclude_if=lambda value: value is None)

#: of what pages read and nobody is sent: `tag: Annotated[str, UNSENT] = ""`
UNSENT = Field(exclude=True)


@dataclass(frozen=True, slots=True)
class FaultView(View):
    """One thing that is wrong with a request, at its place."""

    place: str
    detail: str


def to_json(view: View) -> str:
    """Write a view as JSON: days and instants as ISO 8601, instants in UTC with `Z`."""
    return _adapter(type(view)).dump_json(view).decode()


def many_to_json(views: Sequence[View]) -> str:
    """Write views of one kind as a JSON array."""
    return _adapter(list[type(views[0])]).dump_json(views).decode() if views else "[]"  # type: ignore[misc]  # a type at run time


def to_plain(view: View) -> dict[str, Any]:
    """Return a view as what JSON is made of."""
    found: dict[str, Any] = _adapter(type(view)).dump_python(view, mode="json")
    return found


def etag(tag: str) -> str:
    """Return the strong entity tag of what is shown (RFC 9110, 8.8.3)."""
    return f'"{tag}"'


#: made once for each type of view: making one takes longer than writing a page
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type, or a list of one
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
