"""`ocop letters`: an officer looks at the outbox and takes a letter in hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes

import pytest

from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import PermanentDeliveryError, RelayError, RetryPolicy
from ocop_workflow.store import Database
from tests.cli.conftest import Said
from tests.factories import SENDER, rows
from tests.fakes import FixedClock, RecordingMailer
from tests.stories.days import give_up

Ocop = Callable[..., Said]


@pytest.fixture
def swept(
    ocop: Ocop, seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> tuple[Ocop, Database, FixedClock]:
    """The seeded town after its first sweep, with seven letters waiting."""
    monkeypatch.setenv("OCOP_DATABASE_URL", seeded.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    ocop("sweep")
    clock.move_to(clock.today(), 8)
    return ocop, seeded, clock


Swept = tuple[Ocop, Database, FixedClock]


def test_letters_are_listed_and_read(swept: Swept) -> None:
    ocop, _, _ = swept
    listed = ocop("letters", "list", "--json").json
    assert [entry["state"] for entry in listed] == ["pending"] * 7
    assert "pho-phong@duc-pho.example" in ocop("letters", "list", "--limit", "1").out
    assert "chờ gửi" in ocop("letters", "list", "--limit", "1").out
    assert ocop("letters", "list", "--state", "dead", "--json").json == []
    shown = ocop("letters", "show", str(listed[3]["id"]))
    assert shown.out.startswith(f"Thư số {listed[3]['id']}: chờ gửi, 0 lần thử.\n")
    assert "Kính gửi: UBND xã Phổ An" in shown.out
    assert "Tiêu đề: [OCOP] 5 việc sắp đến hạn" in shown.out
    assert ocop("letters", "show", str(listed[3]["id"]), "--json").json["text"].startswith("Kính gửi")


def test_times_are_those_of_the_office_not_of_greenwich(swept: Swept) -> None:
    ocop, database, clock = swept
    assert "│ 23/04/2024 06:00 │" in ocop("letters", "list", "--limit", "1").out
    number = str(ocop("letters", "list", "--json").json[0]["id"])
    shown = ocop("letters", "show", number).out.splitlines()
    assert shown[1] == "Viết lúc 23/04/2024 06:00, gửi từ 23/04/2024 06:00."
    deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER)
    shown = ocop("letters", "show", number).out.splitlines()
    assert shown[1] == "Viết lúc 23/04/2024 06:00, gửi lúc 23/04/2024 08:00."
    told = ocop("letters", "show", number, "--json").json
    assert told["sent_at"] == "2024-04-23T01:00:00Z"  # a machine is told in UTC


def test_a_letter_that_was_given_up_is_sent_again_as_one_of_its_own(swept: Swept) -> None:
    ocop, database, clock = swept
    down = RecordingMailer(failures=[PermanentDeliveryError("550 no such box")])
    deliver_pending(database, down, RetryPolicy(), clock, SENDER)
    dead = ocop("letters", "list", "--state", "dead", "--json").json[0]
    assert dead["last_error"] == "550 no such box"
    assert ocop("letters", "resend", str(dead["id"])).out == f"Thư số {dead['id']} sẽ được gửi lại.\n"
    mailer = RecordingMailer()
    assert deliver_pending(database, mailer, RetryPolicy(), clock, SENDER).sent == 1
    first = rows(database, "SELECT mime FROM outbox WHERE id = :id", id=dead["id"])[0][0]
    before, after = message_from_bytes(bytes(first)), message_from_bytes(mailer.sent[0][2])
    assert after["Message-ID"] != before["Message-ID"]
    assert after["Subject"] == before["Subject"]
    assert after.get_payload() is not None
    clock.wait(timedelta(minutes=1))
    again = ocop("letters", "resend", str(dead["id"]), "--json").json
    assert again["key"].endswith("#3")


def test_what_was_given_up_is_seen_then_sent_again_at_once(swept: Swept) -> None:
    ocop, database, clock = swept
    give_up(database, "550 5.7.1 Unable to relay")
    assert "7 thư không gửi được" in ocop("letters", "list").out
    seen = ocop("letters", "resend", "--dead")
    assert seen.code == 1
    assert "7 thư đã bỏ, 7 thư gửi lại được" in seen.out
    assert rows(database, "SELECT count(*) FROM outbox") == [(7,)]
    line = ocop("letters", "resend", "--dead", "--json").json["confirm"]
    assert ocop(*line.split()[1:]).out == "7 thư sẽ được gửi lại.\n"
    assert deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER).sent == 7
    nothing = ocop("letters", "resend", "--dead")
    assert (nothing.code, "0 thư đã bỏ" in nothing.out) == (0, True)


def test_the_list_says_that_the_relay_takes_no_letter(swept: Swept) -> None:
    ocop, database, clock = swept
    refusing = RecordingMailer([RelayError("550 5.4.5 Daily limit")] * 3)
    for _ in range(3):
        deliver_pending(database, refusing, RetryPolicy(), clock, SENDER)
    assert ocop("letters", "list").out.endswith(
        "Máy chủ thư không nhận thư nào từ 08:00 ngày 23/04/2024: 550 5.4.5 Daily limit. 7 thư đang chờ, "
        "không thư nào bị bỏ vì lỗi này; cứ 5 phút lại thử.\n"
    )


def test_a_waiting_letter_is_held_and_released(swept: Swept) -> None:
    ocop, database, clock = swept
    number = str(ocop("letters", "list", "--json").json[0]["id"])
    assert ocop("letters", "hold", number).out == f"Đã giữ thư số {number}.\n"
    assert deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER).sent == 6
    assert ocop("letters", "release", number, "--json").json == {"id": int(number), "state": "pending"}
    assert deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER).sent == 1
    assert ocop("letters", "hold", number, "--json").json["error"] == "conflict"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("show", "999"), 2, "Không có thư số 999"),
        (("list", "--state", "flying"), 2, "Không có trạng thái thư flying"),
        (("resend",), 2, "Cho biết một trong hai"),
        (("resend", "1", "--dead"), 2, "Cho biết một trong hai"),
        (("resend", "1", "--since", "2024-04-23"), 2, "chỉ đi với --dead"),
        (("resend", "--dead", "--unit", "nowhere"), 2, "nowhere"),
        (("resend", "--dead", "--confirm", "0"), 1, "khác lúc xem trước"),
        (("resend", "1"), 1, "chỉ gửi lại được thư đã gửi hoặc đã bỏ"),
        (("release", "1"), 1, "cần ở trạng thái giữ lại"),
        (("hold", "x"), 2, "Invalid value"),
    ],
)
def test_mistakes_are_sentences(swept: Swept, words: tuple[str, ...], code: int, sentence: str) -> None:
    ocop, _, _ = swept
    said = ocop("letters", *words)
    assert (said.code, sentence in said.err) == (code, True), said.err


def test_json_of_a_letter_holds_no_bytes(swept: Swept) -> None:
    ocop, _, _ = swept
    assert "mime" not in json.dumps(ocop("letters", "list", "--json").json)


def test_a_proof_says_what_nobody_has_heard(swept: Swept) -> None:
    ocop, database, clock = swept
    balanced = "Khớp: mọi lời nhắc phải có đều có, không thừa"
    said = ocop("prove")
    assert said.code == 0
    assert said.out.splitlines()[-1] == (
        f"{balanced}; nhưng chưa tới người nhận: 14 lời nhắc còn chờ gửi (xem `ocop letters list "
        "--state pending`)."
    )
    give_up(database, "550 no such box")
    assert ocop("prove").out.splitlines()[-1] == (
        f"{balanced}; nhưng chưa tới người nhận: 14 lời nhắc nằm trong thư không gửi được (xem `ocop letters "
        "list --state dead`)."
    )
    for number in range(1, 8):
        ocop("letters", "resend", str(number))
    deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER)
    assert ocop("prove").out.splitlines()[-1] == f"{balanced}."
