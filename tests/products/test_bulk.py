"""Many products at once: a verdict for each, a token, and then all of it or nothing."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.audit.seals import LIVES, Seal
from ocop_workflow.errors import InvalidInput, NotFound, NotPermitted, OcopError, WrongUse
from ocop_workflow.products.bulk import BulkOrder, Drifted, carry_out, preview
from ocop_workflow.products.refusals import EventRefused
from tests.factories import GOOD_DATA, SENDER, act, rows
from tests.stories.cast import acting
from tests.stories.journeys import everything

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.products.advance import Advanced
    from ocop_workflow.products.bulk import Preview
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

OWN = ["DP24-002", "DP24-003", "DP24-004"]  # of Phổ An
FOREIGN = "DP24-011"  # of Phổ Khánh


def order(
    database: Database, codes: Sequence[str], event: str = "register", login: str = "lan", **data: str
) -> BulkOrder:
    return BulkOrder(codes, event, acting(database, login), data or GOOD_DATA.get(event, {}))


KEYS = (b"a key of these tests", b"the one before")


def look(database: Database, clock: FixedClock, asked: BulkOrder) -> Preview:
    with database.read() as tx:
        return preview(tx, asked, clock.today(), Seal(KEYS, clock.now()))


def do(database: Database, clock: FixedClock, asked: BulkOrder, token: str) -> tuple[Advanced, ...]:
    with database.write() as tx:
        seal = Seal(KEYS, clock.now())
        return carry_out(tx, asked, token, seal=seal, sender=SENDER, today=clock.today())


def states(database: Database, codes: Sequence[str]) -> list[str]:
    found = dict(rows(database, "SELECT code, state FROM products"))
    return [found[code] for code in codes]


def test_each_product_gets_its_verdict_and_nothing_is_written(staffed: Database, clock: FixedClock) -> None:
    act(staffed, clock, OWN[1], "register")
    before = everything(staffed)
    found = look(staffed, clock, order(staffed, [*OWN, FOREIGN, "DP24-999"]))
    assert [(item.code, item.allowed, type(item.refusal)) for item in found.verdicts] == [
        (OWN[0], True, type(None)),
        (OWN[1], False, EventRefused),
        (OWN[2], True, type(None)),
        (FOREIGN, False, NotFound),
        ("DP24-999", False, NotFound),
    ]
    assert everything(staffed) == before


def test_the_commit_moves_what_the_preview_allowed(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, [*OWN, FOREIGN])
    done = do(staffed, clock, asked, look(staffed, clock, asked).token)
    assert [step.code for step in done] == OWN
    assert states(staffed, [*OWN, FOREIGN]) == ["registered"] * 3 + ["idea"]


def test_what_has_drifted_since_is_named_and_nothing_is_written(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN)
    token = look(staffed, clock, asked).token
    act(staffed, clock, OWN[1], "withdraw")
    before = everything(staffed)
    with pytest.raises(Drifted) as caught:
        do(staffed, clock, asked, token)
    assert [(item.place, item.text.vi) for item in caught.value.faults] == [
        (OWN[1], "đã sang phiên bản 1, lúc xem là 0")
    ]
    assert everything(staffed) == before


def test_a_token_is_good_once(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN)
    token = look(staffed, clock, asked).token
    do(staffed, clock, asked, token)
    with pytest.raises(Drifted):
        do(staffed, clock, asked, token)


def test_a_token_belongs_to_one_order_of_one_officer(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN)
    token = look(staffed, clock, asked).token
    before = everything(staffed)
    for other in (
        order(staffed, OWN[:2]),
        order(staffed, OWN, group="craft"),
        order(staffed, OWN, "withdraw"),
        order(staffed, OWN, login="minh"),
    ):
        with pytest.raises(WrongUse):
            do(staffed, clock, other, token)
    assert everything(staffed) == before


def signed(words: object, clock: FixedClock, keys: tuple[bytes, ...] = KEYS) -> str:
    return Seal(keys, clock.now()).close(json.dumps(words).encode())


@pytest.mark.parametrize(
    "token", ["", "x", "é", "====", "A" * 200, base64.urlsafe_b64encode(b"x" * 99).decode()]
)
def test_what_is_no_token_is_refused(staffed: Database, clock: FixedClock, token: str) -> None:
    with pytest.raises(WrongUse):
        do(staffed, clock, order(staffed, OWN), token)


def test_a_token_made_up_by_hand_says_nothing_of_any_product(staffed: Database, clock: FixedClock) -> None:
    """Not whether it exists, not which version it has: it is not looked for."""
    asked = order(staffed, [FOREIGN])
    (promised, _) = json.loads(Seal(KEYS, clock.now()).open(look(staffed, clock, asked).token) or b"")
    before = everything(staffed)
    for code in (FOREIGN, "DP24-999", OWN[0]):
        made_up = signed([promised, {code: 7}], clock, keys=(b"a guess",))
        with pytest.raises(WrongUse) as caught:
            do(staffed, clock, asked, made_up)
        assert caught.value.text.en == (
            "The token has expired or does not belong to this order; preview it again."
        )
    assert everything(staffed) == before


def test_a_token_cannot_be_changed(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN)
    token = bytearray(base64.urlsafe_b64decode(look(staffed, clock, asked).token))
    for place in range(len(token)):
        token[place] ^= 1
        with pytest.raises(WrongUse):
            do(staffed, clock, asked, base64.urlsafe_b64encode(token).decode())
        token[place] ^= 1
    assert len(do(staffed, clock, asked, base64.urlsafe_b64encode(token).decode())) == len(OWN)


def test_a_token_is_good_for_an_hour(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN)
    token = look(staffed, clock, asked).token
    clock.wait(LIVES + timedelta(seconds=1))
    with pytest.raises(WrongUse):
        do(staffed, clock, asked, token)


def test_a_token_of_the_secret_before_is_believed_and_one_of_an_earlier_is_not(
    staffed: Database, clock: FixedClock
) -> None:
    asked = order(staffed, OWN)
    (promised, versions) = json.loads(Seal(KEYS, clock.now()).open(look(staffed, clock, asked).token) or b"")
    with pytest.raises(WrongUse):
        do(staffed, clock, asked, signed([promised, versions], clock, keys=(b"two before",)))
    assert len(do(staffed, clock, asked, signed([promised, versions], clock, keys=KEYS[1:]))) == len(OWN)


def test_what_is_not_seen_any_more_is_not_spoken_of(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN)
    token = look(staffed, clock, asked).token
    with staffed.write() as tx:
        tx.exec_driver_sql(
            "UPDATE products SET version = 5, unit_id = (SELECT id FROM units WHERE slug = 'pho-khanh')"
        )
    with pytest.raises(NotFound):
        do(staffed, clock, asked, token)


def test_what_is_in_other_hands_is_said_so(staffed: Database, clock: FixedClock) -> None:
    act(staffed, clock, OWN[0], "register")
    (verdict,) = look(staffed, clock, order(staffed, OWN[:1], "select")).verdicts
    assert isinstance(verdict.refusal, NotPermitted)


@pytest.mark.parametrize("codes", [[], ["DP24-001"] * 2, [f"DP24-{number}" for number in range(1001)]])
def test_too_few_too_many_and_twice_are_refused(
    staffed: Database, clock: FixedClock, codes: list[str]
) -> None:
    with pytest.raises(WrongUse):
        look(staffed, clock, order(staffed, codes))


def test_data_at_fault_is_at_fault_for_all(staffed: Database, clock: FixedClock) -> None:
    with pytest.raises(InvalidInput):
        look(staffed, clock, order(staffed, OWN, unknown="field"))


def test_one_that_cannot_be_written_takes_all_others_back(staffed: Database, clock: FixedClock) -> None:
    asked = order(staffed, OWN, group="no-such-group")
    token = look(staffed, clock, asked).token
    before = everything(staffed)
    with pytest.raises(OcopError):
        do(staffed, clock, asked, token)
    assert everything(staffed) == before
