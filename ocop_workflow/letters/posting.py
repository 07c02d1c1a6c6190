"""Sealing a letter: from rendered words to the bytes that every copy will have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from ocop_workflow.notifications import Envelope, Letter, ListedAt, build_message, message_id

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.notifications import LetterKind, Rendered, Sender

SENDER_NAME = "Chương trình OCOP"


class Greeted(Protocol):
    """To whom a letter is: how the desk's owner is greeted, and the desk."""

    @property
    def office(self) -> str:
        """Who is greeted."""

    @property
    def desk_id(self) -> int:
        """Where the letter goes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter's words and what it is about, before it is addressed."""

    kind: LetterKind
    rendered: Rendered
    digest_id: int | None = None
    transition_id: int | None = None


def listed_at(unit: str, plan: str | None = None) -> ListedAt:
    """Return where the products of a unit, and of one plan, are listed; both by their ids."""
    asked = {"plan": plan, "unit": unit} if plan else {"unit": unit}
    words = " ".join(f"--{name} {value}" for name, value in asked.items())
    return ListedAt(f"/products?{urlencode(asked)}", f"ocop products {words}")


def seal(draft: Draft, key: str, to: Greeted, address: str, sender: Sender, now: datetime) -> Letter:
    """Freeze a letter to one address of a desk.

    Args:
        draft: its words.
        key: its key, from which its Message-ID comes.
        to: who is greeted, and the desk.
        address: the recipient's address.
        sender: in whose name it goes out, and by which zone it is dated.
        now: the instant that the letter bears as its date.

    Raises:
        InvalidInput: the address or the words cannot go into a letter.
    """
    identity = message_id(key, sender.address)
    envelope = Envelope(
        sender=sender.address,
        sender_name=SENDER_NAME,
        recipient=address,
        recipient_name=to.office,
        subject=draft.rendered.subject,
        text=draft.rendered.text,
        html=draft.rendered.html,
        message_id=identity,
        date=now.astimezone(sender.zone),
    )
    return Letter(
        key=key,
        kind=draft.kind,
        desk_id=to.desk_id,
        address=address,
        subject=draft.rendered.subject,
        message_id=identity,
        mime=build_message(envelope),
        digest_id=draft.digest_id,
        transition_id=draft.transition_id,
    )
