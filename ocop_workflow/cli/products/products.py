"""`ocop products`, `product`, `advance`, `explain`: the products and what is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Day, Json, Plan, acting_as, application, read_data, read_day
from ocop_workflow.cli.output import say, show_json, show_table
from ocop_workflow.views import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocop_workflow.overview.explanation_views import ExplanationView, StageView
    from ocop_workflow.products.views import HistoryEntryView, PastProductView, ProductView


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.command("products")(list_products)
    app.command("product")(show_product)
    app.command("advance")(advance_product)
    app.command("undo")(undo_step)
    app.command("explain")(explain)


Code = Annotated[str, typer.Argument(metavar="MÃ", help="Mã sản phẩm, ví dụ DP24-001. / A product's code.")]


def list_products(
    state: Annotated[
        str | None, typer.Option(metavar="TRẠNG THÁI", help="Ví dụ idea, escalated. / A state.")
    ] = None,
    unit: Annotated[str | None, typer.Option(metavar="MÃ", help="Mã địa phương. / A unit's id.")] = None,
    plan: Plan = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Chỉ sản phẩm quá hạn. / Only late ones.")
    ] = False,
    on: Day = None,
    json: Json = False,
) -> None:
    """Liệt kê sản phẩm và hạn kế tiếp. / List products and their next deadline."""
    from ocop_workflow.overview import past
    from ocop_workflow.overview import products as overview

    app = application()
    today = app.clock.today()
    day = read_day(on) or today
    wanted = overview.WantedProducts(state, unit, plan, overdue)
    found: Sequence[ProductView | PastProductView]
    with app.database.read() as tx:
        found = past.products_on(tx, day, wanted) if day < today else overview.list_products(tx, day, wanted)
    if json:
        show_json(found)
        return
    rows = [(*_product_row(view), _stars(view), _deadline_words(view)) for view in found]
    columns = ["Mã", "Sản phẩm", "Địa phương", "Chủ thể", "Trạng thái", "Sao", "Hạn kế tiếp"]
    then = f", ngày {day:%d/%m/%Y}" if on else ""
    show_table(f"{len(found)} sản phẩm{then}", columns, rows)


def _product_row(view: ProductView | PastProductView) -> tuple[str | None, ...]:
    return view.code, view.name, view.unit, view.producer, view.state_label


def _stars(view: ProductView | PastProductView) -> str:
    return f"{view.star} sao" if view.star else ""


def _deadline_words(view: ProductView | PastProductView) -> str:
    return "; ".join(
        f"{line.name}: {line.due_on:%d/%m/%Y}, "
        + (f"QUÁ HẠN {-line.days_left} ngày" if line.overdue else f"còn {line.days_left} ngày")
        for line in view.deadlines
    ) + (f" ({view.certificate_mark})" if view.certificate_mark else "")


def show_product(code: Code, on: Day = None, json: Json = False) -> None:
    """Xem một sản phẩm: hạn, thao tác được phép, lịch sử. / Show one product."""
    from ocop_workflow.cli.products.product_words import on_record
    from ocop_workflow.cli.products.questions import answer_words
    from ocop_workflow.overview import past
    from ocop_workflow.overview import products as overview
    from ocop_workflow.products.going_over.law import law_today
    from ocop_workflow.products.refusals import way_on

    app = application()
    today = app.clock.today()
    day = read_day(on) or today
    if day < today:
        with app.database.read() as tx:
            then = past.product_on(tx, code, day)
        _show_past(then, json=json)
        return
    with app.database.read() as tx:
        page, law = overview.product_page(tx, code, day), law_today(tx, code, day)
    if json:
        asked = [item.vi for item in page.questions]
        show_json(
            {
                **to_plain(page.product),
                "history": page.history,
                "questions": asked,
                "asked": page.asked,
                "law": law,
            }
        )
        return
    product = page.product
    say(f"{product.code}  {product.name}  ({product.unit}; {product.producer or 'chưa rõ chủ thể'})")
    say(f"Trạng thái: {product.state_label} ({product.state.value}), phiên bản {product.version}")
    for label, value in on_record(page, law):
        say(f"{label}: {value}")
    say(f"Hạn: {_deadline_words(product) or 'không có'}")
    say(f"Có thể: {way_on(product.needs, page.waiting).vi}")
    for event, items in product.missing.items():
        say(f"Chưa thể {event.value}: còn thiếu {'; '.join(item.vi for item in items)}")
    for item in page.asked:
        if item.answered:
            say(f"Đã hỏi: {item.vi} Trả lời: {answer_words(item, app.settings.zone)}")
        else:
            say(f"Cần hỏi lại (số {item.id}): {item.vi}")
    _show_history(page.history)


def _show_past(then: PastProductView, *, json: bool) -> None:
    """Show a product as it stood on a day that is over."""
    if json:
        show_json(then)
        return
    say(f"{then.code}  {then.name}  ({then.unit}; {then.producer or 'chưa rõ chủ thể'})")
    say(f"Ngày {then.on:%d/%m/%Y}, theo những gì nay đã biết (thao tác đã hoàn tác không tính):")
    say(f"Trạng thái: {then.state_label} ({then.state.value})" + (f", {then.star} sao" if then.star else ""))
    say(f"Hạn: {_deadline_words(then) or 'không có'}")
    _show_history(then.history or ())


def _show_history(entries: Iterable[HistoryEntryView]) -> None:
    rows = [
        (
            e.seq,
            f"{e.on:%d/%m/%Y}",
            e.label,
            e.target.label,
            "; ".join(f"{given.label}: {given.value}" for given in e.given),
            e.unit,
            e.actor,
            e.note,
        )
        for e in entries
    ]
    columns = ["Số", "Ngày", "Thao tác", "Trạng thái mới", "Kèm theo", "Địa phương", "Cán bộ", "Ghi chú"]
    show_table("Lịch sử", columns, rows)


def advance_product(
    code: Code,
    event: Annotated[str, typer.Argument(metavar="THAO TÁC", help="Ví dụ register, select. / An event.")],
    actor: Annotated[str, typer.Option("--as", metavar="CÁN BỘ", help="Ai thực hiện. / Who does it.")],
    data: Annotated[
        str,
        typer.Option(
            metavar="JSON",
            help='Dữ liệu kèm theo, ví dụ \'{"reason": "…"}\'; xem `ocop states form THAO-TÁC`. / Its data.',
        ),
    ] = "{}",
    note: Annotated[str, typer.Option(metavar="CHỮ", help="Ghi chú. / A note.")] = "",
    on: Day = None,
    json: Json = False,
) -> None:
    """Đưa sản phẩm sang bước tiếp theo. / Advance a product."""
    from ocop_workflow.overview import products as overview
    from ocop_workflow.products.advance import Order, advance

    app = application()
    given, day = read_data(data), read_day(on)
    with app.database.write() as tx:
        order = Order(code, event, acting_as(tx, actor), given, day, note)
        done = advance(tx, order, sender=app.sender, today=app.clock.today(), now=app.clock.now())
        view = overview.product_view(tx, code, app.clock.today())
    if json:
        show_json(view)
        return
    say(f"{done.code}: {done.source.label} → {done.state.label} (phiên bản {done.version}).")
    say(f"Hạn kế tiếp: {_deadline_words(view) or 'không có'}")


def undo_step(
    code: Code,
    reason: Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao hoàn tác. / Why.")],
    actor: Annotated[str, typer.Option("--as", metavar="CÁN BỘ", help="Ai thực hiện. / Who does it.")],
    json: Json = False,
) -> None:
    """Hoàn tác thao tác cuối của sản phẩm; lịch sử vẫn giữ cả hai. / Undo a product's last step."""
    from ocop_workflow.overview import products as overview
    from ocop_workflow.products.undoing import UndoOrder, undo

    app = application()
    with app.database.write() as tx:
        order = UndoOrder(code, acting_as(tx, actor), reason)
        done = undo(tx, order, sender=app.sender, today=app.clock.today(), now=app.clock.now())
        view = overview.product_view(tx, code, app.clock.today())
    if json:
        show_json(view)
        return
    say(
        f"{done.code}: đã hoàn tác «{done.event.label}», {done.source.label} → {done.state.label} "
        f"(phiên bản {done.version})."
    )
    say(f"Thư hủy, chưa gửi: {done.cancelled}. Thư đính chính: {done.corrections}.")
    say(f"Hạn kế tiếp: {_deadline_words(view) or 'không có'}")


def explain(code: Code, on: Day = None, json: Json = False) -> None:
    """Vì sao có hạn này: điều khoản, nguyên văn, cách hiểu, đã nhắc ai. / Why this date."""
    from ocop_workflow.overview.explain import explain_product

    app = application()
    with app.database.read() as tx:
        found = explain_product(tx, code, read_day(on) or app.clock.today())
    if json:
        show_json(found)
        return
    for item in found:
        _show_explanation(item)


def _show_explanation(item: ExplanationView) -> None:
    say(f"{item.name}: hạn {f'trước {item.hour} ngày ' if item.hour else ''}{item.due_on:%d/%m/%Y}")
    say(f"  Căn cứ: {item.basis}" + (f": “{item.as_written}”" if item.as_written else ""))
    say(f"  Cách tính: {item.reckoning} → {item.due_on:%d/%m/%Y}  [{item.when}]")
    for choice in item.rounds:
        say(f"  {'→' if choice.counts else ' '} {choice.text.vi}")
    if item.extension:
        say(f"  Gia hạn: {item.extension}")
    if item.reading:
        say(f"  Cách hiểu: {item.reading}")
    say(f"  Mở ngày {item.opened_on:%d/%m/%Y}; {_end_words(item)}")
    if item.raised_on:
        cleared = f", hạ ngày {item.cleared_on:%d/%m/%Y}" if item.cleared_on else ""
        say(f"  Cờ quá hạn: dựng ngày {item.raised_on:%d/%m/%Y}{cleared}")
    for line in item.stages:
        say(f"    {line.label:6} {line.day:%d/%m/%Y}{_shift_words(line)}  {_said_words(line)}")
    say("")


def _end_words(item: ExplanationView) -> str:
    late = f", trễ {item.days_late} ngày" if item.days_late else ""
    if item.closed_on:
        return f"đóng ngày {item.closed_on:%d/%m/%Y} ({_CLOSED.get(item.closed_because or '', '')}){late}"
    return f"đang mở{late}"


def _shift_words(line: StageView) -> str:
    shift = f" (vì {line.plain_day:%d/%m} là {line.off_because})" if line.day != line.plain_day else ""
    return shift + (" (tạm tính)" if line.provisional else "")


def _said_words(line: StageView) -> str:
    from ocop_workflow.notifications import LetterState

    if line.unsaid:
        return _UNSAID[line.unsaid]
    told = []
    for said in line.said_to:
        words = f"{said.unit}: {_SAID[said.reason or said.status]}"
        if said.letter_day:
            letters = ", ".join(dict.fromkeys(LetterState(state).label for state in said.letters))
            words += f" ngày {said.letter_day:%d/%m/%Y} ({letters})"
        told.append(words)
    return "; ".join(told)


_CLOSED = {
    "reached": "đã đạt",
    "reached_earlier": "đã đạt từ trước, ghi nhận sau",
    "sent_back": "bị trả lại",
    "ended": "hồ sơ kết thúc",
    "moved": "đổi ngày",
    "undone": "đã hoàn tác",
    "recounted": "đếm lại theo sự kiện của sản phẩm",
    "dropped": "kế hoạch bỏ mốc này",
    "corrected": "danh sách đã sửa",
    "regulation_changed": "chuyển sang quy định mới",
    "not_renewing": "chủ thể không đánh giá lại",
}
_UNSAID = {
    "not_yet": "chưa đến",
    "awaits_sweep": "chờ lần quét tới",
    "before_opened": "không nhắc, trước ngày mở hạn",
    "closed_before": "đã đóng trước khi nói",
}
_SAID = {
    "closed_before": _UNSAID["closed_before"],
    "said": "đã viết thư",
    "due": "chờ viết thư",
    "before_opened": _UNSAID["before_opened"],
    "acknowledged": "không nhắc, đã ghi nhận quá hạn",
    "superseded": "bỏ qua, có mức nhắc mới hơn",
    "cancelled": "không cần nhắc nữa",
}
