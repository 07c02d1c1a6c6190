"""One request from its door to its answer: one transaction, opened here, and who works in it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, Response

from ocop_workflow.errors import Locked, Stale
from ocop_workflow.views import etag, to_plain
from ocop_workflow.web.exchange import replies
from ocop_workflow.web.exchange.conditions import PreconditionFailed, changed_meanwhile, tags_seen
from ocop_workflow.web.exchange.languages import Language, language_of
from ocop_workflow.web.guard.identity import Needs, Uses, actor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from starlette.background import BackgroundTask

    from ocop_workflow.access import Actor, Scope
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.store import Connection
    from ocop_workflow.views import View
    from ocop_workflow.web.exchange.answers import Answer


class Visit:
    """A request and what it may use."""

    def __init__(self, request: Request, body: bytes) -> None:
        """Take a request whose body has been read."""
        self.request = request
        self.body = body
        self.application: Application = request.app.state.application
        self._uses: Uses = request.app.state.uses

    @property
    def language(self) -> Language:
        """The language in which to answer."""
        return language_of(self.request.headers.get("accept-language"))

    @property
    def today(self) -> date:
        """The local day."""
        return self.application.clock.today()

    @property
    def now(self) -> datetime:
        """This instant."""
        return self.application.clock.now()

    @property
    def needs(self) -> Needs:
        """What is asked of whoever comes here."""
        needs: Needs = self.request.state.needs
        return needs

    @contextmanager
    def reading(self) -> Iterator[tuple[Connection, Actor]]:
        """Open one snapshot for whoever asks.

        Raises:
            NotSignedIn: nobody can tell who that is.
            NotPermitted: the token or the rights reach less far than they have to here.
        """
        with self.application.database.read() as tx:
            yield tx, actor_of(tx, self.request, self.needs, self.now)

    def answer(self, work: Callable[[Connection, Actor], Answer]) -> Response:
        """Answer from one snapshot; see `reading`."""
        with self.reading() as (tx, actor):
            found = work(tx, actor)
        return self.respond(found)

    def change(self, work: Callable[[Connection, Actor], Answer], scope: Scope | None = None) -> Response:
        """Do something in one transaction and answer; with an `Idempotency-Key` only once.

        `scope`: how far the token has to reach, where this is further than everything else here asks for.

        Raises:
            NotSignedIn, NotPermitted: see `reading`.
            InvalidInput: the key cannot be used.
        """
        key, now = replies.key_of(self.request), self.now
        with self.application.database.write() as tx:
            actor = actor_of(tx, self.request, Needs(scope) if scope else self.needs, now)
            if key is None:
                found = work(tx, actor)
            else:
                asked = replies.checksum(self.request, self.body)
                found = replies.once(tx, actor, key, asked, now, lambda: work(tx, actor))
        return self.respond(found)

    def change_secretly(self, work: Callable[[Connection, Actor], Answer]) -> Response:
        """Do something whose request or answer holds a secret, so that nothing of either may be kept.

        Raises:
            NotSignedIn, NotPermitted: see `reading`.
            InvalidInput: there is an `Idempotency-Key`, which asks for the answer to be kept.
        """
        replies.refuse_key(self.request)
        return self.change(work)

    def change_seen(
        self,
        work: Callable[[Connection, Actor], Answer],
        look: Callable[[Connection, Actor], View],
    ) -> Response:
        """Change what was seen; if it is another by now, say what stands.

        Args:
            work: what is done; see `change`.
            look: shows what stands, with its `etag`.

        Raises:
            PreconditionFailed: it is another than was seen.
            NotSignedIn, NotPermitted, InvalidInput: see `change`.
        """
        try:
            return self.change(work)
        except Stale as stale:
            raise PreconditionFailed(stale, self._current(look)) from stale
        except Locked as locked:
            # many pressed at once: whoever was first may be through by now, and then it is another
            current = self._current(look)
            if current["etag"] in map(etag, tags_seen(self.request)):
                raise
            raise PreconditionFailed(changed_meanwhile(), current) from locked

    def _current(self, look: Callable[[Connection, Actor], View]) -> dict[str, Any]:
        with self.reading() as (tx, actor):
            return to_plain(look(tx, actor))

    def run(self, work: Callable[[Actor], Answer]) -> Response:
        """Do what opens transactions of its own, and answer; with an `Idempotency-Key` as the first time.

        Two that come at the very same moment may both work: so the work must have no second effect.

        Raises:
            NotSignedIn, NotPermitted: see `reading`.
            InvalidInput: the key cannot be used.
        """
        key, now = replies.key_of(self.request), self.now
        asked = replies.checksum(self.request, self.body)
        with self.reading() as (tx, actor):
            found = replies.given_before(tx, actor, key, asked, now) if key else None
        if found is None:
            done = found = work(actor)
            if key:
                with self.application.database.write() as tx:
                    found = replies.once(tx, actor, key, asked, now, lambda: done)
        return self.respond(found)

    def run_secretly(self, work: Callable[[Actor], Answer]) -> Response:
        """Do what opens transactions of its own and takes a secret; see `run`, `change_secretly`."""
        replies.refuse_key(self.request)
        return self.run(work)

    @property
    def afterwards(self) -> BackgroundTask | None:
        """What is done behind an answer: the use of the token is noted."""
        return self._uses.task(self.request)

    def respond(self, found: Answer) -> Response:
        """Send an answer; afterwards the use of the token is noted."""
        return found.response(self.afterwards, self.language)


async def visiting(request: Request) -> Visit:
    """Read a request's body; everything else happens in the thread of its route."""
    return Visit(request, await request.body())


Visiting = Annotated[Visit, Depends(visiting)]
