"""`/certificates/{number}/correction`: what the register says wrongly is put right, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.changes.certificates.correcting import (
    MAY_BE_EMPTY,
    Correcting,
    correct_certificate,
    may_correct,
)
from ocop_workflow.errors import NotPermitted, OcopError, Stale
from ocop_workflow.places.queries import units_around
from ocop_workflow.products.settling.register import FIELDS, show_certificate
from ocop_workflow.regulations import Level
from ocop_workflow.states import EvidenceLevel
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.views import RegisteredCertificateView
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_DAYS: Final = frozenset({"decided_on", "valid_until", "published_on"})
#: what the record calls otherwise
_SHOWN: Final = {"product": "name", "commune": "unit", "number": "decision"}


@router.get("/certificates/{number}/correction", **needs())
def show_form(call: Calling, number: Number) -> Response:
    """Ask what the register ought to say, and why."""
    return call.show(lambda tx, actor: _form(tx, call, actor, number))


def _form(tx: Connection, call: Call, actor: Actor, number: int, refusal: OcopError | None = None) -> Screen:
    found = show_certificate(tx, number, call.today, actor, call.language)
    if refusal is None and not may_correct(tx, number, actor, call.today):
        raise NotPermitted(
            f"Giấy chứng nhận {number} không đính chính được ở đây: do cấp khác công nhận, hoặc do một thao "
            "tác trong hệ thống cấp.",
            f"The certificate {number} cannot be corrected here: another level recognises it, or a step of "
            "this service has granted it.",
        )
    around = units_around(tx, actor.units_with(Permission.READ))
    content: dict[str, Any] = {
        "found": found,
        # what somebody else has put right meanwhile is shown, not put back
        "values": _values(found) if isinstance(refusal, Stale) else call.sent_over(_values(found)),
        "labels": {name: say(text, call.language) for name, text in FIELDS.items()},
        "days": _DAYS,
        "may_be_empty": MAY_BE_EMPTY,
        "levels": [(word.value, say(word.text, call.language)) for word in EvidenceLevel],
        "units": []
        if found.product
        else [(unit.slug, unit.name) for unit in around if unit.level is Level.COMMUNE],
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("certificates/correction.html", content, kind_of(refusal).status if refusal else 200)


def _values(found: RegisteredCertificateView) -> dict[str, str]:
    """Return what the register says by now, as it stands in the fields."""
    values = {name: getattr(found, _SHOWN.get(name, name)) for name in FIELDS}
    written = {name: "" if value is None else str(value) for name, value in values.items()}
    more = {"seen": found.etag.strip('"'), "evidence": found.evidence.value, "unit": "", "reason": ""}
    return {**written, **more}


@router.post("/certificates/{number}/correction", **needs())
def correct(call: Calling, number: Number) -> Response:
    """Put right what was changed in the form."""

    def work(tx: Connection, session: Session) -> Response:
        shown = show_certificate(tx, number, call.today, session.actor)
        order = Correcting(
            number, session.actor, _given(call, _values(shown)), frozenset({call.given("seen")})
        )
        correct_certificate(tx, order, sender=call.application.sender, today=call.today, now=call.now)
        return call.to(f"/certificates/{number}", done="corrected")

    return call.change_or_show(work, lambda tx, actor, error: _form(tx, call, actor, number, error))


def _given(call: Call, now: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that say something else than the register does."""
    sent = {name: call.given(name) for name in FIELDS if name in call.sent}
    for name in _DAYS & sent.keys():
        day = day_of(sent[name], name)
        sent[name] = day.isoformat() if day else ""
    data: dict[str, Any] = {name: value or None for name, value in sent.items() if value != now[name]}
    if "star" in data and str(data["star"]).isdecimal():
        data["star"] = int(data["star"])
    if call.given("unit"):
        data["unit"] = call.given("unit")
    if call.given("reason"):
        data["reason"] = call.given("reason")
    return data
