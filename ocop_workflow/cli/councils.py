"""`ocop council …`, `ocop session …`: councils, rules and members; sessions, who has signed, results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.drafts import (
    AsNumber,
    Because,
    IssuedOn,
    Out,
    SignedFile,
    Signer,
    reader,
    save_draft,
    tell_filed,
    tell_taken_back,
)
from ocop_workflow.cli.options import NOBODY, As, Json, acting_as, application, read_given_day, the_operator
from ocop_workflow.cli.output import read_text, say, show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.councils.scoring.views import SessionResultView
    from ocop_workflow.documents.record import Surroundings

council = typer.Typer(no_args_is_help=True, help="Hội đồng: quy chế, thành viên. / Councils.")
session = typer.Typer(no_args_is_help=True, help="Phiên họp của hội đồng. / Sessions of councils.")

Number = Annotated[
    int, typer.Argument(metavar="SỐ", min=1, max=2**31 - 1, help="Số, như trong danh sách. / Its id.")
]


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(council, name="council")
    app.add_typer(session, name="session")


@council.command("list")
def list_all(json: Json = False) -> None:
    """Các hội đồng. / The councils."""
    from ocop_workflow.councils.desk import list_councils

    with application().database.read() as tx:
        found = list_councils(tx, the_operator())
    if json:
        show_json(found)
        return
    rows = [
        (one.id, one.unit, one.name, one.decision_number, f"{one.decided_on:%d/%m/%Y}", len(one.members))
        for one in found
    ]
    show_table("Hội đồng", ["Số", "Của", "Tên", "Quyết định", "Ngày", "Thành viên"], rows)


@council.command("show")
def show(number: Number, json: Json = False) -> None:
    """Một hội đồng: quy chế, thành viên. / A council: its rules and members."""
    from ocop_workflow.councils.desk import show_council

    with application().database.read() as tx:
        found = show_council(tx, number, the_operator())
    if json:
        show_json(found)
        return
    rows = [
        (one.login, one.name, one.duty_label, one.position, f"{one.since:%d/%m/%Y}", one.until)
        for one in found.members
    ]
    title = f"{found.name}, {found.decision_number}"
    show_table(title, ["Đăng nhập", "Họ tên", "Nhiệm vụ", "Cơ quan", "Từ ngày", "Thôi từ"], rows)
    rules = found.rules
    say(f"Quy chế: {rules.source}. Cần có mặt {rules.quorum}; điểm chênh nhiều nhất {rules.spread_limit}.")


@council.command("found")
def found(
    unit: Annotated[str, typer.Argument(metavar="ĐỊA-PHƯƠNG", help="Của huyện, tỉnh nào. / Whose.")],
    name: Annotated[str, typer.Option(metavar="TÊN", help="Tên hội đồng. / Its name.")],
    decision: Annotated[str, typer.Option(metavar="SỐ", help="Số quyết định. / Its decision.")],
    decided_on: Annotated[str, typer.Option(metavar="NGÀY", help="Ngày quyết định. / Its day.")],
    rules: Annotated[
        Path | None, typer.Option(metavar="TỆP", help="Quy chế (docs/councils.md). / Its rules, TOML.")
    ] = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Thành lập hội đồng. / Found a council."""
    from ocop_workflow.councils.desk import show_council
    from ocop_workflow.councils.founding import NewCouncil, found_council
    from ocop_workflow.regulations.rubrics import read_rules

    app = application()
    own = read_rules(read_text(rules), rules.name) if rules else None
    given = NewCouncil(unit, name, decision, read_given_day(decided_on), own)
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        number = found_council(tx, given, actor=by, today=app.clock.today(), now=app.clock.now())
        view = show_council(tx, number, by)
    if json:
        show_json(view)
        return
    say(f"Đã thành lập hội đồng số {number}: {view.name}.")


@council.command("seat")
def seat(
    number: Number,
    login: Annotated[str, typer.Argument(metavar="CÁN-BỘ", help="Tên đăng nhập. / A login.")],
    duty: Annotated[
        str,
        typer.Option(metavar="VIỆC", help="chair, vice_chair, member, secretary, adviser. / As what."),
    ],
    position: Annotated[str, typer.Option(metavar="CHỮ", help="Thay mặt cơ quan nào. / For which body.")],
    since: Annotated[str, typer.Option(metavar="NGÀY", help="Từ ngày nào. / From which day on.")],
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Giao nhiệm vụ trong hội đồng. / Seat a member."""
    from ocop_workflow.councils.desk import show_council
    from ocop_workflow.councils.founding import NewMember, seat_member
    from ocop_workflow.errors import WrongUse
    from ocop_workflow.regulations.councils.words import CouncilDuty

    if duty not in list(CouncilDuty):
        known = ", ".join(CouncilDuty)
        raise WrongUse(
            f"Không có nhiệm vụ {duty}; có: {known}.", f"There is no duty {duty}; there are: {known}."
        )
    app = application()
    with app.database.write() as tx:
        by = acting_as(tx, actor)
        given = NewMember(login, CouncilDuty(duty), position, read_given_day(since))
        seat_member(tx, number, given, actor=by, now=app.clock.now())
        view = show_council(tx, number, by)
    if json:
        show_json(view)
        return
    say(f"{login} nay là {CouncilDuty(duty).text.vi} của hội đồng số {number}.")


@session.command("list")
def list_sessions(json: Json = False) -> None:
    """Các phiên họp, mới nhất trước. / The sessions, youngest first."""
    from ocop_workflow.councils.desk import list_sessions as all_of_them

    with application().database.read() as tx:
        found = all_of_them(tx, the_operator())
    if json:
        show_json(found)
        return
    rows = [
        (one.id, one.name, f"{one.held_on:%d/%m/%Y}", one.mode_label, one.stage_label, one.council)
        for one in found
    ]
    show_table("Phiên họp", ["Số", "Tên", "Ngày", "Cách", "Tình trạng", "Hội đồng"], rows)


@session.command("show")
def show_one(number: Number, json: Json = False) -> None:
    """Một phiên: chấm gì, ai đã ký; không nói điểm. / A session: what it scores, who has signed."""
    from ocop_workflow.councils.desk import show_session

    with application().database.read() as tx:
        found = show_session(tx, number, the_operator())
    if json:
        show_json(found)
        return
    rows = [
        (one.code, one.product, one.stage_label, f"{len(one.signed)}/{one.asked}", ", ".join(one.waiting_for))
        for one in found.products
    ]
    title = f"{found.name}, {found.held_on:%d/%m/%Y}: {found.stage_label}"
    show_table(title, ["Mã", "Sản phẩm", "Tình trạng", "Đã ký", "Chờ phiếu của"], rows)
    say(f"Có mặt {found.present}, cần {found.quorum} ({found.rules.source}).")


@session.command("results")
def results(number: Number, json: Json = False) -> None:
    """Kết quả, tính lại từ phiếu; sản phẩm chưa đóng chấm thì chưa có. / Results, from the sheets."""
    from ocop_workflow.councils.desk import show_results

    with application().database.read() as tx:
        found = show_results(tx, number, the_operator())
    if json:
        show_json(found)
        return
    rows = [
        (
            one.code,
            one.product,
            one.stage_label,
            one.outcome.mean_shown if one.outcome else "",
            _star(one),
            "; ".join(one.blocks),
        )
        for one in found
    ]
    show_table("Kết quả", ["Mã", "Sản phẩm", "Tình trạng", "Trung bình", "Sao", "Còn vướng"], rows)


DocumentKind = Annotated[
    str, typer.Argument(metavar="LOẠI", help="Như trong `ocop session documents`. / As listed there.")
]
ForCommune = Annotated[
    str | None, typer.Option(metavar="XÃ", help="Mã xã, khi mỗi xã một bản. / A commune's id.")
]
ForProduct = Annotated[
    str | None, typer.Option(metavar="MÃ", help="Khi mỗi sản phẩm một bản. / A product's code.")
]


def _around(app: Application) -> Surroundings:
    from ocop_workflow.documents.record import Surroundings

    return Surroundings.of(app.sender, app.settings.public_address)


@session.command("documents")
def list_documents(number: Number, actor: As = NOBODY, json: Json = False) -> None:
    """Văn bản của phiên: lập được chưa, còn thiếu gì. / Its documents: what can be drafted, what lacks."""
    from ocop_workflow.documents.drafting import list_documents as all_of_them

    app = application()
    around = _around(app)
    with app.database.read() as tx:
        by = the_operator() if actor == NOBODY else acting_as(tx, actor)
        found = all_of_them(tx, number, by, around)
    if json:
        show_json(found)
        return
    rows = [
        (
            one.kind.value,
            one.label,
            one.commune or one.product or "",
            "được" if one.ready else "chưa",
            "; ".join(one.lacks),
        )
        for one in found.documents
    ]
    show_table(f"Văn bản, {found.name}", ["Loại", "Tên", "Của", "Lập", "Còn thiếu"], rows)


@session.command("document")
def draft_document(
    number: Number,
    kind: DocumentKind,
    out: Out,
    commune: ForCommune = None,
    product: ForProduct = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dự thảo một văn bản thành tệp Word hoặc Excel. / Draft a document as a Word or Excel file."""
    from ocop_workflow.documents import drafting
    from ocop_workflow.regulations.councils.documents import named

    app = application()
    around = _around(app)
    order = drafting.DocumentOrder(named(kind), commune, product)
    with app.database.read() as tx:
        drafted = drafting.draft_document(tx, number, order, reader(tx, actor), around)
    save_draft(drafted, out, kind, order.kind.text.vi, json=json)


@session.command("issue")
def issue_document(
    number: Number,
    kind: DocumentKind,
    file: SignedFile,
    *,
    as_number: AsNumber,
    on: IssuedOn,
    signer: Signer,
    commune: ForCommune = None,
    product: ForProduct = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Lưu bản đã ký cạnh dự thảo; không lập lại nữa. / File the signed document beside its draft."""
    from ocop_workflow.documents import issuing
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.drafting import DocumentOrder
    from ocop_workflow.regulations.councils.documents import named

    app = application()
    around = _around(app)
    order = DocumentOrder(named(kind), commune, product)
    given = Issue(as_number, read_given_day(on), signer)
    with app.database.read() as tx:
        issuing.refuse_issuing(tx, number, order, acting_as(tx, actor), around)
    kept = app.files.keep_copy(file)
    with app.database.write() as tx:
        done = issuing.issue_document(
            tx,
            number,
            order,
            given,
            kept,
            actor=acting_as(tx, actor),
            around=around,
            today=app.clock.today(),
            now=app.clock.now(),
        )
    tell_filed(done, json=json)


@session.command("take-back")
def take_document_back(
    number: Number,
    kind: DocumentKind,
    *,
    reason: Because,
    commune: ForCommune = None,
    product: ForProduct = None,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Rút lại bản đã ký lưu nhầm; lưu lại bản khác được. / Take back what was filed by mistake."""
    from ocop_workflow.documents.drafting import DocumentOrder
    from ocop_workflow.documents.taking_back import take_back_document
    from ocop_workflow.regulations.councils.documents import named

    app = application()
    around = _around(app)
    order = DocumentOrder(named(kind), commune, product)
    with app.database.write() as tx:
        by, now = acting_as(tx, actor), app.clock.now()
        done = take_back_document(tx, number, order, reason, actor=by, around=around, now=now)
    tell_taken_back(done, json=json)


def _star(one: SessionResultView) -> str:
    if one.outcome is None:
        return ""
    return "bị loại" if one.outcome.out else str(one.outcome.star or "không")
