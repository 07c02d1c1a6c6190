"""What is on record of a product, in words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_workflow.states import CertificateStanding, mean_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.certificates.views import AnyCertificateView
    from ocop_workflow.overview.products import ProductPage
    from ocop_workflow.products.going_over.law import LawTodayView
    from ocop_workflow.products.views import OwnEventView

_ALL_GATES = 5


def _law_words(law: LawTodayView) -> str:
    words = f"{law.number}, {law.why}"
    if law.until is None:
        return words
    read = "; hệ thống hiểu như vậy" if law.uncertain else ""
    return f"{words}; đến hết {law.until:%d/%m/%Y}, sau đó theo {law.following} ({law.clause}{read})"


def on_record(page: ProductPage, law: LawTodayView) -> Iterator[tuple[str, str]]:
    """Yield what is known of a product beside its state: what it is, and its value."""
    product = page.product
    yield "Người đại diện", product.representative or "chưa rõ"
    yield "Ngành hàng", product.group_name or "chưa rõ"
    yield "Địa chỉ", product.address or "chưa rõ"
    if product.official_code:
        yield "Mã chính thức", product.official_code
    received = f", nhận ngày {product.received_on:%d/%m/%Y}" if product.received_on else ""
    in_plan = f"{product.dossier_label}{received}, theo {product.plan}"
    yield "Hồ sơ", in_plan if product.plan else "chưa có: sản phẩm ở ngoài mọi kế hoạch"
    yield "Luật áp dụng hôm nay", _law_words(law)
    for run in product.dossiers[:-1]:
        mean = f", điểm {mean_in_words(Fraction(run.mean)).vi}" if run.mean else ""
        yield f"Hồ sơ trước (lượt {run.number})", f"{run.label}, theo {run.plan}{mean}"
    if product.score:
        mean = mean_in_words(Fraction(product.score.exact)).vi
        level, star = product.score.level_label, product.score.star
        yield "Điểm", f"{mean} ({level}), {star} sao" + _gates(product.score.gates_met)
    for event in product.own_events:
        yield event.name, _event_words(event, product.code)
    for item in product.certificates:
        yield "Giấy chứng nhận", _certificate_words(item)
    for given in page.more:
        yield f"{given.label[:1].upper()}{given.label[1:]}", given.value


def _event_words(event: OwnEventView, code: str) -> str:
    if event.on is not None:
        return f"{event.on:%d/%m/%Y} ({event.by} ghi)"
    taken_back = f"; {event.by} đã hoàn tác: {event.undone}" if event.undone else ""
    return f"chưa (ghi bằng `ocop event record {code} {event.event}`){taken_back}"


def _gates(met: int) -> str:
    return f" (điều kiện tối thiểu đạt đến {met} sao)" if met < _ALL_GATES else ""


def _certificate_words(item: AnyCertificateView) -> str:
    signed = f", {item.signer} ký" if item.signer else ""
    ended = ""
    if item.standing is CertificateStanding.PROPOSED and item.ended_on is None:
        ended = f"; {item.standing_label} (xem `ocop certificates show {item.id}`)"
    if item.ended_on and item.ended_label:
        ended = f"; {item.ended_label} ngày {item.ended_on:%d/%m/%Y}"
    return (
        f"{item.star} sao, quyết định số {item.number} ngày {item.decided_on:%d/%m/%Y}{signed}, "
        f"có giá trị đến {item.valid_until:%d/%m/%Y}{ended}"
    )
