"""Certificates' deadlines and open dossiers go over to the regulation in force; see `certificates`, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.changes.new_law.certificates import go_over
from ocop_workflow.changes.new_law.queries import dossiers_left, is_any_left
from ocop_workflow.errors import OcopError
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.states import Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Text
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection

#: dossiers that are carried over in one transaction
AT_ONCE = 50


def carry_over(
    connection: Connection,
    begin: Callable[[], AbstractContextManager[object]],
    by: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> list[Text]:
    """Let every open dossier go over whose term has ended, by `change_regulation`. Twice, it does nothing.

    Certificates' deadlines go first: they do so on a law's first day, whatever becomes of dossiers.
    One that two regulations have left behind takes two steps. Each is made as an officer would make it:
    history, deadlines, notice, audit. What cannot be carried over is left as it is, and told.

    Args:
        connection: to the database.
        begin: opens one of several short transactions.
        by: in whose name: the daily check.
        sender: in whose name notices go out.
        today: the local day.
        now: this instant.

    Returns:
        what could not be done, in words.
    """
    go_over(connection, begin, by, today, now)
    faults: list[Text] = []
    after = 0
    while True:
        with begin():
            found = dossiers_left(connection, today, after, AT_ONCE)
            for one in found:
                order = Order(one.code, Event.CHANGE_REGULATION.value, by, {}, on=today)
                try:
                    with connection.begin_nested():
                        moved = advance(connection, order, sender=sender, today=today, now=now)
                        while is_any_left(connection, today, moved.code):
                            moved = advance(connection, order, sender=sender, today=today, now=now)
                except OcopError as error:
                    faults.append(error.text)
        if not found:
            return faults
        after = found[-1].id
