"""What is shown of a letter: in a list, in full, given up, sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.notifications import LetterKind, LetterState
from ocop_workflow.views import OMITTED, View

if TYPE_CHECKING:
    from ocop_workflow.letters.mailbox_queries import LetterRecord
    from ocop_workflow.letters.outbox import LetterPage


@dataclass(frozen=True, slots=True)
class LetterView(View):
    """A letter in the outbox. `officer`: of a letter to an officer alone the login; `unit` is empty then."""

    id: int
    kind: LetterKind
    unit: str
    address: str
    subject: str
    state: LetterState
    attempts: int
    ambiguous: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    relay_reply: str | None
    last_error: str | None
    officer: Annotated[str | None, OMITTED] = None

    @classmethod
    def of(cls, record: LetterRecord) -> LetterView:
        """Return what is shown of a stored letter."""
        return cls.alike(record, unit=record.unit_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTextView(LetterView):
    """A letter in full: its text, and its bytes as they are sent (RFC 5322)."""

    text: str
    message: str

    @classmethod
    def in_full(cls, page: LetterPage) -> LetterTextView:
        """Return what is shown of a letter with its bytes."""
        body = message_from_bytes(page.mime, policy=policy.default).get_body(("plain",))
        text = str(body.get_content()) if body else f"Nội dung {page.record.address}."
        message = page.mime.decode("utf-8", "replace")
        return cls.alike(page.record, unit=page.record.unit_name, text=text, message=message)


def html_of(page: LetterPage) -> str:
    """Return a letter as its reader sees it; empty: it has no such part, or is not kept any more."""
    seen = message_from_bytes(page.mime, policy=policy.default).get_body(("html",))
    return str(seen.get_content()) if seen else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterView(LetterView):
    """A letter that was given up; `refusal`: why it is not sent again, none if it would be."""

    refusal: str | None

    @classmethod
    def given_up(cls, record: LetterRecord, refusal: str | None) -> DeadLetterView:
        """Return what is shown of a letter that was given up."""
        return cls.alike(record, unit=record.unit_name, refusal=refusal)


@dataclass(frozen=True, slots=True)
class ResendingView(View):
    """The letters that were given up, and the hash that confirms sending them again; or the copies' keys."""

    json_names = (("confirm", "hash"),)

    confirm: Annotated[str | None, OMITTED] = None
    letters: Annotated[tuple[DeadLetterView, ...] | None, OMITTED] = None
    keys: Annotated[tuple[str, ...] | None, OMITTED] = None


@dataclass(frozen=True, slots=True)
class DeliveryView(View):
    """What became of the letters that were tried; `relay_fault`: what is wrong with the relay itself."""

    sent: int
    retried: int
    dead: int
    relay_fault: str | None


@dataclass(frozen=True, slots=True)
class ResentView(View):
    """The key of the copy that was put into the outbox."""

    key: str
