"""Erasing what may go of a person: values, letters to them, passwords. What stays as record is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import ERASED
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import Conflict, InvalidInput, Text
from ocop_workflow.letters import digest_queries as digesting
from ocop_workflow.privacy import queries as people
from ocop_workflow.privacy.finding import Person, PersonKind, find_person
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.privacy.erasures import Erasures
    from ocop_workflow.privacy.queries import HeldValue
    from ocop_workflow.store import Connection

#: characters of a reason
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Going:
    """What would go of a person, and what stays.

    Attributes:
        person: who it is.
        values: the contact values that are still there.
        letters: how many letters to them lose their bytes and their address.
        waiting: how many of these have not gone out, and will not.
        logins: whose password, labels of tokens and failed sign-ins go.
        stays: what is kept as record, in sentences.
        notes: what to see to.
    """

    person: Person
    values: tuple[HeldValue, ...]
    letters: int
    waiting: int
    logins: tuple[str, ...]
    stays: tuple[Text, ...]
    notes: tuple[Text, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing left that may go."""
        return not (self.values or self.logins)


def what_goes(tx: Connection, by: Actor, person_id: str) -> Going:
    """Return what would go of a person if `anonymise` were asked for. Writes nothing.

    Raises:
        NotPermitted, NotFound: see `find_person`.
        Conflict: the person is an officer at work, who has to be disabled first.
    """
    return _going(tx, find_person(tx, by, person_id)[0])


def anonymise(
    tx: Connection,
    by: Actor,
    person_id: str,
    reason: str,
    erasures: Erasures,
    *,
    today: date,
    now: datetime,
) -> Going:
    """Erase what may go of a person. Returns what has gone.

    1. the list beside the journal is told first: a backup that is restored later has forgotten it;
    2. values become a sentence that says so, their salts go, units' addresses get no letter any more;
    3. letters to them lose bytes and address; those that have not gone out never will, and what only they
       said is said again to whoever is there;
    4. the audit says who did it, why, and how much it was, but not what.

    Raises:
        NotPermitted, NotFound, Conflict: see `what_goes`; also where nothing is left that may go.
        InvalidInput: no reason is given.
        Unavailable: the list of erasures cannot be written; nothing was erased.
    """
    person, warrant = find_person(tx, by, person_id)
    going = _going(tx, person)
    why = _checked(reason)
    if going.is_nothing:
        raise Conflict(
            f"{person.id}: không còn gì để xoá; phần còn lại là hồ sơ, luật buộc lưu.",
            f"{person.id}: nothing is left that may be erased; the rest is record, which the law keeps.",
        )
    erasures.append([place.mark for place in going.values], going.logins, now)
    _erase(tx, going.values, going.logins, today, now)
    _record(tx, by, going, why, now, warrant)
    return going


def erase_again(tx: Connection, by: Actor, erasures: Erasures, *, today: date, now: datetime) -> int:
    """Erase what the list names and a restored database has again. Returns how much that was.

    Raises:
        Unavailable: the list cannot be read.
    """
    listed = erasures.listed()
    places = people.places_under(tx, listed.marks)
    logins = [login for login in people.officers_kept(tx) if login in listed.logins]
    if places or logins:
        _erase(tx, places, logins, today, now)
        after = {"values": len(places), "officers": len(logins)}
        audit.record(tx, by, Deed("person.erase_again", "erasures", after=after), now)
    return len(places) + len(logins)


def _checked(given: str) -> str:
    reason = clean(given)
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput(
            f"Xoá dữ liệu cá nhân phải nêu lý do, tối đa {LONGEST_REASON} ký tự.",
            f"Erasing personal data needs a reason of at most {LONGEST_REASON} characters.",
        )
    return reason


def _erase(
    tx: Connection, places: Sequence[HeldValue], logins: Sequence[str], today: date, now: datetime
) -> None:
    letters = people.letters_to(tx, [place.address for place in places if place.kind.is_mail])
    waiting = [letter for letter in letters if letter.state in people.UNDERWAY]
    numbers = [letter.id for letter in waiting]
    people.cancel(tx, numbers)
    silent = people.alone_in(tx, {one.digest_id for one in waiting if one.digest_id}, numbers)
    digesting.take_back(tx, [one.id for one in waiting if one.digest_id in silent], silent)
    people.empty_letters(tx, letters, ERASED.vi, now)
    people.empty_values(tx, [place.id for place in places], ERASED.vi, now, today)
    people.empty_officers(tx, logins)


def _record(tx: Connection, by: Actor, going: Going, reason: str, now: datetime, warrant: Warrant) -> None:
    after = {
        "values": len(going.values),
        "letters": going.letters,
        "credentials": len(going.logins),
        "reason": reason,
    }
    audit.record(tx, by, Deed("person.anonymise", f"person:{going.person.id}", after=after), now, warrant)


def _going(tx: Connection, person: Person) -> Going:
    return _OF[person.kind](tx, person)


def _of_representative(tx: Connection, person: Person) -> Going:
    made = people.products_of(tx, int(person.key))
    places = [place for place in people.places_of(tx, [row.id for row in made]) if place.is_there]
    codes = ", ".join(row.code for row in made) or "—"
    return Going(
        person,
        tuple(places),
        0,
        0,
        (),
        (
            Text(
                f"Tên «{person.name}» và tên chủ thể, như trong kế hoạch, quyết định, giấy chứng nhận.",
                f"The name {person.name} and the producer's, as in plan, decisions, certificates.",
            ),
            Text(f"Sản phẩm và lịch sử của: {codes}.", f"Products and their history: {codes}."),
            _AUDIT,
        ),
    )


def _of_contact(tx: Connection, person: Person) -> Going:
    places = [place for place in people.places_like(tx, int(person.key)) if place.is_there]
    letters = people.letters_to(tx, [place.address for place in places])
    waiting = sum(letter.state in people.UNDERWAY for letter in letters)
    return Going(
        person,
        tuple(places),
        len(letters),
        waiting,
        (),
        (
            Text(
                "Việc thư đã được viết và gửi, ngày nào, tiêu đề gì; không còn ghi gửi tới ai.",
                "That letters were written and sent, on which day, with which subject, but not to whom.",
            ),
            _AUDIT,
        ),
        (
            Text(
                f"{person.where} thôi nhận thư ở địa chỉ này; cần thì thêm địa chỉ khác: "
                "`ocop units contact add`.",
                f"{person.where} gets no letter there any more; add another: `ocop units contact add`.",
            ),
        ),
    )


def _of_officer(tx: Connection, person: Person) -> Going:
    if person.is_active:
        raise Conflict(
            f"{person.key} còn đang làm việc; khóa tài khoản trước: `ocop officer disable {person.key}`.",
            f"{person.key} works here still; disable first: `ocop officer disable {person.key}`.",
        )
    logins = (person.key,) if person.key in people.officers_kept(tx) else ()
    values = tuple(value for value in people.addresses_of(tx, [person.key]) if value.is_there)
    letters = people.letters_to(tx, [value.address for value in values])
    return Going(
        person,
        values,
        len(letters),
        sum(letter.state in people.UNDERWAY for letter in letters),
        logins,
        (
            Text(
                f"Tên «{person.name}», tên đăng nhập {person.key}, những việc đã làm: lịch sử, nhật ký.",
                f"The name {person.name}, the login {person.key} and what was done: histories, audit.",
            ),
        ),
    )


_AUDIT = Text(
    "Nhật ký kiểm tra: chỉ còn dấu không đọc lại được; phần đã niêm phong giữ nguyên.",
    "The audit: hashes that nobody can read any more; its sealed segment stays as it is.",
)
_OF = {
    PersonKind.REPRESENTATIVE: _of_representative,
    PersonKind.CONTACT: _of_contact,
    PersonKind.OFFICER: _of_officer,
}
