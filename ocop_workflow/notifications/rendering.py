"""A letter's words: each view is written as text and as a page, by a pair of templates."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ocop_workflow.notifications.letters import vietnamese_date
from ocop_workflow.notifications.measure import Rendered, fitted
from ocop_workflow.vietnamese import number

if TYPE_CHECKING:
    from jinja2 import Environment

    from ocop_workflow.notifications.letters import (
        Correction,
        Digest,
        Notice,
        Notices,
        Retraction,
        Warned,
    )


def render_digest(digest: Digest) -> Rendered:
    """Write a digest."""
    return fitted(digest, lambda told: _render("digest", told.subject, letter=told))


def render_notice(notice: Notice) -> Rendered:
    """Write a notice."""
    return _render("notice", notice.subject, letter=notice)


def render_notices(notices: Notices) -> Rendered:
    """Write one notice of several steps."""
    return fitted(notices, lambda told: _render("notices", told.subject, letter=told))


def render_correction(correction: Correction) -> Rendered:
    """Write a correction."""
    return fitted(correction, lambda told: _render("correction", told.subject, letter=told))


def render_retraction(retraction: Retraction) -> Rendered:
    """Write the letter that takes back what another one has said."""
    return _render("retraction", retraction.subject, letter=retraction)


def render_warning(warned: Warned) -> Rendered:
    """Write a warning."""
    return _render("warning", warned.subject, letter=warned)


def _render(name: str, subject: str, **values: object) -> Rendered:
    environment = _environment()
    return Rendered(
        subject,
        environment.get_template(f"{name}.txt").render(values),
        environment.get_template(f"{name}.html").render(values),
    )


@cache
def _environment() -> Environment:
    # most processes write no letter: they start a tenth sooner without it
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - see above

    environment = Environment(
        loader=PackageLoader("ocop_workflow.notifications"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["day"] = vietnamese_date
    environment.filters["number"] = number
    return environment
