"""How links for producers are shown, what has come by them, and what a producer sees by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.dossiers.handing_queries import (
        HandedInRecord,
        ProductWaitingRecord,
        UploadLinkRecord,
    )


@dataclass(frozen=True, slots=True)
class UploadLinkView(View):
    """A link by which a producer hands papers in. `ends_on`: the last local day on which it is good."""

    id: int
    code: str
    dossier: int
    ends_on: date
    made_by: str

    @classmethod
    def of(cls, record: UploadLinkRecord) -> UploadLinkView:
        """Show a link, never its end."""
        return cls.alike(record)


@dataclass(frozen=True, slots=True)
class HandedInView(View):
    """A file that a producer has handed in and that waits. `kind_name`: as the regulation calls the paper."""

    id: int
    kind: str
    kind_name: str
    name: str
    size: int
    sha256: str
    media_type: str
    brought_at: datetime

    @classmethod
    def of(cls, record: HandedInRecord, kind_name: str) -> HandedInView:
        """Show a file that waits."""
        return cls.alike(record, kind_name=kind_name)


@dataclass(frozen=True, slots=True)
class ProductWaitingView(View):
    """A product whose producer has handed files in that wait; `since`: an instant in UTC."""

    code: str
    product: str
    unit: str
    files: int
    since: datetime

    @classmethod
    def of(cls, record: ProductWaitingRecord) -> ProductWaitingView:
        """Show a product for which files wait."""
        return cls.alike(record)


@dataclass(frozen=True, slots=True)
class WantedPaperView(View):
    """What a producer may hand in: how many papers are there, how many files wait, why some came back."""

    kind: str
    name: str
    mandatory: bool
    lacking: bool
    there: int
    waiting: int
    returned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WantedPapersView(View):
    """What whoever holds a link sees: the product's name and code, and the list; nothing else of it."""

    code: str
    product: str
    ends_on: date
    wanted: tuple[WantedPaperView, ...]
    evidence: tuple[WantedPaperView, ...]


@dataclass(frozen=True, slots=True)
class UploadLinksView(View):
    """The links to a product's current dossier that are good."""

    code: str
    links: tuple[UploadLinkView, ...]


@dataclass(frozen=True, slots=True)
class MadeLinkView(View):
    """A link that was just made. `address`: what the producer is given; it is shown this once."""

    id: int
    code: str
    ends_on: date
    address: str


@dataclass(frozen=True, slots=True)
class HandedInFilesView(View):
    """The files that wait for a product's current dossier, oldest first."""

    code: str
    files: tuple[HandedInView, ...]
