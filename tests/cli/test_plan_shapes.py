"""Shapes of real plans, as an officer meets them: check the file, load it, look at it, see what follows."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

HEAD = """
format = 1
id = "vi-du-s15"
code = "VS26"
title = "Đợt 1 chỉ đánh giá lại, đợt 2 mọi hồ sơ"
year = 2026
regulation = "qd-26-2026"
unit = "vi-du"
document = { number = "", issued = "" }
office = { name = "Chi cục" }
"""
ROUNDS = """
[[milestones]]
id = "evaluation"
name = "Cấp xã gửi hồ sơ"
clause = "1"
as_written = "gửi hồ sơ theo đợt"
when = { any_of = [{ by = 2026-04-29 }, { by = 2026-10-29 }] }
reach = "commune_evaluated"
actor = "commune"
remind = { to = ["commune"], days_before = [7] }

[[milestones]]
id = "outcome"
name = "Đánh giá"
clause = "2"
as_written = "theo đợt"
when = { any_of = [{ with = "dot-1" }, { with = "dot-2" }] }
reach = ["certified", "escalated", "not_rated"]
actor = "province"
remind = { to = ["authority"], days_before = [7] }

[[rounds]]
id = "dot-1"
number = 1
level = "province"
clause = "3"
as_written = "Đợt 1 chỉ đánh giá lại, nâng hạng"
dossiers = { by = 2026-04-29 }
done = { by = 2026-06-29 }
open_to = ["renewal", "upgrade"]

[[rounds]]
id = "dot-2"
number = 2
level = "province"
clause = "3"
as_written = "Đợt 2 mọi hồ sơ"
dossiers = { by = 2026-10-29 }
done = { by = 2026-12-29 }
"""
LIST = """STT,Địa phương (Xã/phường),Tên sản phẩm,Người đại diện trước pháp luật (chủ thể),\
Địa chỉ sản xuất sản phẩm,\
3 sao,4 sao,Nâng hạng 3 sao lên 4 sao,Nâng hạng 4 sao lên 5 sao
1,Xã An Bình,Mật ong,HTX A,Thôn 1,x,,,
"""
CONTENTS = '"contents": {"material": "m", "labour": "l", "idea": "i", "identity": "b"}'


@pytest.fixture
def winter(ocop: Ocop, monkeypatch: pytest.MonkeyPatch) -> Ocop:
    """An empty database on 20/1/2026."""
    monkeypatch.setenv("OCOP_NOW", "2026-01-20T09:00:00+07:00")
    assert ocop("db", "upgrade").code == 0
    return ocop


def write(home: Path, text: str, name: str = "plan.toml") -> str:
    """Write a file that an officer has written; returns its name."""
    (home / name).write_text(text, "utf-8")
    return name


def bring(ocop: Ocop, home: Path, text: str) -> None:
    """Load a plan and a list with one first dossier."""
    write(home, text)
    assert ocop("plan", "load", "plan.toml").code == 0
    write(home, LIST, "a.csv")
    done = ocop("import", "a.csv", "--plan", "vi-du-s15")
    assert (done.code, done.err) == (0, "")


def step(ocop: Ocop, event: str, data: str, on: str) -> None:
    done = ocop("advance", "VS26-001", event, "--as", "can-bo", "--on", on, "--data", data)
    assert (done.code, done.err) == (0, "")


def evaluate(ocop: Ocop) -> None:
    """Bring the one product to the commune's report on 2/2/2026."""
    step(ocop, "register", '{"group": "food", "received_on": "2026-01-21"}', "2026-01-21")
    step(ocop, "select", "{}", "2026-01-22")
    step(ocop, "start_consulting", '{"consultant": "TT"}', "2026-01-23")
    report = f'{{"report_number": "1/BC-UBND", "report_date": "2026-02-02", {CONTENTS}}}'
    step(ocop, "commune_evaluate", report, "2026-02-02")


def test_a_round_for_re_ratings_alone_is_not_a_first_dossiers_round(
    winter: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(winter, home, HEAD + ROUNDS)
    monkeypatch.setenv("OCOP_NOW", "2026-02-03T09:00:00+07:00")
    evaluate(winter)

    deadlines = winter("product", "VS26-001", "--json").json["deadlines"]
    assert [item["due_on"] for item in deadlines if item["milestone"] == "outcome"] == ["2026-12-29"]
    told = winter("explain", "VS26-001").out
    assert (
        "    đợt 1, cấp tỉnh: hồ sơ đến hết 29/04/2026, đánh giá xong 29/06/2026"
        "; không mở cho hồ sơ lần đầu\n"
        "  → đợt 2, cấp tỉnh: hồ sơ đến hết 29/10/2026, đánh giá xong 29/12/2026\n"
    ) in told
    shown = winter("plan", "show", "vi-du-s15").out
    assert "Đợt đánh giá" in shown
    assert "đánh giá lại, nâng hạng" in shown
    assert "mọi hồ sơ" in shown
    assert "SAI" not in winter("doctor").out
    assert winter("prove").code == 0


def test_a_round_tells_the_share_that_its_plan_asks_for(winter: Ocop, home: Path) -> None:
    passes = ROUNDS.replace("number = 2\n", "number = 1\npass = 2\nquota_percent = 60\n")
    passes = passes.replace('id = "dot-1"\nnumber = 1\n', 'id = "dot-1"\nnumber = 1\npass = 1\n')
    bring(winter, home, HEAD + passes)
    shown = " ".join(winter("plan", "show", "vi-du-s15").out.split())
    assert "lần 2" in shown
    assert "ít nhất 60 %" in shown


def test_a_round_with_letters_of_its_own_is_refused_by_its_name_and_nothing_is_loaded(
    winter: Ocop, home: Path
) -> None:
    write(home, HEAD + ROUNDS.replace("number = 2\n", 'number = 2\nletters = ["commune"]\n'))
    for words in (("plan", "check", "plan.toml"), ("plan", "load", "plan.toml")):
        said = winter(*words)
        assert said.code == 1
        assert "rounds[1].letters: đợt dot-2: bản này chưa thực hiện thư riêng của một đợt" in said.err
    assert "vi-du-s15" not in winter("plan", "list").out


MONTHLY = """
[[milestones]]
id = "registration"
name = "Đăng ký"
clause = "1"
as_written = "trước 16h00 ngày 15/9/2026"
when = { before = 2026-09-15, at = "16:00" }
reach = "registered"
actor = "commune"
remind = { to = ["commune", "authority"], days_before = [7] }

[[activities]]
id = "bao-cao"
name = "Báo cáo tiến độ"
clause = "2"
as_written = "trước ngày 25 hằng tháng"
when = { each_month = { before = 25, first = "2026-08", last = "2026-10" } }
actor = "authority"
action = "Gửi báo cáo tháng về Sở."
remind = { to = ["authority"], days_before = [7] }
overdue = { to = ["authority"], every_days = 7 }
"""


def letters_on(ocop: Ocop, monkeypatch: pytest.MonkeyPatch, day: str) -> str:
    """Sweep on a day; return the words of the letters that it wrote to the province."""
    monkeypatch.setenv("OCOP_NOW", f"{day}T08:00:00+07:00")
    before = {item["id"] for item in ocop("letters", "list", "--json").json}
    assert ocop("sweep", "--confirm", day).code in {0, 1}
    new = [item["id"] for item in ocop("letters", "list", "--json").json if item["id"] not in before]
    return "\n".join(ocop("letters", "show", str(number)).out for number in new)


def test_an_hour_and_what_comes_each_month_are_told_in_the_letters(
    winter: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCOP_NOW", "2026-08-01T08:00:00+07:00")
    bring(winter, home, HEAD + MONTHLY)
    letter = letters_on(winter, monkeypatch, "2026-08-17")
    assert "Báo cáo tiến độ tháng 8/2026 – hạn 24/08/2026, còn 7 ngày" in letter
    assert "Việc cần làm: Gửi báo cáo tháng về Sở." in letter

    letter = letters_on(winter, monkeypatch, "2026-09-08")
    assert "Đăng ký – hạn trước 16h00 ngày 15/09/2026, còn 7 ngày" in letter
    assert "due 2026-09-15 before 16:00, 7 days left." in letter
    assert "Đăng ký: hạn trước 16h00 ngày 15/09/2026" in winter("explain", "VS26-001").out

    rows = winter("activity", "list", "--json").json
    assert [(row["activity"], row["due_on"]) for row in rows] == [
        ("bao-cao@2026-08", "2026-08-24"),
        ("bao-cao@2026-09", "2026-09-24"),
        ("bao-cao@2026-10", "2026-10-24"),
    ]
    done = winter("activity", "done", "bao-cao", "--on", "2026-08-21")
    assert done.out == "bao-cao@2026-08 (vi-du-s15): hoàn thành ngày 21/08/2026, đúng hạn.\n"
    assert winter("activity", "done", "bao-cao@2026-10").out.startswith(
        "bao-cao@2026-10 (vi-du-s15): hoàn thành"
    )
    again = winter("activity", "done", "bao-cao@2026-10")
    assert again.code == 1
    assert "đã ghi hoàn thành" in again.err
    assert "SAI" not in winter("doctor").out
    assert winter("prove").code == 0


def test_a_month_that_is_amended_moves_and_what_is_done_is_not_asked_for_again(
    winter: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCOP_NOW", "2026-08-01T08:00:00+07:00")
    bring(winter, home, HEAD + MONTHLY)
    letters_on(winter, monkeypatch, "2026-08-17")
    assert winter("activity", "done", "bao-cao").code == 0
    monkeypatch.setenv("OCOP_NOW", "2026-08-20T08:00:00+07:00")
    write(home, HEAD + MONTHLY.replace("before = 25", "before = 21"))
    shown = winter("plan", "load", "plan.toml", "--json").json
    assert winter("plan", "load", "plan.toml", "--confirm", shown["hash"]).code == 0
    rows = winter("activity", "list", "--json").json
    assert [(row["activity"], row["due_on"], row["done_on"]) for row in rows] == [
        ("bao-cao@2026-08", "2026-08-24", "2026-08-17"),
        ("bao-cao@2026-09", "2026-09-20", None),
        ("bao-cao@2026-10", "2026-10-20", None),
    ]
    assert "SAI" not in winter("doctor").out
    assert winter("prove").code == 0


PAPERS = """
[[documents]]
id = "hoi-dong"
name = "Kế hoạch của Hội đồng OCOP tỉnh"
number = "12/KH-HĐ"
issued = 2026-08-12
signed_by = "Chủ tịch Hội đồng"

[[milestones]]
id = "registration"
name = "Đăng ký"
clause = "II.1"
as_written = "đăng ký xong trong tháng 7"
when = { months = ["2026-07"] }
reach = "registered"
actor = "commune"

[[milestones]]
id = "outcome"
name = "Đánh giá"
clause = "3"
document = "hoi-dong"
as_written = "họp Hội đồng xong trước ngày 15/11"
when = { before = 2026-11-15 }
reach = ["certified", "escalated", "not_rated"]
actor = "province"
reading = "hội đồng tỉnh"
remind = { to = ["authority"], days_before = [7] }

[[targets]]
id = "ba-sao"
clause = "I"
as_written = "ít nhất 12 sản phẩm"
what = "Sản phẩm từ 3 sao"
at_least = 12
unit = "sản phẩm"

[[budget]]
clause = "V"
as_written = "ngân sách tỉnh"
source = "Sự nghiệp kinh tế"

[[duties]]
clause = "VI"
as_written = "Sở Công Thương hỗ trợ xúc tiến"
agency = "Sở Công Thương"
"""


COMMITTEE = """đăng ký xong trong tháng 7; ít nhất 12 sản phẩm; ngân sách tỉnh;
Sở Công Thương hỗ trợ xúc tiến"""


def test_two_papers_are_each_proved_by_their_own_text(winter: Ocop, home: Path) -> None:
    write(home, HEAD + PAPERS)
    write(
        home,
        "đăng ký xong trong tháng 7; ít nhất 12 sản phẩm; ngân sách tỉnh; Sở Công Thương hỗ trợ xúc tiến",
        "ub.txt",
    )
    write(home, "**họp Hội đồng** xong trước ngày 15/11", "hd.txt")
    both = ("--source", "ub.txt", "--source", "hoi-dong=hd.txt")

    assert (
        "5 câu trích đều có trong văn bản gốc."
        in winter("plan", "check", "plan.toml", *both).out.splitlines()
    )
    assert winter("plan", "check", "plan.toml", *both, "--json").json["proved"] is True
    half = winter("plan", "check", "plan.toml", "--source", "ub.txt")
    assert [line for line in half.out.splitlines() if "câu trích" in line] == [
        "4 câu trích đều có trong văn bản gốc.",
        "1 câu trích của hoi-dong chưa đối chiếu (thêm --source hoi-dong=TỆP).",
    ]
    assert winter("plan", "check", "plan.toml", "--source", "ub.txt", "--json").json["proved"] is False
    swapped = winter("plan", "check", "plan.toml", "--source", "hd.txt", "--source", "hoi-dong=ub.txt")
    assert swapped.code == 1
    assert "milestones[1].as_written: câu trích không có trong văn bản nguồn hoi-dong" in swapped.err
    stranger = winter("plan", "check", "plan.toml", "--source", "so=hd.txt")
    assert (stranger.code, stranger.err.splitlines()[0]) == (
        2,
        "Lỗi: --source so=…: kế hoạch không có văn bản nào mang mã này; có: hoi-dong.",
    )


def test_whatever_a_file_says_is_shown(winter: Ocop, home: Path) -> None:
    write(home, HEAD + PAPERS)
    assert winter("plan", "load", "plan.toml").code == 0
    plain = winter("plan", "show", "vi-du-s15").out
    assert "Văn bản hoi-dong: Kế hoạch của Hội đồng OCOP tỉnh số 12/KH-HĐ ngày 12/08/2026." in plain
    assert "3 (hoi-dong)" in plain
    everything = winter("plan", "show", "vi-du-s15", "--all").out
    for words in (
        "trước ngày 15/11/2026, không kể ngày đó",
        "hội đồng tỉnh",
        "nhắc cơ quan chủ kế hoạch trước 7 ngày",
        "Chủ tịch Hội đồng",
        "Sản phẩm từ 3 sao",
        "Sự nghiệp kinh tế",
        "Sở Công Thương hỗ trợ xúc tiến",
    ):
        assert words in everything
        assert words not in plain
    said = winter("plan", "show", "vi-du-s15", "--json").json["said"]
    assert said["targets"][0]["at_least"] == 12
    assert said["office"] == {"name": "Chi cục", "address": ""}


def test_a_plan_that_uses_every_key_is_shown_whole(winter: Ocop, home: Path) -> None:
    """No key of the format may be stored and never be seen again."""
    page = Path(__file__).parents[2] / "docs" / "plan-tables.md"
    (text,) = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    write(home, text)
    assert winter("plan", "load", "plan.toml").code == 0
    shown = json.dumps(winter("plan", "show", "tinh-vi-du-2027", "--json").json, ensure_ascii=False)
    unseen = [value for value in _values(tomllib.loads(text)) if value not in shown]
    assert [value for value in unseen if value not in SHOWN_AS_WORDS] == []


#: what is shown by other words: the kinds and recipients of the schema in Vietnamese, the unit by its name
SHOWN_AS_WORDS = {"commune", "every_commune", "renewal", "vi-du"}


def _values(value: object) -> Iterator[str]:
    """Yield every value of a file as a person would read it: days the local way, times by their last part."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"when", "dossiers", "done"}:  # shown as the day that they mean, and in words
                yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, date):
        yield f"{value:%d/%m/%Y}" if value == date(2027, 11, 20) else value.isoformat()  # an event's
    else:
        yield str(value)


TEMPLATE = (
    HEAD.replace("year = 2026\n", "").replace("vi-du-s15", "vi-du-{year}").replace("VS26", "VS{yy}")
    + """
[[milestones]]
id = "registration"
name = "Đăng ký"
clause = "1"
as_written = "Tháng 3 – 4"
when = { months = ["03", "04"] }
reach = "registered"
actor = "commune"
"""
)


def test_a_yearly_template_is_checked_and_loaded_for_a_year(winter: Ocop, home: Path) -> None:
    write(home, TEMPLATE)
    for command in ("check", "load"):
        without = winter("plan", command, "plan.toml")
        assert (without.code, without.err.splitlines()[0]) == (
            2,
            "Lỗi: plan.toml là mẫu hằng năm, không ghi năm: thêm --year, ví dụ --year 2027.",
        )
    assert winter("plan", "check", "plan.toml", "--year", "2027").out.startswith("plan.toml: đúng.")
    assert winter("plan", "load", "plan.toml", "--year", "2026").code == 0
    assert winter("plan", "load", "plan.toml", "--year", "2027").code == 0
    lines = {
        year: winter("plan", "show", f"vi-du-{year}", "--json").json["lines"][0]["due"]
        for year in (2026, 2027)
    }
    assert lines == {2026: "30/04/2026", 2027: "30/04/2027"}
    again = winter("plan", "load", "plan.toml", "--year", "2027")
    assert "đã có từ trước, không đổi gì" in again.out
    simulated = winter(
        "simulate", "plan.toml", "--year", "2028", "--from", "2028-03-01", "--to", "2028-03-03"
    )
    assert simulated.code == 0
    dated = winter("plan", "check", "plan.toml", "--year", "1999")
    assert dated.code == 2


PARENT = (
    HEAD.replace("vi-du-s15", "giai-doan")
    .replace("VS26", "GD26")
    .replace("year = 2026\n", "year = 2026\nlast_year = 2030\n")
)
ABOVE = """
[[milestones]]
id = "dang-ky"
name = "Đăng ký"
clause = "1"
as_written = "trước tháng 4"
when = { before_month = "2026-04" }
reach = "registered"
actor = "commune"
"""
BELOW = HEAD.replace('unit = "vi-du"', 'unit = "vi-du"\nparent = "giai-doan"') + ABOVE.replace("04", "06")


def test_a_plan_stands_under_another_one_and_both_dates_are_named_where_they_do_not_nest(
    winter: Ocop, home: Path
) -> None:
    write(home, PARENT + ABOVE, "parent.toml")
    write(home, BELOW)
    named = (
        "milestones[0].when: đến hạn 31/05/2026, sau hạn của «dang-ky» trong kế hoạch cấp trên giai-doan "
        "(31/03/2026)"
    )
    assert (
        "Chưa đối chiếu với kế hoạch cấp trên giai-doan (thêm --parent TỆP)."
        in winter("plan", "check", "plan.toml").out
    )
    assert named in winter("plan", "check", "plan.toml", "--parent", "parent.toml").err
    other = winter("plan", "check", "plan.toml", "--parent", "plan.toml")
    assert (other.code, other.err.splitlines()[0]) == (
        2,
        "Lỗi: --parent là kế hoạch vi-du-s15; plan.toml ghi kế hoạch cấp trên là giai-doan.",
    )
    early = winter("plan", "load", "plan.toml")
    assert "parent: chưa nạp kế hoạch giai-doan nào của vi-du hay của cấp trên; nạp nó trước" in early.err

    assert winter("plan", "load", "parent.toml").code == 0
    for command in ("check", "load"):
        said = winter("plan", command, "plan.toml")
        assert (said.code, named in said.err) == (1, True)
    assert "vi-du-s15" not in winter("plan", "list").out

    write(home, BELOW.replace("2026-06", "2026-04"))
    assert winter("plan", "check", "plan.toml").code == 0
    assert winter("plan", "load", "plan.toml").code == 0
    assert "Kế hoạch cấp trên: giai-doan." in winter("plan", "show", "vi-du-s15").out
    assert "Kế hoạch bên dưới: vi-du-s15." in winter("plan", "show", "giai-doan").out

    write(home, PARENT + ABOVE.replace("2026-04", "2026-03"), "parent.toml")
    confirm = winter("plan", "load", "parent.toml", "--json").json["hash"]
    assert winter("plan", "load", "parent.toml", "--confirm", confirm).code == 0
    assert "Lưu ý: đến hạn 31/03/2026, sau hạn của «dang-ky»" in winter("plan", "show", "vi-du-s15").out
    again = winter("plan", "load", "plan.toml")  # loaded as it is, it runs on
    assert (again.code, "không đổi gì" in again.out) == (0, True)


def test_a_plan_does_not_stand_under_that_of_a_stranger(winter: Ocop, home: Path) -> None:
    assert winter("plan", "load", "example-2026").code == 0
    stranger = (
        HEAD.replace("vi-du-s15", "duc-pho-2026").replace("VS26", "DP26").replace("qd-26-2026", "qd-148-2023")
    )
    write(home, stranger.replace('unit = "vi-du"', 'unit = "duc-pho"\nparent = "example-2026"') + ABOVE)
    said = winter("plan", "load", "plan.toml")
    assert said.code == 1
    assert "chưa nạp kế hoạch example-2026 nào của duc-pho hay của cấp trên" in said.err
