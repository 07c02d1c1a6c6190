"""How documents outside sessions are listed: what can be drafted, what each still lacks."""

from __future__ import annotations

from dataclasses import dataclass

from ocop_workflow.documents.outside.kinds import OutsideDocument
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class OutsideLineView(View):
    """A document of a certificate, or of a product's last step.

    `ready`: it can be drafted now. `lacks`: what stays blank in it or has to be known of it, or why it cannot
    be drafted. `signs`: the lines over the name of whoever signs. `doubt`: why that is uncertain; none: it is
    not.
    """

    kind: OutsideDocument
    label: str
    ready: bool
    lacks: tuple[str, ...]
    signs: tuple[str, ...]
    doubt: str | None


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
