"""How the documents of a session are listed: what can be drafted, what each still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ocop_workflow.regulations.councils.documents import FiledDocument, SessionDocument
from ocop_workflow.views import View


@dataclass(frozen=True, slots=True)
class IssuedView(View):
    """A document as it was issued: number, day, signer, the signed file. `told`: what is odd about it.

    `taken_back_at`: when the filing was taken back, `…_by` by whom, `…_because` why; none: it stands.
    """

    kind: FiledDocument
    title: str
    number: str
    issued_on: date
    signer: str
    name: str
    size: int
    sha256: str
    media_type: str
    filed_at: datetime
    filed_by: str
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_because: str | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentLineView(View):
    """A document that a session has, or will have.

    `commune`, `product`: which of several it is, as the address takes them; `about`: their name. `ready`: it
    can be drafted now. `lacks`: what stays blank in it, or why it cannot be drafted yet. `signs`: the lines
    over the name of whoever signs. `doubt`: why that is uncertain; none: it is not. `proposed`: the number
    that comes next in its series; none: it bears none. `issued`: as what it was issued; not drafted again.
    `taken_back`: the filings of it that were taken back, oldest first.
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
    proposed: str | None
    issued: IssuedView | None
    taken_back: tuple[IssuedView, ...]


@dataclass(frozen=True, slots=True)
class SessionDocumentsView(View):
    """The documents of a session, in the order in which they come to be; `name`: the session's."""

    session: int
    name: str
    documents: tuple[DocumentLineView, ...]
