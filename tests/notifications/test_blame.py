"""Whose fault a refusal is: by its own words, and by what the letters around it meet."""

from __future__ import annotations

import pytest

from ocop_workflow.notifications import (
    Blame,
    DeliveryError,
    DoubtfulRefusalError,
    Outcome,
    PermanentDeliveryError,
    RelayError,
    TemporaryDeliveryError,
)
from ocop_workflow.notifications.blame import refusal

TAKEN = "250 OK"
NO_SUCH_USER = "550 5.1.1 no such user"
NO_RELAY = "550 5.7.1 Unable to relay"


@pytest.mark.parametrize(
    ("reply", "whose"),
    [
        (NO_SUCH_USER, PermanentDeliveryError),
        ("550-5.1.1 The account does not exist.\n5.1.1 See https://support.example", DoubtfulRefusalError),
        ("550 5.1.1 The account does not exist.\n5.1.1 See https://support.example", PermanentDeliveryError),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", PermanentDeliveryError),
        ("556 5.1.10 domain takes no mail", PermanentDeliveryError),
        ("550 #5.1.1 unknown", PermanentDeliveryError),
        ("550 5.2.1 mailbox disabled", PermanentDeliveryError),
        ("552 5.2.2 mailbox full", PermanentDeliveryError),
        ("552 5.3.4 message too big", PermanentDeliveryError),
        (NO_RELAY, DoubtfulRefusalError),
        ("554 5.7.0 limit on outgoing messages was exceeded. Try again later.", DoubtfulRefusalError),
        ("550 no such user", DoubtfulRefusalError),
        ("550 5.1.0 address rejected", DoubtfulRefusalError),
        ("554 transaction failed", DoubtfulRefusalError),
        ("550 see 5.1.1", DoubtfulRefusalError),
        ("550 5.4.5 Daily user sending limit exceeded", RelayError),
        ("554 5.2.252 SendAsDenied; app@x not allowed to send as y@x", RelayError),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", RelayError),
        ("550 5.1.8 sender's domain unknown", RelayError),
        ("550 5.7.64 TenantAttribution; Relay Access Denied", RelayError),
    ],
)
def test_the_words_of_a_refusal(reply: str, whose: type[DeliveryError]) -> None:
    meant = refusal(reply)
    assert (type(meant), meant.reply) == (whose, reply)


def weigh(blame: Blame, *met: tuple[str, str]) -> list[str]:
    """Return what each letter's outcome is taken for; a letter goes to a domain and meets a reply."""
    shown: dict[type, str] = {
        str: "taken",
        PermanentDeliveryError: "dead",
        DoubtfulRefusalError: "waits",
        TemporaryDeliveryError: "later",
        RelayError: "relay",
    }

    def outcome(reply: str) -> Outcome:
        if reply.startswith("2"):
            return reply
        return TemporaryDeliveryError(reply) if reply.startswith("4") else refusal(reply)

    return [shown[type(blame.weigh(domain, outcome(reply)))] for domain, reply in met]


def test_one_mailbox_that_is_not_there_dies_alone_and_so_do_two_in_a_row() -> None:
    blame = Blame(3)
    assert weigh(blame, ("a", NO_SUCH_USER), ("b", NO_SUCH_USER), ("c", TAKEN), ("a", NO_SUCH_USER)) == [
        "dead", "dead", "taken", "dead",
    ]  # fmt: skip
    assert not blame.falls_on_the_relay


def test_the_third_refusal_in_a_row_over_two_domains_is_the_relays() -> None:
    assert weigh(Blame(3), ("a", NO_RELAY), ("a", NO_RELAY), ("b", NO_RELAY)) == ["waits", "waits", "relay"]
    assert weigh(Blame(3), ("a", NO_SUCH_USER), ("b", NO_RELAY), ("b", NO_SUCH_USER)) == [
        "dead", "waits", "relay",
    ]  # fmt: skip


def test_one_domain_alone_is_the_relays_only_if_nothing_goes_to_another() -> None:
    blame = Blame(3)
    assert weigh(blame, *[("a", NO_SUCH_USER)] * 4) == ["dead", "dead", "waits", "waits"]
    assert blame.falls_on_the_relay  # as far as can be told by now
    assert weigh(blame, ("b", TAKEN)) == ["taken"]
    assert not blame.falls_on_the_relay


def test_what_is_put_off_neither_counts_nor_clears() -> None:
    assert weigh(Blame(3), ("a", NO_RELAY), ("b", "450 busy"), ("b", NO_RELAY), ("c", NO_RELAY)) == [
        "waits", "later", "waits", "relay",
    ]  # fmt: skip


def test_while_the_relay_is_suspected_nothing_dies_and_the_first_letter_taken_clears_it() -> None:
    blame = Blame(3, suspected=True)
    assert weigh(blame, ("a", NO_SUCH_USER)) == ["waits"]
    assert blame.falls_on_the_relay
    assert weigh(blame, ("b", TAKEN), ("a", NO_SUCH_USER)) == ["taken", "dead"]
    assert weigh(Blame(3, suspected=True), ("a", NO_RELAY), ("b", NO_RELAY)) == ["waits", "relay"]
