"""A signed document that comes with a form: what stands on it is read, and it is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.documents.clerk import Issue
from ocop_workflow.errors import NotSignedIn, OcopError
from ocop_workflow.web.console.councils.fields import required_day, required_text
from ocop_workflow.web.console.dossiers.sent_files import keep_sent_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Response

    from ocop_workflow.access import Actor
    from ocop_workflow.files import KeptFile
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection
    from ocop_workflow.web.console.frame.call import Call, Screen


def file_signed(
    call: Call,
    turn_away: Callable[[Connection, Actor], None],
    work: Callable[[Connection, Session, Issue, KeptFile], Response],
    again: Callable[[Connection, Actor, OcopError], Screen],
) -> Response:
    """File a signed document; if it is refused, show its page again with what was typed.

    Args:
        call: the request.
        turn_away: refuses whoever may not file it, before its file is kept.
        work: files it; gives the answer.
        again: the page on which it was asked for.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    try:
        given = Issue(
            required_text(call, "number", 100),
            required_day(call, "issued_on"),
            required_text(call, "signer"),
        )
        call.read(turn_away)
        kept = keep_sent_file(call)
    except NotSignedIn:
        raise
    except OcopError as error:
        refusal = error
        return call.show(lambda tx, actor: again(tx, actor, refusal))
    return call.change_or_show(lambda tx, session: work(tx, session, given, kept), again)
