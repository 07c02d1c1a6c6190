"""How the documents of a session are listed: what can be drafted, what each still lacks."""

from __future__ import annotations

from dataclasses import dataclass

from ocop_workflow.documents.kinds import SessionDocument
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class DocumentLineView(View):
    """A document that a session has, or will have.

    `commune`, `product`: which of several it is, as the address takes them; `about`: their name. `ready`: it
    can be drafted now. `lacks`: what stays blank in it, or why it cannot be drafted yet. `signs`: the lines
    over the name of whoever signs. `doubt`: why that is uncertain; none: it is not.
    """

    kind: SessionDocument
    label: str
    file: str
    commune: str | None
    product: str | None
    about: str | None
    ready: bool
    lacks: tuple[str, ...]
    signs: tuple[str, ...]
    doubt: str | None


@dataclass(frozen=True, slots=True)
class SessionDocumentsView(View):
    """The documents of a session, in the order in which they come to be; `name`: the session's."""

    session: int
    name: str
    documents: tuple[DocumentLineView, ...]
