"""Many products at once: a verdict for each, a token, and then all of it or nothing."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import InvalidInput, NotFound, NotPermitted, OcopError, WrongUse
from ocop_workflow.services.bulk import BulkOrder, Drifted, carry_out, preview
from ocop_workflow.services.products import EventRefused
from tests.factories import GOOD_DATA, SENDER, act, rows
from tests.services.cast import acting, appoint
from tests.services.journeys import everything

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.services.bulk import Preview
    from ocop_workflow.services.products import Advanced
    from ocop_workflow.storage import Database
    from tests.fakes import FixedClock

OWN = ["DP24-002", "DP24-003", "DP24-004"]  # of Phổ An
FOREIGN = "DP24-011"  # of Phổ Khánh


@pytest.fixture
def staffed(seeded: Database, clock: FixedClock) -> Database:
    """The seed, with officers."""
    appoint(seeded, clock)
    return seeded


def order(
    database: Database, codes: Sequence[str], event: str = "register", login: str = "lan", **data: str
) -> BulkOrder:
    return BulkOrder(codes, event, acting(database, login), data or GOOD_DATA.get(event, {}))


def look(database: Database, clock: FixedClock, asked: BulkOrder) -> Preview:
    with database.read() as tx:
        return preview(tx, asked, clock.today())


def do(database: Database, clock: FixedClock, asked: BulkOrder, token: str) -> tuple[Advanced, ...]:
    with database.write() as tx:
        return carry_out(tx, asked, token, sender=SENDER, today=clock.today(), now=clock.now())


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


def forged(asked: object, versions: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps([asked, versions]).encode())).decode()


@pytest.mark.parametrize(
    "token",
    [
        "", "x", "é", "====", forged("", {}), forged(1, {}), forged("", []), forged("", {"DP24-001": "0"}),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 10**6)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b" " * 10**7)).decode(),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_token_is_refused(staffed: Database, clock: FixedClock, token: str) -> None:
    with pytest.raises(WrongUse):
        do(staffed, clock, order(staffed, OWN), token)


def test_a_forged_token_gives_no_right(staffed: Database, clock: FixedClock) -> None:
    """Whoever makes up the promise itself still meets the rights of each product."""
    asked = order(staffed, [FOREIGN])
    real = json.loads(zlib.decompress(base64.urlsafe_b64decode(look(staffed, clock, asked).token)))
    before = everything(staffed)
    with pytest.raises(NotFound):
        do(staffed, clock, asked, forged(real[0], {FOREIGN: 0}))
    assert everything(staffed) == before


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
