"""An officer's day by a client that was generated from the document: nothing here knows the service's code.

Run by the generator's own Python with the generated package on its path; asserts as it goes along. The
words are where the service is, a token of Phổ An's officer, and a token of its calendar.
"""

from __future__ import annotations

import sys
from datetime import date

import httpx
from ocop_client import AuthenticatedClient
from ocop_client.api.activities import list_activities
from ocop_client.api.deadlines import list_deadlines, list_overdue
from ocop_client.api.letters import list_letters
from ocop_client.api.products import add_event, list_products, show_history, show_product
from ocop_client.api.tokens import create_token, revoke_token, show_me
from ocop_client.models import (
    Advanced,
    DataRegister,
    DataWithdraw,
    Me,
    NewEventRegister,
    NewEventWithdraw,
    NewToken,
    PageDeadline,
    PageHistoryEntry,
    PageLetter,
    PageProduct,
    Problem,
    ProductInFull,
    Scope,
    State,
    TokenIn,
)

API, TOKEN = sys.argv[1:]
CODE = "DP24-002"


def day(client: AuthenticatedClient) -> None:
    """Do what an officer does: who am I, what is there, one product, move it on, what was written."""
    me = show_me.sync(client=client)
    assert isinstance(me, Me)
    assert (me.login, me.token.scope) == ("lan", Scope.ACT)
    assert me.roles[0].unit == "pho-an"

    first = list_products.sync_detailed(client=client, limit=2)
    assert isinstance(first.parsed, PageProduct)
    assert [product.unit for product in first.parsed.items] == ["Xã Phổ An"] * 2
    following = httpx.URL(first.headers["Link"].partition(";")[0].strip("<>"))
    second = list_products.sync(client=client, limit=2, cursor=following.params["cursor"])
    assert isinstance(second, PageProduct)
    assert not {product.code for product in second.items} & {product.code for product in first.parsed.items}

    seen = show_product.sync_detailed(CODE, client=client)
    assert isinstance(seen.parsed, ProductInFull)
    assert seen.parsed.state is State.IDEA
    assert seen.headers["ETag"] == seen.parsed.etag
    tag = seen.parsed.etag

    # refused: the reason is missing; the answer says which data would do
    bare = NewEventRegister(event="register")
    refused = add_event.sync_detailed(CODE, client=client, body=bare, if_match=tag, accept_language="en")
    assert refused.status_code == 409
    assert isinstance(refused.parsed, Problem)
    assert refused.parsed.type_ == "urn:ocop:problem:event-refused"
    assert isinstance(refused.parsed.missing, list)
    assert [lack.fields for lack in refused.parsed.missing] == [["group"]]

    # with its data, typed by its event; sent twice with one key it happens once
    register = NewEventRegister(event="register", data=DataRegister(group="food"), on=date(2024, 4, 23))
    for replayed in (None, "true"):
        done = add_event.sync_detailed(
            CODE, client=client, body=register, if_match=tag, idempotency_key="lan-1"
        )
        assert isinstance(done.parsed, Advanced)
        assert (done.parsed.source, done.parsed.state, done.parsed.version) == (
            State.IDEA,
            State.REGISTERED,
            1,
        )
        assert done.headers.get("Idempotency-Replayed") == replayed

    # from what was seen before: somebody has been faster, and what stands now comes with the refusal
    withdraw = NewEventWithdraw(event="withdraw", data=DataWithdraw(reason="ngừng sản xuất"))
    late = add_event.sync_detailed(CODE, client=client, body=withdraw, if_match=tag)
    assert late.status_code == 412
    assert isinstance(late.parsed, Problem)
    assert late.parsed.current["state"] == "registered"

    history = show_history.sync(CODE, client=client)
    assert isinstance(history, PageHistoryEntry)
    assert [(entry.event.value, entry.actor) for entry in history.items] == [("register", "lan")]

    for listed in (list_deadlines.sync(client=client), list_overdue.sync(client=client)):
        assert isinstance(listed, PageDeadline)
        assert {deadline.unit for deadline in listed.items} <= {"Xã Phổ An"}
    letters = list_letters.sync(client=client)
    assert isinstance(letters, PageLetter)
    assert [letter.unit for letter in letters.items] == ["Xã Phổ An"]
    assert list_activities.sync_detailed(client=client).status_code == 200


def calendar(client: AuthenticatedClient) -> None:
    """Subscribe to the calendar by a token of its own, which is made and taken back."""
    feed = create_token.sync(client=client, body=TokenIn(scope=Scope.FEED, unit="pho-an", days=30))
    assert isinstance(feed, NewToken)
    subscribed = f"{API}/api/v1/calendar.ics?token={feed.token}"
    entries = httpx.get(subscribed).text
    assert entries.startswith("BEGIN:VCALENDAR")
    assert "Khô Bò" in entries
    assert revoke_token.sync_detailed(feed.prefix, client=client).status_code == 200
    assert httpx.get(subscribed).status_code == 401


with AuthenticatedClient(API, TOKEN, raise_on_unexpected_status=True) as signed_in:
    day(signed_in)
    calendar(signed_in)
