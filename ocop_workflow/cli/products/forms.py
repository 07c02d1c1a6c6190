"""`ocop form …`: the forms of a product's dossier, and what it brings in by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocop_workflow.cli.options import NOBODY, As, Json, acting_as, application, read_data
from ocop_workflow.cli.output import say, show_json, show_table
from ocop_workflow.cli.products import difference

if TYPE_CHECKING:
    from ocop_workflow.dossiers.form_views import FormFieldView, FormView, RevenuesView

form = typer.Typer(no_args_is_help=True, help="Mẫu 01, 02, 03 của hồ sơ. / The forms of a dossier.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    difference.add_to(form)
    app.add_typer(form, name="form")


Code = Annotated[str, typer.Argument(metavar="SẢN-PHẨM", help="Mã sản phẩm. / A product's code.")]
FormId = Annotated[str, typer.Argument(metavar="MẪU", help="mau-01, mau-02, mau-03. / The form.")]
Reason = Annotated[str, typer.Option(metavar="CHỮ", help="Vì sao. / Why.")]


@form.command("list")
def list_all(code: Code, json: Json = False) -> None:
    """Các mẫu của hồ sơ, còn thiếu mấy mục. / The forms of the dossier, and how much each lacks."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.forms.showing import list_forms

    app = application()
    with app.database.read() as tx:
        found = list_forms(tx, code, the_operator(), app.clock.today())
    if json:
        show_json(found)
        return
    rows = [
        (line.form, line.title, line.by, line.version or "chưa ghi", line.missing, line.saved_by)
        for line in found.forms
    ]
    title = f"{found.code}, hồ sơ {found.dossier}: mẫu của QĐ {found.decision}"
    show_table(title, ["Mẫu", "Tên", "Ai lập", "Bản", "Còn thiếu", "Ai ghi"], rows)
    if not found.applies:
        say(f"Hồ sơ này theo quy định khác; mẫu là của QĐ {found.decision}.")


@form.command()
def show(code: Code, form_id: FormId, json: Json = False) -> None:
    """Một mẫu: đã ghi gì, đề xuất gì, còn thiếu gì. / A form: what was saved, proposed, what lacks."""
    from ocop_workflow.cli.options import the_operator
    from ocop_workflow.products.forms.showing import show_form

    app = application()
    with app.database.read() as tx:
        found = show_form(tx, code, form_id, the_operator(), app.clock.today())
    if json:
        show_json(found)
        return
    _tell(found)


def _tell(found: FormView) -> None:
    from ocop_workflow.regulations.forms import load_form

    labels = load_form(found.form).told
    rows = [
        (field.name, labels[field.name], _written(field), _proposal(field))
        for section in found.sections
        for field in section.fields
        if field.type.is_answered and not field.type.is_by_criterion
    ]
    title = f"{found.number}: {found.title} ({found.code}, bản {found.version})"
    show_table(title, ["Mục", "Nhãn", "Đã ghi", "Đề xuất"], rows)
    if found.scores:
        scores = [(one.criterion, one.title, one.points, one.evidence) for one in found.scores]
        show_table(f"Tự chấm theo bộ {found.set}", ["Tiêu chí", "", "Điểm", "Chứng minh"], scores)
    for item in found.opinions:
        say(f"{item.on:%d/%m/%Y}, {item.who}: {item.text}")
    names = ", ".join(item.name for item in found.missing)
    say(f"Còn thiếu {len(found.missing)}: {names}." if names else "Đã đủ.")


def _written(field: FormFieldView) -> object:
    if isinstance(field.value, bool):
        return "có" if field.value else "không"
    return "" if field.value is None else field.value


def _proposal(field: FormFieldView) -> str:
    if field.erased:
        return "đã xoá theo yêu cầu"
    if field.answered and not field.differs:
        return ""
    return "" if field.proposed is None else f"{field.proposed} ({field.proposed_from})"


@form.command()
def save(
    code: Code,
    form_id: FormId,
    data: Annotated[
        str, typer.Option(metavar="JSON", help='{"s2_1": …}, theo tên mục. / By the names of fields.')
    ],
    version: Annotated[
        int | None,
        typer.Option(metavar="SỐ", min=0, help="Bản đã xem; không nêu thì bản nào cũng được. / As seen."),
    ] = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Ghi một phần hay cả mẫu; mục không nêu giữ nguyên. / Save some fields or all."""
    from ocop_workflow.products.forms.keeping import save_form
    from ocop_workflow.products.forms.showing import show_form

    given = read_data(data)
    app = application()
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        today, now = app.clock.today(), app.clock.now()
        tags = None if version is None else frozenset({str(version)})
        save_form(tx, code, form_id, given, tags=tags, actor=by, today=today, now=now)
        found = show_form(tx, code, form_id, by, today)
    if json:
        show_json(found)
        return
    say(f"Đã ghi {found.number} của {found.code}, bản {found.version}; còn thiếu {len(found.missing)} mục.")


@form.command()
def discard(code: Code, form_id: FormId, reason: Reason, actor: As = NOBODY, json: Json = False) -> None:
    """Xoá mọi điều đã ghi trong một mẫu, có lý do. / Take out all that was saved in a form."""
    from ocop_workflow.products.forms.keeping import discard_form

    app = application()
    with app.database.write() as tx:
        discard_form(tx, code, form_id, reason, actor=acting_as(tx, actor), now=app.clock.now())
    told: dict[str, Any] = {"code": code, "discarded": form_id}
    if json:
        show_json(told)
        return
    say(f"Đã xoá điều ghi trong {form_id} của {code}.")


@form.command()
def revenue(
    code: Code,
    year: Annotated[
        int | None, typer.Argument(metavar="NĂM", help="Năm; không nêu: xem. / The year; none: look.")
    ] = None,
    data: Annotated[
        str,
        typer.Option(metavar="JSON", help='{"revenue": đồng, "profit": đồng, "source": …}. / In đồng.'),
    ] = "",
    remove: Annotated[str, typer.Option(metavar="CHỮ", help="Bỏ năm ấy, vì sao. / Take it out, why.")] = "",
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Doanh thu, lợi nhuận theo năm: xem, ghi, bỏ. / Revenue and profit by year."""
    from ocop_workflow.products.forms.reading import read_revenue
    from ocop_workflow.products.forms.revenues import list_revenues, remove_revenue, save_revenue

    app = application()
    today, now = app.clock.today(), app.clock.now()
    if year is None or not (data or remove):
        from ocop_workflow.cli.options import the_operator

        with app.database.read() as tx:
            found = list_revenues(tx, code, the_operator())
    elif remove:
        with app.database.write() as tx:
            found = remove_revenue(tx, code, year, remove, actor=acting_as(tx, actor), now=now)
    else:
        given = read_revenue({"year": year, **read_data(data)})
        with app.database.write() as tx:
            found = save_revenue(tx, code, given, actor=acting_as(tx, actor), today=today, now=now)
    if json:
        show_json(found)
        return
    _tell_revenues(found)


def _tell_revenues(found: RevenuesView) -> None:
    from ocop_workflow.products.forms.proposing import dong

    rows = [
        (item.year, dong(item.revenue), "" if item.profit is None else dong(item.profit), item.source)
        for item in found.years
    ]
    show_table(f"Doanh thu của {found.code} (đồng)", ["Năm", "Doanh thu", "Lợi nhuận", "Theo"], rows)
