"""Words of the pages: templates are written in Vietnamese, a catalogue says the same in English."""

from __future__ import annotations

import io
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, PackageLoader, StrictUndefined

from ocop_workflow.errors import Text
from ocop_workflow.web.console.frame.assets import address_of
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from ocop_workflow.errors import Language

#: the cookie in which a browser keeps the language that somebody chose
LANGUAGE_COOKIE: Final = "ocop-language"


@cache
def _translations(language: Language) -> NullTranslations:
    if language == "vi":
        return NullTranslations()
    source = resources.files("ocop_workflow") / "web" / "console" / "locale" / f"{language}.po"
    packed = io.BytesIO()
    with source.open("rb") as file:
        write_mo(packed, read_po(file, locale=language))
    packed.seek(0)
    return Translations(packed)


_KILO = 1024


@cache
def templates(language: Language) -> Environment:
    """Return the templates in a language; they are compiled once."""
    made = Environment(
        loader=PackageLoader("ocop_workflow.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]  # of the extension
    made.filters |= {
        "day": lambda value: day(value, language),
        "moment": lambda value: moment(value, language),
        "left": lambda value: say(left(value), language),
        "text": lambda value: say(value, language),
        "figure": figure,
        "size": lambda value: size(value, language),
    }
    made.globals |= {"asset": address_of, "language": language}
    made.globals["parts"] = made.get_template("parts.html").module
    return made


def day(value: date | str | None, language: Language = "vi") -> str:
    """Write a local day as people read it; nothing for none."""
    if not value:
        return ""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day}/{found.month}/{found.year}" if language == "vi" else f"{found:%d %b %Y}"


def moment(value: datetime | None, language: Language = "vi") -> str:
    """Write a local instant as people read it; nothing for none."""
    return f"{value:%H:%M} {day(value.date(), language)}" if value else ""


def left(days: int) -> Text:
    """Say how long there is until a day, or how long it is over; due today is not late."""
    if days == 0:
        return Text("hôm nay là hạn", "due today")
    if days < 0:
        return Text(f"trễ {-days} ngày", f"{-days} day{'s' * (days < -1)} late")
    return Text(f"còn {days} ngày", f"{days} day{'s' * (days > 1)} left")


def figure(value: Any) -> str:  # noqa: ANN401 - whatever counts
    """Write a number as Vietnamese papers do: 12.345."""
    return f"{value:,}".replace(",", ".")


def size(count: int, language: Language = "vi") -> str:
    """Write how large a file is, as people say it: 640 byte, 12 KB, 3,4 MB."""
    if count < _KILO:
        return f"{count} byte{'s' * (count != 1 and language == 'en')}"
    if count < _KILO * _KILO:
        return f"{count / _KILO:.0f} KB"
    written = f"{count / _KILO / _KILO:.1f} MB"
    return written.replace(".", ",") if language == "vi" else written
