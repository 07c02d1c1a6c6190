"""One request of the console: who asks, one transaction, and a page or another address as its answer."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.datastructures import FormData, UploadFile

from ocop_workflow.access import SessionStage
from ocop_workflow.errors import InvalidInput, NotSignedIn, OcopError, fault
from ocop_workflow.people.sign_in.coming_in import Knock
from ocop_workflow.people.sign_in.sessions import SEEN_NOTED_EVERY, note_seen
from ocop_workflow.vietnamese import clean
from ocop_workflow.web.console.frame import door
from ocop_workflow.web.console.frame.around import surroundings
from ocop_workflow.web.console.frame.words import LANGUAGE_COOKIE, templates
from ocop_workflow.web.exchange import replies
from ocop_workflow.web.exchange.answers import Answer
from ocop_workflow.web.guard.identity import origin_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.errors import Language
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

#: what a page lets in: itself, and nothing that stands in the page itself
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
#: fields of one form: a thousand products may be chosen
_MOST_FIELDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Screen:
    """A page to be shown: its template, and what stands in it."""

    template: str
    content: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


class Call:
    """A request of the console and what it may use."""

    def __init__(self, request: Request, form: FormData) -> None:
        """Take a request whose form has been read."""
        self.request = request
        self._form = form
        self.application: Application = request.app.state.application

    @property
    def language(self) -> Language:
        """The language of the pages: Vietnamese unless English was chosen."""
        return "en" if self.request.cookies.get(LANGUAGE_COOKIE) == "en" else "vi"

    @property
    def today(self) -> date:
        """The local day."""
        return self.application.clock.today()

    @property
    def now(self) -> datetime:
        """This instant."""
        return self.application.clock.now()

    @property
    def knock(self) -> Knock:
        """From where and when this is asked."""
        agent = self.request.headers.get("user-agent", "")
        return Knock(origin_of(self.request), agent, self.now, self.application.clock.elsewhere())

    def local(self, instant: datetime | None) -> datetime | None:
        """Return an instant as people here read it."""
        return self.application.clock.local(instant) if instant else None

    # -- what was sent -------------------------------------------------------------------------------

    def given(self, name: str) -> str:
        """Return what was written into a field; empty: nothing, or no such field."""
        value = self._form.get(name, "")
        return clean(value) if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """Return what was typed into a field, to the letter: spaces belong to a password."""
        value = self._form.get(name, "")
        return value if isinstance(value, str) else ""

    def chosen(self, name: str) -> list[str]:
        """Return every value that was chosen under a name."""
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """Return a file that was sent along; none: none was."""
        value = self._form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    @property
    def sent(self) -> defaultdict[str, str]:
        """Every field that was written into, by its name, but for what is ours; of any other: nothing."""
        return self.sent_over({})

    def sent_over(self, known: Mapping[str, str]) -> defaultdict[str, str]:
        """Return what was written into the fields; of a field that was not sent, what is known."""
        written = {
            name: clean(value)
            for name, value in self._form.multi_items()
            if isinstance(value, str) and name != "form"
        }
        return defaultdict(str, {**known, **written})

    # -- answers -------------------------------------------------------------------------------------

    def show(self, work: Callable[[Connection, Actor], Screen]) -> Response:
        """Show what one snapshot holds.

        Raises:
            NotSignedIn, NotPermitted: see `door.signed_in`.
        """
        with self.application.database.read() as tx:
            session = door.signed_in(tx, self.request)
            sheet = work(tx, session.actor)
            around = surroundings(tx, self.application, session)
        return self._with_note(self.write(sheet, around), session)

    def read(self, work: Callable[[Connection, Actor], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Return what one snapshot holds, for an answer that is no page.

        Raises:
            NotSignedIn, NotPermitted: see `door.signed_in`.
        """
        with self.application.database.read() as tx:
            return work(tx, door.signed_in(tx, self.request).actor)

    def change(self, work: Callable[[Connection, Session], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do something in one transaction; returns what it gave.

        Raises:
            NotSignedIn, NotPermitted: see `door.signed_in`.
        """
        with self.application.database.write() as tx:
            return work(tx, door.signed_in(tx, self.request))

    @staticmethod
    def new_key() -> str:
        """Return what stands in a form that must not be followed twice."""
        return secrets.token_urlsafe(16)

    def once(self, tx: Connection, session: Session, work: Callable[[], str]) -> str:
        """Do what makes something new, once for the key of its form; returns what it gave, each time alike.

        Raises:
            InvalidInput: the key was used for another form.
        """
        key = f"form-{self.given('key')[:64]}"
        asked = hashlib.sha256(
            json.dumps([self.request.url.path, self.sent], sort_keys=True).encode()
        ).hexdigest()
        done = replies.once(tx, session.actor, key, asked, self.now, lambda: Answer(200, work()))
        return done.body

    def change_or_show(
        self,
        work: Callable[[Connection, Session], Response],
        again: Callable[[Connection, Actor, OcopError], Screen],
    ) -> Response:
        """Do something in one transaction; if it is refused, show the form again with what is wrong.

        Args:
            work: what is done; gives the answer.
            again: the page on which it was asked for, with what was sent.
        """
        try:
            done: Response = self.change(work)
        except OcopError as error:
            refusal = error
        else:
            return done
        if isinstance(refusal, NotSignedIn):
            raise refusal
        return self.show(lambda tx, actor: again(tx, actor, refusal))

    def around(self, tx: Connection, session: Session) -> Mapping[str, Any]:
        """Return what stands around a page that is written within a change."""
        return surroundings(tx, self.application, session)

    def to(self, path: str, **asked: str) -> Response:
        """Send the browser to another page, which it looks at anew."""
        query = urlencode({name: value for name, value in asked.items() if value})
        return RedirectResponse(f"{path}?{query}" if query else path, 303)

    def write(self, sheet: Screen, around: Mapping[str, Any] | None = None) -> Response:
        """Write a page; `around`: what stands on every page of somebody who is signed in."""
        token = door.token_of(self.request)
        hidden = Markup('<input type="hidden" name="form" value="{}">').format(door.form_token(token))
        template = templates(self.language).get_template(sheet.template)
        page = template.render(
            path=self.request.url.path,
            hidden=hidden,
            around=around,
            today=self.today,
            local=self.local,
            **sheet.content,
        )
        headers = {**_HEADERS, "Content-Language": self.language}
        return Response(page, sheet.status, headers, media_type="text/html; charset=utf-8")

    def _with_note(self, response: Response, session: Session) -> Response:
        """Note afterwards that somebody is still there; nobody waits for it."""
        if self.now - session.seen_at >= SEEN_NOTED_EVERY:
            response.background = BackgroundTask(self._note, session.id, self.now)
        return response

    def _note(self, session_id: int, now: datetime) -> None:
        try:
            with self.application.database.write() as tx:
                note_seen(tx, session_id, now)
        except OcopError:
            return  # next time


def day_of(written: str, place: str) -> date | None:
    """Read a local day out of a field: as browsers send it, or as people write it; none: nothing is there.

    Raises:
        InvalidInput: it is no day.
    """
    if not written:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a local day has no zone
        except ValueError:
            continue
    raise InvalidInput(
        "Ngày có lỗi.",
        "The day is at fault.",
        [fault(place, "không phải ngày; viết như 30/11/2024", "is no day; write it like 30/11/2024")],
    )


async def calling(request: Request) -> AsyncIterator[Call]:
    """Read a request's form, of whoever was let in; a form that is not of this session is not taken."""
    if request.method in ("GET", "HEAD"):
        yield Call(request, FormData())
        return
    async with request.form(max_fields=_MOST_FIELDS, max_files=1) as form:
        if request.state.stage is not None:
            given = form.get("form", "")
            door.refuse_strange_form(request, given if isinstance(given, str) else "")
        yield Call(request, form)


Calling = Annotated[Call, Depends(calling)]

__all__ = ["Call", "Calling", "Screen", "SessionStage", "calling"]
