"""The address of an officer's own letters: set, replaced, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import Conflict
from ocop_workflow.notifications import check_address
from ocop_workflow.people import book_queries as address_book
from ocop_workflow.people.officers import find_officer, managing
from ocop_workflow.people.staff import refuse_out_of_reach
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.places.queries import end_contacts

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.people.book_queries import ContactRecord
    from ocop_workflow.people.officer_queries import OfficerRecord
    from ocop_workflow.store import Connection


def officer_address(tx: Connection, by: Actor, login: str) -> ContactRecord | None:
    """Return the address of an officer's letters: one's own, or of whom the actor manages everywhere.

    Raises:
        NotFound: nobody in reach has this login.
        NotPermitted: the officer has a role where the actor does not manage officers.
    """
    return address_book.officer_contact(tx, _handled(tx, by, login)[0].id)


def set_officer_address(
    tx: Connection, by: Actor, login: str, address: str | None, *, today: date, now: datetime
) -> ContactRecord | None:
    """Send an officer's letters to an address from today on, and to none before it; none: to none at all.

    Raises:
        NotFound, NotPermitted: see `officer_address`.
        Conflict: the officer is disabled.
        InvalidInput: the address cannot be used.
    """
    officer, warrant = _handled(tx, by, login)
    if address is not None and officer.disabled_at is not None:
        raise Conflict(f"Cán bộ {login} đã bị vô hiệu hóa.", f"The officer {login} is disabled.")
    before = address_book.officer_contact(tx, officer.id)
    if (before.address if before else None) == address:
        return before
    if before is not None:
        end_contacts(tx, [before.id], today)
    if address is not None:
        address_book.insert_officer_contact(tx, officer.id, check_address(address), today)
    after = address_book.officer_contact(tx, officer.id)
    deed = Deed("officer.email", f"officer:{login}", _hashed(tx, before), _hashed(tx, after))
    audit.record(tx, by, deed, now, warrant)
    return after


def _hashed(tx: Connection, record: ContactRecord | None) -> dict[str, dict[str, str | None]] | None:
    """Return what the audit may hold: of the address only its salted hash."""
    return {"email": audit.hashed(contacts.kept(tx, record.id))} if record else None


def _handled(tx: Connection, by: Actor, login: str) -> tuple[OfficerRecord, Warrant | None]:
    refuse_out_of_reach(tx, by, login)
    officer = find_officer(tx, login)
    return officer, managing(tx, by, officer) if by.officer_id != officer.id else None
