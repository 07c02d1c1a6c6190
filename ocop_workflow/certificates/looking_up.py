"""The public look-up: what anybody may know of a certificate by the end of its page's address.

What had a page once has it for ever: of one that was given by mistake it says just that. Nobody learns
whether there is one that has no page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal

from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.views import ENDINGS, grace_of, status_on
from ocop_workflow.errors import NotFound, Text, say
from ocop_workflow.states import Ending
from ocop_workflow.views import UNSENT, View

if TYPE_CHECKING:
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection

#: as our own ends are written; whatever else is asked for is not looked up
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
#: what may have slipped into a name and is nobody's business: telephone numbers, addresses of mail
_REACHABLE: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)(?:\+84|0)(?:[ .-]?\d){8,10}(?!\d)")
_LEFT_OUT: Final = "[…]"

_Day = date
PublicStatus = Literal["valid", "in_re_rating", "in_grace", "expired", "revoked", "replaced", "undone"]

_SAID: dict[PublicStatus, Text] = {
    "valid": Text("Còn hiệu lực", "Valid"),
    "in_re_rating": Text("Còn hiệu lực, đang đánh giá lại", "Valid, being rated again"),
    "in_grace": Text(
        "Tiếp tục có hiệu lực sau ngày hết hạn, chờ kết quả đánh giá lại",
        "Goes on past its last day, awaiting its new rating",
    ),
    "expired": Text("Đã hết hạn", "Expired"),
    "revoked": Text("Đã bị thu hồi", "Revoked"),
    "replaced": Text("Đã được thay bằng giấy mới", "Replaced by a new one"),
    "undone": Text("Cấp nhầm, đã huỷ", "Given by mistake, cancelled"),
}
#: with these the star holds
_HOLDING = frozenset({"valid", "in_re_rating", "in_grace"})


@dataclass(frozen=True, slots=True)
class DecisionView(View):
    """A decision: number, local day, and the body that made it."""

    number: str
    date: _Day
    issuer: str | None


@dataclass(frozen=True, slots=True)
class PublicCertificateView(View):
    """What everybody may know of a certificate; names as they were on the day of its decision.

    `ended_on`: the first local day on which it holds no longer; of one that was given by mistake, the day on
    which that was found. `replaced_by`: the path of the page of the one that followed. `as_of`: the local day
    for which all this is said.
    """

    status: PublicStatus
    star: int
    product: str
    producer: str | None
    commune: str
    province: str | None
    decision: DecisionView
    issued_on: date
    valid_until: date
    grace_until: date | None
    ended_on: date | None
    ended_why: str | None
    replaced_by: str | None
    as_of: date
    status_label: Annotated[str, UNSENT] = ""
    ask: Annotated[tuple[str, ...], UNSENT] = ()
    path: Annotated[str, UNSENT] = ""

    @property
    def holds(self) -> bool:
        """Whether the star may be relied on today."""
        return self.status in _HOLDING


def look_up(tx: Connection, token: str, today: date, language: Language = "vi") -> PublicCertificateView:
    """Return what everybody may know of a certificate on a local day.

    Args:
        tx: a transaction.
        token: the end of its page's address.
        today: the local day.
        language: of its words.

    Raises:
        NotFound: no page ever ended so; whether a certificate does, nobody learns.
    """
    record = register.certificate_by_token(tx, token) if _TOKEN.fullmatch(token) else None
    if record is None:
        raise NotFound(
            "Không có giấy chứng nhận nào ở địa chỉ này.", "There is no certificate at this address."
        )
    status = _status(record, today)
    return PublicCertificateView(
        status=status,
        star=record.star,
        product=_nobody_in(record.product),
        producer=_nobody_in(record.producer) if record.producer else None,
        commune=record.commune,
        province=record.province,
        decision=DecisionView(record.number, record.decided_on, record.issuer),
        issued_on=record.decided_on,
        valid_until=record.valid_until,
        grace_until=grace_of(record, today) if status == "in_grace" else None,
        ended_on=_ended_on(record, status),
        ended_why=_why(record, status, language),
        replaced_by=f"/c/{record.replaced_by}" if status == "replaced" and record.replaced_by else None,
        as_of=today,
        status_label=say(_SAID[status], language),
        ask=tuple(
            dict.fromkeys(filter(None, (f"UBND {_within(record.unit)}", record.issuer, record.ended_by)))
        ),
        path=f"/c/{record.token}",
    )


def _status(record: CertificateRecord, today: date) -> PublicStatus:
    if record.taken_back_on is not None:
        return "undone"
    status = status_on(record, today)
    return "undone" if status == "refused" else status


def _ended_on(record: CertificateRecord, status: PublicStatus) -> date | None:
    if status in _HOLDING:
        return None
    if status == "undone":
        return record.taken_back_on or record.ended_on
    if status == "expired":
        return record.valid_until + timedelta(days=1)
    return record.ended_on


def _why(record: CertificateRecord, status: PublicStatus, language: Language) -> str | None:
    if status in _HOLDING:
        return None
    if status == "undone":
        day = record.taken_back_on or record.ended_on or record.decided_on
        return say(
            Text(f"cấp nhầm, đã huỷ ngày {day:%d/%m/%Y}", f"given by mistake, cancelled on {day}"), language
        )
    if status == "revoked" and record.ended_by and record.ended_on:
        by, on = record.ended_by, record.ended_on
        return say(Text(f"bị thu hồi ngày {on:%d/%m/%Y}, bởi {by}", f"revoked on {on} by {by}"), language)
    return say(ENDINGS[_ENDED_AS[status]], language)


_ENDED_AS: dict[PublicStatus, Ending] = {
    "expired": Ending.LAPSED,
    "revoked": Ending.REVOKED,
    "replaced": Ending.RENEWED,
}


def _nobody_in(name: str) -> str:
    """Leave out of a name by what somebody could be reached."""
    return _REACHABLE.sub(_LEFT_OUT, name)


def _within(unit: str) -> str:
    """Write a unit's name as within a sentence."""
    return f"{unit[:1].lower()}{unit[1:]}"
