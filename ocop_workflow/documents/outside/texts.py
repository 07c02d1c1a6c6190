"""The words of documents outside sessions: decision, certificate, notice, extract from the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.certificates.qr import address_of_page
from ocop_workflow.certificates.views import ENDINGS, page_of
from ocop_workflow.documents.outside.common import (
    grounds_of,
    head_of,
    issuer_of,
    points_of,
    proposal_of,
    signed_by,
    unit_of,
    upward_of,
)
from ocop_workflow.documents.paper.pieces import (
    BLANK,
    AttachedAnnex,
    CertificatePaper,
    LineRole,
    OfficialDocument,
    QrPicture,
    SignatureBlock,
    TextLine,
)
from ocop_workflow.documents.session.lists import RecognisedLine, recognised_lists
from ocop_workflow.documents.session.words import (
    long_day,
    many,
    numbered,
    place_and_day,
    short_day,
    within,
)
from ocop_workflow.states import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.documents.outside.record import OutsideStep
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations.signers import Signing


# -- recognition -------------------------------------------------------------------------------------


def decision(steps: Sequence[OutsideStep], who: Signing) -> OfficialDocument:
    """Draft a decision of recognition; `steps`: all the products that it recognises, as far as known here."""
    step = steps[0]
    number, months, day = numbered(step.number, who.symbol), step.regulation.validity.months, step.decided_on
    stars = [one.star for one in steps]
    counted = ", ".join(
        f"{many(stars.count(star))} sản phẩm {star} sao" for star in (5, 4, 3) if star in stars
    )
    unit = unit_of(step)
    blocks = (
        *grounds_of(step, proposal_of(step), with_law=True),
        TextLine("QUYẾT ĐỊNH:", LineRole.CENTRED),
        TextLine(
            f"Công nhận {many(len(steps))} sản phẩm OCOP của {within(unit.name)} ({counted}); danh sách tại "
            "Phụ lục kèm theo Quyết định này.",
            LineRole.ARTICLE,
            "Điều 1.",
        ),
        TextLine(
            f"Giấy chứng nhận sản phẩm OCOP có giá trị {months} tháng, kể từ ngày ban hành Quyết định này. "
            f"Giao {unit.office} công bố kết quả, trao giấy chứng nhận, hướng dẫn và kiểm tra chủ thể trong "
            "thời hạn ấy.",
            LineRole.ARTICLE,
            "Điều 2.",
        ),
        TextLine("Quyết định này có hiệu lực kể từ ngày ký.", LineRole.ARTICLE, "Điều 3."),
        TextLine(
            f"Chánh Văn phòng, {unit.office}, Ủy ban nhân dân các xã, phường có sản phẩm, các chủ thể có tên "
            "trong danh sách và các cơ quan, đơn vị liên quan chịu trách nhiệm thi hành Quyết định này",
            LineRole.ARTICLE,
            "Điều 4.",
        ),
    )
    lines = [
        RecognisedLine(
            one.kind,
            one.product,
            one.producer,
            one.commune,
            points_of(one.score),
            one.star,
            one.before,
            one.valid_until,
        )
        for one in steps
    ]
    annex = AttachedAnnex(
        "Phụ lục",
        "DANH SÁCH SẢN PHẨM OCOP ĐƯỢC CÔNG NHẬN",
        f"Kèm theo Quyết định số {number} {long_day(day, step.year)} của {issuer_of(who, step)}",
        recognised_lists(lines, months),
        on_its_side=True,
    )
    communes = dict.fromkeys(one.office for one in steps)
    return OfficialDocument(
        title=f"Quyết định công nhận sản phẩm OCOP {number}",
        made_on=step.made_on,
        head=head_of(step, who, number=step.number, day=day),
        kind="QUYẾT ĐỊNH",
        abstract=f"Về việc công nhận sản phẩm OCOP {within(unit.name)}",
        authority=who.authority,
        blocks=blocks,
        signatures=signed_by(who),
        recipients=("Như Điều 4", *communes, "Các chủ thể có sản phẩm", "Lưu: VT, Hồ sơ"),
        annexes=(annex,),
    )


def certificate(step: OutsideStep, who: Signing, public_address: str) -> CertificatePaper:
    """Draft a product's certificate; a QR only where its public page has an address."""
    unit = unit_of(step)
    return CertificatePaper(
        title=f"Giấy chứng nhận sản phẩm OCOP {step.code}",
        made_on=step.made_on,
        issuer=who.body,
        star=step.star,
        product=step.product,
        facts=(
            ("Chủ thể", step.producer),
            ("Địa chỉ", f"{within(step.commune)}, {within(unit.name)}"),
            ("Mã sản phẩm", step.official_code or step.code),
            ("Giá trị", f"đến hết ngày {short_day(step.valid_until)}"),
        ),
        ground=(
            f"Quyết định số {numbered(step.number, who.symbol)} {long_day(step.decided_on, step.year)} của "
            f"{issuer_of(who, step)}"
        ),
        place_and_day=place_and_day(unit.name, step.decided_on, step.year),
        signature=SignatureBlock(who.signs),
        qr=_qr(step.page, public_address),
    )


def _qr(page: str | None, public_address: str) -> QrPicture | None:
    address = address_of_page(public_address, page) if page and public_address else None
    return QrPicture(address, "Tra cứu giấy chứng nhận") if address else None


# -- the notice --------------------------------------------------------------------------------------


def notice(step: OutsideStep, who: Signing) -> OfficialDocument:
    """Tell commune and producer what came out: star, points, validity; or what was missed."""
    unit = unit_of(step)
    more = (
        (f"Căn cứ Quyết định số {numbered(step.number, 'QĐ-UBND')} {long_day(step.decided_on, step.year)}",)
        if step.number
        else ()
    )
    blocks = (
        *grounds_of(step, *more),
        TextLine(f"{unit.office} thông báo kết quả đánh giá, phân hạng 01 sản phẩm OCOP:"),
        TextLine(
            f"chủ thể {step.producer}, {within(step.commune)}.",
            LineRole.BODY,
            f"1. {step.product} ({step.code}),",
        ),
        TextLine(f"- Điểm trung bình: {points_of(step.score)};", LineRole.ITEM),
        TextLine(f"- Kết quả: {_result(step)};", LineRole.ITEM),
        *(TextLine(f"- {said};", LineRole.ITEM) for said in _missed(step)),
        TextLine(
            f"Đề nghị {step.office} báo cho chủ thể. Mọi phản ánh gửi về {unit.office} để được hướng dẫn"
        ),
    )
    return OfficialDocument(
        title=f"Thông báo kết quả {step.code}",
        made_on=step.made_on,
        head=head_of(step, who),
        kind="THÔNG BÁO",
        abstract=f"Kết quả đánh giá, phân hạng sản phẩm OCOP {within(unit.name)}",
        addressed=(step.office, step.producer),
        blocks=blocks,
        signatures=signed_by(who),
        recipients=("Như trên", "Lưu: VT, Hồ sơ"),
    )


def _result(step: OutsideStep) -> str:
    if step.event is Event.ESCALATE:
        return f"hồ sơ được chuyển {upward_of(step)} để đánh giá, phân hạng"
    if step.event is Event.REJECT:
        return "không được công nhận"
    kept = f" (trước đây {step.before} sao)" if step.before else ""
    until = short_day(step.valid_until)
    return f"công nhận {step.star} sao{kept}; giấy chứng nhận có giá trị đến hết ngày {until}"


def _missed(step: OutsideStep) -> Iterator[str]:
    score = step.score
    if score is None or step.event is not Event.REJECT:
        return
    lowest = next(band for band in step.regulation.stars if band.owner)
    if score.mean < lowest.lowest:
        yield f"Điểm trung bình {points_of(score)}: hạng {lowest.star} sao cần từ {lowest.lowest} điểm"
    if score.gates_met < lowest.star:
        yield f"Điều kiện tối thiểu mới đạt đến hạng {score.gates_met} sao, cần đủ của hạng {lowest.star} sao"


# -- the extract -------------------------------------------------------------------------------------


def extract(
    found: CertificateRecord, keeper: UnitRecord, who: Signing, on: date, public_address: str
) -> CertificatePaper:
    """Draft an extract from the register: marked as what it is, no certificate that was issued.

    Args:
        found: the certificate, as the register has it.
        keeper: whose agency keeps the register.
        who: its head.
        on: the local day on which it is taken from the register.
        public_address: where everybody reaches the service; empty: it has no QR.
    """
    issuer = f" của {found.issuer}" if found.issuer else ""
    place = ", ".join(within(one) for one in (found.commune, found.province) if one)
    return CertificatePaper(
        title=f"Trích sổ đăng ký giấy chứng nhận {found.id}",
        made_on=on,
        issuer=who.body,
        star=0,
        product=found.product,
        facts=(
            ("Hạng sao", f"{found.star} sao"),
            ("Chủ thể", found.producer or BLANK),
            ("Địa chỉ", place),
            ("Số trong sổ đăng ký", str(found.id)),
            ("Giá trị", f"đến hết ngày {short_day(found.valid_until)}"),
            (f"Tình trạng ngày {short_day(on)}", _standing(found, on)),
            ("Nguồn", f"mức {found.evidence.value}, {found.evidence.text.vi}"),
        ),
        ground=f"Theo Quyết định số {found.number} {long_day(found.decided_on)}{issuer}",
        place_and_day=place_and_day(keeper.name, on, on.year),
        signature=SignatureBlock(who.signs),
        qr=_qr(page_of(found), public_address),
        heading=("TRÍCH SỔ ĐĂNG KÝ", "GIẤY CHỨNG NHẬN SẢN PHẨM OCOP"),
        mark="Bản trích ghi những gì sổ đăng ký có, không phải giấy chứng nhận đã cấp và không thay giấy ấy.",
    )


def _standing(found: CertificateRecord, on: date) -> str:
    if found.ended_on is not None and found.ended_on <= on:
        why = ENDINGS[found.ended_because].vi if found.ended_because else "chấm dứt"
        return f"{why} từ ngày {short_day(found.ended_on)}"
    return "hết hạn" if found.valid_until < on else "còn hiệu lực"
