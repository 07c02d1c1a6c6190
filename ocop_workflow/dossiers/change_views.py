"""How a renewal or an upgrade is shown beside the dossier that was recognised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ocop_workflow.states import Dossier
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class RecognisedView(View):
    """What the product is recognised by: its certificate, and the dossier that led to it.

    `dossier`: none where it never was here: then only what the certificate says can be compared. `mean`: the
    council's, two decimals cut; none where it is not on record.
    """

    dossier: int | None
    number: str | None
    star: int | None
    decided_on: date | None
    valid_until: date | None
    regulation: str | None
    mean: str | None


@dataclass(frozen=True, slots=True)
class ChangeView(View):
    """What differs. `before`, `now`: in words, empty where nothing was said; `hidden`: neither is told."""

    kind: str
    kind_label: str
    label: str
    before: str
    now: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class ProofView(View):
    """A paper of the dossier that proves a change; `expired`: its last day is over."""

    id: int
    told: str
    expired: bool


@dataclass(frozen=True, slots=True)
class DeclaredView(View):
    """What the producer says under one heading of Mẫu 02.

    `said`: whether anything was said. `change`: in words; none: nothing has changed. `unproven`: a change
    that no good paper of the dossier proves.
    """

    heading: str
    said: bool
    change: str | None
    papers: tuple[ProofView, ...]
    unproven: bool
    saved_by: str | None
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class RanOutView(View):
    """A paper of the recognised dossier, or of this one, whose last day is over.

    `replaced_by`: the good one of its kind in this dossier; none: there is none yet.
    """

    told: str
    dossier: int
    expires_on: date
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class DifferenceView(View):
    """A renewal or an upgrade beside the dossier that was recognised.

    `applies`: whether it is one; of a first dossier nothing else is told. `star`: what its council's score
    earns, none before there is one: it may be more or less than the recognised one. `undeclared`: headings of
    which nothing is said; `unproven`: changes without a good paper.
    """

    code: str
    dossier: int
    kind: Dossier
    kind_label: str
    applies: bool
    recognised: RecognisedView | None
    star: int | None
    mean: str | None
    changes: tuple[ChangeView, ...]
    declared: tuple[DeclaredView, ...]
    papers: tuple[ProofView, ...]
    ran_out: tuple[RanOutView, ...]
    undeclared: int
    unproven: int
