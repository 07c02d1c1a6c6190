"""Only one bare address is an address; everything else is refused before any relay hears of it."""

from __future__ import annotations

from email.utils import getaddresses, parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.errors import InvalidInput
from ocop_workflow.notifications.mime import build_message, check_address
from tests.notifications.test_mime import put


@pytest.mark.parametrize(
    "address",
    [
        "ubnd@phothanh.example",
        "phong.kinh-te_2+ocop@sub.ducpho.example",
        "o'brien&co@xn--ph-jia.example",
        "a@b.example",
        "x" * 64 + "@ducpho.example",
    ],
)
def test_a_bare_address_is_taken_as_it_is(address: str) -> None:
    assert check_address(address) == address


TRICKS = [
    "",
    "ubnd",
    "@ducpho.example",
    "ubnd@",
    "ubnd@ducpho",
    "ubnd@@ducpho.example",
    "a@b@ducpho.example",
    "evil@y.example <a@x.example>",
    "<a@x.example>",
    "a@x.example, evil@y.example",
    "a@x.example;evil@y.example",
    "a@x.example evil@y.example",
    '"a\r\nb"@x.example',
    '"a b"@x.example',
    "a\r\n@x.example",
    "a@x.example\n",
    "a@x.example\r\nRCPT TO:<evil@y.example>",
    " a@x.example",
    "a@x.example ",
    "a@x.example\x00",
    "a(comment)@x.example",
    "nguyễn@x.example",
    "a@đứcphổ.example",
    "a@ducpho.ｅxample",
    ".a@x.example",
    "a.@x.example",
    "a..b@x.example",
    "-oX@x.example",
    "a@-x.example",
    "a@x-.example",
    "a@x..example",
    "a@.x.example",
    "a@x.example.",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "user%evil@x.example",
    "evil!user@x.example",
    "|cmd@x.example",
    "=?utf-8?q?a?=@x.example",
    "a\\@x.example",
    "x" * 65 + "@ducpho.example",
    "a@" + "b" * 64 + ".example",
    "a@" + "b." * 130 + "example",
]


@pytest.mark.parametrize("trick", TRICKS, ids=ascii)
def test_anything_but_one_bare_address_is_refused(trick: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_address(trick)
    assert refusal.value.text.vi.startswith("Địa chỉ thư điện tử ")
    for place in ("sender", "recipient"):
        with pytest.raises(InvalidInput):
            build_message(put(place, trick))


@given(st.text(alphabet="ab.@-_+'&<>,;:\"\\() \r\n\0đ=?", max_size=30), st.sampled_from(["", "a@x.example"]))
def test_an_accepted_address_means_the_same_to_every_parser(text: str, tail: str) -> None:
    try:
        accepted = check_address(text + tail)
    except InvalidInput:
        return
    assert parseaddr(accepted) == ("", accepted)
    assert getaddresses([accepted]) == [("", accepted)]
