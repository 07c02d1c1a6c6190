"""Sealing a letter: from rendered words to the bytes that every copy will have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.notifications import Envelope, build_message, message_id

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.notifications import Rendered, Sender

SENDER_NAME = "Chương trình OCOP"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A letter's frozen bytes and their Message-ID."""

    message_id: str
    mime: bytes


def seal(key: str, rendered: Rendered, sender: Sender, office: str, address: str, now: datetime) -> Sealed:
    """Freeze a letter to one address.

    Args:
        key: the letter's key, from which its Message-ID comes.
        rendered: its words.
        sender: in whose name it goes out.
        office: the recipient's name.
        address: the recipient's address.
        now: the instant that the letter bears as its date.

    Raises:
        InvalidInput: the address or the words cannot go into a letter.
    """
    identity = message_id(key, sender.address)
    envelope = Envelope(
        sender=sender.address,
        sender_name=SENDER_NAME,
        recipient=address,
        recipient_name=office,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=identity,
        date=now,
    )
    return Sealed(identity, build_message(envelope))
