"""An officer's IT person at the command line: what works, and what each mistake is answered with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from ocop_workflow import __version__
from ocop_workflow.store.troubles import fitness
from tests.cli.conftest import ANNEX, REGISTER, Said, dump

Ocop = Callable[..., Said]

HEAD = fitness.revision_wanted()


def test_help_answers_for_every_command(ocop: Ocop) -> None:
    for words in (
        (), ("import",), ("products",), ("product",), ("advance",), ("undo",), ("explain",), ("sweep",),
        ("deliver",), ("scheduler",), ("demo",), ("plan", "list"), ("plan", "check"), ("plan", "load"),
        ("plan", "show"), ("units", "list"), ("units", "load"), ("activity", "done"), ("db", "upgrade"),
        ("db", "check"), ("states", "draw"), ("states", "form"),
    ):  # fmt: skip
        said = ocop(*words, "--help")
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith("Cách dùng / Usage: ocop")
        assert ocop(*words, "-h") == said


def test_help_is_in_vietnamese_first(ocop: Ocop) -> None:
    assert ocop("letters", "show", "--help").out == (
        "Cách dùng / Usage: ocop letters show [TÙY CHỌN] {SỐ}\n\n"
        "  Xem một thư: trạng thái và lời thư. / Show one letter.\n\n"
        "Tham số / Arguments:\n"
        "  SỐ <int>  Số thư, xem bằng `ocop letters list`. / Its number.  [bắt buộc]\n\n"
        "Tùy chọn / Options:\n"
        "  --json      Kết quả cho máy đọc. / Machine-readable output.\n"
        "  -h, --help  Xem trợ giúp này. / Show this help.\n"
    )


def test_it_says_its_version(ocop: Ocop) -> None:
    assert ocop("--version") == Said(0, f"ocop {__version__}\n", "")


def test_a_new_database_is_made_and_checked(ocop: Ocop) -> None:
    assert ocop("db", "upgrade").out == f"Cơ sở dữ liệu ở phiên bản {HEAD}.\n"
    assert ocop("db", "upgrade", "--json").json == {"revision": HEAD}
    assert ocop("db", "check").out == f"Cơ sở dữ liệu đúng phiên bản {HEAD}.\n"
    assert ocop("db", "check", "--json").json == {
        "current": HEAD, "wanted": HEAD, "differences": [], "is_current": True, "damage": [],
        "unexamined": None,
    }  # fmt: skip


def test_plans_are_listed_loaded_and_shown(town: Ocop) -> None:
    assert [(row["id"], row["loaded"]) for row in town("plan", "list", "--json").json] == [
        ("duc-pho-2024", True),
        ("example-2026", False),
        ("quang-nam-2021", False),
    ]
    assert "duc-pho-2024" in town("plan", "list").out
    again = town("plan", "load", "duc-pho-2024")
    assert again.out == "duc-pho-2024: đã có từ trước, không đổi gì. 6 mốc, 4 hoạt động.\n"
    assert town("plan", "load", "example-2026", "--json").json["new"] is True
    shown = town("plan", "show", "duc-pho-2024", "--json").json
    assert [(line["id"], line["due"]) for line in shown["lines"]][:2] == [
        ("registration", "30/04/2024"),
        ("selection", "31/05/2024"),
    ]
    assert shown["products"] == {"Ý tưởng": 14}
    assert "“Thời gian thực hiện: Tháng 5 năm 2024.”" in town("plan", "show", "duc-pho-2024").out


def test_a_plan_is_checked_against_its_source(ocop: Ocop, home: Path) -> None:
    source = Path(__file__).parent.parent / "data" / "duc-pho-2024.txt"
    assert ocop("plan", "check", "duc-pho-2024", "--source", str(source)).out.endswith(
        "câu trích đều có trong văn bản gốc.\n"
    )
    assert ocop("plan", "check", "duc-pho-2024", "--source", str(source), "--json").json["proved"] is True
    other = home / "other.txt"
    other.write_text("một văn bản khác", "utf-8")
    said = ocop("plan", "check", "duc-pho-2024", "--source", str(other))
    assert said.code == 1
    assert "  - milestones[0].as_written: câu trích không có trong văn bản nguồn" in said.err


def test_every_fault_of_a_plan_is_said_at_once(ocop: Ocop, home: Path) -> None:
    path = home / "plan.toml"
    text = (resources.files("ocop_workflow") / "data/plans/duc-pho-2024.toml").read_text("utf-8")
    path.write_text(
        text.replace("year = 2024", "year = 1024").replace("by = 2024-11-30", 'by = "2024-11-31"'), "utf-8"
    )
    said = ocop("plan", "check", str(path))
    assert said.code == 1
    assert said.err.startswith(f"Lỗi: Tệp {path} có lỗi.\n")
    assert ocop("plan", "load", str(path)).err == said.err
    source = home / "source.txt"
    source.write_text("another document", "utf-8")
    with_quotes = ocop("plan", "check", str(path), "--source", str(source)).err
    assert "  - year: quá nhỏ, ít nhất là 2015\n" in with_quotes
    assert "  - milestones[0].as_written: câu trích không có trong văn bản nguồn" in with_quotes
    missing = ocop("plan", "check", str(home / "none.toml"))
    assert missing.code == 2
    path.write_bytes(b"\xff\xfe")
    assert "không phải văn bản UTF-8; trong Notepad hãy chọn Save as" in ocop("plan", "check", str(path)).err


def test_a_file_that_notepad_has_saved_is_read(town: Ocop, home: Path) -> None:
    """Notepad writes a byte order mark before the text."""

    def saved(name: str, text: str) -> str:
        (home / name).write_text(text, "utf-8-sig")
        return str(home / name)

    shipped = resources.files("ocop_workflow") / "data"
    plan = saved("plan.toml", (shipped / "plans/duc-pho-2024.toml").read_text("utf-8"))
    for words in (("plan", "check", plan), ("plan", "load", plan), ("simulate", plan, "--to", "2024-05-08")):
        assert (ocop_said := town(*words)).code == 0, ocop_said.err
    units = saved("units.toml", (shipped / "units/duc-pho.toml").read_text("utf-8"))
    assert town("units", "load", units).code == 0
    saved("ocop.toml", "sweep_at = 05:30:00\n")
    assert town("plan", "list").code == 0


def test_an_import_is_rehearsed_then_done_once(ocop: Ocop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    ocop("db", "upgrade")
    ocop("plan", "load", "duc-pho-2024")
    rehearsed = ocop("import", ANNEX, "--plan", "duc-pho-2024", "--dry-run")
    assert rehearsed.out.endswith("sẽ thêm 14 sản phẩm; 0 đã có từ trước.\n")
    assert ocop("products", "--json").json == []
    assert ocop("import", ANNEX, "--plan", "duc-pho-2024", "--json").json["added"] == 14
    assert ocop("import", ANNEX, "--plan", "duc-pho-2024").out.endswith(
        "đã thêm 0 sản phẩm; 14 đã có từ trước.\n"
    )
    assert len(ocop("products", "--json").json) == 14


def test_a_sweep_far_from_the_last_one_asks_for_its_day_and_the_printed_line_can_be_pasted(
    town: Ocop, monkeypatch: pytest.MonkeyPatch
) -> None:
    town("sweep")
    monkeypatch.setenv("OCOP_NOW", "2024-05-15T06:00:00+07:00")

    held = town("sweep", "--json")

    assert held.code == 2
    assert {key: held.json[key] for key in ("error", "day", "last_day", "letters", "confirm")} == {
        "error": "sweep_held",
        "day": "2024-05-15",
        "last_day": "2024-04-23",
        "letters": 8,
        "confirm": "ocop sweep --on 2024-05-15 --confirm 2024-05-15",
    }
    assert town("doctor").code == 1
    assert town("sweep", "--confirm", "2024-05-14").code == 2
    assert town(*held.json["confirm"].split()[1:]).code == 0
    monkeypatch.setenv("OCOP_NOW", "2024-05-14T06:00:00+07:00")
    assert "đứng trước lần quét gần nhất, ngày 15/05/2024; chưa ghi gì" in town("sweep").err
    monkeypatch.setenv("OCOP_SWEEP_GAP", "3")
    monkeypatch.setenv("OCOP_NOW", "2024-05-19T06:00:00+07:00")
    assert "tới 4 ngày; chưa ghi gì" in town("sweep").err


def test_the_days_work(town: Ocop) -> None:
    assert town("sweep", "--dry-run", "--json").json["reminders"] == 14
    assert town("sweep", "--json").json == {
        "day": "2024-04-23", "reminders": 14, "withheld": 28, "superseded": 0, "flags_raised": 0,
        "letters": 7, "faults": [], "dry_run": False,
    }  # fmt: skip
    assert town("sweep").out == (
        "Đã quét ngày 23/04/2024:\n  0 lời nhắc; 0 cờ quá hạn mới; 0 thư.\n"
        "  0 lời nhắc không gửi; 0 đã bị mức nhắc sau thay thế.\n"
    )
    assert "Xem trước ngày 02/05/2024" in town("sweep", "--on", "2/5/2024", "--dry-run").out
    late = town("sweep", "--on", "2024-05-15", "--dry-run")
    assert "SẼ DỪNG LẠI HỎI: Ngày 15/05/2024 đứng sau lần quét gần nhất" in late.out
    assert "còn 7 ngày" in town("products", "--unit", "pho-an").out
    moved = town("advance", "DP24-002", *REGISTER)
    assert moved.out.startswith("DP24-002: Ý tưởng → Đã đăng ký (phiên bản 1).\n")
    as_json = town("advance", "DP24-003", *REGISTER, "--json").json
    assert (as_json["state"], as_json["version"], as_json["deadlines"][0]["milestone"]) == (
        "registered", 1, "selection",
    )  # fmt: skip
    assert [row["code"] for row in town("products", "--state", "registered", "--json").json] == [
        "DP24-002",
        "DP24-003",
    ]
    assert town("products", "--overdue", "--on", "2024-05-01", "--plan", "duc-pho-2024", "--json").json[0][
        "overdue"
    ]
    page = town("product", "DP24-002")
    assert "Lịch sử" in page.out
    assert "select (Lựa chọn)" in page.out
    assert town("product", "DP24-002", "--json").json["history"][0]["actor"] == "lan"
    assert "đã viết thư ngày 23/04/2024" in town("explain", "DP24-004").out
    assert town("explain", "DP24-004", "--json").json[0]["due_on"] == "2024-04-30"


def test_a_step_is_undone_and_the_history_says_so(town: Ocop) -> None:
    nothing = town("undo", "DP24-002", "--reason", "nhầm", "--as", "lan")
    assert (nothing.code, nothing.err.splitlines()[0]) == (
        1,
        "Lỗi: DP24-002 không có thao tác nào để hoàn tác: sản phẩm đang như lúc được đưa vào.",
    )
    town("advance", "DP24-002", *REGISTER)
    assert town("undo", "DP24-002", "--reason", " ", "--as", "lan").err.startswith(
        "Lỗi: Hoàn tác phải nêu lý do.\n"
    )
    assert town("undo", "DP24-002", "--as", "lan").code == 2
    said = town("undo", "DP24-002", "--reason", "nhầm sản phẩm", "--as", "lan")
    assert said.out.startswith(
        "DP24-002: đã hoàn tác «Đăng ký ý tưởng», Đã đăng ký → Ý tưởng (phiên bản 2).\n"
        "Thư hủy, chưa gửi: 0. Thư đính chính: 0.\n"
        "Hạn kế tiếp: Đăng ký ý tưởng sản phẩm: 30/04/2024"
    )
    page = town("product", "DP24-002").out
    assert "Hoàn tác: Đăng ký ý tưởng" in page
    assert "Xã Phổ An" in page
    entry = town("product", "DP24-002", "--json").json["history"][-1]
    assert (entry["label"], entry["undoes"], entry["unit"], entry["note"]) == (
        "Hoàn tác: Đăng ký ý tưởng", 1, "Xã Phổ An", "nhầm sản phẩm",
    )  # fmt: skip
    town("advance", "DP24-003", *REGISTER)
    as_json = town("undo", "DP24-003", "--reason", "nhầm", "--as", "lan", "--json").json
    assert (as_json["state"], as_json["version"]) == ("idea", 2)


def test_the_training_is_done(town: Ocop) -> None:
    said = town("activity", "done", "training", "--on", "2024-04-20")
    assert said.out == "training (duc-pho-2024): hoàn thành ngày 20/04/2024, đúng hạn.\n"
    assert town("activity", "done", "training", "--json").json["error"] == "conflict"
    assert town("activity", "done", "none").code == 2


def test_activities_are_listed_and_once_there_are_officers_somebody_is_named(town: Ocop) -> None:
    assert town("activity", "list", "--json").json == [
        {
            "activity": "training",
            "name": "Hội nghị tập huấn Chương trình mỗi xã một sản phẩm OCOP 2024",
            "plan": "duc-pho-2024",
            "unit": "Thị xã Đức Phổ",
            "due_on": "2024-06-30",
            "days_left": 68,
            "done_on": None,
            "days_late": 0,
        }
    ]
    assert "còn 68 ngày" in town("activity", "list").out
    town("officer", "add", "minh", "--role", "authority_officer", "--unit", "duc-pho")
    town("officer", "add", "lan", "--role", "commune_officer", "--unit", "pho-an")
    refused = town("activity", "done", "training")
    assert refused.code == 1
    assert refused.err.splitlines()[0] == (
        "Lỗi: Đã có cán bộ trong hệ thống: hãy nêu người làm bằng --as TÊN, xem tên bằng `ocop officer list`."
    )
    assert town("activity", "done", "training", "--as", "lan").code == 1
    assert town("activity", "done", "training", "--as", "minh").code == 0
    assert "xong ngày 23/04/2024, đúng hạn" in town("activity", "list", "--plan", "duc-pho-2024").out
    (entry,) = [row for row in town("audit", "list", "--json").json if row["action"] == "activity.done"]
    assert entry["actor"] == "minh"
    assert town("activity", "undo", "training", "--reason", "hoãn", "--as", "lan").code == 1
    assert town("activity", "undo", "training", "--reason", "hoãn", "--as", "minh").out == (
        "training (duc-pho-2024): đã hoàn tác việc ghi hoàn thành ngày 23/04/2024; hạn 30/06/2024 mở lại.\n"
    )
    assert "còn 68 ngày" in town("activity", "list").out
    again = town("activity", "undo", "training", "--reason", "hoãn", "--as", "minh")
    assert (again.code, again.err.splitlines()[0]) == (
        1,
        "Lỗi: Hoạt động training chưa ghi hoàn thành, nên không có gì để hoàn tác.",
    )


def test_units_and_their_addresses(town: Ocop, home: Path) -> None:
    assert "pho-an@duc-pho.example" in town("units", "list").out
    path = home / "units.toml"
    path.write_text(
        'format = 1\n[[units]]\nid = "pho-an"\nname = "Xã Phổ An"\nlevel = "commune"\n'
        'office = "UBND xã Phổ An"\nemails = ["moi@pho-an.example"]\n',
        "utf-8",
    )
    loss = town("units", "load", str(path), "--json").json
    assert town("units", "load", str(path), "--confirm", loss["hash"]).out == "1 địa phương, 1 có thay đổi.\n"
    assert town("units", "load", str(path), "--json").json == {
        "units": 1,
        "changed": 0,
        "merged": [],
        "notes": [],
    }
    assert {row["id"]: row["emails"] for row in town("units", "list", "--json").json}["pho-an"] == [
        "moi@pho-an.example"
    ]


def test_a_refusal_is_a_sentence_for_people_and_values_for_machines(town: Ocop) -> None:
    refused = town("advance", "DP24-002", "certify", "--as", "lan")
    assert refused.code == 1
    assert refused.err == (
        "Lỗi: DP24-002 đang ở «Ý tưởng», không thể «Công nhận»; có thể: "
        "register (Đăng ký ý tưởng; cần group), withdraw (Rút; cần reason).\n"
        "     DP24-002 is idea: certify is not possible; "
        "possible: register (needs group), withdraw (needs reason).\n"
    )
    missing = town("advance", "DP24-002", "register", "--as", "lan", "--json")
    assert missing.code == 1
    assert missing.json["error"] == "event_refused"
    assert [item["name"] for item in missing.json["missing"]] == ["group"]
    assert missing.json["missing"][0]["clause"]


def test_a_code_typed_in_small_letters_is_the_same_code(town: Ocop) -> None:
    assert town("product", "dp24-002").out == town("product", "DP24-002").out
    assert town("explain", "dp24-002").out == town("explain", "DP24-002").out
    assert town("advance", "dp24-002", *REGISTER).out.startswith("DP24-002: ")
    assert town("undo", "dp24-002", "--as", "lan", "--reason", "nhầm").out.startswith("DP24-002: ")
    decision = ("--to", "2024-06-20", "--decision", "15/QĐ", "--decided", "2024-04-22", "--reason", "bão")
    extension = town("plan", "extend", "duc-pho-2024", "registration", "dp24-002", *decision, "--json").json
    assert extension["moves"][0]["product"] == "DP24-002"


def test_whoever_runs_the_check_by_hand_is_on_record(town: Ocop) -> None:
    town("sweep")
    entry = town("audit", "list", "--limit", "1", "--json").json[0]
    assert (entry["action"], entry["actor"]) == ("sweep", "ocop")
    assert entry["origin"].startswith("host:")
    assert entry["at"].endswith("Z")


def test_a_long_simulation_is_told_by_month_unless_each_letter_is_asked_for(town: Ocop) -> None:
    words = ("simulate", "duc-pho-2024", "--to", "2024-06-10")
    told, all_told = town(*words).out, town(*words, "--all").out
    assert told.startswith("63 thư; xem từng thư: thêm --all")
    assert "│ 05/2024 │ 6           │ 41  │ 141     │" in told
    assert all_told.startswith("63 thư ")
    assert all_told.count("│ 23/04/2024 │") == 7
    assert len(town(*words, "--json").json["letters"]) == 63


def test_a_year_is_simulated_in_numbers_and_as_a_picture(town: Ocop) -> None:
    words = ("simulate", "duc-pho-2024", "--to", "2024-05-08", "--outage", "2024-04-23..2024-05-01")
    said = town(*words)
    assert said.code == 0
    assert "29/04  ████████████████████████████████████████ 8" in said.out
    found = town(*words, "--shift", "registration=+7d", "--json").json
    assert found["overdue"] == [{"day": "2024-05-08", "milestone": "registration", "count": 14}]


MISTAKES = [
    (("simulate", "duc-pho-2024", "--shift", "registration"), 2, "viết như registration=+14d"),
    (("simulate", "duc-pho-2024", "--outage", "mai"), 2, "Không có ngày mai"),
    (("simulate", "duc-pho-2024", "--outage", "2024-05-02..2024-05-01"), 2, "đứng trước ngày đầu"),
    (("advance", "DP24-002", "fly", "--as", "lan"), 2, "Không có thao tác nào tên fly"),
    (("advance", "DP24-999", "register", "--as", "lan"), 2, "Không có sản phẩm nào mang mã DP24-999"),
    (("advance", "DP24-002", "register", "--as", "lan", "--data", "["), 2, "--data phải là JSON"),
    (("advance", "DP24-002", "register", "--as", "lan", "--data", "[" * 100_000), 2, "--data phải là JSON"),
    (
        ("advance", "DP24-002", "register", "--as", "lan", "--data", '{"mean": 1}'),
        1,
        "  - mean: không dùng ở đây",
    ),
    (("advance", "DP24-002", *REGISTER, "--on", "2024-02-30"), 2, "Không có ngày 2024-02-30"),
    (("advance", "DP24-002", *REGISTER, "--on", "2024-05-30"), 1, "còn ở tương lai"),
    (("sweep", "--on", "2024-05-30"), 2, "chưa đến"),
    (("sweep", "--on", "1800-01-01"), 2, "Không có lịch làm việc cho ngày 01/01/1800"),
    (("sweep", "--on", "9999-12-31", "--dry-run"), 2, "chỉ có từ năm 2020 đến năm 2032"),
    (("sweep", "--on", "hôm nay"), 2, "Không có ngày hôm nay"),
    (("product", "X"), 2, "Không có sản phẩm"),
    (("products", "--state", "flying"), 2, "Không có trạng thái flying"),
    (("products", "--unit", "atlantis"), 2, "Không có địa phương atlantis"),
    (("products", "--plan", "none"), 2, "Chưa nạp kế hoạch none"),
    (("plan", "load", "nothing"), 2, "Không có tệp hay kế hoạch nào tên nothing"),
    (("plan", "show", "nothing"), 2, "Chưa nạp kế hoạch nothing"),
    (("import", "none.xlsx", "--plan", "duc-pho-2024"), 2, "Không có tệp none.xlsx"),
    (("import", ANNEX, "--plan", "nothing"), 2, "Chưa nạp kế hoạch nothing"),
    (("states", "form", "fly"), 2, "Không có thao tác nào tên fly"),
    (("states", "draw", "no/such/folder/states.md"), 2, "Không ghi được"),
    (("advance", "DP24-002", "withdraw", "--as", "l\udcff"), 2, "không phải UTF-8"),
    (
        ("advance", "DP24-002", "withdraw", "--as", "lan", "--data", '{"reason": "\\ud800"}'),
        1,
        "có ký tự hỏng",
    ),
    (("no-such-command",), 2, "Lỗi: Không có lệnh này; có: plan, activity, units, import, "),
    (
        ("plan", "burn"),
        2,
        (
            "Lỗi: Không có lệnh này; có: list, check, load, show, versions, extend, extensions, "
            "revoke-extension, remove; xem `ocop plan --help`."
        ),
    ),
    (("sweep", "--no-such-option"), 2, "Lỗi: Không có tùy chọn --no-such-option; xem `ocop sweep --help`."),
    (("sweep", "--on"), 2, "Lỗi: Tùy chọn --on dùng chưa đúng; xem `ocop --help`."),
    (("sweep", "today"), 2, "Lỗi: Lệnh có từ thừa hoặc gõ chưa đúng; xem `ocop sweep --help`."),
    (("advance", "DP24-002", "select"), 2, "Lỗi: Thiếu --as; xem `ocop advance --help`."),
    (("product",), 2, "Lỗi: Thiếu MÃ; xem `ocop product --help`."),
    (("product",), 2, "Missing argument 'MÃ'; see `ocop product --help`."),
    (("letters", "show", "seven"), 2, "Lỗi: Không dùng được giá trị của SỐ; xem `ocop letters show --help`."),
]


@pytest.mark.parametrize(("words", "code", "sentence"), MISTAKES)
def test_a_mistake_is_answered_by_a_sentence_and_changes_nothing(
    town: Ocop, home: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    before = dump(home)
    said = town(*words)
    assert (said.code, sentence in said.err, "Traceback" in said.err) == (code, True, False), said.err
    assert dump(home) == before


def test_what_was_typed_wrong_is_told_to_a_machine_too(town: Ocop) -> None:
    said = town("product", "--json")
    assert (said.code, said.json["error"], said.json["detail"]) == (
        2,
        "wrong_use",
        "Thiếu MÃ; xem `ocop product --help`.",
    )


@pytest.mark.parametrize("words", [(), ("plan",)])
def test_no_command_shows_the_help(ocop: Ocop, words: tuple[str, ...]) -> None:
    said = ocop(*words)
    assert (said.code, said.out, said.err.startswith("Cách dùng / Usage: ocop")) == (2, "", True)


def test_deliver_says_what_could_not_be_sent(town: Ocop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_SMTP__PORT", "1")
    nothing = {"sent": 0, "retried": 0, "dead": 0, "relay_fault": None}
    assert town("deliver", "--once", "--json").json == nothing
    town("sweep")
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:01:00+07:00")  # each command sets the simulated clock anew
    said = town("deliver", "--once")
    assert said.code == 1
    assert said.out.startswith(
        "Đã gửi 0 thư; 1 sẽ thử lại; 0 không gửi được.\nMáy chủ gửi thư có lỗi, thư được giữ lại để thử sau: "
    )


def test_a_sweep_that_leaves_a_plan_out_says_so_and_exits_1(town: Ocop, home: Path) -> None:
    with closing(sqlite3.connect(home / "var" / "ocop.sqlite3")) as connection, connection:
        connection.execute("UPDATE plans SET text = 'format = 2', sha256 = 'x'")
    said = town("sweep")
    assert said.code == 1
    assert "LỖI: Kế hoạch duc-pho-2024 bị bỏ qua" in said.out
    faults = town("sweep", "--json").json["faults"]
    assert faults[0]["en"].startswith("The plan duc-pho-2024 is left out")


def test_the_table_of_states_is_drawn(ocop: Ocop, home: Path) -> None:
    path = home / "states.md"
    assert ocop("states", "draw", str(path)).code == 0
    assert path.read_text("utf-8") == (Path(__file__).parents[2] / "docs" / "states.md").read_text("utf-8")


def test_names_cannot_steer_the_terminal(town: Ocop, home: Path) -> None:
    with closing(sqlite3.connect(home / "var" / "ocop.sqlite3")) as connection, connection:
        connection.execute("UPDATE products SET name = '[red]x[/red]' WHERE code = 'DP24-001'")
    assert "[red]x[/red]" in town("products").out


def test_json_is_vietnamese_letters_not_escapes(town: Ocop) -> None:
    said = town("products", "--json")
    assert "Khô Bò" in said.out
    assert json.loads(said.out)[0]["name"] == "Du lịch dịch vụ cộng đồng ở nông thôn"
