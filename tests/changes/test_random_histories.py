"""Thirty histories in which anything may change: told again day by day by an oracle that knows no service.

The oracle holds for each product only: its state, which version's day and which extensions it has, its
deadlines as (due, opened, closed, why, flag), and for each address the last day that a letter gave.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.sweep.daily import sweep
from tests.changes.amending import amended, change, deliver, extend, is_sound, revoke
from tests.factories import SENDER, act, rows
from tests.picture import picture

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.ordeal

DAY = date.fromisoformat
FIRST = date(2024, 4, 23)
RULES = ("registration", "selection")
STATES = {"idea": 0, "registered": 1, "selected": 2}
OFFSETS = (30, 14, 7, 3, 1)


@dataclass
class Row:
    """One deadline of a product."""

    rule: str
    due: date
    opened: date
    closed: date | None = None
    why: str | None = None
    raised: date | None = None


@dataclass
class Oracle:
    """The town, worked out from the design alone."""

    homes: dict[str, str]
    days: dict[str, date]
    state: dict[str, str] = field(default_factory=dict)
    extended: dict[int, tuple[str, frozenset[str], date]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    believes: dict[tuple[str, str, str], date | None] = field(default_factory=dict)
    corrected: list[tuple[date, str, str, str, date | None]] = field(default_factory=list)

    def due(self, product: str, rule: str) -> date:
        given = [due for name, codes, due in self.extended.values() if name == rule and product in codes]
        return max([self.days[rule], *given[-1:]])

    def wanted(self, product: str) -> tuple[str, date] | None:
        step = STATES[self.state[product]]
        rule = RULES[step] if step < len(RULES) else None
        return (rule, self.due(product, rule)) if rule else None

    def align(self, product: str, today: date, why: str) -> None:
        wanted = self.wanted(product)
        for row in self.open(product):
            if wanted != (row.rule, row.due):
                if row.opened < today and row.due < today and row.raised is None:
                    row.raised = max(row.due + timedelta(days=1), row.opened)
                same = wanted is not None and wanted[0] == row.rule
                row.closed, row.why = today, "moved" if same else why
        if wanted and not self.open(product):
            self.rows[product].append(Row(*wanted, today))

    def open(self, product: str) -> list[Row]:
        return [row for row in self.rows[product] if row.closed is None and row.rule in RULES]

    def change(self, today: date) -> int:
        """Let dates move; returns how many letters set somebody right."""
        moved: set[str] = set()
        for product in self.homes:
            before = [(row.rule, row.due) for row in self.open(product)]
            self.align(product, today, "dropped")
            after = [(row.rule, row.due) for row in self.open(product)]
            moved |= {product} if before != after else set()
        letters = set()
        for (unit, product, rule), told in self.believes.items():
            now = next((row.due for row in self.open(product) if row.rule == rule), None)
            if product in moved and any(row.rule == rule for row in self.open(product)) and told != now:
                self.believes[unit, product, rule] = now
                letters.add(unit)
        return len(letters)

    def sweep(self, today: date) -> None:
        for product in self.homes:
            for row in self.open(product):
                if row.due < today and row.raised is None:
                    row.raised = max(row.due + timedelta(days=1), row.opened)


def _told(database: Database, oracle: Oracle, day: date) -> None:
    """Take from the digests of a day whom they told what, which other tests have looked at."""
    for letter_day, unit, product, rule, _ in picture(database).said:
        if letter_day == day and product != "-" and rule in RULES:
            oracle.believes[unit, product, rule] = next(row.due for row in oracle.open(product))


@pytest.mark.usefixtures("no_cover")
@pytest.mark.parametrize("seed", range(30))
def test_a_random_history_of_changes_is_what_the_oracle_says(
    seeded: Database, clock: FixedClock, seed: int
) -> None:
    chance = random.Random(seed)
    homes = dict(
        rows(seeded, "SELECT p.code, u.slug FROM products p JOIN units u ON u.id = p.unit_id ORDER BY p.code")
    )
    oracle = Oracle(homes, {"registration": DAY("2024-04-30"), "selection": DAY("2024-05-31")})
    for code in homes:
        oracle.state[code], oracle.rows[code] = "idea", []
        oracle.align(code, FIRST, "")
    text = amended("2024-04-30", text=amended("2024-05-31", "selection"))
    clock.move_to(FIRST, 5)
    change(seeded, clock, text)  # the same days, written in another way: nothing moves
    for number in range(20):
        day = FIRST + timedelta(days=number)
        clock.move_to(day)
        if chance.random() < 0.8:
            sweep(seeded, clock, SENDER)
            deliver(seeded, clock)
            oracle.sweep(day)
            _told(seeded, oracle, day)
        clock.move_to(day, 9)
        text = _something(seeded, clock, chance, oracle, text)
        deliver(seeded, clock)
    clock.move_to(FIRST + timedelta(days=20))
    sweep(seeded, clock, SENDER)
    oracle.sweep(clock.today())

    found = [row for row in picture(seeded).deadlines if row[1] in RULES]
    assert sorted(found, key=str) == sorted(
        (
            (code, row.rule, row.due, row.opened, row.closed, row.why)
            for code, told in oracle.rows.items()
            for row in told
        ),
        key=str,
    )
    raised = [(row[0], row[1], row[3]) for row in picture(seeded).flags if row[1] in RULES]
    assert sorted(raised) == sorted(
        (code, row.rule, row.raised) for code, told in oracle.rows.items() for row in told if row.raised
    )
    clock.move_to(clock.today(), 7)
    is_sound(seeded, clock)


def _something(
    database: Database, clock: FixedClock, chance: random.Random, oracle: Oracle, text: str
) -> str:
    """Let an officer do one thing, or nothing, and see that exactly those are corrected who were told."""
    today, what = clock.today(), chance.random()
    if what < 0.25:
        return _amend(database, clock, chance, oracle, text)
    if what < 0.45:
        rule = chance.choice(RULES)
        codes = sorted(
            code
            for code in chance.sample(sorted(oracle.homes), 4)
            if STATES[oracle.state[code]] <= RULES.index(rule)
        )
        to = max([oracle.due(code, rule) for code in codes], default=today) + timedelta(
            chance.randrange(1, 12)
        )
        if codes:
            granted = extend(database, clock, *codes, to=to.isoformat(), milestone=rule)
            oracle.extended[granted.id] = rule, frozenset(codes), to
            assert granted.impact.corrections == oracle.change(today)
    elif what < 0.55 and oracle.extended:
        number = chance.choice(sorted(oracle.extended))
        del oracle.extended[number]
        impact = revoke(database, clock, number)
        assert impact.corrections == oracle.change(today)
    elif what < 0.8:
        code = chance.choice(sorted(oracle.homes))
        step = {"idea": ("register", "registered"), "registered": ("select", "selected")}
        if oracle.state[code] in step:
            event, oracle.state[code] = step[oracle.state[code]]
            act(database, clock, code, event)
            oracle.align(code, today, "reached")
    return text


def _amend(database: Database, clock: FixedClock, chance: random.Random, oracle: Oracle, text: str) -> str:
    rule = chance.choice(RULES)
    lowest, highest = (DAY("2024-04-10"), DAY("2024-05-20")) if rule == RULES[0] else (
        oracle.days[RULES[0]], DAY("2024-06-30"),
    )  # fmt: skip
    if rule == RULES[0]:
        highest = min(highest, oracle.days[RULES[1]])
    new = lowest + timedelta(days=chance.randrange((highest - lowest).days + 1))
    was = f"{{ by = {oracle.days[rule].isoformat()} }}"
    at = text.index(was, text.index(f'id = "{rule}"'))
    if new == oracle.days[rule]:
        return text
    text = text[:at] + f"{{ by = {new.isoformat()} }}" + text[at + len(was) :]
    oracle.days[rule] = new
    impact = change(database, clock, text)
    assert impact.corrections == oracle.change(clock.today())
    return text
