"""Style sheet and pictures: read once, packed once, and kept by browsers for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, HTTPException, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

router = APIRouter(include_in_schema=False)

_TYPES: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: plain, and packed."""

    media_type: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return every file that browsers get, by its path."""
    folder = resources.files("ocop_workflow") / "web" / "static"
    return dict(sorted(_within(folder, "")))


def _within(folder: Traversable, path: str) -> Iterator[tuple[str, Asset]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _within(item, f"{path}{item.name}/")
        elif (kind := _TYPES.get(item.name[item.name.rfind(".") :])) is not None:
            content = item.read_bytes()
            yield f"{path}{item.name}", Asset(kind, content, gzip.compress(content, mtime=0))


@cache
def edition() -> str:
    """Return what stands in every address: it changes as soon as any file does."""
    whole = hashlib.sha256()
    for path, asset in assets().items():
        whole.update(path.encode() + b"\0" + asset.plain)
    return whole.hexdigest()[:12]


def address_of(path: str) -> str:
    """Return the address of a file."""
    return f"/static/{edition()}/{path}"


@router.get("/static/{which}/{path:path}")
def show_asset(request: Request, which: str, path: str) -> Response:
    """Send a file; the one of an earlier edition is not there any more."""
    asset = assets().get(path)
    if asset is None or which != edition():
        raise HTTPException(404)
    headers = {"Cache-Control": _FOR_GOOD, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, headers=headers, media_type=asset.media_type)
    return Response(asset.plain, headers=headers, media_type=asset.media_type)
