"""A real SMTP server on 127.0.0.1 that keeps what it is sent and misbehaves when told to.

    with SmtpServer() as server:
        server.script("RCPT", "450 4.2.1 mailbox busy")  # the next RCPT is answered so
        server.script("DOT", HANG_UP)                    # then: takes a whole letter, leaves without a word
        ...
        assert [letter.recipients for letter in server.messages] == [["xa@ocop.example"]]

Stages: CONNECT (the greeting), EHLO, AUTH, MAIL, RCPT, DATA (the command), BODY (a line of the letter has
come), DOT (the whole letter has come), RSET, QUIT. What is scripted for a stage happens once, in the order
of scripting; unscripted stages go well. `messages` holds every letter of which the final dot came and that
was not refused: also those the client was never told about.
"""

# ruff: noqa: N802 - the smtp_ and handle_ methods are aiosmtpd's names
from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    import ssl

    from aiosmtpd.smtp import Envelope, Session


class Silence(Enum):
    """What the server may do in place of answering, or before it answers."""

    HANG_UP = auto()
    STALL = auto()
    DRIBBLE = auto()
    PAUSE = auto()


HANG_UP: Final = Silence.HANG_UP
STALL: Final = Silence.STALL
#: an answer that comes octet by octet and has no end
DRIBBLE: Final = Silence.DRIBBLE
#: a while without a word, then all goes well
PAUSE: Final = Silence.PAUSE
OCTET_SECONDS = 0.02
PAUSE_SECONDS = 0.3
_BIG = 64 * 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """A letter as it came; `content` is what stood between DATA and the final dot, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    logged_in: bool


class SmtpServer:
    """The server; give it a TLS context, a login, or both, and it insists on them.

    Attributes:
        port: where it listens on 127.0.0.1.
        messages: the letters it has taken.
        stages: every stage that was reached, over all connections.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        login: tuple[str, str] | None = None,
        idle_seconds: float = 300,
    ) -> None:
        self.port = 0
        self.messages: list[Letter] = []
        self.stages: list[str] = []
        self.login = login
        self.starttls = None if implicit else tls
        self.idle_seconds = idle_seconds
        self.dialogues: list[_Dialogue] = []
        self._wrap = tls if implicit else None
        self._scripts: defaultdict[str, deque[str | Silence]] = defaultdict(deque)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def script(self, stage: str, *deeds: str | Silence) -> None:
        """Say what happens the next times that `stage` is reached: a reply, or a silence."""
        self._scripts[stage].extend(deeds)

    def planned(self) -> list[tuple[str, str | Silence]]:
        """Return what is scripted, (stage, deed), and has not happened yet."""
        return [(stage, deed) for stage, deeds in self._scripts.items() for deed in deeds]

    def is_scripted(self, stage: str) -> bool:
        return bool(self._scripts[stage])

    def reach(self, stage: str) -> str | Silence | None:
        """Note that `stage` was reached and return what is scripted for it."""
        self.stages.append(stage)
        return self._scripts[stage].popleft() if self._scripts[stage] else None

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the SMTP server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: _Dialogue(self), "127.0.0.1", 0, ssl=self._wrap)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        while self.dialogues:
            self.dialogues[0].hang_up()
            await asyncio.sleep(0.001)


class _Mailbox:
    """What aiosmtpd calls when a whole letter has come."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def handle_DATA(self, dialogue: _Dialogue, session: Session, envelope: Envelope) -> bytes:
        deed = self._server.reach("DOT")
        if isinstance(deed, str) and not deed.startswith("2"):
            return deed.encode()
        letter = Letter(
            sender=str(envelope.mail_from),
            recipients=tuple(envelope.rcpt_tos),
            content=bytes(envelope.original_content or b""),
            encrypted=dialogue.is_encrypted(),
            logged_in=bool(session.authenticated),
        )
        self._server.messages.append(letter)
        if isinstance(deed, Silence):
            await dialogue.fall_silent(deed)
        reply = deed if isinstance(deed, str) else f"250 2.0.0 Ok: queued as {len(self._server.messages)}"
        return reply.encode()


class _Dialogue(SMTP):
    """One connection."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        super().__init__(
            _Mailbox(server),
            loop=asyncio.get_running_loop(),
            hostname="relay.ocop.example",
            timeout=server.idle_seconds,
            data_size_limit=_BIG,
            tls_context=server.starttls,
            require_starttls=server.starttls is not None,
            auth_required=server.login is not None,
            auth_require_tls=server.starttls is not None,
            authenticator=self._knows,
        )

    def _knows(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, who: object
    ) -> AuthResult:
        given = (who.login.decode(), who.password.decode()) if isinstance(who, LoginPassword) else None
        return AuthResult(success=given == self._server.login, handled=False)

    def is_encrypted(self) -> bool:
        return self.transport is not None and self.transport.get_extra_info("ssl_object") is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self not in self._server.dialogues:  # STARTTLS makes the connection a second time
            self._server.dialogues.append(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._server.dialogues.remove(self)

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def fall_silent(self, deed: Silence) -> None:
        """Return only from a PAUSE: the end of the connection cancels whoever waits here."""
        if deed is PAUSE:
            await asyncio.sleep(PAUSE_SECONDS)
            return
        if deed is HANG_UP:
            self.hang_up()
        while deed is DRIBBLE and isinstance(self.transport, asyncio.Transport):
            self.transport.write(b"2")
            await asyncio.sleep(OCTET_SECONDS)
        await asyncio.Event().wait()

    async def _goes_wrong(self, stage: str) -> bool:
        """Do what is scripted for this stage; False if nothing is, and the stage shall go well."""
        deed = self._server.reach(stage)
        if isinstance(deed, Silence):
            await self.fall_silent(deed)
        if isinstance(deed, str):
            await self.push(deed.encode())
            if deed.startswith("421") and self.transport is not None:
                self.transport.close()
        return deed not in {None, PAUSE}

    async def _handle_client(self) -> None:
        if not await self._goes_wrong("CONNECT"):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._goes_wrong("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._goes_wrong("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._goes_wrong("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._goes_wrong("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._goes_wrong("DATA"):
            return
        if self._server.is_scripted("BODY"):
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            await self._goes_wrong("BODY")
        await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg: str) -> None:
        if not await self._goes_wrong("RSET"):
            await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        if not await self._goes_wrong("QUIT"):
            await super().smtp_QUIT(arg)
