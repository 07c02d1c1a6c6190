"""What a step replaced in a product's record: as its history keeps it, and back again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.products.questions import queries as questions
from ocop_workflow.regulations import Level
from ocop_workflow.states import OPENS_A_DOSSIER, CertificateStanding, Dossier, Score, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.states import Certificate, Event, EventData, Position
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Replaced:
    """What undoing a step has to bring back.

    Attributes:
        columns: the product's columns that the step changed, with their values before it.
        issued: the number of the certificate that the step issued or put on record.
        ended: the number of the certificate that it ended.
        answered: the numbers of the questions that it answered.
        refused: the number of the proposed certificate that it refused.
        denied: whether it was refused by its level, and not withdrawn by those who had named it.
        asked: the numbers of the questions that it asked again.
    """

    columns: dict[str, Any]
    issued: int | None = None
    ended: int | None = None
    answered: tuple[int, ...] = ()
    refused: int | None = None
    denied: bool = False
    asked: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as the history keeps it."""
        plain = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.columns.items()
        }
        kept: dict[str, Any] = {
            "columns": plain,
            "issued": self.issued,
            "ended": self.ended,
            "answered": list(self.answered),
        }
        if self.refused is not None:
            kept |= {"refused": self.refused, "denied": self.denied, "asked": list(self.asked)}
        return kept

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Replaced:
        """Read what the history keeps."""
        columns = {
            name: value if value is None else _READ.get(name, _as_it_is)(value)
            for name, value in stored["columns"].items()
        }
        return cls(
            columns,
            stored["issued"],
            stored["ended"],
            tuple(stored["answered"]),
            stored.get("refused"),
            stored.get("denied", False),
            tuple(stored.get("asked", ())),
        )


def position_columns(position: Position) -> dict[str, Any]:
    """Return where a product stands, by its columns and its dossier's; certificates are rows of their own."""
    score = position.score
    return {
        "state": position.state,
        "entered_on": position.entered_on,
        "dossier": position.dossier,
        "plan_id": position.plan_id,
        "concluded_on": position.concluded_on,
        "not_renewing_on": position.not_renewing_on,
        "received_on": position.received_on,
        "complete_on": position.complete_on,
        "regulation": position.regulation,
        "score_level": score.level if score else None,
        "score_mean": str(score.mean) if score else None,
        "gates_met": score.gates_met if score else None,
    }


def product_part(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the columns that stand in the product's own row."""
    return {name: value for name, value in columns.items() if name not in _OF_DOSSIER}


def dossier_part(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the columns that stand in the row of its dossier, as they are called there."""
    named = {"dossier": "kind", "plan_id": "plan_id"} | {name: name for name in _OF_DOSSIER - {"dossier"}}
    return {named[name]: value for name, value in columns.items() if name in named}


_OF_DOSSIER = frozenset(
    {
        *("dossier", "received_on", "complete_on", "regulation", "official_code"),
        *("score_level", "score_mean", "gates_met"),
    }
)


def columns_of(record: ProductRecord) -> dict[str, Any]:
    """Return the columns that a step can change, as they stand."""
    return {
        **position_columns(record.position),
        "producer_id": record.producer_id,
        "product_group": record.group,
        "address_id": record.address_id,
        "official_code": record.official_code,
    }


def changed_columns(record: ProductRecord, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those columns that `values` change, as they stand before."""
    before = columns_of(record)
    return {name: before[name] for name, value in values.items() if before[name] != value}


def without_edits(replaced: Replaced, record: ProductRecord, given: EventData) -> Replaced:
    """Leave out what was corrected since the step: the later word on producer, group and address stands.

    Args:
        replaced: what the step replaced.
        record: the product as it stands.
        given: what the step had been given.
    """
    told = {
        "producer_id": (record.producer, given.producer),
        "product_group": (record.group, given.group),
        "address_id": (record.address, given.address),
    }
    edited = {name for name, (now, then) in told.items() if then is not None and now != then}
    return replace(replaced, columns={k: v for k, v in replaced.columns.items() if k not in edited})


def before_step(tx: Connection, record: ProductRecord, event: Event, replaced: Replaced) -> ProductRecord:
    """Return the product as it stood before its last step, this event, as far as a decision rests on it."""
    columns = {**columns_of(record), **replaced.columns}
    mean, level = columns["score_mean"], columns["score_level"]
    return replace(
        record,
        state=columns["state"],
        entered_on=columns["entered_on"],
        dossier=columns["dossier"],
        dossier_no=record.dossier_no - (event in OPENS_A_DOSSIER),
        plan_id=columns["plan_id"],
        group=columns["product_group"],
        address=contacts.value_of(tx, columns["address_id"]) if columns["address_id"] else None,
        received_on=columns["received_on"],
        complete_on=columns["complete_on"],
        regulation=columns["regulation"],
        concluded_on=columns["concluded_on"],
        not_renewing_on=columns["not_renewing_on"],
        official_code=columns["official_code"],
        score=Score(level, Fraction(mean), columns["gates_met"]) if mean is not None else None,
        certificate=_certificate_before(tx, record, replaced),
        standing=CertificateStanding.PROPOSED if replaced.refused is not None else record.standing,
    )


def _certificate_before(tx: Connection, record: ProductRecord, replaced: Replaced) -> Certificate | None:
    if replaced.refused is not None:
        return certificates.certificate(tx, replaced.refused)
    if replaced.ended is not None and replaced.ended != replaced.issued:
        return certificates.certificate(tx, replaced.ended)
    return record.certificate if replaced.issued is None else None


def bring_back(tx: Connection, replaced: Replaced, on: date, today: date) -> None:
    """Let certificates and questions be what they were; the certificate that was issued ended on `on`."""
    if replaced.issued is not None:
        certificates.undo_certificate(tx, replaced.issued, on, today)
    if replaced.ended is not None and replaced.ended != replaced.issued:
        certificates.reopen_certificate(tx, replaced.ended)
    if replaced.answered:
        questions.reopen(tx, replaced.answered)
    if replaced.refused is not None:
        certificates.propose_again(tx, replaced.refused, today)
        questions.close(tx, replaced.asked)


def _as_it_is(value: object) -> object:
    return value


_READ: dict[str, Callable[[Any], object]] = {
    "state": State,
    "entered_on": date.fromisoformat,
    "dossier": Dossier,
    "received_on": date.fromisoformat,
    "complete_on": date.fromisoformat,
    "concluded_on": date.fromisoformat,
    "not_renewing_on": date.fromisoformat,
    "score_level": Level,
}
