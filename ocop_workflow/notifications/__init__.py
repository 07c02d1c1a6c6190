"""What is said, to whom, how often it is tried: letters, the outbox's rules, the door to the relay."""

from ocop_workflow.notifications.letters import (
    Digest,
    Item,
    Notice,
    Rendered,
    Section,
    Sender,
    Silent,
    render_digest,
    render_notice,
    vietnamese_date,
)
from ocop_workflow.notifications.mailer import (
    DeliveryError,
    Mailer,
    PermanentDeliveryError,
    RelayError,
    TemporaryDeliveryError,
)
from ocop_workflow.notifications.mime import Envelope, build_message, check_address
from ocop_workflow.notifications.outbox import (
    GiveUp,
    Letter,
    LetterKind,
    LetterState,
    RetryAt,
    RetryPolicy,
    digest_key,
    message_id,
    notice_key,
)

__all__ = [
    "DeliveryError",
    "Digest",
    "Envelope",
    "GiveUp",
    "Item",
    "Letter",
    "LetterKind",
    "LetterState",
    "Mailer",
    "Notice",
    "PermanentDeliveryError",
    "RelayError",
    "Rendered",
    "RetryAt",
    "RetryPolicy",
    "Section",
    "Sender",
    "Silent",
    "TemporaryDeliveryError",
    "build_message",
    "check_address",
    "digest_key",
    "message_id",
    "notice_key",
    "render_digest",
    "render_notice",
    "vietnamese_date",
]
