"""`/sessions/{number}/documents`: the documents of a session, what each still lacks, and one to be saved."""

from __future__ import annotations

import io
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Response

from ocop_workflow.documents.drafting import (
    DocumentOrder,
    draft_document,
    list_documents,
)
from ocop_workflow.documents.kinds import named
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.downloads import attachment

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import Draft
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)


def _around(call: Call) -> Surroundings:
    sender = call.application.sender
    return Surroundings(sender.zone, sender.public_url)


@router.get("/sessions/{number}/documents", **needs())
def show_list(call: Calling, number: Number) -> Response:
    """List the documents of a session."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = list_documents(tx, number, actor, _around(call), call.language)
        kinds = [(kind, list(lines)) for kind, lines in groupby(found.documents, attrgetter("kind"))]
        return Screen("councils/documents.html", {"found": found, "kinds": kinds})

    return call.show(work)


@router.get("/sessions/{number}/documents/{kind}", **needs())
def draft(
    call: Calling,
    number: Number,
    kind: Annotated[str, Path(max_length=40)],
    commune: Annotated[str, Query(max_length=60)] = "",
    product: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Give a document, to be saved."""

    def work(tx: Connection, actor: Actor) -> Draft:
        order = DocumentOrder(named(kind), commune or None, product or None)
        return draft_document(tx, number, order, actor, _around(call))

    drafted: Draft = call.read(work)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))
