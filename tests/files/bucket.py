"""A bucket on this machine: as much of S3 as a store of files asks for."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_OBJECT = (
    "<Contents><Key>{key}</Key><LastModified>2024-04-23T01:00:00.000Z</LastModified>"
    '<ETag>"x"</ETag><Size>{size}</Size></Contents>'
)


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve an empty bucket; gives its endpoint, and what it holds by key."""
    held: dict[str, bytes] = {}

    class Bucket(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_PUT(self) -> None:
            held[self._key()] = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(200, b"")

        def do_GET(self) -> None:
            if "list-type" in urlsplit(self.path).query:
                found = "".join(_OBJECT.format(key=key, size=len(data)) for key, data in held.items())
                page = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
                self._answer(200, page.encode())
            elif self._key() in held:
                self._answer(200, held[self._key()])
            else:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

        def _key(self) -> str:
            """Return the key behind the bucket's name."""
            return urlsplit(self.path).path.split("/", 2)[2]

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"x"')
            self.send_header("Last-Modified", formatdate(0, usegmt=True))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
