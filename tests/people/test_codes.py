"""One-time codes: those of RFC 6238, a little skew, never twice; recovery codes however they are typed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from ocop_workflow.people.sign_in import codes

#: RFC 6238, appendix B, SHA-1; the codes' last six of eight digits
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
NOW = datetime.fromtimestamp(1111111111, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_a_code_is_that_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert codes.step_of(SECRET, code, now, 0) == seconds // 30


def test_a_telephone_may_be_half_a_minute_off_and_no_more() -> None:
    code = VECTORS[1111111111]
    good = [codes.step_of(SECRET, code, NOW + timedelta(seconds=off), 0) for off in (-30, 0, 30)]
    bad = [codes.step_of(SECRET, code, NOW + timedelta(seconds=off), 0) for off in (-90, 90)]
    assert (good, bad) == ([37037037] * 3, [None, None])


def test_no_code_is_good_twice() -> None:
    code = VECTORS[1111111111]
    step = codes.step_of(SECRET, code, NOW, 0)
    assert step is not None
    assert codes.step_of(SECRET, code, NOW, step) is None


def test_spaces_do_not_count_and_letters_are_no_code() -> None:
    assert codes.step_of(SECRET, " 050 471 ", NOW, 0) == 37037037
    for written in ("", "05047", "abcdef", "０５０４７１", "050471050471"):
        assert codes.step_of(SECRET, written, NOW, 0) is None


def test_a_new_secret_is_as_long_as_the_hash_and_known_as_one() -> None:
    made = {codes.new_secret() for _ in range(20)}
    assert (len(made), {len(base64.b32decode(one)) for one in made}) == (20, {20})
    assert all(map(codes.is_secret, made))
    assert not any(map(codes.is_secret, ("", "ABC", "ABCDEFGH", "không")))


def test_a_telephone_learns_whose_the_secret_is() -> None:
    assert codes.address_of("ABC", "lan.phoan") == (
        "otpauth://totp/OCOP:lan.phoan?secret=ABC&issuer=OCOP&digits=6&period=30"
    )


def test_a_recovery_code_is_the_same_however_it_is_typed() -> None:
    made = codes.new_recovery_codes()
    assert len(set(made)) == 10
    first = made[0]
    typed = {first, first.upper(), first.replace("-", " "), f" {first.replace('-', '')} "}
    assert len({codes.recovery_checksum(one) for one in typed}) == 1
    assert codes.recovery_checksum(first) != codes.recovery_checksum(made[1])
