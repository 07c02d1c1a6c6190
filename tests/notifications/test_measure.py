"""A letter's page stays whole in every mailbox: of many products the first are named, the others counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ocop_workflow.notifications import (
    ChangedDate,
    Digest,
    Item,
    ListedAt,
    Notices,
    Rendered,
    Section,
    Silent,
    measure,
    render_correction,
    render_digest,
    render_notices,
)
from ocop_workflow.notifications.measure import MOST, Measure
from tests.notifications.test_letters import CORRECTION, FOOT, LETTER, NOTICE, REGISTRATION, TRAINING, page

LIST = ListedAt("/products?plan=duc-pho-2024&unit=pho-an", "ocop products --plan duc-pho-2024 --unit pho-an")
#: as long as a name may be, in letters that a page writes with several octets each
LONGEST = "“ộ&" * 66


def items(count: int, name: str = "Sản phẩm đặc trưng truyền thống số") -> tuple[Item, ...]:
    return tuple(Item(f"DP24-{number:03}", f"{name} {number}", "Xã Phổ An") for number in range(1, count + 1))


def section(count: int, name: str = "Sản phẩm đặc trưng truyền thống số", day: int = 0) -> Section:
    due = REGISTRATION.due_on + timedelta(days=day)
    return replace(REGISTRATION, due_on=due, items=items(count, name), list_at=LIST)


def digest(*sections: Section, url: str = LETTER.public_url) -> Digest:
    return Digest(LETTER.office, LETTER.day, sections, url, list_at=LIST)


def size(rendered: Rendered) -> int:
    return len(rendered.html.encode())


def test_a_small_letter_tells_all_of_it() -> None:
    assert "sản phẩm khác" not in render_digest(digest(section(300))).text


@pytest.mark.parametrize("count", [340, 350, 360, 1000, 3500, 20_000])
def test_however_many_products_the_page_is_not_cut_and_the_figures_are_those_of_all(count: int) -> None:
    written = render_digest(digest(section(count)))
    assert size(written) < MOST < 102_000
    said = f"{count:,}".replace(",", ".")
    assert written.subject.startswith(f"[OCOP] {said} việc sắp đến hạn")
    assert f"Sản phẩm ({said}):" in written.text
    shown = written.text.count("   - DP24-")
    assert written.html.count("<td") == 3 * shown  # text and page tell the same
    more = f"{count - shown:,}".replace(",", ".")
    assert (f"và {more} sản phẩm khác, xem tại" in written.text) is (shown < count)
    assert (f"và {more} sản phẩm khác, xem tại" in written.html) is (shown < count)


@pytest.mark.parametrize(
    "letter",
    [
        digest(*(section(1, day=day) for day in range(3500))),
        digest(*(section(100, LONGEST, day) for day in range(50))),
        digest(*(replace(section(5, LONGEST), as_written=LONGEST * 5, basis=LONGEST) for _ in range(2000))),
        replace(digest(section(3)), silent=(Silent(LONGEST, (LONGEST,) * 3000),)),
    ],
    ids=["a day each", "long names", "long words", "silent communes"],
)
def test_many_parts_and_long_names_fit_too(letter: Digest) -> None:
    written = render_digest(letter)
    assert size(written) < MOST
    assert written.subject == letter.subject


def test_a_correction_and_a_notice_of_many_fit_too() -> None:
    change = ChangedDate("Đăng ký", date(2024, 4, 30), date(2024, 5, 15), items(3500), LIST)
    many = [replace(change, items=(item,)) for item in change.items]
    for changes in ((change,), tuple(many)):
        written = render_correction(replace(CORRECTION, changes=changes))
        assert size(written) < MOST
        assert written.subject.startswith("[OCOP] Đính chính: 3.500 hạn đã đổi")
    told = replace(NOTICE, details=tuple((f"Mục {n}", LONGEST) for n in range(9)))
    notices = render_notices(Notices(NOTICE.office, NOTICE.day, (told,) * 50, ""))
    assert size(notices) < MOST
    assert "việc khác." in notices.text


def cut(monkeypatch: pytest.MonkeyPatch, rows: int, parts: int) -> None:
    monkeypatch.setattr(measure, "LEVELS", (Measure(rows, parts),))


def test_a_letter_that_tells_less_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch, 1, 1)
    late = replace(TRAINING, list_at=LIST)
    letter = replace(
        digest(section(3), late, section(2, day=9)), silent=(Silent("Kế hoạch 2024", ("Xã A",) * 12),)
    )
    assert render_digest(letter).text == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 23/04/2024.\n"
        "\n"
        "1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, còn 7 ngày\n"
        "   Sản phẩm (3):\n"
        "   - DP24-001  Sản phẩm đặc trưng truyền thống số 1 (Xã Phổ An)\n"
        "   và 2 sản phẩm khác, xem tại "
        "https://ocop.duc-pho.example/products?plan=duc-pho-2024&unit=pho-an\n"
        "   Việc cần làm: Nộp phiếu đăng ký.\n"
        "   Nơi thực hiện: Phòng Kinh tế\n"
        "   Căn cứ: mục III.1.b, Kế hoạch OCOP năm 2024: "
        '"Thời gian thực hiện: Tháng 3 – 4 năm 2024."\n'
        "   English: 3 products, due 2024-04-30, 7 days left.\n"
        "\n"
        "Và 2 mốc khác: 1 việc quá hạn, 2 việc sắp đến hạn, hạn từ 22/04/2024 đến 09/05/2024, xem tại "
        "https://ocop.duc-pho.example/products?plan=duc-pho-2024&unit=pho-an\n"
        "\n"
        "Chưa đăng ký sản phẩm nào (Kế hoạch 2024): "
        "Xã A, Xã A, Xã A, Xã A, Xã A, Xã A, Xã A, Xã A, Xã A, Xã A và 2 địa phương khác.\n"
        "\n"
        "Xem và cập nhật tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động. "
        "Việc đã làm xong mà chưa cập nhật thì đề nghị cập nhật\n"
        "để hệ thống không nhắc lại.\n"
    )


def test_a_letter_that_tells_less_as_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch, 1, 1)
    address = "https://ocop.duc-pho.example/products?plan=duc-pho-2024&unit=pho-an"
    written = render_digest(digest(section(3), section(2, day=9)))
    assert page(written.html)[3:] == [
        "1. Đăng ký ý tưởng sản phẩm",
        "Hạn 30/04/2024, còn 7 ngày",
        "| Mã | Sản phẩm | Địa phương",
        "| DP24-001 | Sản phẩm đặc trưng truyền thống số 1 | Xã Phổ An",
        f"và 2 sản phẩm khác, xem tại {address}",
        "Việc cần làm: Nộp phiếu đăng ký.",
        "Nơi thực hiện: Phòng Kinh tế",
        "Căn cứ: mục III.1.b, Kế hoạch OCOP năm 2024: “Thời gian thực hiện: Tháng 3 – 4 năm 2024.”",
        "3 products, due 2024-04-30, 7 days left.",
        f"và 1 mốc khác: 2 việc sắp đến hạn, hạn từ 09/05/2024 đến 09/05/2024, xem tại {address}",
        "Xem và cập nhật tại: https://ocop.duc-pho.example",
        FOOT,
    ]
    assert f'href="{address.replace("&", "&amp;")}"' in written.html


def test_where_no_address_is_known_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch, 1, 1)
    assert (
        "   và 2 sản phẩm khác, xem bằng lệnh: ocop products --plan duc-pho-2024 --unit pho-an\n"
        in render_digest(digest(section(3), url="")).text
    )


def test_a_correction_that_tells_less(monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch, 1, 1)
    change = ChangedDate("Đăng ký", date(2024, 4, 30), date(2024, 5, 15), items(3), LIST)
    text = render_correction(replace(CORRECTION, changes=(change, change), public_url="")).text
    assert text.split("\n")[4:15] == [
        "",
        "1. Đăng ký – đã báo: hạn 30/04/2024; nay: hạn 15/05/2024",
        "   Sản phẩm (3):",
        "   - DP24-001  Sản phẩm đặc trưng truyền thống số 1 (Xã Phổ An)",
        "   và 2 sản phẩm khác, xem bằng lệnh: ocop products --plan duc-pho-2024 --unit pho-an",
        "   English: 3 products, told: due 2024-04-30; now: due 2024-05-15.",
        "",
        "Và 3 hạn khác đã đổi, xem bằng lệnh: ocop products --plan duc-pho-2024 --unit pho-an",
        "",
        "English: dates have changed (the plan has changed).",
        "",
    ]
