"""Renewals: of every certificate that runs or has run out, how and until when it is, or was, to be saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.calendar.rounds.renewals import (
    Renewable,
    RenewalStatus,
    SavingRound,
    rounds_until,
    save_by,
    status_of,
)
from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.register_queries import SoughtRenewals
from ocop_workflow.certificates.views import DECIDED, grace_of
from ocop_workflow.errors import NotFound, say
from ocop_workflow.letters.reminder_queries import first_told
from ocop_workflow.people.officers import HOST
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.regulations import regulation_on
from ocop_workflow.renewals.queries import why_not_renewing
from ocop_workflow.states import CertificateStanding, Dossier, NotRenewing
from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.calendar.rounds.renewals import SaveBy
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.renewals.queries import Declined
    from ocop_workflow.store import Connection

_Day = date

#: how long a certificate that ended without a successor is still listed
_LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class SaveByView(View):
    """By what a certificate is saved, and the last day; `opens_on`: the window's first day.

    `provisional`: the round's year has no plan yet, its days are those of the last one.
    """

    kind: str
    round: str | None
    date: _Day
    opens_on: _Day | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class RenewalView(View):
    """A certificate, the last day on which filing saves it, and how its renewal stands.

    `granted_under`: the regulation of its decision, none: not known; `regulation`: the one by which it is
    reckoned on the day of asking. `told_on`: the day of the first letter that spoke of its end.
    `not_renewing`, `reason`: why its producer has it rated no more, and the same in words; none: it may be.
    """

    certificate: int
    product: str | None
    name: str
    producer: str | None
    unit: str
    unit_name: str
    star: int
    standing: CertificateStanding
    expires_on: date
    granted_under: str | None
    regulation: str | None
    save_by: SaveByView | None
    status: RenewalStatus
    status_label: str
    told_on: date | None
    not_renewing: NotRenewing | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WantedRenewals:
    """Which renewals are asked for: of a unit, to be saved within so many days; none: all.

    `after`: last day and number of the certificate behind which the list begins; `limit`: how many.
    `renewed`: those of the last year, too, that have a successor by now.
    """

    unit: str | None = None
    within: int | None = None
    after: tuple[date, int] | None = None
    limit: int | None = None
    renewed: bool = False


def list_renewals(
    tx: Connection, on: date, wanted: WantedRenewals, actor: Actor = HOST, language: Language = "vi"
) -> list[RenewalView]:
    """Return the certificates to be saved, by their last days: where a law has a window, by the day to file.

    Under a law without a window the day is a round's: a whole list (without `limit`) is put in its order, and
    those without one come last.

    Args:
        tx: the transaction.
        on: the local day of asking; by the law in force on it everything is reckoned.
        wanted: which of them.
        actor: who asks; certificates of other units are not there for them.
        language: of what is said.

    Raises:
        NotFound: there is no such unit.
    """
    saving = _Saving(tx, on)
    records = register.find_renewable(tx, _sought(tx, on, wanted, actor, saving.law))
    told = first_told(tx, {one.id for one in records}, on)
    known = units.units_by_id(tx, {one.unit_id for one in records})
    declined = why_not_renewing(tx, {one.id for one in records if _is_declined(one, on)})
    found = [
        _view(
            one,
            saving.of(one),
            told.get(one.id),
            on,
            known[one.unit_id].slug,
            language,
            declined.get(one.id),
        )
        for one in records
    ]
    if saving.law is None or saving.law.renewal:
        return found
    if wanted.within is not None:
        last = on + timedelta(days=wanted.within)
        found = [one for one in found if one.save_by is not None and one.save_by.date <= last]
    return found if wanted.limit is not None else sorted(found, key=_place)


def count_renewals(tx: Connection, on: date, wanted: WantedRenewals, actor: Actor = HOST) -> int:
    """Return how many certificates match that the actor may see, on all pages together.

    Under a law without a window `within` is not counted by.

    Raises:
        NotFound: there is no such unit.
    """
    sought = _sought(tx, on, wanted, actor, regulation_on(on))
    return register.count_renewable(tx, replace(sought, after=None, limit=None))


def _sought(
    tx: Connection, on: date, wanted: WantedRenewals, actor: Actor, law: Regulation | None
) -> SoughtRenewals:
    ends = None
    if wanted.within is not None and law is not None and law.renewal:
        closes = timedelta(days=law.renewal.closes)
        ends = law.in_force.since + closes, on + timedelta(days=wanted.within) + closes
    return SoughtRenewals(
        on,
        on - _LOOKED_BACK,
        actor.units_with(Permission.READ),
        _unit(tx, wanted.unit) if wanted.unit else None,
        ends,
        wanted.after,
        wanted.limit,
        wanted.renewed,
    )


def _unit(tx: Connection, slug: str) -> int:
    unit = units.unit_by_slug(tx, slug)
    if unit is None:
        raise NotFound(f"Không có địa phương {slug}.", f"There is no unit {slug}.")
    return unit.id


def _place(view: RenewalView) -> tuple[bool, date, int]:
    until = view.save_by.date if view.save_by else view.expires_on
    return view.save_by is None, until, view.certificate


class _Saving:
    """Finds by what certificates are saved on a day; the rounds of a place are read once."""

    def __init__(self, tx: Connection, on: date) -> None:
        self._tx, self.law = tx, regulation_on(on)
        self._lines: dict[int, frozenset[int]] = {}
        self._plans: list[PlanRecord] | None = None

    def of(self, record: CertificateRecord) -> tuple[Regulation | None, SaveBy | None]:
        """Return the law of the day, and how the certificate is saved under it."""
        if self.law is None:
            return None, None
        rounds = () if self.law.renewal else self._rounds(self.law, record)
        return self.law, save_by(self.law, record.valid_until, rounds)

    def _rounds(self, law: Regulation, record: CertificateRecord) -> list[SavingRound]:
        """Return the rounds of the level that owns its star: a year's own plan goes before a template."""
        level = law.owner(record.star)
        if level is None:
            return []
        if self._plans is None:
            self._plans = plans.all_plans(self._tx)
        if record.unit_id not in self._lines:
            self._lines[record.unit_id] = frozenset(units.lineage(self._tx, record.unit_id))
        line = self._lines[record.unit_id]
        by_year: dict[int, list[SavingRound]] = {}
        for plan in self._plans:  # newest year first
            if plan.unit_id not in line:
                continue
            calendar = calendar_of(self._tx, plan.id, plan.sha256)
            reader = calendar.reader(record.valid_until, {})
            for one in rounds_until(calendar.plan, reader, level, record.star, record.valid_until):
                known = by_year.setdefault(one.dossiers.year, [])
                if not one.provisional:
                    known[:] = [other for other in known if not other.provisional]
                if one.provisional and any(not other.provisional for other in known):
                    continue
                known.append(one)
        return [one for known in by_year.values() for one in known]


def _view(
    record: CertificateRecord,
    saved: tuple[Regulation | None, SaveBy | None],
    told_on: date | None,
    on: date,
    slug: str,
    language: Language,
    declined: Declined | None,
) -> RenewalView:
    law, by = saved
    has_ended = record.ended_on is not None and record.ended_on <= on
    is_filed = record.dossier is Dossier.RENEWAL and record.state not in DECIDED
    found = Renewable(
        record.valid_until,
        record.ended_because if has_ended else None,
        filed_on=record.filed_on if is_filed and record.filed_on and record.filed_on <= on else None,
        grace_until=grace_of(record, on),
        told_on=told_on,
        is_declined=_is_declined(record, on),
    )
    status = status_of(found, by, on)
    return RenewalView(
        certificate=record.id,
        product=record.code or None,
        name=record.product,
        producer=record.producer,
        unit=slug,
        unit_name=record.unit,
        star=record.star,
        standing=record.standing,
        expires_on=record.valid_until,
        granted_under=record.regulation,
        regulation=law.id if law else None,
        save_by=SaveByView(by.kind.value, by.round, by.on, by.opens, by.provisional) if by else None,
        status=status,
        status_label=say(status.text, language),
        told_on=told_on,
        not_renewing=declined.why if declined else None,
        reason=_in_words(declined, language) if declined else None,
    )


def _is_declined(record: CertificateRecord, on: date) -> bool:
    since = record.not_renewing_on
    return record.ended_on is None and since is not None and since <= on


def _in_words(declined: Declined, language: Language) -> str:
    words = say(declined.why.text, language)
    return f"{words}: {declined.note}" if declined.note else words
