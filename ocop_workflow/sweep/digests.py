"""Digests: the one letter that a desk gets on a day, from everything that is unsaid to it, over all plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from ocop_workflow.calendar import DeadlineKind, is_of_certificate
from ocop_workflow.calendar.laws import is_of_end
from ocop_workflow.calendar.rounds.naming import spoken_round
from ocop_workflow.calendar.rounds.renewals import said_of
from ocop_workflow.deadlines.round_queries import round_shares
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.letters import digest_queries as digesting
from ocop_workflow.letters import queries as letters
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.letters.posting import Draft, listed_at, seal
from ocop_workflow.notifications import (
    Digest,
    Item,
    Letter,
    LetterKind,
    Section,
    Silent,
    digest_key,
    namesakes,
    render_digest,
)
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.regulations import Level, RelativeDeadline, regulation_on
from ocop_workflow.states import CertificateStanding
from ocop_workflow.store.dialect import by_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.calendar.plan import Timed
    from ocop_workflow.calendar.wordings import Wording
    from ocop_workflow.letters.digest_queries import DigestItem
    from ocop_workflow.notifications import Sender
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Written:
    """How many letters a batch put into the outbox, and which desks could get none."""

    letters: int
    faults: tuple[Text, ...] = ()


def write_digests(
    tx: Connection, desk_ids: Sequence[int], day: date, sender: Sender, now: datetime
) -> Written:
    """Write the digests of some desks for a local day into the outbox.

    In one transaction: reminders are marked for the desk's digest; what waits unsent from an older digest
    is carried over; what events have overtaken is dropped; the letters are rendered and stored. A desk
    whose digest of today is already on its way gets the rest on the next working day.
    """
    digesting.take_turns(tx)
    by_key(tx)  # few rows among many
    unsaid = reminding.still_unsaid(tx, desk_ids)  # another sweep may have said it meanwhile
    desk_ids = [desk for desk in desk_ids if desk in unsaid]
    whose = units.units_at(tx, desk_ids)
    found = units.addresses(tx, [unit.id for unit in whose.values()], day)
    addresses = {desk: found[unit.id] for desk, unit in whose.items() if unit.id in found}
    waiting = digesting.hold_waiting(tx, desk_ids)
    served = digesting.desks_served_today(tx, desk_ids, day)
    wanted = [desk for desk in desk_ids if desk in addresses and desk not in served]
    faults = tuple(_no_address(whose[desk]) for desk in desk_ids if desk not in addresses)
    if not wanted:
        return Written(0, faults)
    opened = digesting.open_digests(tx, wanted, day)
    numbers = {desk: digest for desk, (digest, _) in opened.items()}
    reminding.mark_unsaid(tx, numbers.values())
    digesting.supersede_waiting(tx, waiting, numbers)
    reminding.drop_overtaken(tx, numbers.values())
    readable, unreadable = _read_plans(tx, numbers.values())
    faults += unreadable
    over = [plan_id for plan_id, (_, calendar) in readable.items() if day > calendar.plan.last_day]
    if over:
        reminding.let_rest(tx, numbers.values(), over, day)
    items = digesting.items_of(tx, numbers.values())
    digesting.discard_digests(tx, [digest for digest in numbers.values() if digest not in items])
    composer = _Composer(tx, readable, day, sender)
    written = [
        letter
        for desk, (digest, generation) in opened.items()
        if digest in items
        for letter in composer.letters(whose[desk], items[digest], digest, generation, addresses[desk], now)
    ]
    return Written(letters.write_letters(tx, written, now), faults)


def _no_address(unit: UnitRecord) -> Text:
    return Text(
        f"{unit.name} chưa có địa chỉ thư: lời nhắc chưa gửi được (thêm bằng `ocop units load`).",
        f"{unit.name} has no address: its reminders cannot be sent (add one with `ocop units load`).",
    )


def _round(calendar: Calendar, item: DigestItem) -> str:
    """Say from which round an item has its day; empty: from none."""
    found = calendar.rounds_of(item.kind, item.rule, item.due_on, item.due_on)
    counting = (one for one in found if one.counts)
    said = (spoken_round(one.number, one.level, one.dossiers, one.done, one.part) for one in counting)
    return next((text.vi for text in said), "")


_Plans = dict[int, tuple["PlanRecord", "Calendar"]]


def _read_plans(tx: Connection, digest_ids: Collection[int]) -> tuple[_Plans, tuple[Text, ...]]:
    """Return the plans on which the digests rest, by their number.

    What rests on a plan whose data are at fault is left out: it stays unsaid until the plan is repaired.
    """
    readable: _Plans = {}
    faults = []
    for record in plans.plans_by_id(tx, digesting.plans_of(tx, digest_ids)).values():
        try:
            readable[record.id] = record, calendar_of(tx, record.id, record.sha256)
        except OcopError as error:
            reminding.put_back(tx, digest_ids, record.id)
            faults.append(left_out(record, error))
    return readable, tuple(faults)


def left_out(plan: PlanRecord, error: OcopError) -> Text:
    """Say that a plan is left out, and why."""
    return Text(
        f"Kế hoạch {plan.slug} bị bỏ qua: {error.text.vi}",
        f"The plan {plan.slug} is left out: {error.text.en}",
    )


class _Composer:
    """Composes the letters of one batch, whose plans have been read."""

    def __init__(self, tx: Connection, readable: _Plans, day: date, sender: Sender) -> None:
        self._tx = tx
        self._plans = readable
        self._day = day
        self._sender = sender
        self._offices: dict[int, str] = {}

    def letters(
        self,
        unit: UnitRecord,
        items: list[DigestItem],
        digest_id: int,
        generation: int,
        addresses: tuple[str, ...],
        now: datetime,
    ) -> list[Letter]:
        draft = Draft(LetterKind.DIGEST, render_digest(self._digest(unit, items)), digest_id=digest_id)
        return [
            seal(
                draft, digest_key(unit.slug, address, self._day, generation), unit, address, self._sender, now
            )
            for address in addresses
        ]

    def _digest(self, unit: UnitRecord, items: list[DigestItem]) -> Digest:
        authorities = {
            plan_id
            for plan_id in {item.plan_id for item in items if item.plan_id is not None}
            if self._plans[plan_id][0].unit_id == unit.id
        }
        doubled = namesakes((item.product_name, item.unit_name, item.producer) for item in items)
        sections = tuple(
            self._section(
                unit, list(group), doubled, names_places=self._is_authority(unit, key[0], authorities)
            )
            for key, group in groupby(sorted(items, key=_section_order), key=_section_key)
        )
        silent = tuple(self._silent_of(plan_id) for plan_id in sorted(authorities))
        return Digest(
            office=unit.office,
            day=self._day,
            sections=sections,
            public_url=self._sender.public_url,
            silent=tuple(entry for entry in silent if entry.communes),
            rounds=tuple(self._rounds_of(sorted(authorities))),
            list_at=listed_at(unit.slug),
        )

    def _section(
        self, unit: UnitRecord, items: list[DigestItem], doubled: Collection[object], *, names_places: bool
    ) -> Section:
        first = items[0]
        plan, calendar = self._plan_of(first)
        wording = calendar.wording(first.kind, first.rule)
        rule = calendar.rule(first.kind, first.rule)
        on_certificate = is_of_certificate(rule)
        return Section(
            name=wording.name,
            due_on=first.due_on,
            days_left=(first.due_on - self._day).days,
            basis=wording.basis,
            as_written=wording.as_written,
            action=wording.action_for(authority=names_places),
            where=self._where(first, wording),
            hour=calendar.hour(first.kind, first.rule, first.due_on),
            about=_NO_PRODUCT if first.kind is DeadlineKind.COMMUNE else "",
            round=_round(calendar, first),
            saving=self._saving(rule, first.due_on),
            items=tuple(
                Item(
                    item.product_code,
                    item.product_name or "",
                    (item.unit_name or "") if names_places else "",
                    (item.producer or "") if (item.product_name, item.unit_name) in doubled else "",
                    CertificateStanding.PROPOSED.mark if item.proposed and on_certificate else "",
                )
                for item in items
                if item.product_code
            ),
            list_at=listed_at(unit.slug, plan),
        )

    def _where(self, item: DigestItem, wording: Wording) -> str:
        """Say where it is done: under a plan whose authority is no more, at its heir's office."""
        if item.plan_id is None:
            return ""  # the register is no place to go to
        record, calendar = self._plans[item.plan_id]
        if record.unit_slug == calendar.plan.unit:
            return wording.where
        if record.unit_id not in self._offices:
            self._offices[record.unit_id] = units.units_by_id(self._tx, [record.unit_id])[
                record.unit_id
            ].office
        return self._offices[record.unit_id]

    def _saving(self, rule: Timed | RelativeDeadline, due_on: date) -> str:
        """Say what still saves a certificate whose end, or day to file, a section speaks of."""
        law = regulation_on(self._day)
        if law is None or not isinstance(rule, RelativeDeadline) or not is_of_end(rule):
            return ""
        said = said_of(law, due_on - timedelta(days=rule.offset), self._day)
        return said.vi if said else ""

    def _plan_of(self, item: DigestItem) -> tuple[str, Calendar]:
        """Return the id of an item's plan (empty: it is in none), and its calendar."""
        if item.plan_id is None:
            return "", calendar_of(self._tx, None, item.regulation or "")
        record, calendar = self._plans[item.plan_id]
        return record.slug, calendar

    @staticmethod
    def _is_authority(unit: UnitRecord, plan: int | str, authorities: Collection[int]) -> bool:
        """Tell whether a section speaks to whoever has communes under it, and so has to name them."""
        return plan in authorities or (isinstance(plan, str) and unit.level is not Level.COMMUNE)

    def _rounds_of(self, plan_ids: Iterable[int]) -> Iterator[str]:
        """Say of each round that has a quota and whose cut-off is near how much of it has come."""
        for plan_id in plan_ids:
            _, calendar = self._plans[plan_id]
            if any(entry.quota_percent is not None for entry in calendar.plan.rounds):
                shares = round_shares(self._tx, plan_id, calendar, self._day)
                yield from (share.words.vi for share in shares if share.told_on(self._day))

    def _silent_of(self, plan_id: int) -> Silent:
        """Name the communes that have registered nothing, until the plan's year ends."""
        record, calendar = self._plans[plan_id]
        if self._day > calendar.plan.last_day:
            return Silent(calendar.title, ())
        names = units.communes_without_registration(
            self._tx,
            plan_id,
            record.unit_id,
            self._day,
            # more lies under an heir than lay under the authority that it stands for
            with_products_only=record.unit_slug != calendar.plan.unit,
        )
        return Silent(calendar.title, tuple(names))


#: why a commune is told of what products are to do
_NO_PRODUCT = "Đơn vị chưa có sản phẩm nào trong kế hoạch này."


_SectionKey = tuple[int | str, DeadlineKind, str, "date"]


def _section_key(item: DigestItem) -> _SectionKey:
    return item.plan_id or item.regulation or "", item.kind, item.rule, item.due_on


def _section_order(item: DigestItem) -> tuple[date, int, str, str, str, str]:
    plan, law = item.plan_id or 0, "" if item.plan_id else item.regulation or ""
    return item.due_on, plan, law, item.kind.value, item.rule, item.product_code or ""
