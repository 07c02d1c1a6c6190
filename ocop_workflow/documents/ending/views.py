"""How the notice of what ran out is shown: of one span of days, and those that a unit has issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ocop_workflow.documents.views import IssuedView
from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class FiledNoticeView(View):
    """A notice that a unit has issued: of the certificates' last days from `since` to `until` (local)."""

    since: date
    until: date
    issued: IssuedView


@dataclass(frozen=True, slots=True)
class ExpiryNoticeView(View):
    """The notice of a unit's certificates that ran out in a span of days.

    `unit`: the slug of the unit that announces them; `name`: its name. `since`, `until`: the first and the
    last local day of the certificates' last days. `certificates`: how many it would announce today. `ready`:
    it can be drafted now. `lacks`: why it cannot be drafted, or its signed file not be kept yet. `signs`: the
    lines over the name of whoever signs. `doubt`: why that is uncertain; none: it is not. `proposed`: what
    comes next in its series; none: its signed file is not to be kept now. `issued`: as what it was issued;
    not drafted again. `taken_back`: filings of this span that were taken back. `others`: the unit's notices
    of other spans that stand.
    """

    unit: str
    name: str
    since: date
    until: date
    kind: FiledDocument
    label: str
    certificates: int
    ready: bool
    lacks: tuple[str, ...]
    signs: tuple[str, ...]
    doubt: str | None
    proposed: str | None
    issued: IssuedView | None
    taken_back: tuple[IssuedView, ...]
    others: tuple[FiledNoticeView, ...]
