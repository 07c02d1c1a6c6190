"""What is answered about officers, tokens and addresses, for the OpenAPI document only; see `documents`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ocop_workflow.access import Permission, Role, Scope
from ocop_workflow.regulations import Level
from ocop_workflow.web.product_documents import Shown


class HeldRole(Shown):
    """A role on a unit. `remark`: what it will not do there, though its name promises it."""

    role: Role
    role_label: str
    unit: str
    level: Level
    remark: str | None


class Officer(Shown):
    """An officer, with the roles in the units of whoever looks. `etag` is what `If-Match` takes."""

    login: str
    name: str
    disabled: bool
    created_at: datetime
    roles: list[HeldRole]
    etag: str


class PasswordSet(Shown):
    """Whose password was set."""

    login: str
    password_set: bool


class Token(Shown):
    """A token, by what it begins with; itself it is kept nowhere. `unit`: whose calendar a feed reads."""

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


class NewToken(Token):
    """A token that was made: shown once. `address`: of a feed, what a calendar program subscribes to."""

    token: str
    address: str | None


class Me(Shown):
    """Who asks: the officer, the roles, what these and the token together allow, and the token itself."""

    login: str
    name: str
    roles: list[HeldRole]
    permissions: list[Permission]
    token: Token


class Contact(Shown):
    """An address to which a unit's letters go. `valid_to`: the first day on which they no longer do."""

    id: int
    unit: str
    address: str
    valid_from: date
    valid_to: date | None
