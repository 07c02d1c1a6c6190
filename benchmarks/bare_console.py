"""The floor of the console's pages: the same statements by the raw driver, the same template rendered bare.

What each page asks of the database, and what its template is given, is caught once from the console itself;
then a bare Starlette `def` route asks it again for each request, throws the answers away, and renders the
template. Nobody is looked up or refused, nothing is made of the rows.

`python -m benchmarks.bare_console URL COOKIE PORT`.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.figures import CONSOLE
from ocop_workflow.bootstrap import bootstrap
from ocop_workflow.settings import load_settings
from ocop_workflow.web.app import create_app
from ocop_workflow.web.console.frame.call import Call, Screen
from ocop_workflow.web.console.frame.words import templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_local = threading.local()


@dataclass(frozen=True)
class Caught:
    """What one page asks and shows."""

    asked: tuple[tuple[str, Any], ...]
    template: str
    content: Mapping[str, Any]


def catch(url: str, cookie: str) -> dict[str, Caught]:
    """Open each page once and note what it asked and what its template was given."""
    application = bootstrap(load_settings(database_url=url, token_rate=0, officer_rate=0))
    asked: list[tuple[str, Any]] = []
    shown: list[tuple[str, Mapping[str, Any]]] = []
    event.listen(
        application.database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, sql, parameters, *_: asked.append((sql, parameters)),
    )
    write = Call.write

    def noting(call: Call, screen: Screen, around: Mapping[str, Any] | None = None) -> Any:
        content = {**screen.content, "path": call.request.url.path, "around": around, "today": call.today}
        shown.append((screen.template, {**content, "hidden": "", "local": call.local}))
        return write(call, screen, around)

    Call.write = noting  # type: ignore[method-assign,assignment]  # to be looked over the shoulder of
    found = {}
    with TestClient(create_app(application), base_url="http://localhost") as client:
        client.cookies.set("ocop", cookie)
        for page in CONSOLE:
            client.get(page)  # reads the plans
            asked.clear()
            if client.get(page, follow_redirects=False).status_code != 200:
                raise AssertionError(f"{page} is not shown")
            reads = [one for one in asked if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
            found[page] = Caught(tuple(reads), *shown[-1])
    application.database.close()
    return found


def _answer(url: str, caught: Caught) -> Response:
    if not hasattr(_local, "line"):
        _local.line = bootstrap(load_settings(database_url=url)).database.engine.raw_connection()
    cursor = _local.line.cursor()
    for sql, parameters in caught.asked:
        cursor.execute(sql, parameters)
        cursor.fetchall()
    _local.line.rollback()
    page = templates("vi").get_template(caught.template).render(**caught.content)
    return Response(page, media_type="text/html; charset=utf-8")


def main() -> None:
    url, cookie, port = sys.argv[1:4]
    caught = catch(url, cookie)

    def show(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return _answer(url, caught[request.url.path + query])

    paths = dict.fromkeys(page.partition("?")[0] for page in CONSOLE)
    app = Starlette(routes=[Route(path, show) for path in paths])
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
