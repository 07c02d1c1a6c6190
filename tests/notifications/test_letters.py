"""What a digest and a notice say: every word, as text and as a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from ocop_workflow.notifications import (
    ChangedDate,
    Correction,
    Digest,
    Item,
    Notice,
    Rendered,
    Retraction,
    Section,
    Silent,
    render_correction,
    render_digest,
    render_notice,
    render_retraction,
    vietnamese_date,
)

TODAY = date(2024, 4, 23)
REGISTRATION = Section(
    name="Đăng ký ý tưởng sản phẩm",
    due_on=date(2024, 4, 30),
    days_left=7,
    basis="mục III.1.b, Kế hoạch OCOP năm 2024",
    as_written="Thời gian thực hiện: Tháng 3 – 4 năm 2024.",
    action="Nộp phiếu đăng ký.",
    where="Phòng Kinh tế",
    items=(Item("DP24-002", "Khô Bò"), Item("DP24-003", "Khô Gà")),
)
TRAINING = Section(
    name="Hội nghị tập huấn",
    due_on=date(2024, 4, 22),
    days_left=-1,
    basis="mục III.4, Kế hoạch OCOP năm 2024",
    as_written="Thực hiện trong quý II/2024.",
    action="",
    where="",
    items=(),
)
LETTER = Digest("UBND xã Phổ An", TODAY, (REGISTRATION,), "https://ocop.duc-pho.example")
NOTICE = Notice(
    office="UBND xã Phổ An",
    day=date(2024, 11, 25),
    code="DP24-002",
    product="Khô Bò",
    step="Công nhận",
    state="Đã được công nhận",
    step_en="certify",
    public_url="https://ocop.duc-pho.example",
    details=(("Số quyết định", "1234/QĐ-UBND"), ("Ngày quyết định", "25/11/2024")),
)
RETRACTION = Retraction(
    office="UBND xã Phổ An",
    day=date(2024, 11, 27),
    code="DP24-002",
    product="Khô Bò",
    step="Công nhận",
    step_day=date(2024, 11, 25),
    state="Cấp huyện đã chấm điểm",
    reason="ghi nhầm <sản phẩm>",
    step_en="certify",
    public_url="https://ocop.duc-pho.example",
)
CORRECTION = Correction(
    office="UBND xã Phổ An",
    day=TODAY,
    reason="kế hoạch đã thay đổi",
    reason_en="the plan has changed",
    changes=(ChangedDate("Đăng ký", date(2024, 4, 30), date(2024, 5, 15), REGISTRATION.items),),
    public_url="https://ocop.duc-pho.example",
)
FOOT = (
    "Thư này do hệ thống theo dõi OCOP gửi tự động. "
    "Việc đã làm xong mà chưa cập nhật thì đề nghị cập nhật để hệ thống không nhắc lại."
)


class _Lines(HTMLParser):
    """The page as a reader sees it: one line for each block."""

    blocks = ("p", "h1", "h2", "tr", "li", "br", "title")

    def __init__(self) -> None:
        super().__init__()
        self.found = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.blocks:
            self.found.append("")
        if tag in ("td", "th"):
            self.found[-1] += " | "
        assert "onclick" not in dict(attrs)

    def handle_data(self, data: str) -> None:
        self.found[-1] += data


def page(html: str) -> list[str]:
    reader = _Lines()
    reader.feed(html)
    return [" ".join(line.split()) for line in reader.found if line.strip()]


# -- digests -------------------------------------------------------------------------------------------


def test_a_digest_as_text() -> None:
    assert render_digest(LETTER).text == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 23/04/2024.\n"
        "\n"
        "1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, còn 7 ngày\n"
        "   Sản phẩm (2):\n"
        "   - DP24-002  Khô Bò\n"
        "   - DP24-003  Khô Gà\n"
        "   Việc cần làm: Nộp phiếu đăng ký.\n"
        "   Nơi thực hiện: Phòng Kinh tế\n"
        "   Căn cứ: mục III.1.b, Kế hoạch OCOP năm 2024: "
        '"Thời gian thực hiện: Tháng 3 – 4 năm 2024."\n'
        "   English: 2 products, due 2024-04-30, 7 days left.\n"
        "\n"
        "Xem và cập nhật tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động. "
        "Việc đã làm xong mà chưa cập nhật thì đề nghị cập nhật\n"
        "để hệ thống không nhắc lại.\n"
    )


def test_a_digest_as_a_page() -> None:
    assert page(render_digest(LETTER).html) == [
        "[OCOP] 2 việc sắp đến hạn – UBND xã Phổ An, ngày 23/04/2024",
        "Kính gửi: UBND xã Phổ An",
        "Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 23/04/2024.",
        "1. Đăng ký ý tưởng sản phẩm",
        "Hạn 30/04/2024, còn 7 ngày",
        "| Mã | Sản phẩm",
        "| DP24-002 | Khô Bò",
        "| DP24-003 | Khô Gà",
        "Việc cần làm: Nộp phiếu đăng ký.",
        "Nơi thực hiện: Phòng Kinh tế",
        "Căn cứ: mục III.1.b, Kế hoạch OCOP năm 2024: “Thời gian thực hiện: Tháng 3 – 4 năm 2024.”",
        "2 products, due 2024-04-30, 7 days left.",
        "Xem và cập nhật tại: https://ocop.duc-pho.example",
        FOOT,
    ]


def test_an_authoritys_digest_names_places_and_who_is_silent() -> None:
    items = (Item("DP24-002", "Khô Bò", "Xã Phổ An"), Item("DP24-013", "Chả lụa", "Phường Phổ Ninh"))
    silent = (Silent("Kế hoạch OCOP năm 2024", ("Xã Phổ Châu", "Xã Phổ Cường")),)

    rendered = render_digest(replace(LETTER, sections=(replace(REGISTRATION, items=items),), silent=silent))

    assert "   - DP24-002  Khô Bò (Xã Phổ An)\n   - DP24-013  Chả lụa (Phường Phổ Ninh)\n" in rendered.text
    assert (
        "\n\nChưa đăng ký sản phẩm nào (Kế hoạch OCOP năm 2024): Xã Phổ Châu, Xã Phổ Cường.\n\n"
        in rendered.text
    )
    lines = page(rendered.html)
    assert "| Mã | Sản phẩm | Địa phương" in lines
    assert "| DP24-013 | Chả lụa | Phường Phổ Ninh" in lines
    assert "Chưa đăng ký sản phẩm nào (Kế hoạch OCOP năm 2024): Xã Phổ Châu, Xã Phổ Cường." in lines


def test_an_activity_has_no_list_and_what_is_not_said_takes_no_line() -> None:
    assert render_digest(replace(LETTER, sections=(TRAINING,))).text.splitlines()[4:8] == [
        "1. Hội nghị tập huấn – hạn 22/04/2024, đã quá hạn 1 ngày",
        '   Căn cứ: mục III.4, Kế hoạch OCOP năm 2024: "Thực hiện trong quý II/2024."',
        "   English: due 2024-04-22, 1 day late.",
        "",
    ]


def test_sections_are_numbered() -> None:
    text = render_digest(replace(LETTER, sections=(TRAINING, REGISTRATION))).text

    assert [line for line in text.splitlines() if " – hạn " in line] == [
        "1. Hội nghị tập huấn – hạn 22/04/2024, đã quá hạn 1 ngày",
        "2. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, còn 7 ngày",
    ]


@pytest.mark.parametrize(
    ("days_left", "vietnamese", "english"),
    [
        (30, "còn 30 ngày", "30 days left"),
        (2, "còn 2 ngày", "2 days left"),
        (1, "còn 1 ngày", "1 day left"),
        (0, "hôm nay là ngày cuối", "due today"),
        (-1, "đã quá hạn 1 ngày", "1 day late"),
        (-17, "đã quá hạn 17 ngày", "17 days late"),
    ],
)
def test_how_the_day_stands_toward_the_due_day(days_left: int, vietnamese: str, english: str) -> None:
    section = replace(REGISTRATION, due_on=TODAY + timedelta(days=days_left), days_left=days_left)

    text = render_digest(replace(LETTER, sections=(section,))).text

    assert (section.standing, section.standing_en, section.is_late) == (vietnamese, english, days_left < 0)
    assert f", {vietnamese}\n" in text
    assert f", {english}.\n" in text


def test_one_product_is_no_plural() -> None:
    alone = replace(REGISTRATION, items=REGISTRATION.items[:1])

    assert "   English: 1 product, due" in render_digest(replace(LETTER, sections=(alone,))).text


@pytest.mark.parametrize(
    ("sections", "counts"),
    [
        ((REGISTRATION,), "2 việc sắp đến hạn"),
        ((TRAINING,), "1 việc quá hạn"),
        ((REGISTRATION, TRAINING), "1 việc quá hạn, 2 việc sắp đến hạn"),
        ((replace(REGISTRATION, days_left=0),), "2 việc sắp đến hạn"),
    ],
)
def test_the_subject_counts_what_is_late_first(sections: tuple[Section, ...], counts: str) -> None:
    subject = render_digest(replace(LETTER, sections=sections)).subject

    assert subject == f"[OCOP] {counts} – UBND xã Phổ An, ngày 23/04/2024"


def test_names_stay_words_on_the_page() -> None:
    items = (Item("DP24-002", "<b>Khô & Bò</b>", "<i>"),)
    letter = replace(LETTER, office="A & B", sections=(replace(REGISTRATION, name="<u>", items=items),))

    rendered = render_digest(letter)

    assert "   - DP24-002  <b>Khô & Bò</b> (<i>)\n" in rendered.text
    assert "&lt;b&gt;Khô &amp; Bò&lt;/b&gt;" in rendered.html
    assert [tag for tag in ("<b>", "<i>", "<u>") if tag in rendered.html] == []
    assert "| DP24-002 | <b>Khô & Bò</b> | <i>" in page(rendered.html)


def test_a_day_is_written_as_in_viet_nam() -> None:
    assert vietnamese_date(date(2024, 5, 2)) == "02/05/2024"


# -- notices --------------------------------------------------------------------------------------------


def test_a_notice_as_text() -> None:
    rendered = render_notice(NOTICE)

    assert rendered.subject == "[OCOP] Công nhận: Khô Bò (DP24-002)"
    assert rendered.text == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Sản phẩm Khô Bò (DP24-002): công nhận, ngày 25/11/2024.\n"
        "Trạng thái hiện nay: Đã được công nhận.\n"
        "- Số quyết định: 1234/QĐ-UBND\n"
        "- Ngày quyết định: 25/11/2024\n"
        "\n"
        "English: product DP24-002, certify, 2024-11-25.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )


def test_a_notice_as_a_page() -> None:
    assert page(render_notice(NOTICE).html) == [
        "[OCOP] Công nhận: Khô Bò (DP24-002)",
        "Kính gửi: UBND xã Phổ An",
        "Sản phẩm Khô Bò (DP24-002): công nhận, ngày 25/11/2024.",
        "Trạng thái hiện nay: Đã được công nhận.",
        "Số quyết định: 1234/QĐ-UBND",
        "Ngày quyết định: 25/11/2024",
        "Product DP24-002, certify, 2024-11-25.",
        "Xem tại: https://ocop.duc-pho.example",
        "Thư này do hệ thống theo dõi OCOP gửi tự động.",
    ]


def test_a_retraction_says_what_no_longer_holds_and_why() -> None:
    rendered = render_retraction(RETRACTION)

    assert rendered.subject == "[OCOP] Đính chính – Công nhận: Khô Bò (DP24-002)"
    assert rendered.text == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Đính chính về sản phẩm Khô Bò (DP24-002): thư trước báo «công nhận», ngày 25/11/2024, "
        "không còn giá trị.\n"
        "Bước này đã được hoàn tác ngày 27/11/2024. Trạng thái hiện nay: Cấp huyện đã chấm điểm.\n"
        "- Lý do: ghi nhầm <sản phẩm>\n"
        "\n"
        "English: correction. Product DP24-002, certify of 2024-11-25 was undone on 2024-11-27; "
        "please disregard our earlier letter.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )
    assert page(rendered.html) == [
        "[OCOP] Đính chính – Công nhận: Khô Bò (DP24-002)",
        "Kính gửi: UBND xã Phổ An",
        (
            "Đính chính về sản phẩm Khô Bò (DP24-002): thư trước báo «công nhận», ngày 25/11/2024, "
            "không còn giá trị."
        ),
        "Bước này đã được hoàn tác ngày 27/11/2024. Trạng thái hiện nay: Cấp huyện đã chấm điểm.",
        "Lý do: ghi nhầm <sản phẩm>",
        (
            "Correction. Product DP24-002, certify of 2024-11-25 was undone on 2024-11-27; "
            "please disregard our earlier letter."
        ),
        "Xem tại: https://ocop.duc-pho.example",
        "Thư này do hệ thống theo dõi OCOP gửi tự động.",
    ]
    assert "ghi nhầm &lt;sản phẩm&gt;" in rendered.html


def test_a_notice_without_details_has_no_list() -> None:
    rendered = render_notice(replace(NOTICE, details=()))

    assert "\n- " not in rendered.text
    assert "<ul>" not in rendered.html


@pytest.mark.parametrize(
    "written",
    [
        render_digest(replace(LETTER, public_url="")),
        render_notice(replace(NOTICE, public_url="")),
        render_correction(replace(CORRECTION, public_url="")),
        render_retraction(replace(RETRACTION, public_url="")),
    ],
    ids=["digest", "notice", "correction", "retraction"],
)
def test_a_letter_that_can_name_no_address_says_nothing_of_one(written: Rendered) -> None:
    assert "tại:" not in written.text
    assert "<a " not in written.html
    assert "\n\n\n" not in written.text
