"""What is shown of officers, their roles and tokens, of producers, and of the addresses of units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ocop_workflow.access import Permission, Role, Scope, misplaced
from ocop_workflow.errors import say
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Level
from ocop_workflow.views import View, etag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.access import Actor, Grant
    from ocop_workflow.errors import Language
    from ocop_workflow.people.book_queries import ContactRecord
    from ocop_workflow.people.officer_queries import TokenRecord
    from ocop_workflow.people.producer_queries import ProducerRecord
    from ocop_workflow.people.staff import Member
    from ocop_workflow.people.tokens import TokenOrder
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class HeldRoleView(View):
    """A role on a unit. `remark`: what it will not do there, though its name promises it."""

    role: Role
    role_label: str
    unit: str
    level: Level
    remark: str | None

    @classmethod
    def of(cls, held: Grant, language: Language = "vi") -> HeldRoleView:
        """Return what is shown of a role that somebody holds."""
        remark = misplaced(held.role, held.level)
        return cls.alike(
            held, role_label=say(held.role.text, language), remark=say(remark, language) if remark else None
        )


@dataclass(frozen=True, slots=True)
class OfficerView(View):
    """An officer, with the roles in the units of whoever looks. `etag` is what `If-Match` takes."""

    login: str
    name: str
    disabled: bool
    created_at: datetime
    roles: tuple[HeldRoleView, ...]
    etag: str

    @classmethod
    def of(cls, member: Member, language: Language = "vi") -> OfficerView:
        """Return what is shown of an officer."""
        return cls.alike(
            member.officer,
            disabled=member.officer.disabled_at is not None,
            roles=tuple(HeldRoleView.of(held, language) for held in member.roles),
            etag=etag(member.tag),
        )


@dataclass(frozen=True, slots=True)
class OfficerEmailView(View):
    """The address of an officer's own letters, and since which local day; none: there is none."""

    login: str
    email: str | None
    valid_from: date | None

    @classmethod
    def of(cls, login: str, record: ContactRecord | None) -> OfficerEmailView:
        """Return what is shown of an officer's address."""
        return cls(login, record.address, record.valid_from) if record else cls(login, None, None)


@dataclass(frozen=True, slots=True)
class PasswordSetView(View):
    """Whose password was set."""

    login: str
    password_set: Literal[True]


@dataclass(frozen=True, slots=True)
class TokenView(View):
    """A token, by what it begins with; itself it is kept nowhere. `unit`: whose calendar a feed reads."""

    json_names = (("officer", "login"),)

    prefix: str
    officer: str
    scope: Scope
    scope_label: str
    label: str
    unit: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    status: Literal["active", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class NewTokenView(View):
    """A token that was made: shown once. `address`: of a feed, what a calendar program subscribes to."""

    json_names = TokenView.json_names

    token: str = field(repr=False)
    prefix: str
    officer: str
    scope: Scope
    scope_label: str
    label: str
    days: int
    unit: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    status: Literal["active", "expired", "revoked"]
    address: str | None = field(repr=False)

    @classmethod
    def of(cls, view: TokenView, token: str, order: TokenOrder, site: str) -> NewTokenView:
        """Return what is shown, once, of a token that was just made.

        Args:
            view: the token as it is shown ever after.
            token: the token itself.
            order: what was asked for.
            site: where the service is reached.
        """
        feed = f"{site}/api/v1/calendar.ics?token={token}" if order.unit else None
        return cls.alike(view, token=token, days=order.days, address=feed)


def show_tokens(
    tx: Connection, found: Sequence[TokenRecord], now: datetime, language: Language = "vi"
) -> list[TokenView]:
    """Return what is shown of tokens at an instant."""
    places = units.units_by_id(tx, {row.unit_id for row in found if row.unit_id})
    return [
        TokenView.alike(
            row,
            officer=row.login,
            scope_label=say(row.scope.text, language),
            unit=places[row.unit_id].slug if row.unit_id else None,
            status="revoked" if row.revoked_at else "expired" if row.expires_at <= now else "active",
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class MeView(View):
    """Who asks: the officer, the roles, what these and the token together allow, and the token itself."""

    login: str
    name: str
    roles: tuple[HeldRoleView, ...]
    permissions: tuple[Permission, ...]
    token: TokenView

    @classmethod
    def of(cls, actor: Actor, name: str, token: TokenView, language: Language) -> MeView:
        """Return what is shown of whoever asks."""
        return cls(
            actor.login,
            name,
            tuple(HeldRoleView.of(held, language) for held in actor.grants),
            tuple(right for right in Permission if actor.units_with(right) != frozenset()),
            token,
        )


@dataclass(frozen=True, slots=True)
class ContactView(View):
    """An address to which a unit's letters go. `valid_to`: the first day on which they no longer do."""

    id: int
    unit: str
    address: str
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, record: ContactRecord, unit: str) -> ContactView:
        """Return what is shown of an address of a unit."""
        return cls.alike(record, unit=unit)


@dataclass(frozen=True, slots=True)
class ProducerView(View):
    """A producer, with the name of its unit; `registration`: its business's number, none: not known."""

    id: int
    name: str
    representative: str
    registration: str | None
    unit: str

    @classmethod
    def of(cls, record: ProducerRecord) -> ProducerView:
        """Return what is shown of a producer."""
        return cls.alike(record, unit=record.unit_name)
