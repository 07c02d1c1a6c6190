"""Examples of councils, sessions, sheets and results, as they stand in the document."""

from __future__ import annotations

from typing import Any

RULES: dict[str, Any] = {
    "source": "Quy chế Hội đồng, QĐ 9/QĐ-UBND, Điều 5",
    "quorum": "3/4",
    "chair_required": True,
    "notice_days": 1,
    "gates": "majority",
    "knockouts": "majority",
    "minimum_scores": None,
    "spread_limit": 10,
    "after_spread": "mean",
    "secretary_scores": False,
    "step": None,
}
MEMBER: dict[str, Any] = {
    "id": 1,
    "login": "binh",
    "name": "Bình",
    "duty": "member",
    "duty_label": "ủy viên",
    "position": "Phòng Y tế",
    "since": "2024-04-23",
    "until": None,
}
COUNCIL: dict[str, Any] = {
    "id": 1,
    "unit": "Thị xã Đức Phổ",
    "unit_slug": "duc-pho",
    "level": "district",
    "name": "Hội đồng đánh giá, phân hạng sản phẩm OCOP",
    "decision_number": "9/QĐ-UBND",
    "decided_on": "2024-04-23",
    "rules": RULES,
    "members": [MEMBER],
}
LINE: dict[str, Any] = {
    "id": 1,
    "council_id": 1,
    "council": "Hội đồng đánh giá, phân hạng sản phẩm OCOP",
    "name": "Phiên 1 năm 2024",
    "mode": "meeting",
    "mode_label": "họp",
    "stage": "open",
    "stage_label": "đang họp",
    "held_on": "2024-11-20",
    "place": "Hội trường UBND thị xã",
    "sent_on": "2024-11-18",
}
LISTED: dict[str, Any] = {
    "code": "DP24-002",
    "product": "Khô Bò",
    "unit": "Xã Phổ An",
    "producer": "Hộ sản xuất",
    "regulation": "qd-148-2023",
    "product_set": None,
    "due_on": "2024-11-20",
    "stage": "scoring",
    "stage_label": "đang chấm",
    "round": 1,
    "again_because": None,
    "advice": None,
    "out_because": None,
    "asked": 1,
    "signed": [],
    "waiting_for": ["Bình"],
    "conflicts": [],
}
SESSION: dict[str, Any] = {
    **LINE,
    "opened_at": "2024-11-20T01:00:00Z",
    "closed_at": None,
    "decision_number": None,
    "decided_on": None,
    "signer": None,
    "published_on": None,
    "rules": RULES,
    "quorum": 1,
    "present": 1,
    "members": [
        {
            "id": 1,
            "login": "binh",
            "name": "Bình",
            "duty": "member",
            "duty_label": "ủy viên",
            "position": "Phòng Y tế",
            "scores": True,
            "is_present": True,
            "absent_because": None,
        }
    ],
    "products": [LISTED],
}
SHEET: dict[str, Any] = {
    "session": 1,
    "session_stage": "open",
    "code": "DP24-002",
    "product": "Khô Bò",
    "producer": "Hộ sản xuất",
    "unit": "Xã Phổ An",
    "sheet": "qd-148-2023",
    "stage": "scoring",
    "round": 1,
    "due_on": "2024-11-20",
    "again_because": None,
    "advice": None,
    "barred": None,
    "is_signed": False,
    "entries": {"parts.A": "38"},
    "left": ["parts.B", "parts.C"],
    "total": 38,
    "saved_at": "2024-11-20T01:12:00Z",
}
OUTCOME: dict[str, Any] = {
    "set": "qd-148-2023",
    "totals": [70],
    "sum": 70,
    "n": 1,
    "mean": "70",
    "mean_shown": "70,00",
    "band": 4,
    "gates": {"3": [], "4": [], "5": []},
    "out": None,
    "star": 4,
    "next": {"star": 5, "missed": [], "points_short": 20, "cheapest": None},
    "needs_human": [],
}
RESULT: dict[str, Any] = {
    "code": "DP24-002",
    "product": "Khô Bò",
    "stage": "closed",
    "stage_label": "đã đóng chấm",
    "round": 1,
    "needed": 1,
    "missing": [],
    "outcome": OUTCOME,
    "spread": 0,
    "chair_note": None,
    "blocks": [],
    "sheets": [
        {
            "member": "binh",
            "name": "Bình",
            "duty": "member",
            "duty_label": "ủy viên",
            "round": 1,
            "total": 70,
            "signed_at": "2024-11-20T01:30:00Z",
            "signed_by": "password",
            "signed_by_label": "ký bằng mật khẩu",
            "opinion": None,
            "said": {"parts": {"A": "30", "B": "20", "C": "20"}},
        }
    ],
    "apart": [],
}
ATTENTION: dict[str, Any] = {
    "notice": "near",
    "product": "DP24-002",
    "text": "Điểm trung bình cao hơn ngưỡng 70 chưa đến 1 điểm: nên xem lại.",
}
TYPED: dict[str, Any] = {"is_signed": False, "differing": ["parts.B"]}
SIGNED: dict[str, Any] = {
    "code": "DP24-002",
    "sha256": "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
}
SAVED: dict[str, Any] = {"saved": 1, "saved_at": "2024-11-20T01:12:00Z", "left": 2, "total": 38}
DOCUMENTS: dict[str, Any] = {
    "session": 1,
    "name": "Phiên 1 năm 2024",
    "documents": [
        {
            "kind": "minutes",
            "label": "Biên bản họp",
            "file": "docx",
            "commune": None,
            "product": None,
            "about": None,
            "ready": True,
            "lacks": ["phiên chưa bế mạc"],
            "signs": ["THƯ KÝ"],
            "doubt": None,
            "proposed": "04/BB-HĐOCOP",
            "issued": None,
            "taken_back": [],
        },
        {
            "kind": "notice",
            "label": "Thông báo kết quả",
            "file": "docx",
            "commune": "pho-an",
            "product": None,
            "about": "Xã Phổ An",
            "ready": False,
            "lacks": ["chưa sản phẩm nào có kết quả"],
            "signs": ["TRƯỞNG PHÒNG"],
            "doubt": "thủ trưởng cơ quan ký là cách hiểu của dịch vụ",
            "proposed": None,
            "issued": None,
            "taken_back": [],
        },
    ],
}
OUTSIDE: dict[str, Any] = {
    "of": "1",
    "name": "Mắm cái",
    "session": None,
    "documents": [
        {
            "kind": "notice",
            "label": "Thông báo kết quả",
            "ready": True,
            "lacks": [],
            "signs": ["TRƯỞNG PHÒNG"],
            "doubt": "thủ trưởng cơ quan ký là cách hiểu của dịch vụ",
        },
        {
            "kind": "extract",
            "label": "Trích sổ đăng ký giấy chứng nhận",
            "ready": False,
            "lacks": ["cấp có thẩm quyền chưa xác nhận giấy này, nên sổ chưa có gì để trích"],
            "signs": [],
            "doubt": None,
        },
    ],
}
ISSUED: dict[str, Any] = {
    "kind": "minutes",
    "title": "Biên bản Phiên 1 năm 2024",
    "number": "04/BB-HĐOCOP",
    "issued_on": "2024-11-20",
    "signer": "Chủ tịch Hội đồng",
    "name": "bien-ban-da-ky.pdf",
    "size": 183204,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "application/pdf",
    "filed_at": "2024-11-21T02:00:00Z",
    "filed_by": "thu",
    "taken_back_at": None,
    "taken_back_by": None,
    "taken_back_because": None,
    "told": ["Dãy số của Hội đồng BB-HĐOCOP năm 2024 còn trống ở đây: 3."],
}

TAKEN_BACK: dict[str, Any] = {
    **ISSUED,
    "taken_back_at": "2024-11-22T02:00:00Z",
    "taken_back_by": "thu",
    "taken_back_because": "đính nhầm bản quét của phiên khác",
    "told": [],
}
