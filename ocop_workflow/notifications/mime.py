"""A letter's finished bytes: Vietnamese goes through whole, and nothing a person typed becomes a header.

The standard library's newer e-mail classes lose spaces when they fold Vietnamese headers, and decode an
encoded word that somebody typed before they write it again, which lets a product's name add a header.
So the few header lines a letter has are written here, and read back once before they leave.
"""

from __future__ import annotations

import base64
import hashlib
import re
import textwrap
import unicodedata
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput, fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""The headers of every letter, in their order: these and no others."""

_LINE = 78  # RFC 5322 §2.1.1, without CRLF
_CHUNK = 42  # octets in one encoded word: 68 characters, so that "Subject: " still fits before the first
_WORD = 68  # a plain word longer than this is encoded, because it could not be folded

_ATOM = r"[A-Za-z0-9_+&'-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
_ADDRESS = re.compile(rf"(?!-)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP}")
_ADDRESS_LENGTH = 254  # RFC 5321 §4.5.3.1.3, less the two brackets

_MESSAGE_ID = re.compile(rf"[A-Za-z0-9._+-]{{1,128}}@{_LABEL}(?:\.{_LABEL})*")
_PLAIN_TEXT = re.compile(r"[ -~]*")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9 -]*")  # of what needs neither quotes nor escapes in a display name
_BLANK = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # controls, NEL, U+2028, bidi overrides, odd spaces
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a letter says, from whom, to the one person it goes to.

    Attributes:
        sender: the service's own address.
        sender_name: how it is shown; may be empty.
        recipient: the one address.
        recipient_name: how it is shown; may be empty.
        subject: one line.
        text: the letter in plain text.
        html: the same letter as a page, or None.
        message_id: unique to this letter, with or without angle brackets.
        date: the instant the letter was written (aware; shown with its own offset).
    """

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str | None
    message_id: str
    date: datetime


def _invalid(place: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(vi, en, [fault(place, vi, en)])


def check_address(text: str) -> str:
    """Return `text` if it is one bare e-mail address that every relay reads alike.

    Narrower than RFC 5321 on purpose: letters, digits and `. _ + - & '` before the sign, a host name with
    a dot after it, 254 characters at most. No display name, quotes, comma, space or letter with marks.

    Raises:
        InvalidInput: it is anything else.
    """
    if len(text) <= _ADDRESS_LENGTH and _ADDRESS.fullmatch(text):
        return text
    shown = repr(text[:80])
    raise InvalidInput(
        f"Địa chỉ thư điện tử {shown} không hợp lệ; phải có dạng ten@coquan.example, viết không dấu.",
        f"{shown} is not an e-mail address; it must read like name@office.example, without marks.",
    )


def build_message(envelope: Envelope) -> bytes:
    """Return the letter as MIME bytes, lines ended by CRLF; the same envelope gives the same bytes.

    Header lines have at most 78 characters, unless one address or message id alone is longer. Control
    and direction characters in headers become a space; `=?` and `?=` are broken up, so that no reader
    takes what somebody typed for an encoded word.

    Raises:
        InvalidInput: an address, the message id or the date is malformed, a text cannot be written in
            UTF-8, or the headers that came out are not exactly `HEADERS`.
    """
    message_id = _message_id(envelope.message_id)
    content_type, encoding, body = _content(envelope, message_id)
    values = (
        _mailbox("sender", envelope.sender, envelope.sender_name),
        _mailbox("recipient", envelope.recipient, envelope.recipient_name),
        _words(_cleaned("subject", envelope.subject), _PLAIN_TEXT),
        _date(envelope.date),
        f"<{message_id}>",
        "auto-generated",  # RFC 3834: no holiday notice comes back
        "1.0",
        content_type,
        encoding,
    )
    head = "".join(map(_header, HEADERS, values)).encode("ascii")
    check_head(head)
    return head + b"\r\n" + body


def reissue(message: bytes, message_id: str, date: datetime) -> bytes:
    """Return a finished letter once more, as a letter of its own: with a new Message-ID and date.

    Raises:
        InvalidInput: the id or the date is malformed, or the bytes are no letter of ours.
    """
    head, _, body = message.partition(b"\r\n\r\n")
    values = {"Message-ID": f"<{_message_id(message_id)}>", "Date": _date(date)}
    for name, value in values.items():
        line = re.compile(rb"^" + name.encode() + rb":[^\r]*\r\n", re.MULTILINE)
        head = line.sub(_header(name, value).encode("ascii"), head + b"\r\n", count=1).removesuffix(b"\r\n")
    check_head(head + b"\r\n")
    return head + b"\r\n\r\n" + body


def check_head(head: bytes) -> None:
    """Read a header block back and refuse it unless its headers are exactly `HEADERS`, each once.

    Raises:
        InvalidInput: a header is missing, doubled or foreign, or a line is no header.
    """
    read = BytesHeaderParser().parsebytes(head)
    if tuple(read.keys()) != HEADERS or read.defects or read.get_payload():
        raise InvalidInput(
            "Không lập được thư: phần đầu thư có dòng không được phép.",
            "The letter cannot be made: its head holds a line that is not allowed.",
        )


def _header(name: str, value: str) -> str:
    lines = textwrap.wrap(
        value,
        _LINE,
        initial_indent=f"{name}: ",
        subsequent_indent=" ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\r\n".join(lines or [f"{name}:"]) + "\r\n"


def _mailbox(place: str, address: str, name: str) -> str:
    address = check_address(address)
    phrase = _words(_cleaned(f"{place}_name", name), _PLAIN_PHRASE)
    return f"{phrase} <{address}>" if phrase else address


def _cleaned(place: str, text: str) -> str:
    """Return `text` on one line, without characters that steer a reader, and without `=?` or `?=`."""
    _utf8(place, text)
    spaced = "".join(" " if unicodedata.category(letter) in _BLANK else letter for letter in text)
    return " ".join(spaced.split()).replace("=?", "= ?").replace("?=", "? =")


def _words(text: str, plain: re.Pattern[str]) -> str:
    """Return `text` as it is if `plain` allows, else as encoded words (RFC 2047)."""
    if plain.fullmatch(text) and all(len(word) <= _WORD for word in text.split(" ")):
        return text
    return " ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[bytes]:
    """Cut `text` into runs of UTF-8 that fit an encoded word; a letter is never cut in two."""
    chunk = b""
    for letter in text:
        octets = letter.encode("utf-8")
        if len(chunk) + len(octets) > _CHUNK:
            yield chunk
            chunk = b""
        chunk += octets
    yield chunk


def _content(envelope: Envelope, message_id: str) -> tuple[str, str, bytes]:
    """Return content type, transfer encoding and body."""
    text = _base64("text", envelope.text)
    if envelope.html is None:
        return 'text/plain; charset="utf-8"', "base64", text
    # "_" is no letter of base64, so the boundary cannot occur in a part
    boundary = "=_" + hashlib.sha256(message_id.encode("ascii")).hexdigest()[:32]
    parts = _part(boundary, "plain", text) + _part(boundary, "html", _base64("html", envelope.html))
    return f'multipart/alternative; boundary="{boundary}"', "7bit", parts + f"--{boundary}--\r\n".encode()


def _part(boundary: str, subtype: str, body: bytes) -> bytes:
    head = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode("ascii") + body


def _base64(place: str, text: str) -> bytes:
    octets = _utf8(place, _LINE_END.sub("\r\n", text))
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def _utf8(place: str, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:  # a lone surrogate
        raise _invalid(
            place,
            f"Không lập được thư: ký tự thứ {error.start + 1} không phải là chữ hợp lệ.",
            f"The letter cannot be made: character {error.start + 1} is not a valid letter.",
        ) from error


def _message_id(text: str) -> str:
    bare = text.removeprefix("<").removesuffix(">")
    if not _MESSAGE_ID.fullmatch(bare):
        raise _invalid(
            "message_id",
            f"Không lập được thư: mã thư {text!r} không hợp lệ.",
            f"The letter cannot be made: {text!r} is not a message id.",
        )
    return bare


def _date(instant: datetime) -> str:
    if instant.utcoffset() is None:
        raise _invalid(
            "date",
            "Không lập được thư: thời điểm viết thư thiếu múi giờ.",
            "The letter cannot be made: its date has no time zone.",
        )
    return format_datetime(instant)
