"""`ocop document …`: documents outside sessions, of a certificate or of a product's last step."""

from __future__ import annotations

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
from ocop_workflow.cli.options import (
    NOBODY,
    As,
    Json,
    acting_as,
    application,
    read_given_day,
    the_operator,
)
from ocop_workflow.cli.output import show_json, show_table

if TYPE_CHECKING:
    from ocop_workflow.documents.outside.filing import OutsideOrder
    from ocop_workflow.documents.outside.views import OutsideLineView

document = typer.Typer(no_args_is_help=True, help="Văn bản ngoài phiên họp. / Documents outside sessions.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(document, name="document")


Subject = Annotated[
    str,
    typer.Argument(
        metavar="CỦA",
        help="Số giấy chứng nhận trong sổ, hoặc mã sản phẩm. / A certificate's id, or a product's code.",
    ),
]


Kind = Annotated[
    str, typer.Argument(metavar="LOẠI", help="Như trong `ocop document list`. / As listed there.")
]


@document.command("list")
def list_documents(of: Subject, actor: As = NOBODY, json: Json = False) -> None:
    """Lập được văn bản nào, còn thiếu gì. / What can be drafted, what each still lacks."""
    from ocop_workflow.documents.outside.drafting import list_certificate_documents, list_product_documents

    app = application()
    today = app.clock.today()
    with app.database.read() as tx:
        by = the_operator() if actor == NOBODY else acting_as(tx, actor)
        found = (
            list_certificate_documents(tx, int(of), by, today)
            if _is_number(of)
            else list_product_documents(tx, of, by, today)
        )
    if json:
        show_json(found)
        return
    rows = [(one.kind.value, one.label, _stands(one), "; ".join(one.lacks)) for one in found.documents]
    show_table(f"Văn bản ngoài phiên họp, {found.name}", ["Loại", "Tên", "Lập", "Còn thiếu, cần biết"], rows)


@document.command("draft")
def draft_document(
    of: Subject,
    kind: Kind,
    out: Out,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Dự thảo một văn bản thành tệp Word. / Draft a document as a Word file."""
    from ocop_workflow.documents.outside import drafting, kinds
    from ocop_workflow.documents.record import Surroundings

    app = application()
    around = Surroundings.of(app.sender, app.settings.public_address)
    today = app.clock.today()
    with app.database.read() as tx:
        by = reader(tx, actor)
        if _is_number(of):
            wanted = kinds.outside_document(kind, kinds.OF_CERTIFICATE)
            drafted = drafting.draft_of_certificate(tx, int(of), wanted, actor=by, around=around, today=today)
        else:
            wanted = kinds.outside_document(kind, kinds.OF_PRODUCT)
            drafted = drafting.draft_of_product(tx, of, wanted, actor=by, around=around, today=today)
    save_draft(drafted, out, kind, wanted.text.vi, json=json)


@document.command("issue")
def issue_document(
    of: Subject,
    kind: Kind,
    file: SignedFile,
    *,
    as_number: AsNumber,
    on: IssuedOn,
    signer: Signer,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Lưu bản đã ký cạnh dự thảo; không lập lại nữa. / File the signed document beside its draft."""
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.outside import filing
    from ocop_workflow.documents.record import Surroundings

    app = application()
    around = Surroundings.of(app.sender, app.settings.public_address)
    today, order = app.clock.today(), _order(of, kind)
    given = Issue(as_number, read_given_day(on), signer)
    with app.database.read() as tx:
        filing.refuse_filing(tx, order, acting_as(tx, actor), around, today)
    kept = app.files.keep_copy(file)
    with app.database.write() as tx:
        by, now = acting_as(tx, actor), app.clock.now()
        done = filing.file_outside(tx, order, given, kept, actor=by, around=around, today=today, now=now)
    tell_filed(done, json=json)


@document.command("take-back")
def take_document_back(
    of: Subject,
    kind: Kind,
    *,
    reason: Because,
    actor: As = NOBODY,
    json: Json = False,
) -> None:
    """Rút lại bản đã ký lưu nhầm; lưu lại bản khác được. / Take back what was filed by mistake."""
    from ocop_workflow.documents.outside.filing import take_back_outside

    app = application()
    order, today = _order(of, kind), app.clock.today()
    with app.database.write() as tx:
        by, now = acting_as(tx, actor), app.clock.now()
        done = take_back_outside(tx, order, reason, actor=by, today=today, now=now)
    tell_taken_back(done, json=json)


def _stands(one: OutsideLineView) -> str:
    """Say how a document stands: filed under its number, to be drafted, or not yet."""
    if one.issued:
        return f"đã ban hành số {one.issued.number}"
    return "được" if one.ready else "chưa"


def _order(of: str, kind: str) -> OutsideOrder:
    from ocop_workflow.documents.outside.filing import OutsideOrder
    from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, OF_PRODUCT, outside_document

    if _is_number(of):
        return OutsideOrder(outside_document(kind, OF_CERTIFICATE), certificate=int(of))
    return OutsideOrder(outside_document(kind, OF_PRODUCT), product=of)


def _is_number(of: str) -> bool:
    """Tell whether a certificate is meant: codes of products are no bare figures."""
    return of.isascii() and of.isdecimal() and 0 < int(of) < 2**31
