"""The one letter that a unit gets on a day: its words, and what it carries over, drops, and waits with."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.sweep.daily import sweep
from tests.calendar.plan_files import HEAD, milestone
from tests.factories import GOOD_DATA, SENDER, act, in_time, letter_text, rows
from tests.fakes import RecordingMailer
from tests.picture import give_address
from tests.stories.days import TELLS, forget_plans, letters, load_town, run, sweep_on, two_register
from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
OFFICE = "phong-kinh-te@duc-pho.example"
PHO_AN = "pho-an@duc-pho.example"

REGISTER = """\
   Việc cần làm: Rà soát sản phẩm tiềm năng trên địa bàn, lựa chọn chủ thể đủ tiêu chuẩn và nộp phiếu \
đăng ký ý tưởng sản phẩm cho Phòng Kinh tế.
   Nơi thực hiện: Phòng Kinh tế thị xã Đức Phổ (Văn phòng Nông thôn mới thị xã)
   Căn cứ: mục III.1.b, Kế hoạch OCOP năm 2024: "Thời gian thực hiện: Tháng 3 – 4 năm 2024."
"""
URGE = REGISTER.replace("cần làm: Rà soát", "cần làm: Đôn đốc UBND cấp xã: rà soát")
SELECT = """\
   Việc cần làm: UBND xã, phường gửi đủ hồ sơ đăng ký về UBND thị xã (qua Phòng Kinh tế); Phòng Kinh tế khảo \
sát và ghi kết quả lựa chọn từng ý tưởng.
   Nơi thực hiện: Phòng Kinh tế thị xã Đức Phổ (Văn phòng Nông thôn mới thị xã)
   Căn cứ: mục III.1.c, Kế hoạch OCOP năm 2024: "Thời gian thực hiện: Tháng 5 năm 2024."
"""
FOOT = """\

Xem và cập nhật tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động. Việc đã làm xong mà chưa cập nhật thì đề nghị cập nhật
để hệ thống không nhắc lại.
"""
TO_PHO_AN = f"""\
Kính gửi: UBND xã Phổ An

Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 17/05/2024.

1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, đã quá hạn 17 ngày
   Sản phẩm (3):
   - DP24-004  Cơm rang
   - DP24-005  Cơm cháy
   - DP24-006  Khô Bò
{REGISTER}\
   English: 3 products, due 2024-04-30, 17 days late.

2. Đánh giá, lựa chọn ý tưởng sản phẩm – hạn 31/05/2024, còn 14 ngày
   Sản phẩm (2):
   - DP24-002  Khô Bò
   - DP24-003  Khô Gà
{SELECT}\
   English: 2 products, due 2024-05-31, 14 days left.
{FOOT}"""
TO_THE_OFFICE = f"""\
Kính gửi: Phòng Kinh tế thị xã Đức Phổ

Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 17/05/2024.

1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, đã quá hạn 17 ngày
   Sản phẩm (12):
   - DP24-001  Du lịch dịch vụ cộng đồng ở nông thôn (Xã Phổ Phong)
   - DP24-004  Cơm rang (Xã Phổ An)
   - DP24-005  Cơm cháy (Xã Phổ An)
   - DP24-006  Khô Bò (Xã Phổ An)
   - DP24-007  Dầu phụng (Phường Nguyễn Nghiêm)
   - DP24-008  Bánh tinh bột nghệ (Phường Nguyễn Nghiêm)
   - DP24-009  Bò khô (Phường Nguyễn Nghiêm)
   - DP24-010  Cơm cháy chà bông (Phường Nguyễn Nghiêm)
   - DP24-011  Dầu phụng Phổ Khánh (Xã Phổ Khánh)
   - DP24-012  Nấm Bào Ngư (Phường Phổ Quang)
   - DP24-013  Chả lụa (Phường Phổ Ninh)
   - DP24-014  Dầu phụng (Xã Phổ Nhơn)
{URGE}\
   English: 12 products, due 2024-04-30, 17 days late.

2. Đánh giá, lựa chọn ý tưởng sản phẩm – hạn 31/05/2024, còn 14 ngày
   Sản phẩm (2):
   - DP24-002  Khô Bò (Xã Phổ An)
   - DP24-003  Khô Gà (Xã Phổ An)
{SELECT}\
   English: 2 products, due 2024-05-31, 14 days left.

Chưa đăng ký sản phẩm nào (Kế hoạch OCOP năm 2024): Phường Nguyễn Nghiêm, Phường Phổ Hòa, Phường Phổ Minh, \
Phường Phổ Ninh, Phường Phổ Quang, Phường Phổ Thạnh, Phường Phổ Văn, Phường Phổ Vinh, Xã Phổ Châu, \
Xã Phổ Cường, Xã Phổ Khánh, Xã Phổ Nhơn, Xã Phổ Phong, Xã Phổ Thuận.
{FOOT}"""


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    forget_plans()
    yield
    forget_plans()


def parsed(mime: bytes) -> EmailMessage:
    return message_from_bytes(mime, policy=policy.default)


def html(mime: bytes) -> str:
    body = parsed(mime).get_body(("html",))
    assert body is not None
    return str(body.get_content())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def words(source: str) -> list[str]:
    """Return the words that a reader of the page sees."""
    reader = _Words()
    reader.feed(source)
    return reader.found


# -- whole letters -------------------------------------------------------------------------------------


def test_a_commune_reads_what_is_late_and_what_is_coming(seeded: Database, clock: FixedClock) -> None:
    two_register(seeded, clock)
    sweep_on(seeded, clock, "2024-05-17")

    (mime,) = letters(seeded, PHO_AN)

    assert letter_text(mime) == TO_PHO_AN
    assert parsed(mime)["Subject"] == (
        "[OCOP] 3 việc quá hạn, 2 việc sắp đến hạn – UBND xã Phổ An, ngày 17/05/2024"
    )


def test_the_authority_reads_places_too_and_who_has_registered_nothing(
    seeded: Database, clock: FixedClock
) -> None:
    two_register(seeded, clock)
    sweep_on(seeded, clock, "2024-05-17")

    (mime,) = letters(seeded, OFFICE)

    assert letter_text(mime) == TO_THE_OFFICE


def test_the_page_says_the_same_as_the_text(seeded: Database, clock: FixedClock) -> None:
    two_register(seeded, clock)
    sweep_on(seeded, clock, "2024-05-17")
    (mime,) = letters(seeded, OFFICE)
    layout = {"-", "–", "English:"}  # what only one of the two forms needs
    marks = str.maketrans("", "", '"“”().,:')

    plain = {word.translate(marks) for word in letter_text(mime).split() if word not in layout}
    page = {word.translate(marks).lower() for word in words(html(mime))}

    assert {word.lower() for word in plain} - page == set()


def test_names_cannot_write_into_the_page(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as tx:
        tx.execute(text("UPDATE products SET name = 'Gà <b>&' WHERE code = 'DP24-013'"))
    sweep_on(seeded, clock, "2024-04-23")

    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")

    assert "   - DP24-013  Gà <b>&\n" in letter_text(mime)
    assert "Gà &lt;b&gt;&amp;</td>" in html(mime)
    assert "<b>" not in html(mime)


def test_an_activity_is_written_without_products(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as tx:  # nothing but the training
        tx.execute(text("UPDATE deadlines SET next_action_on = NULL WHERE product_id IS NOT NULL"))
    run(seeded, clock, "2024-05-31")

    (mime,) = letters(seeded, OFFICE, "sent")

    assert (
        "\n1. Hội nghị tập huấn Chương trình mỗi xã một sản phẩm OCOP 2024 – hạn 30/06/2024, còn 30 ngày\n"
        in (letter_text(mime))
    )
    assert "Sản phẩm (" not in letter_text(mime)
    assert parsed(mime)["Subject"].startswith("[OCOP] 1 việc sắp đến hạn – Phòng Kinh tế")


def test_a_letter_says_that_a_machine_wrote_it_and_when(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-04-23")

    (mime,) = letters(seeded, PHO_AN)

    message = parsed(mime)
    assert message["Auto-Submitted"] == "auto-generated"
    assert str(message["Date"]) == "Tue, 23 Apr 2024 06:00:00 +0700"
    assert message["To"] == "UBND xã Phổ An <pho-an@duc-pho.example>"
    assert message["From"] == "Chương trình OCOP <ocop@duc-pho.example>"
    assert rows(seeded, "SELECT message_id FROM outbox WHERE address = :to", to=PHO_AN) == [
        (message["Message-ID"],)
    ]


def test_one_letter_speaks_of_all_plans(seeded: Database, clock: FixedClock) -> None:
    load_town(seeded, clock)

    assert sweep_on(seeded, clock, "2024-04-23") == 7
    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")

    assert [
        line for line in letter_text(mime).splitlines() if line[:2] in ("1.", "2.") or "   -" in line
    ] == [
        "1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, còn 7 ngày",
        "   - DP24-013  Chả lụa",
        "2. Mốc – hạn 30/04/2024, còn 7 ngày",
        "   - TN24-013  Chả lụa",
    ]


#: a town that evaluates in rounds: whoever is late for the first of them goes with the second
IN_ROUNDS = "".join(
    f'[[rounds]]\nid = "{name}"\nnumber = {number}\nlevel = "district"\nclause = "3"\nas_written = "Đợt"\n'
    f"dossiers = {{ by = {filed} }}\ndone = {{ by = {done} }}\n"
    for number, name, filed, done in (
        (1, "spring", "2024-04-30", "2024-06-28"),
        (2, "autumn", "2024-09-30", "2024-11-29"),
    )
)
APPLY = milestone(
    "apply", '{ any_of = [{ dossiers_of = "spring" }, { dossiers_of = "autumn" }] }', more=TELLS
)
THE_FIRST_ROUND = """\
 – hạn 30/04/2024, còn 7 ngày
   Sản phẩm (1):
   - TN24-013  Chả lụa
   Theo đợt 1, cấp huyện: hồ sơ đến hết 30/04/2024, đánh giá xong 28/06/2024.
"""


def test_a_letter_names_the_round_that_a_dossier_is_in_time_for(seeded: Database, clock: FixedClock) -> None:
    load_town(seeded, clock, HEAD + IN_ROUNDS + APPLY)

    sweep_on(seeded, clock, "2024-04-23")
    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")

    assert letter_text(mime).split("\n2. Mốc")[1].startswith(THE_FIRST_ROUND)
    assert " ".join(THE_FIRST_ROUND.splitlines()[-1].split()) in " ".join(words(html(mime)))


def test_when_the_year_is_over_nobody_is_named_for_having_registered_nothing(
    seeded: Database, clock: FixedClock
) -> None:
    for event in ("register", "select", "start_consulting", "commune_evaluate", "score_district"):
        act(seeded, clock, "DP24-001", event)
    certified = in_time(GOOD_DATA["certify"], clock.today())
    act(seeded, clock, "DP24-001", "certify", {**certified, "valid_until": "2025-06-30"})
    run(seeded, clock, "2024-12-31")
    run(seeded, clock, "2025-04-01")  # 90 days before the certificate ends

    *_, mime = letters(seeded, OFFICE, "sent")

    assert "1. Hết hạn giấy chứng nhận – hạn 30/06/2025, còn 90 ngày\n" in letter_text(mime)
    assert "Chưa đăng ký sản phẩm nào" not in letter_text(mime)


# -- addresses -------------------------------------------------------------------------------------------


def test_a_unit_with_two_addresses_gets_two_letters_of_the_same_words(
    seeded: Database, clock: FixedClock
) -> None:
    give_address(seeded, "pho-ninh", "chu-tich@pho-ninh.example", DAY("2024-04-01"))

    assert sweep_on(seeded, clock, "2024-04-23") == 8

    first, second = (
        letters(seeded, "pho-ninh@duc-pho.example")[0],
        letters(seeded, "chu-tich@pho-ninh.example")[0],
    )
    assert letter_text(first) == letter_text(second)
    assert parsed(first)["Message-ID"] != parsed(second)["Message-ID"]
    assert rows(seeded, "SELECT key FROM outbox WHERE key LIKE 'digest:pho-ninh:%' ORDER BY key") == [
        ("digest:pho-ninh:chu-tich@pho-ninh.example:2024-04-23:1",),
        ("digest:pho-ninh:pho-ninh@duc-pho.example:2024-04-23:1",),
    ]


def test_an_address_that_is_not_valid_yet_gets_nothing(seeded: Database, clock: FixedClock) -> None:
    give_address(seeded, "pho-ninh", "chu-tich@pho-ninh.example", DAY("2024-04-24"))

    assert sweep_on(seeded, clock, "2024-04-23") == 7


def test_a_unit_without_an_address_is_reported_until_it_has_one(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as tx:
        tx.execute(text("DELETE FROM contacts WHERE address = :to"), {"to": PHO_AN})

    report = sweep(seeded, clock, SENDER)
    give_address(seeded, "pho-an", PHO_AN, DAY("2024-04-24"))
    repaired = run(seeded, clock, "2024-04-24")

    assert report.counts.letters == 6
    assert [fault.vi for fault in report.faults] == [
        "Xã Phổ An chưa có địa chỉ thư: lời nhắc chưa gửi được (thêm bằng `ocop units load`)."
    ]
    assert (repaired.faults, repaired.counts.letters) == ((), 1)
    (mime,) = letters(seeded, PHO_AN, "sent")
    assert "hạn 30/04/2024, còn 6 ngày" in letter_text(mime)


def test_the_bytes_that_leave_are_those_that_were_written(seeded: Database, clock: FixedClock) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    written = letters(seeded, PHO_AN)
    mailer = RecordingMailer()

    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)

    assert [message for _, to, message in mailer.sent if to == PHO_AN] == written


#: granted under QĐ 148, spoken of by the law of the letter's day
EXPIRY = """\
   Việc cần làm: {urge}em hồ sơ đánh giá lại của sản phẩm đang ở bước nào; nếu không đánh giá lại thì báo lý \
do cho cơ quan cấp giấy chứng nhận.
   Nếu chưa nộp hồ sơ đánh giá lại: ngày nộp chậm nhất là 28/07/2027 đã qua (điểm a khoản 6 Điều 7 QĐ \
26/2026/QĐ-TTg); nộp ngay thì hồ sơ vẫn được nhận, ghi là nộp muộn.
   Nơi thực hiện: Phòng Kinh tế thị xã Đức Phổ
   Căn cứ: khoản 3 Điều 4 QĐ 26/2026/QĐ-TTg: "36 tháng"
   English: 1 product, due 2027-11-25, 30 days left.
"""


def test_the_letter_before_a_certificate_ends_names_its_ground_and_what_to_do(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, "DP24-003", "begin_monitoring")
    sweep_on(seeded, clock, "2027-10-26")
    to_pho_an, to_the_office = (letter_text(letters(seeded, address)[-1]) for address in (PHO_AN, OFFICE))
    assert to_pho_an.split("Hết hạn giấy chứng nhận – ")[1] == (
        "hạn 25/11/2027, còn 30 ngày\n"
        "   Sản phẩm (1):\n"
        f"   - DP24-003  Khô Gà\n{EXPIRY.format(urge='X')}{FOOT}"
    )
    urged = EXPIRY.format(urge="Đôn đốc UBND cấp xã: x")
    assert f"   - DP24-003  Khô Gà (Xã Phổ An)\n{urged}" in to_the_office
    for said in (to_pho_an, to_the_office):
        assert "do dịch vụ chọn" not in said
        assert ".vn" not in said


def test_two_products_of_one_name_are_told_apart_by_their_producer(
    seeded: Database, clock: FixedClock
) -> None:
    """Across the whole letter: the two stand under different deadlines."""
    clock.move_to(DAY("2024-04-25"))
    act(seeded, clock, "DP24-002", "register", {"group": "food", "producer": "HTX Phổ An"})
    sweep_on(seeded, clock, "2024-05-17")
    for address, place in ((PHO_AN, ""), (OFFICE, " (Xã Phổ An)")):
        said = letter_text(letters(seeded, address)[-1])
        assert [line for line in said.splitlines() if "Khô" in line] == [
            f"   - DP24-003  Khô Gà{place}",
            f"   - DP24-006  Khô Bò, chủ thể Trần Quốc Việt{place}",
            f"   - DP24-002  Khô Bò, chủ thể HTX Phổ An{place}",
        ]
