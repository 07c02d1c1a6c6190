"""Which law decides a product's dossier today, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text, say
from ocop_workflow.people.officers import HOST
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.checks import find_product, place_of, regulation_behind
from ocop_workflow.regulations import Level, change_over
from ocop_workflow.regulations.signers import SignedDocument, signer_row
from ocop_workflow.states.lifecycle import GOES_OVER
from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class LawLevelView(View):
    """A level with a council under this law, by its name at this product; the stars that it recognises."""

    level: Level
    body: str
    stars: tuple[int, ...]
    signs: str | None


@dataclass(frozen=True, slots=True)
class LawClockView(View):
    """A limit of time that this law itself sets, with its clause."""

    name: str
    as_written: str
    clause: str


@dataclass(frozen=True, slots=True)
class LawTodayView(View):
    """By which law a product's dossier is decided on a local day.

    Attributes:
        received_on: the day that decided it; none: the dossier was not received, so it is what is in force.
        why: the same in words.
        papers: what the dossier has to hold.
        until: the last local day under this law, while the dossier is open and another law has come; then it
            goes over to the one whose number is `following`, as `clause` says.
        uncertain: whether that day rests on a reading of the service.
    """

    code: str
    on: date
    regulation: str
    number: str
    title: str
    received_on: date | None
    why: str
    levels: tuple[LawLevelView, ...]
    papers: tuple[str, ...]
    clocks: tuple[LawClockView, ...]
    validity_months: int
    until: date | None
    following: str | None
    clause: str | None
    uncertain: bool


def law_today(
    tx: Connection, code: str, today: date, actor: Actor = HOST, language: Language = "vi"
) -> LawTodayView:
    """Return by which law a product's dossier is decided on a local day.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return law_of(tx, record, today, language)


def law_of(tx: Connection, record: ProductRecord, today: date, language: Language = "vi") -> LawTodayView:
    """Return the same of a product that has been read, and that whoever asks may see."""
    rating, own = regulation_behind(tx, record, today), record.position.regulation
    over = change_over(own, record.dossier.value) if own and record.state in GOES_OVER else None
    has_come = over is not None and over.regulation.in_force.since <= today
    return LawTodayView(
        code=record.code,
        on=today,
        regulation=rating.id,
        number=rating.number,
        title=rating.title,
        received_on=record.received_on,
        why=say(_why(record, rating), language),
        levels=tuple(_levels(tx, record, rating, language)),
        papers=tuple(item.name for item in rating.documents if record.dossier.value in item.kinds),
        clocks=tuple(LawClockView(item.name, item.as_written, item.clause) for item in rating.deadlines),
        validity_months=rating.validity.months,
        until=over.last_day if over and has_come else None,
        following=over.regulation.number if over and has_come else None,
        clause=over.clause if over and has_come else None,
        uncertain=bool(over and has_come and over.uncertain),
    )


def _why(record: ProductRecord, rating: Regulation) -> Text:
    if record.position.regulation is None:
        return Text(
            "đang có hiệu lực; hồ sơ chưa được cấp xã nhận", "in force; the dossier was not received yet"
        )
    day = record.received_on
    if day is not None and rating.in_force.since <= day:
        return Text(f"có hiệu lực ngày nhận hồ sơ {day:%d/%m/%Y}", f"in force when it was received, {day}")
    if day is not None:
        return Text(
            f"hồ sơ nhận ngày {day:%d/%m/%Y}, đã chuyển sang quy định này",
            f"received on {day}, the dossier went over to it",
        )
    return Text("theo ngày cấp xã báo cáo đánh giá", "by the day of the commune's report")


def _levels(
    tx: Connection, record: ProductRecord, rating: Regulation, language: Language
) -> list[LawLevelView]:
    bodies = Bodies(tx, [record])
    found = []
    for rung in rating.scoring:
        stars = tuple(band.star for band in rating.stars if band.owner is rung.level)
        row = signer_row(SignedDocument.RECOGNITION, rung.level, rating.id) if stars else None
        signs = ", ".join(line for line in row.signs if line) if row else None
        found.append(
            LawLevelView(
                rung.level, say(bodies.at(record, rung.level, rating), language), stars, signs or None
            )
        )
    return found
