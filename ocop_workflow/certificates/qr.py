"""The QR code of a certificate's public page: its address is fixed when the certificate is issued."""

from __future__ import annotations

import io
from typing import Final

import segno

#: the picture is still read with a seventh of it torn or smudged
_CORRECTION: Final = "m"
#: points of a printed module: 20 mm of a code are 33 modules of some 14 points
_SCALE: Final = 14


def address_of_page(public_url: str, path: str) -> str:
    """Return the address at which everybody finds a certificate's page.

    Args:
        public_url: at which the service is reached.
        path: of the page.
    """
    return f"{public_url.rstrip('/')}{path}"


def as_svg(address: str) -> bytes:
    """Draw an address as an SVG picture, with the quiet zone that readers need."""
    out = io.BytesIO()
    segno.make(address, error=_CORRECTION).save(
        out, kind="svg", scale=4, xmldecl=False, dark="#000", light="#fff"
    )
    return out.getvalue()


def as_png(address: str) -> bytes:
    """Draw an address as a PNG picture for print."""
    out = io.BytesIO()
    segno.make(address, error=_CORRECTION).save(out, kind="png", scale=_SCALE, dark="#000", light="#fff")
    return out.getvalue()


def as_svg_inline(address: str) -> str:
    """Draw an address as a picture within a page."""
    return segno.make(address, error=_CORRECTION).svg_inline(
        scale=5, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
