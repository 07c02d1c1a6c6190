"""`ocop document …`: documents outside sessions, of a certificate or of a product's last step."""

from __future__ import annotations

from typing import Annotated

import typer

from ocop_workflow.cli.drafts import Out, reader, save_draft
from ocop_workflow.cli.options import NOBODY, As, Json, acting_as, application, the_operator
from ocop_workflow.cli.output import show_json, show_table

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
    rows = [
        (one.kind.value, one.label, "được" if one.ready else "chưa", "; ".join(one.lacks))
        for one in found.documents
    ]
    show_table(f"Văn bản ngoài phiên họp, {found.name}", ["Loại", "Tên", "Lập", "Còn thiếu, cần biết"], rows)


@document.command("draft")
def draft_document(
    of: Subject,
    kind: Annotated[
        str, typer.Argument(metavar="LOẠI", help="Như trong `ocop document list`. / As listed there.")
    ],
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


def _is_number(of: str) -> bool:
    """Tell whether a certificate is meant: codes of products are no bare figures."""
    return of.isascii() and of.isdecimal() and 0 < int(of) < 2**31
