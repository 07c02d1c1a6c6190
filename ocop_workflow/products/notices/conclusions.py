"""The conclusion on which a certificate is, or was, to be revoked, as the product's history has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.products import queries as products
from ocop_workflow.regulations import regulation_on
from ocop_workflow.states import Event, EventData

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.products.queries import HistoryEntry
    from ocop_workflow.regulations import Regulation, RevocationGround
    from ocop_workflow.store import Connection


#: the letter of the ground that the commune confirms
_STOPPED: Final = "đ"


@dataclass(frozen=True, slots=True)
class Concluded:
    """A conclusion, or a commune's confirmation: its number, local day and body, and what it says.

    Attributes:
        given: the ground as it was given: a letter of the law of its day, else words.
        revoked: what was given with the decision that followed it; none: nothing was decided yet.
        recorded_for: the local day of that decision's step.
        step: the row of that decision's step in the history; none: see above.
    """

    number: str
    on: date
    body: str
    given: str
    findings: str
    revoked: EventData | None = None
    recorded_for: date | None = None
    step: int | None = None

    @property
    def law(self) -> Regulation | None:
        """The regulation in force on its day: grounds, procedure and clocks are that one's."""
        return regulation_on(self.on)

    @property
    def clause(self) -> RevocationGround | None:
        """The ground as its law has it; none: that law's grounds are not known."""
        return self.law.ground(self.given) if self.law else None

    @property
    def ground(self) -> str:
        """The ground in words, with its clause where that is known."""
        return f"{self.clause.as_written.rstrip('.')} ({self.clause.clause})" if self.clause else self.given

    @property
    def kind(self) -> str:
        """What it is: a producer that has stopped is confirmed by its commune (QĐ 26/2026, Điều 8.4)."""
        return "xác nhận" if self.clause and self.clause.id == _STOPPED else "kết luận"

    @property
    def named(self) -> str:
        """The document by its number, day and body, in Vietnamese."""
        return f"số {self.number} ngày {self.on:%d/%m/%Y} của {self.body}"


def last_conclusion(tx: Connection, product_id: int) -> Concluded | None:
    """Return the last conclusion against a product's certificate that was not dismissed; none: none is."""
    found: Concluded | None = None
    for entry in products.standing_steps(products.history(tx, product_id)):
        if entry.event is Event.CONCLUDE:
            found = _read(entry)
        elif entry.event is Event.DISMISS:
            found = None
        elif entry.event is Event.REVOKE and found:
            given = EventData.model_validate(entry.data)
            found = replace(found, revoked=given, recorded_for=entry.on, step=entry.id)
    return found


def _read(entry: HistoryEntry) -> Concluded:
    data = EventData.model_validate(entry.data)
    return Concluded(
        number=data.conclusion_number or "",
        on=data.conclusion_date or entry.on,
        body=data.conclusion_body or "",
        given=data.ground or "",
        findings=data.conclusion or "",
    )
