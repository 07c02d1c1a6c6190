"""How documents outside sessions are listed: what can be drafted, what each still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ocop_workflow.documents.outside.kinds import OutsideDocument
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class OutsideLineView(View):
    """A document of a certificate, or of a product's last step.

    `ready`: it can be drafted now. `lacks`: what stays blank in it or has to be known of it, or why it cannot
    be drafted. `signs`: the lines over the name of whoever signs. `doubt`: why that is uncertain; none: it is
    not. `decided_on`: the local day of the decision that it is; none: none on record. `proposed`: its
    number on record, or what comes next in its series; none: its signed file is not to be kept now.
    `issued`: as what it was issued; not drafted again. `taken_back`: filings that were taken back.
    """

    kind: OutsideDocument
    label: str
    ready: bool
    lacks: tuple[str, ...]
    signs: tuple[str, ...]
    doubt: str | None
    decided_on: date | None
    proposed: str | None
    issued: IssuedView | None
    taken_back: tuple[IssuedView, ...]


@dataclass(frozen=True, slots=True)
class OutsideDocumentsView(View):
    """Documents outside sessions.

    `of`: the certificate's number, or the product's code; `name`: the product's. `session`: in which its
    result was found; its documents are drafted there; none: in no session here.
    """

    of: str
    name: str
    session: int | None
    documents: tuple[OutsideLineView, ...]
