"""Examples of answers about monitoring: who is to be seen, visits, what is still to be done."""

from __future__ import annotations

from typing import Any

INSPECTION: dict[str, Any] = {
    "certificate": 12,
    "product": "DP24-002",
    "name": "Khô Bò",
    "producer": "Cơ sở sản xuất A",
    "unit": "pho-an",
    "unit_name": "Xã Phổ An",
    "star": 3,
    "standing": "confirmed",
    "decided_on": "2024-11-25",
    "expires_on": "2027-11-25",
    "plan": "duc-pho-2025",
    "inspection": "on-the-spot",
    "clause": "III.3",
    "every_months": 6,
    "actor": "authority",
    "provisional": False,
    "seen_on": None,
    "see_by": "2025-05-25",
    "days_left": -3,
    "status": "late",
    "status_label": "quá ngày phải kiểm tra",
    "papers": [{"name": "Giấy chứng nhận an toàn thực phẩm", "number": "7/ATTP", "expires_on": "2025-06-10"}],
    "follow_ups": 1,
    "follow_ups_late": 0,
}
VISIT: dict[str, Any] = {
    "id": 1,
    "code": "DP24-002",
    "product": "Khô Bò",
    "unit": "Xã Phổ An",
    "certificate": 12,
    "certificate_number": "1234/QĐ-UBND",
    "visited_on": "2025-03-07",
    "visitors": "Phòng Kinh tế thị xã, UBND xã Phổ An",
    "place": None,
    "conclusion": "Duy trì được tiêu chí, trừ nhãn.",
    "findings": [
        {
            "id": 2,
            "criterion": "5.1",
            "what": "Nhãn thiếu hạn sử dụng",
            "result": "not_met",
            "result_label": "không đạt",
            "follow_up": "In lại nhãn",
            "due_on": "2025-03-31",
            "late": False,
            "done_on": None,
            "done_note": None,
            "done_by": None,
        }
    ],
    "acting": "Xã Phổ An",
    "recorded_by": "lan",
    "recorded_at": "2025-03-07T03:00:00Z",
}
VISITS: dict[str, Any] = {"code": "DP24-002", "product": "Khô Bò", "visits": [VISIT]}
FOLLOW_UP: dict[str, Any] = {
    "id": 2,
    "visit": 1,
    "code": "DP24-002",
    "product": "Khô Bò",
    "unit": "Xã Phổ An",
    "visited_on": "2025-03-07",
    "criterion": "5.1",
    "what": "Nhãn thiếu hạn sử dụng",
    "follow_up": "In lại nhãn",
    "due_on": "2025-03-31",
    "days_left": 21,
    "done_on": None,
    "done_note": None,
    "done_by": None,
}
