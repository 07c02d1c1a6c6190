"""Work that takes long: its page begins at once, says how far it is, and ends with what came of it.

Without a script a page cannot ask again; so it is sent in pieces. Whoever leaves it stops nothing: the work
is done to its end, all of it or nothing.
"""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from queue import SimpleQueue
from time import sleep
from typing import TYPE_CHECKING, Final

from fastapi.responses import StreamingResponse
from markupsafe import escape

from ocop_workflow.errors import OcopError, Text
from ocop_workflow.web.console.frame.call import Screen
from ocop_workflow.web.console.frame.refusals import refusal_page
from ocop_workflow.web.console.frame.words import figure
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.guard.refusals import put_on_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from fastapi import Response

    from ocop_workflow.imports.importing import Progress
    from ocop_workflow.web.console.frame.call import Call

#: what ends within this is answered as any other page is, in seconds
PATIENCE: Final = 1.0
#: how often a page says how far the work is, in seconds
_EVERY: Final = 0.25
_BEGINS, _ENDS = '<main id="main" class="container-xl" tabindex="-1">', "</main>"
_BEGUN: Final = Text("Đang đọc tệp.", "The file is being read.")
_BROKEN: Final = Text(
    "Máy chủ gặp lỗi giữa chừng; chưa có gì được ghi. Hãy thử lại.",
    "The server failed half-way; nothing was written. Try again.",
)

#: as many at once, however many pages are opened and left: the others wait for their turn
_WORKERS: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="long-work")

_Told = SimpleQueue[tuple[int, int]]


def patiently(call: Call, title: Text, work: Callable[[Progress], Response]) -> Response:
    """Do a piece of work; once it has taken `PATIENCE`, begin a page that says how far it is.

    Args:
        call: the request.
        title: what is being done.
        work: does it, and tells how many rows of how many are done; gives a page.

    Raises:
        OcopError: the work was refused in time; later the refusal stands at the end of the page.
    """
    told: _Told = SimpleQueue()
    context = contextvars.copy_context()
    done = _WORKERS.submit(context.run, work, lambda part, whole: told.put((part, whole)))
    with suppress(NotYet):
        return done.result(PATIENCE)
    words = {"title": say(title, call.language)}
    begun = call.show(lambda _tx, _actor: Screen("working.html", words))
    headers = {name: value for name, value in begun.headers.items() if name != "content-length"}
    headers["X-Accel-Buffering"] = "no"  # a proxy that gathered the pieces would show nothing until the end
    return StreamingResponse(_pieces(call, bytes(begun.body).decode(), told, done), headers=headers)


def _pieces(call: Call, frame: str, told: _Told, done: Future[Response]) -> Iterator[str]:
    before, _, after = frame.partition(_ENDS)
    yield before + _line("", say(_BEGUN, call.language))
    while not done.done():
        sleep(_EVERY)
        newest = None
        while not told.empty():
            newest = told.get()
        if newest is not None:
            yield _step(call, *newest)
    try:
        page = done.result()
    except OcopError as error:
        put_on_record(call.request, error)
        page = refusal_page(call.request, error)
    except Exception:
        words = escape(say(_BROKEN, call.language))
        yield f'<div class="work-end"><p class="wrong" role="alert">{words}</p></div>{_ENDS}{after}'
        raise
    yield f'<div class="work-end">{_main(page)}</div>{_ENDS}{after}'


def _step(call: Call, part: int, whole: int) -> str:
    done, rows = figure(part), figure(whole)
    told = Text(f"Đã xem {done}/{rows} dòng.", f"{done} of {rows} rows have been looked at.")
    if part == whole:
        told = Text(
            f"Đã xem đủ {rows} dòng, đang hoàn tất.", f"All {rows} rows have been looked at; finishing."
        )
    return _line(f' value="{part}" max="{whole}"', say(told, call.language))


def _line(how_far: str, words: str) -> str:
    shown = escape(words)
    return f'<p class="work"><progress{how_far} aria-label="{shown}"></progress> {shown}</p>\n'


def _main(page: Response) -> str:
    """Return what a page says between its frame."""
    _, _, rest = bytes(page.body).decode().partition(_BEGINS)
    return rest.partition(_ENDS)[0]
