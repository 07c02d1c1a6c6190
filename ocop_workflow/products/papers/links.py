"""Links by which a producer hands papers of one dossier in, without an account: making, revoking, following.

The end of a link is shown once and kept as its checksum. A link is good for its dossier alone, until its
last day, or until it is revoked.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import handing_queries as handing
from ocop_workflow.dossiers.handing_views import UploadLinksView, UploadLinkView
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.people.sign_in.sessions import checksum
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.handing_queries import UploadLinkRecord
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

#: days for which a link is good, unless somebody says otherwise, and at most
LASTS, LONGEST = 30, 120
#: links of one dossier that are good at once
MOST_LINKS: Final = 10
_OCTETS: Final = 24


def make_upload_link(
    tx: Connection, code: str, until: date | None, *, actor: Actor, today: date, now: datetime
) -> tuple[str, UploadLinkView]:
    """Make a link to a product's current dossier; returns what stands at its end, once, and the link.

    Args:
        tx: a writing transaction.
        code: the product.
        until: the last local day on which it is good; none: for thirty days.
        actor: the officer.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        Conflict: it has no dossier, or as many links as it may.
        InvalidInput: the day is over, or too far off.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    if not record.dossier_no:
        raise Conflict(
            f"{record.code} chưa có hồ sơ nào để nộp giấy tờ.",
            f"{record.code} has no dossier to hold papers.",
        )
    if len(handing.upload_links_of(tx, record.id, record.dossier_no, today)) >= MOST_LINKS:
        raise Conflict(
            f"{record.code} đã có {MOST_LINKS} liên kết còn dùng được; thu hồi bớt trước.",
            f"{record.code} has {MOST_LINKS} links that are good; revoke one first.",
        )
    ends_on = until or today + timedelta(days=LASTS)
    if not today <= ends_on <= today + timedelta(days=LONGEST):
        words = fault(
            "until",
            f"phải từ hôm nay đến {LONGEST} ngày nữa",
            f"must be from today on and within {LONGEST} days",
        )
        raise InvalidInput("Ngày cuối có lỗi.", "The last day is at fault.", [words])
    token = secrets.token_urlsafe(_OCTETS)
    values = {
        "product_id": record.id,
        "dossier": record.dossier_no,
        "sha256": checksum(token),
        "ends_on": ends_on,
        "made_at": now,
        "made_by": clean(actor.login)[:100],
    }
    number = handing.insert_upload_link(tx, values)
    after = {"product": record.code, "dossier": record.dossier_no, "ends_on": ends_on}
    audit.record(tx, actor, Deed("paper.link", f"link:{number}", None, after), now, warrant)
    made = handing.upload_links_of(tx, record.id, record.dossier_no, today)
    return token, UploadLinkView.of(next(item for item in made if item.id == number))


def address_of_link(public_url: str, token: str) -> str:
    """Return the address that a producer is given.

    Args:
        public_url: at which the service is reached.
        token: what stands at the link's end.
    """
    return f"{public_url.rstrip('/')}/u/{token}"


def list_upload_links(tx: Connection, code: str, actor: Actor, *, today: date) -> UploadLinksView:
    """Return the links to a product's current dossier that are good.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return UploadLinksView(record.code, links_beside(tx, record, today))


def links_beside(tx: Connection, record: ProductRecord, today: date) -> tuple[UploadLinkView, ...]:
    """Return the links to the current dossier of a product that whoever asks may see."""
    found = handing.upload_links_of(tx, record.id, record.dossier_no, today)
    return tuple(map(UploadLinkView.of, found))


def revoke_upload_link(
    tx: Connection, code: str, number: int, *, actor: Actor, today: date, now: datetime
) -> None:
    """Let a link be good no more; what has come by it stays.

    Raises:
        NotFound: the actor sees no product of this code, or its dossier has no such link.
        NotPermitted: the product is in other hands.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    if number not in {item.id for item in links_beside(tx, record, today)}:
        raise NotFound(
            f"{record.code} không có liên kết số {number} còn dùng được.",
            f"{record.code} has no link {number} that is good.",
        )
    handing.revoke_upload_link(tx, number, clean(actor.login)[:100], now)
    before = {"product": record.code, "dossier": record.dossier_no}
    audit.record(tx, actor, Deed("paper.link_revoke", f"link:{number}", before), now, warrant)


def follow_upload_link(tx: Connection, token: str, today: date) -> UploadLinkRecord:
    """Return the link of this end, if it is good on a local day.

    Raises:
        NotFound: there is none, it was revoked, its day or its dossier is over; nobody learns which.
    """
    link = handing.upload_link_by_checksum(tx, checksum(token))
    if link is None or link.revoked_at or today > link.ends_on or link.dossier != link.current:
        raise NotFound(
            "Liên kết này không dùng được: gõ thiếu, đã hết hạn hoặc đã thu hồi. Hãy xin xã, phường liên kết "
            "mới.",
            "This link is not good: cut short, over or revoked. Ask your commune or ward for a new one.",
        )
    return link
