"""Vietnamese goes through whole; what somebody typed never becomes a header."""

from __future__ import annotations

import base64
import binascii
import email
import quopri
import random
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.errors import InvalidInput
from ocop_workflow.notifications.mime import Envelope, build_message, check_head

if TYPE_CHECKING:
    from email.message import Message

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
]

LETTER = Envelope(
    sender="ocop@ducpho.example",
    sender_name="Văn phòng điều phối OCOP thị xã Đức Phổ",
    recipient="ubnd@phothanh.example",
    recipient_name="UBND phường Phổ Thạnh",
    subject="Nhắc việc: còn 7 ngày đến hạn đăng ký ý tưởng sản phẩm",
    text="Kính gửi Ủy ban nhân dân phường,\n\nCòn 7 ngày.\n.\nTrân trọng.\n",
    html="<p>Kính gửi Ủy ban nhân dân phường,</p>",
    message_id="3f2a@ducpho.example",
    date=datetime(2024, 4, 22, 23, 0, 5, tzinfo=UTC),
)


# -- a decoder of our own for RFC 2047, so that the standard library does not judge itself -----------


def rfc2047(value: str) -> str:
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", value)
    joined = re.sub(r"(\?=)[ \t]+(?==\?)", r"\1", unfolded)
    return re.sub(r"=\?([^?]+)\?([bBqQ])\?([^?]*)\?=", decoded_word, joined)


def decoded_word(found: re.Match[str]) -> str:
    charset, encoding, text = found.groups()
    octets = (
        binascii.a2b_base64(text)
        if encoding in "bB"
        else quopri.decodestring(text.replace("_", " ").encode(), header=False)
    )
    return octets.decode(charset)


def by_the_library(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


def read(envelope: Envelope) -> Message:
    return email.message_from_bytes(build_message(envelope))


def put(place: str, text: str) -> Envelope:
    changed: dict[str, Any] = {place: text}
    return replace(LETTER, **changed)


def parts(message: Message) -> list[Message]:
    return [part for part in message.walk() if not part.is_multipart()]


def body(part: Message) -> str:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode("utf-8")


def head_lines(raw: bytes) -> list[str]:
    return raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


# -- Vietnamese, made up ------------------------------------------------------------------------------

TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
INITIALS = [
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gh",
    "gi",
    "h",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "ngh",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
]
VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "oa", "iê", "ươ", "uô", "yê"]
FINALS = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t", "i", "u"]
MARKS = [", ", " – ", " (", ") ", ": ", " & ", "; ", '" ', " 3★ ", " 100% ", "/"]


def syllable(chance: random.Random) -> str:
    made = "".join(map(chance.choice, (INITIALS, VOWELS, TONES, FINALS)))
    return unicodedata.normalize("NFC", chance.choice([str.lower, str.title, str.upper])(made))


def phrase(chance: random.Random) -> str:
    words = [syllable(chance) + chance.choice([" "] * 8 + MARKS) for _ in range(chance.randint(1, 30))]
    return " ".join("".join(words).split())


def test_a_thousand_vietnamese_subjects_and_names_are_read_back_letter_by_letter() -> None:
    chance = random.Random(2024)
    for _ in range(1000):
        subject, name = phrase(chance), phrase(chance)
        message = read(replace(LETTER, subject=subject, recipient_name=name))
        shown, address = parseaddr(message["To"])
        assert address == LETTER.recipient
        for decode in (by_the_library, rfc2047):
            assert (decode(message["Subject"]), decode(shown)) == (subject, name)


def test_header_lines_are_short_and_encoded_words_shorter() -> None:
    chance = random.Random(7)
    for _ in range(200):
        raw = build_message(replace(LETTER, subject=phrase(chance), sender_name=phrase(chance)))
        lines = head_lines(raw)
        assert max(map(len, lines)) <= 78
        assert all(line.strip() for line in lines)
        assert max(map(len, re.findall(r"=\?[^ ]+\?=", " ".join(lines)))) <= 75


def test_every_encoded_word_holds_whole_letters() -> None:
    subject = "ệ" * 200
    words = re.findall(r"=\?utf-8\?b\?([^?]*)\?=", str(read(replace(LETTER, subject=subject))["Subject"]))
    assert "".join(base64.b64decode(word).decode("utf-8") for word in words) == subject


# -- what a letter is made of -------------------------------------------------------------------------


def test_a_letter_has_exactly_these_headers() -> None:
    message = read(LETTER)
    assert message.keys() == HEADERS
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<3f2a@ducpho.example>"
    assert message["Date"] == "Mon, 22 Apr 2024 23:00:05 +0000"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"


def test_the_two_parts_say_the_same_in_text_and_in_html() -> None:
    leaves = parts(read(LETTER))
    assert [part.get_content_type() for part in leaves] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in leaves] == ["utf-8", "utf-8"]
    assert [part["Content-Transfer-Encoding"] for part in leaves] == ["base64", "base64"]
    assert [body(part) for part in leaves] == [
        LETTER.text.replace("\n", "\r\n"),
        LETTER.html,
    ]


def test_without_html_a_letter_is_plain_text_alone() -> None:
    message = read(replace(LETTER, html=None))
    assert message.keys() == HEADERS
    assert message.get_content_type() == "text/plain"
    assert body(message) == LETTER.text.replace("\n", "\r\n")


def test_the_same_letter_is_the_same_bytes_and_another_has_another_boundary() -> None:
    assert build_message(LETTER) == build_message(replace(LETTER, message_id="<3f2a@ducpho.example>"))
    other = read(replace(LETTER, message_id="3f2b@ducpho.example"))
    assert other.get_boundary() != read(LETTER).get_boundary()


def test_the_date_is_told_as_the_office_reads_it() -> None:
    local = LETTER.date.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    message = read(replace(LETTER, date=local))
    assert message["Date"] == "Tue, 23 Apr 2024 06:00:05 +0700"
    assert parsedate_to_datetime(message["Date"]) == LETTER.date


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_crlf_ends_a_line_and_no_line_is_long(end: str) -> None:
    text = end.join(["Kính gửi", ".", "..", "x" * 5000, ".cuối", ""])
    raw = build_message(replace(LETTER, text=text))
    assert raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert not re.search(rb"^\.", raw, re.MULTILINE)
    assert body(parts(email.message_from_bytes(raw))[0]).split("\r\n") == text.split(end)


def test_an_ascii_subject_stays_legible_and_an_ascii_name_needs_no_quotes() -> None:
    message = read(replace(LETTER, subject="OCOP: 3 letters", sender_name="OCOP Duc Pho"))
    assert message["Subject"] == "OCOP: 3 letters"
    assert message["From"] == "OCOP Duc Pho <ocop@ducpho.example>"


def test_a_name_with_a_comma_stays_one_recipient() -> None:
    message = read(replace(LETTER, recipient_name='HTX "Sa Huỳnh", x@y.example <z@w.example>'))
    assert [address for _, address in getaddresses([message["To"]])] == [LETTER.recipient]


def test_a_missing_name_leaves_the_bare_address_and_a_missing_subject_an_empty_line() -> None:
    message = read(replace(LETTER, recipient_name=" \n", subject=""))
    assert (message["To"], message["Subject"]) == (LETTER.recipient, "")
    assert message.keys() == HEADERS


# -- injection ----------------------------------------------------------------------------------------

PAYLOADS = [
    "a\r\nBcc: evil@y.example",
    "a\nBcc: evil@y.example",
    "a\rBcc: evil@y.example",
    "a\r\n\r\n<script>",
    "a\vBcc: evil@y.example",
    "a\fBcc: evil@y.example",
    "a\x85Bcc: evil@y.example",
    "a\u2028Bcc: evil@y.example",
    "a\u2029Bcc: evil@y.example",
    "a\x00b\x1b[31m",
    "\u202egnp.exe\u2066x\u2069",
    "=?utf-8?q?a=0ABcc:_evil@y.example?=",
    "=?utf-8?q?a=0D=0ABcc:_evil@y.example?=",
    "=?utf-8?b?YQpCY2M6IGV2aWxAeS5leGFtcGxl?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D0ABcc=3A=3F=3D?=",
    "=?=?utf-8?q?a=0ABcc:_evil@y.example?=?=",
    "=\x00?utf-8?q?a=0ABcc:_evil@y.example?\x00=",
    "=?=?=?=",
    "x" * 1000,
    "ệ" * 1000,
    "=?utf-8?q?" + "a" * 1000 + "=0ABcc:?=",
    " \t \r\n ",
    "<evil@y.example>, x",
    '"\\',
]


def assert_harmless(typed: str) -> None:
    raw = build_message(replace(LETTER, subject=typed, sender_name=typed, recipient_name=typed))
    message = email.message_from_bytes(raw)
    assert message.keys() == HEADERS
    assert max(map(len, head_lines(raw))) <= 78
    assert [address for _, address in getaddresses([message["To"]])] == [LETTER.recipient]
    assert [address for _, address in getaddresses([message["From"]])] == [LETTER.sender]
    for name in ("Subject", "To", "From"):
        shown = rfc2047(message[name])
        assert shown == by_the_library(message[name])
        assert not [letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"}]
        assert rfc2047(shown) == shown, "an encoded word within an encoded word"
        assert "=?" not in shown
        assert "?=" not in shown


@pytest.mark.parametrize("typed", PAYLOADS, ids=lambda text: ascii(text[:30]))
def test_nothing_typed_becomes_a_header(typed: str) -> None:
    assert_harmless(typed)


@pytest.mark.ordeal
def test_no_mixture_of_payloads_becomes_a_header() -> None:
    chance = random.Random(10)
    bits = [payload[cut : cut + 12] for payload in PAYLOADS for cut in range(0, 48, 12)]
    for _ in range(3000):
        assert_harmless("".join(chance.choices(bits, k=chance.randint(1, 8))))


@pytest.mark.ordeal
@given(st.text())
def test_no_text_at_all_becomes_a_header(typed: str) -> None:
    assert_harmless(typed)


def test_controls_become_one_space() -> None:
    message = read(replace(LETTER, subject="Mắm\r\n\t ruốc\u2028Sa\x85Huỳnh\u202e"))
    assert rfc2047(message["Subject"]) == "Mắm ruốc Sa Huỳnh"


def test_typed_marks_of_an_encoded_word_are_broken_up() -> None:
    assert read(replace(LETTER, subject="what=?=x"))["Subject"] == "what= ? =x"


@pytest.mark.parametrize("place", ["subject", "sender_name", "recipient_name", "text", "html"])
def test_half_a_letter_is_refused_with_its_place(place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        build_message(put(place, "ab\ud800"))
    assert [fault.place for fault in refusal.value.faults] == [place]
    assert refusal.value.text.vi == "Không lập được thư: ký tự thứ 3 không phải là chữ hợp lệ."


@pytest.mark.parametrize(
    "wrong", ["", "no-sign", "a b@x.example", "a@x.example>\r\nBcc: e@y.example", "<<a@x>>"]
)
def test_a_malformed_message_id_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInput, match="message id"):
        build_message(replace(LETTER, message_id=wrong))


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no time zone"):
        build_message(replace(LETTER, date=datetime(2024, 4, 23, 6, 0)))  # noqa: DTZ001 - the case


@pytest.mark.parametrize(
    "extra",
    [
        "Bcc: evil@y.example\r\n",
        "To: evil@y.example\r\n",
        "\r\nbody",
        "no header\r\n",
    ],
)
def test_the_last_check_refuses_any_head_but_ours(extra: str) -> None:
    head = "".join(f"{name}: x\r\n" for name in HEADERS)
    check_head(head.encode())
    with pytest.raises(InvalidInput, match="not allowed"):
        check_head((head + extra).encode())
    with pytest.raises(InvalidInput, match="not allowed"):
        check_head(head.replace("Auto-Submitted: x\r\n", "").encode())
