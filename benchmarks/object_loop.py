"""The sweep as a cron job with an ORM does it: one object after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session, relationship

from benchmarks import sweep
from benchmarks.data import SPIKE
from benchmarks.measuring import Row, Run, Stopwatch, in_child, medians
from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.store import Database, tables

if TYPE_CHECKING:
    from datetime import date

    from benchmarks.stores import Store


class Base(DeclarativeBase):
    metadata = tables.metadata


class Plan(Base):
    __table__ = tables.plans


class Flag(Base):
    __table__ = tables.flags


class Reminder(Base):
    __table__ = tables.reminders


class Deadline(Base):
    __table__ = tables.deadlines
    plan = relationship(Plan)
    flag = relationship(Flag, uselist=False)


class Product(Base):
    __table__ = tables.products
    deadlines = relationship(Deadline)


def loop(watch: Stopwatch, url: str) -> None:
    """Visit every product, look at its deadlines, write what is due; commit every thousand."""
    database = Database(url)
    with watch, Session(database.engine) as session:
        numbers = list(session.scalars(tables.products.select().with_only_columns(tables.products.c.id)))
        for place, number in enumerate(numbers, start=1):
            product: Any = session.get_one(Product, number)  # its columns come from the tables
            for deadline in product.deadlines:
                if deadline.closed_on is None and deadline.due_on < SPIKE:
                    _late(session, product, deadline, SPIKE)
            if place % 1000 == 0:
                session.commit()
                session.expunge_all()
        session.commit()
    database.close()


def _late(session: Session, product: Any, deadline: Any, today: date) -> None:
    if deadline.flag is None:
        deadline.flag = Flag(raised_on=deadline.due_on + timedelta(days=1))
    for unit_id in (product.unit_id, deadline.plan.unit_id):
        desk_id = session.scalars(select(tables.desks.c.id).where(tables.desks.c.unit_id == unit_id)).one()
        stage = (today - deadline.due_on).days
        if session.get(Reminder, (deadline.id, stage, desk_id)) is None:
            session.add(
                Reminder(
                    deadline_id=deadline.id,
                    stage=stage,
                    desk_id=desk_id,
                    day=today,
                    status=ReminderStatus.DUE,
                )
            )
    deadline.next_action_on = deadline.due_on + timedelta(days=7)


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure how much slower the loop is: here the ratio is the gain."""

    def slow() -> Run:
        with store.fresh() as url:
            return in_child(loop, url)

    def fast() -> Run:
        with store.fresh() as url:
            return in_child(sweep.ours, url)

    theirs, mine = medians(rounds, slow, fast)
    return [
        Row(
            "our sweep beside an object loop",
            store.kind,
            store.size,
            mine.seconds,
            theirs.seconds,
            mine.memory,
        )
    ]
