"""Ten lists of certificates in the shapes in which offices keep them, small and made up.

No producer, no decision and no person in them exists; only the communes do. Each has the traps that such
lists were seen to have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Cell = str | int | date


@dataclass(frozen=True)
class FoundList:
    """A list as it is found.

    Attributes:
        sheet: what its sheet is called.
        rows: from the first row on; a blank under a merged cell is a blank.
        merged: the ranges of its merged cells.
        answers: what an officer answers before it comes in.
    """

    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write it as the workbook that an office would send."""
        path = folder / "danh-sach.xlsx"
        with xlsxwriter.Workbook(path) as book:
            page = book.add_worksheet(self.sheet)
            day, wrapped = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"text_wrap": True})
            for span in self.merged:
                page.merge_range(span, "")
            for number, row in enumerate(self.rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, column, cell, day)
                    elif isinstance(cell, int):
                        page.write_number(number, column, cell)
                    elif cell:
                        page.write_string(number, column, cell, wrapped)
        return path


#: told for a whole list that names no decision
DECIDED = {"số quyết định": "100/QĐ-UBND", "ngày quyết định": "02/01/2024", "cơ quan": "UBND thị xã Đức Phổ"}

ANNEX = FoundList(
    "Phụ lục",
    (
        ("DANH SÁCH SẢN PHẨM (dữ liệu giả định)",),
        (
            "STT",
            "Địa phương",
            "Tên sản phẩm",
            "Người đại diện trước pháp luật (chủ thể)",
            "Địa chỉ sản xuất",
            "3 sao",
            "4 sao",
            "Nâng hạng 3 sao lên 4 sao",
            "Nâng hạng 4 sao lên 5 sao",
        ),
        (1, "Xã Phổ An", "Mắm thử A", "Đại diện thử A (HTX giả định A)", "Thôn 1, xã Phổ An", "x"),
        (2, "", "Nước mắm thử A", "", "", "", "x"),
        (3, "Xã Phổ Khánh", "Muối thử B", "", "", "Đại diện thử B (HTX giả định B)", "Thôn 2", "x"),
        (4, "", "Muối hầm thử B", "", "", "", "", "", "x"),
        (5, "Xã Phổ Phong", "Chè thử C", "Đại diện thử C", "Thôn 3, xã Phổ Phong", "", "", "x"),
        (6, "", "Chè gói thử C", "", "", "", "", "", "x"),
        ("Tổng cộng có 06 sản phẩm",),
    ),
    ("B3:B4", "D3:D4", "E3:E4", "B5:B6", "B7:B8", "D7:D8", "E7:E8"),
    {**DECIDED, "Phụ lục!5": "đúng", "Phụ lục!6": "đúng"},
)

CITY = FoundList(
    "Loc",
    (
        ("DANH SÁCH SẢN PHẨM OCOP (dữ liệu giả định)",),
        (),
        (
            "TT",
            "Tên SP",
            "Nhóm",
            "Loại hình",
            "Chủ thể",
            "Xã, phường",
            "Địa chỉ",
            "Người đại diện",
            "SĐT",
            "Hạng sao hiện tại",
            "Ngày hết hạn",
            "Công nhận lần đầu",
            "",
            "",
            "",
            "",
            "Công nhận lần hai",
            "",
            "",
            "",
            "",
            "Ghi chú",
        ),
        (*[""] * 11, *("Sao", "Ngày", "Năm", "Số QĐ", "Cơ quan") * 2),
        (
            *(
                1,
                "Yến thử A",
                "Thực phẩm",
                "Công ty",
                "Công ty giả định A",
                "Phổ An",
                "Thôn 1",
                "Đại diện thử A",
            ),
            *("", 4, ""),
            *(3, "5/8/21", 2021, "12/QĐ-UBND", "UBND thị xã Đức Phổ"),
            *(4, date(2023, 12, 20), 2023, "9 /qđ-ubnd", "UBND tỉnh Quảng Ngãi"),
        ),
        (
            "",
            "Yến khô thử A",
            "Thực phẩm",
            "",
            "#REF!",
            "",
            "#REF!",
            "",
            "",
            3,
            "",
            *(3, 44413, 2021, "12/QĐ-UBND"),
        ),
        (
            *(2, "Bánh thử B", "Thực phẩm", "Hộ", "Hộ giả định B", "Phổ Khánh", "Thôn 2", "Đại diện thử B"),
            *("", 3, ""),
            *("3 sao", "ngày 05 tháng 8 năm 2021", 2021, "số 12/QĐ-UBND", "UBND thị xã Đức Phổ"),
        ),
        ("", "Kẹo thử B", "", "", "", "", "", "", "", 3, "", "***", "2021-08-05", 2021, "12/QĐ-UBND"),
        ("", "Mứt thử B", "", "", "", "", "", "", "", 3, "", "3*", "05-08-2021", 2021, "12/QĐ-UBND"),
        ("", "Cốm thử B", "", "", "", "", "", "", "", 3, "", 3, "05.08.2021", 2020, "12/QĐ-UBND"),
        ("Tổng cộng", "6 sản phẩm"),
    ),
    (),
    {"Loc!10": "bỏ qua"},
)

COUNCIL = FoundList(
    "Kết quả",
    (
        ("BẢNG TỔNG HỢP KẾT QUẢ CHẤM ĐIỂM (dữ liệu giả định)",),
        ("(Kèm theo Biên bản số 01/BB-HĐ ngày 20/12/2023; Hội đồng theo QĐ số 7/QĐ-UBND ngày 01/12/2023)",),
        (
            *(
                "TT",
                "Mã",
                "Tên sản phẩm",
                "Chủ thể",
                "Địa chỉ",
                "Phòng Kinh tế",
                "Phòng Y tế",
                "Điểm trung bình",
            ),
            *("Đề nghị xếp hạng", "", ""),
        ),
        (*[""] * 8, "5 sao", "4 sao", "3 sao"),
        (1, "A1", "Mắm thử A", "HTX giả định A", "Thôn 1, xã Phổ An", 71, 72, 71, "", "x", ""),
        (2, "A2", "Muối thử B", "HTX giả định B", "Thôn 2, xã Phổ Khánh", 60, 61, 60, "", "", "x"),
        (3, "A3", "Chè thử C", "HTX giả định C", "Thôn 3, xã Phổ Phong", 40, 41, 40, "", "", ""),
    ),
    (),
    {**DECIDED, "Kết quả!7": "bỏ qua"},
)

COMMUNE = FoundList(
    "SP OCOP",
    (
        ("DANH SÁCH SẢN PHẨM OCOP XÃ PHỔ AN NĂM 2024 (dữ liệu giả định)",),
        (
            *("STT", "Chủ thể\n", "Người \nđại diện ", "Địa chỉ", "Điện thoại", "Tình trạng"),
            *("Tên\nsản phẩm ", "Xếp hạng ", "Ngành nghề", "Diện tích", "Quy trình", "Số thành viên"),
            *("Sản lượng/năm", "Kênh tiêu thụ", "Chi phí (triệu/năm)", "Thu nhập (triệu/năm)"),
        ),
        (
            1,
            "Công ty giả định A",
            "Đại diện thử A",
            "Thôn 1",
            "",
            "Hoạt động",
            "Mắm thử A",
            "3 sao",
            "Chế biến",
            100,
        ),
        ("", "", "", "", "", "", "Nước mắm thử A", "4 sao", "Chế biến", 100, "", "", "", "", 2024, 2023),
        (2, "Hộ giả định B", "Đại diện thử B", "Thôn 2", "", "Hoạt động", "Nem thử B", "0", "Chế biến"),
    ),
    ("A3:A4", "B3:B4", "C3:C4", "D3:D4"),
    DECIDED,
)

PORTAL = FoundList(
    "DS",
    (
        *[()] * 6,
        ("STT", "Tên sản phẩm", "Tên cơ sở", "Chủ thể", "Địa chỉ", "Hạng sao", "Số quyết định", "Ngày cấp"),
        (1, "Mắm thử A", "", "HTX giả định A", "Thôn 1, xã Phổ An", "3 sao", "5/QĐ-UBND", "05/8/2023"),
        (
            2,
            "Muối thử B",
            "HTX giả định B",
            "HTX giả định khác",
            "xã Phổ Khánh",
            "3 sao",
            "5/QĐ-UBND",
            "05/8/2023",
        ),
    ),
    (),
    {"DS!9": "bỏ qua"},
)

DECISION = FoundList(
    "Phụ lục QĐ",
    (
        ("PHỤ LỤC: SẢN PHẨM ĐẠT HẠNG 3 SAO (dữ liệu giả định)",),
        ("(Kèm theo Quyết định số 39/QĐ-UBND ngày 05 tháng 8 năm 2023 của UBND thị xã Đức Phổ)",),
        ("TT", "Sản phẩm", "Chủ thể", "Phân nhóm", "Địa chỉ"),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        (1, "Mắm thử A", "HTX giả định A", "Thực phẩm", "Thôn 1, xã Phổ An"),
        (2, "Muối thử B", "HTX giả định B", "Thực phẩm", "Thôn 2, xã Phổ Khánh"),
    ),
)

SEVERAL = FoundList(
    "Rau",
    (
        ("Danh sách sản phẩm OCOP (dữ liệu giả định)",),
        ("STT", "Chủ thể", "Địa chỉ", "Tên sản phẩm", "Hạng sao", "Ghi chú"),
        (
            1,
            "HTX giả định A",
            "Thôn 1, xã Phổ An",
            "Rau cải thử\nCà chua thử\nDưa thử",
            "4 sao\n3 sao\n3 sao",
            "theo QĐ số 2008/QĐ-UBND ngày 07/04/2023 của UBND thị xã Đức Phổ",
        ),
    ),
)

OWNER_AND_COMMUNE = FoundList(
    "DS",
    (
        ("Tên sản phẩm", "Chủ thể", "Hạng sao", "Quyết định", "Ngày công nhận"),
        ("Cốm thử A", "HTX giả định A, xã Phổ An", 3, "8/QĐ-UBND", "05/8/2023"),
        ("Bún thử B", "Hộ giả định B, xã Phổ Khánh", 0, "", ""),
    ),
)

ENDED = FoundList(
    "Hết hạn",
    (
        ("DANH SÁCH SẢN PHẨM HẾT THỜI HẠN CÔNG NHẬN (dữ liệu giả định)",),
        (
            "STT",
            "Tên sản phẩm",
            "Chủ thể",
            "Xã",
            "Quyết định",
            "Ngày công nhận",
            "Ngày hết hiệu lực",
            "Ngày thu hồi",
        ),
        ("I", "Sản phẩm hạng 4 sao"),
        (1, "Mắm thử A", "HTX giả định A", "Phổ An", "3/QĐ-UBND", "01/6/2020", "01/6/2023", ""),
        ("II", "Sản phẩm hạng 3 sao"),
        (1, "Muối thử B", "HTX giả định B", "Phổ Khánh", "4/QĐ-UBND", "01/6/2020", "01/6/2023", "02/2/2022"),
    ),
)

STANDARD = FoundList(
    "PTNT_OCOP",
    (
        (
            *(
                "MA_OCOP",
                "Ma_DonViHanhChinh",
                "Ma_ThoiGian",
                "Ma_SanPham",
                "TenSanPham",
                "XepHang",
                "ChuTheSXKD",
            ),
            *("DoanhThuNam", "TrangThai"),
        ),
        (1, 21442, "2026", "SP1", "Mắm thử A", "3*", "HTX giả định A", 2024, "HIEULUC"),
        (2, 21442, "2026", "SP2", "Nem thử B", "4*", "HTX giả định B", 2024, "HETHAN"),
    ),
    (),
    {**DECIDED, "PTNT_OCOP!3": "bỏ qua"},
)
