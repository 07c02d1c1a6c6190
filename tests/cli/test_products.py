"""Products at the command line: what a person is shown of them, and which data a step takes."""

from __future__ import annotations

from collections.abc import Callable

from tests.cli.conftest import Said

Ocop = Callable[..., Said]


def test_a_person_sees_all_that_is_on_record_in_words(town: Ocop) -> None:
    for event, data in (
        ("register", '{"group": "food"}'),
        ("select", "{}"),
        ("start_consulting", '{"consultant": "Trung tâm Khuyến nông"}'),
        (
            "commune_evaluate",
            (
                '{"report_number": "12/BC-UBND", "report_date": "2024-04-23", "contents": '
                '{"material": "tại xã", "labour": "80 %", "idea": "của chủ thể", "identity": "làng nghề"}}'
            ),
        ),
        ("score_district", '{"session_date": "2024-04-23", "sheets": [65, 66, 66], "gates_met": 3}'),
        (
            "certify",
            (
                '{"decision_number": "1234/QĐ-UBND", "decision_date": "2024-04-23", '
                '"official_code": "51-DP-002", "signer": "Chủ tịch UBND thị xã", '
                '"published_on": "2024-04-23"}'
            ),
        ),
    ):
        assert town("advance", "DP24-002", event, "--as", "lan", "--data", data).code == 0
    page = town("product", "DP24-002").out
    assert page.split("Hạn: ")[0] == (
        "DP24-002  Khô Bò  (Xã Phổ An; Trần Quốc Việt)\n"
        "Trạng thái: Đã được công nhận (certified), phiên bản 6\n"
        "Người đại diện: Trần Quốc Việt\n"
        "Ngành hàng: Thực phẩm\n"
        "Địa chỉ: Thôn Hội An 2, xã Phổ An, thị xã Đức Phổ\n"
        "Mã chính thức: 51-DP-002\n"
        "Hồ sơ: lần đầu, theo duc-pho-2024\n"
        "Luật áp dụng hôm nay: 148/QĐ-TTg, theo ngày cấp xã báo cáo đánh giá\n"
        "Điểm: 65,66 (197/3) (cấp huyện), 3 sao (điều kiện tối thiểu đạt đến 3 sao)\n"
        "Giấy chứng nhận: 3 sao, quyết định số 1234/QĐ-UBND ngày 23/04/2024, Chủ tịch UBND thị xã ký, "
        "có giá trị đến 23/04/2027\n"
        "Đơn vị tư vấn: Trung tâm Khuyến nông\n"
        "Số báo cáo của UBND cấp xã: 12/BC-UBND\n"
        "Ngày báo cáo của UBND cấp xã: 23/04/2024\n"
        "Bốn nội dung nhận xét: nguồn gốc sản phẩm, nguyên liệu: tại xã; lao động địa phương: 80 %; "
        "nguồn gốc ý tưởng: của chủ thể; bản sắc, trí tuệ địa phương: làng nghề\n"
        "Ngày họp Hội đồng: 23/04/2024\n"
        "Điểm từng phiếu: 65; 66; 66\n"
        "Số quyết định: 1234/QĐ-UBND\n"
        "Ngày quyết định: 23/04/2024\n"
        "Người ký: Chủ tịch UBND thị xã\n"
        "Ngày công bố kết quả: 23/04/2024\n"
    )
    assert "ngành hàng: Thực phẩm" in page.split("Lịch sử")[1]
    assert "3 sao" in town("products", "--state", "certified").out


def test_what_an_event_takes_is_shown_and_its_example_can_be_pasted(ocop: Ocop) -> None:
    said = ocop("states", "form", "certify").out
    assert "decision_number" in said
    assert said.endswith(
        "Ví dụ:\n"
        "  ocop advance MÃ certify --as CÁN-BỘ --data "
        '\'{"decision_number": "1234/QĐ-UBND", "decision_date": "2024-11-25", '
        '"signer": "Chủ tịch UBND thị xã", "published_on": "2024-11-26"}\'\n'
    )
    assert ocop("states", "form", "select").out == "select (Lựa chọn): không cần dữ liệu.\n"
    found = ocop("states", "form", "open_re_rating", "--json").json
    assert [(field["key"], field["asked"]) for field in found["fields"]] == [
        ("certificate", "unless_recorded"),
        ("kind", "always"),
        ("plan", "always"),
        ("reason", "optional"),  # for a printed end later than the term
        ("received_on", "optional"),
    ]
    assert [part["key"] for part in found["fields"][0]["fields"]] == [
        "star", "number", "decided_on", "valid_until",
    ]  # fmt: skip
    assert found["schema"]["required"] == ["kind", "plan"]
