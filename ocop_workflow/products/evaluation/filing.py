"""What an officer files with a product's dossier: the set of products by whose sheet it is to be scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.errors import Conflict, InvalidInput, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of, regulation_behind

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection


def choose_set(tx: Connection, code: str, number: int, *, actor: Actor, today: date, now: datetime) -> None:
    """Choose the set of products (Phụ lục I) by whose sheet a product's current dossier is scored.

    The commune chooses it at the latest with its report; it is corrected until a session has it on its list.

    Args:
        tx: a writing transaction.
        code: the product.
        number: the set.
        actor: the officer.
        today: the local day, on which a dossier not received yet goes by what is in force.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        Conflict: it has no dossier, or sits in a session.
        InvalidInput: the regulation has no such set.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    sits = sessions.sits_now(tx, record.id)
    if sits is not None or not record.dossier_no:
        raise Conflict(
            f"{record.code} đang nằm trong phiên họp số {sits[1]}; không đổi bộ sản phẩm được nữa."
            if sits
            else f"{record.code} chưa có hồ sơ nào.",
            f"{record.code} sits in session {sits[1]}: its set cannot be changed any more."
            if sits
            else f"{record.code} has no dossier.",
        )
    regulation = regulation_behind(tx, record, today)
    known = [item.number for item in regulation.sets]
    if number not in known:
        words = f"{known[0]}–{known[-1]}" if known else "–"
        raise InvalidInput(
            "Bộ sản phẩm có lỗi.",
            "The set of products is at fault.",
            [fault("product_set", f"QĐ {regulation.number} có bộ: {words}", f"there are the sets {words}")],
        )
    before = dossiers.set_of(tx, record.id, record.dossier_no)
    if before == number:
        return
    dossiers.write_to(tx, record.id, record.dossier_no, {"product_set": number})
    deed = Deed(
        "dossier.set",
        f"product:{record.code}",
        {"set": before} if before else None,
        {"dossier": record.dossier_no, "set": number},
    )
    audit.record(tx, actor, deed, now, warrant)
