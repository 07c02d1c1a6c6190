"""`/certificates/import`: a list of certificates, looked at row by row, given back, entered when it is clean.

The list is kept nowhere: whoever has mended it, or answered beside its rows, sends it again.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.errors import InvalidInput, OcopError
from ocop_workflow.imports.register.importing import RegisterOrder, import_register, read_register_file
from ocop_workflow.imports.register.returning import register_back
from ocop_workflow.imports.register.views import ListedVerdict
from ocop_workflow.states import EvidenceLevel
from ocop_workflow.vietnamese import clean
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.imports.register.file import RegisterFile
    from ocop_workflow.imports.register.views import RegisterImportView

router = APIRouter(route_class=Paged)

_EDIT = Permission.EDIT_PRODUCTS
_ENDINGS: Final = (".xlsx", ".csv")
#: rows that one page shows
_MOST: Final = 500
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/certificates/import", **needs(_EDIT))
def show_start(call: Calling) -> Response:
    """Ask for a list of certificates."""
    return call.show(lambda _tx, _actor: _screen(call))


@router.post("/certificates/import", **needs(_EDIT))
def bring(call: Calling) -> Response:
    """Say what becomes of each row; give the list back, or let it count, as the button says."""
    try:
        file = _read(call)
        report = _import(call, file)
    except OcopError as error:
        refusal = error
        return call.show(lambda _tx, _actor: _screen(call, refusal=refusal))
    if call.given("act") == "back":
        name = f"tra-lai-{call.today.isoformat()}.xlsx"
        headers = {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        return Response(register_back(file, report), headers=headers, media_type=_KIND)
    return call.show(lambda _tx, _actor: _screen(call, report=report))


def _read(call: Call) -> RegisterFile:
    """Read the list that was sent, under its own name."""
    given = call.file("file")
    name = clean(PurePath((given.filename or "").replace("\\", "/")).name) if given else ""
    if given is None or not name.casefold().endswith(_ENDINGS):
        raise InvalidInput(
            "Tệp phải là danh sách .xlsx hoặc .csv, không trống.", "The file has to be a list: .xlsx or .csv."
        )
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list{PurePath(name).suffix.casefold()}"
        path.write_bytes(given.file.read())
        return read_register_file(path, named=name[-200:])


def _import(call: Call, file: RegisterFile) -> RegisterImportView:
    """Let the list count if that is asked for and it is clean; else whatever was done is undone."""
    asked = call.given("evidence")
    evidence = EvidenceLevel(asked) if asked in set(EvidenceLevel) else EvidenceLevel.LEAD
    actor = call.change(lambda _tx, session: session.actor)
    with call.application.database.connect() as connection, connection.begin() as tx:
        order = RegisterOrder(actor, evidence, call.today, call.now)
        report = import_register(connection, file, order, publish=call.given("act") == "publish")
        if not report.published:
            tx.rollback()
    return report


def _screen(
    call: Call, *, report: RegisterImportView | None = None, refusal: OcopError | None = None
) -> Screen:
    content: dict[str, Any] = {
        "levels": [(word.value, say(word.text, call.language)) for word in EvidenceLevel],
        "sent": call.sent,
        "report": report,
        "rows": _rows(report) if report else [],
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("certificates/import.html", content, kind_of(refusal).status if refusal else 200)


def _rows(report: RegisterImportView) -> list[Any]:
    """Return the rows that a page shows: those first of which something is amiss."""
    amiss = (ListedVerdict.FAULT, ListedVerdict.QUESTION)
    return sorted(report.verdicts, key=lambda one: one.verdict not in amiss)[:_MOST]
