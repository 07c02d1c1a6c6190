"""What is on record of a product, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.certificates.views import ENDINGS
from ocop_workflow.states import CertificateStanding, mean_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.overview.products import ProductPage
    from ocop_workflow.products.occurrences import OwnEvent
    from ocop_workflow.states import Score

_ALL_GATES = 5
#: data of steps that the record itself holds: they are not told twice
_OF_THE_RECORD = frozenset(
    {
        "producer",
        "group",
        "address",
        "received_on",
        "official_code",
        "plan",
        "kind",
        "mean",
        "gates_met",
        "certificate",
    }
)


def on_record(page: ProductPage) -> Iterator[tuple[str, str]]:
    """Yield what is known of a product beside its state: what it is, and its value."""
    record = page.view.record
    yield "Người đại diện", record.representative or "chưa rõ"
    yield "Ngành hàng", page.view.group or "chưa rõ"
    yield "Địa chỉ", page.view.address or "chưa rõ"
    if record.official_code:
        yield "Mã chính thức", record.official_code
    received = f", nhận ngày {record.received_on:%d/%m/%Y}" if record.received_on else ""
    yield "Hồ sơ", f"{record.dossier.label}{received}, theo {record.plan_slug}"
    if record.score:
        mean = mean_in_words(record.score.mean).vi
        yield (
            "Điểm",
            f"{mean} ({record.score.level.label}), {page.view.star_scored} sao" + _gates(record.score),
        )
    for event in page.own_events:
        yield event.name, _event_words(event, record.code)
    for item in page.certificates:
        yield "Giấy chứng nhận", _certificate_words(item)
    # what the record itself holds is not told twice
    given = {key: value for key, value in page.given.items() if key not in _OF_THE_RECORD}
    for label, value in page.told(given):
        yield f"{label.vi[:1].upper()}{label.vi[1:]}", value.vi


def _event_words(event: OwnEvent, code: str) -> str:
    if event.on is not None:
        return f"{event.on:%d/%m/%Y} ({event.by} ghi)"
    taken_back = f"; {event.by} đã hoàn tác: {event.undone}" if event.undone else ""
    return f"chưa (ghi bằng `ocop event record {code} {event.event}`){taken_back}"


def _gates(score: Score) -> str:
    return f" (điều kiện tối thiểu đạt đến {score.gates_met} sao)" if score.gates_met < _ALL_GATES else ""


def _certificate_words(item: CertificateRecord) -> str:
    signed = f", {item.signer} ký" if item.signer else ""
    ended = ""
    if item.standing is CertificateStanding.PROPOSED and item.ended_on is None:
        ended = f"; {item.standing.label} (xem `ocop certificates show {item.id}`)"
    if item.ended_on and item.ended_because:
        ended = f"; {ENDINGS[item.ended_because].vi} ngày {item.ended_on:%d/%m/%Y}"
    return (
        f"{item.star} sao, quyết định số {item.number} ngày {item.decided_on:%d/%m/%Y}{signed}, "
        f"có giá trị đến {item.valid_until:%d/%m/%Y}{ended}"
    )
