"""What the document shows as answers: the seed's products on 23/4/2024."""

from __future__ import annotations

from typing import Any

PAST_DEADLINE: dict[str, Any] = {
    "id": 2,
    "plan": "duc-pho-2024",
    "milestone": "registration",
    "due_on": "2024-04-30",
    "opened_on": "2024-04-23",
    "closed_on": "2024-04-22",
    "closed_because": "reached",
    "raised_on": None,
    "acknowledged_on": None,
    "cleared_on": None,
    "subject": "product",
    "certificate": None,
}
DEADLINE: dict[str, Any] = {
    "id": 2,
    "code": "DP24-002",
    "product": "Khô Bò",
    "unit": "Xã Phổ An",
    "plan": "duc-pho-2024",
    "milestone": "registration",
    "name": "Đăng ký ý tưởng sản phẩm",
    "due_on": "2024-04-30",
    "days_left": -1,
    "overdue": True,
    "raised_on": "2024-05-01",
    "acknowledged_on": None,
    "acknowledged_by": None,
    "subject": "product",
    "certificate": None,
}
REMINDER: dict[str, Any] = {
    "day": "2024-04-23",
    "stage": "D-7",
    "code": "DP24-002",
    "milestone": "registration",
    "due_on": "2024-04-30",
    "unit": "Xã Phổ An",
    "status": "due",
    "reason": None,
    "letter_day": "2024-04-23",
}
LETTER: dict[str, Any] = {
    "id": 1,
    "kind": "digest",
    "unit": "Xã Phổ An",
    "address": "pho-an@duc-pho.example",
    "subject": "[OCOP] Xã Phổ An: 5 sản phẩm sắp đến hạn",
    "state": "sent",
    "attempts": 1,
    "ambiguous": 0,
    "created_at": "2024-04-22T23:00:00Z",
    "next_at": "2024-04-22T23:00:00Z",
    "sent_at": "2024-04-22T23:01:00Z",
    "relay_reply": "250 OK",
    "last_error": None,
}
LETTER_TEXT: dict[str, Any] = {
    **LETTER,
    "text": "Kính gửi UBND xã Phổ An, …",
    "message": "From: …\r\n\r\n…",
}
RESENDING: dict[str, Any] = {
    "confirm": "0f1e2d3c4b5a6978",
    "letters": [
        {
            **LETTER,
            "state": "dead",
            "sent_at": None,
            "relay_reply": None,
            "last_error": "550 5.1.1 no such user",
            "refusal": None,
        }
    ],
}
PLAN_NAME: dict[str, Any] = {
    "id": "duc-pho-2024",
    "title": "Kế hoạch triển khai thực hiện Chương trình Mỗi xã một sản phẩm năm 2024",
    "year": 2024,
    "unit": "Thị xã Đức Phổ",
    "regulation": "qd-148-2023",
    "loaded": True,
}
PLAN: dict[str, Any] = {
    "id": "duc-pho-2024",
    "title": PLAN_NAME["title"],
    "code": "DP24",
    "year": 2024,
    "last_day": "2024-12-31",
    "unit": "Thị xã Đức Phổ",
    "regulation": "148/QĐ-TTg (qd-148-2023)",
    "parent": "",
    "children": [],
    "lines": [
        {
            "id": "registration",
            "kind": "milestone",
            "clause": "III.1.b",
            "name": "Đăng ký ý tưởng sản phẩm",
            "due": "30/04/2024",
            "reach": "registered",
            "actor": "commune",
            "as_written": "Thời gian thực hiện: Tháng 3 – 4 năm 2024.",
            "document": "",
            "reckoning": "hết tháng 4/2024",
            "reading": "",
            "dossiers": "lần đầu, đánh giá lại, nâng hạng",
            "action": "Nộp phiếu đăng ký ý tưởng sản phẩm của các chủ thể trên địa bàn.",
            "where": "Phòng Kinh tế thị xã Đức Phổ",
            "tasks": "",
            "watched": "nhắc xã trước 30, 14, 7, 3, 1 ngày; quá hạn thúc xã 7 ngày một lần",
        }
    ],
    "rounds": [],
    "events": [],
    "products": {"Ý tưởng": 14},
    "notes": [],
    "said": {"document": {"number": "", "issued": ""}, "office": {"name": "Phòng Kinh tế thị xã Đức Phổ"}},
    "silent": [],
}
IMPACT: dict[str, Any] = {
    "done": False,
    "impact": {
        "plan": "duc-pho-2024",
        "version": 1,
        "hash": "5f2b1c90",
        "moves": [],
        "reminders": [],
        "told": [],
        "taken_back": 0,
        "corrections": 0,
    },
}
FINISHED: dict[str, Any] = {
    "activity": "training",
    "plan": "duc-pho-2024",
    "due_on": "2024-06-30",
    "done_on": "2024-06-28",
    "days_late": 0,
}
REOPENED: dict[str, Any] = {
    "activity": "training",
    "plan": "duc-pho-2024",
    "due_on": "2024-06-30",
    "done_on": "2024-06-28",
}
ACTIVITY: dict[str, Any] = {
    "activity": "training",
    "name": "Tập huấn",
    "plan": "duc-pho-2024",
    "unit": "Thị xã Đức Phổ",
    "due_on": "2024-06-30",
    "days_left": 68,
    "done_on": None,
    "days_late": 0,
}
QUESTION: dict[str, Any] = {
    "id": 1,
    "code": "DP24-005",
    "product": "Dầu phụng",
    "unit": "Xã Phổ An",
    "plan": "duc-pho-2024",
    "vi": "Tên gần giống sản phẩm cùng địa phương …; có phải là hai sản phẩm khác nhau không?",
    "en": "The name is nearly that of a product of the unit …; are they different?",
    "asked_on": "2024-04-23",
    "answered": True,
    "answer": "là hai sản phẩm khác nhau",
    "answered_by": "lan",
    "answered_at": "2024-04-23T01:00:00Z",
}
REMOVAL: dict[str, Any] = {
    "done": False,
    "removal": {
        "plan": "duc-pho-2024",
        "hash": "5f2b1c90",
        "products": ["DP24-001", "DP24-002"],
        "deadlines": 6,
        "reminders": 4,
        "flags": 0,
        "extensions": 0,
        "questions": 1,
        "letters": 0,
    },
}
VERSION: dict[str, Any] = {
    "version": 1,
    "sha256": "0" * 64,
    "loaded_at": "2024-04-22T23:00:00Z",
    "loaded_by": "minh",
    "replaced_on": None,
    "replaced_by": None,
}
EXTENSION: dict[str, Any] = {
    "id": 1,
    "plan_id": 1,
    "plan_slug": "duc-pho-2024",
    "milestone": "registration",
    "due_on": "2024-05-31",
    "decision_number": "15/QĐ-UBND",
    "decided_on": "2024-04-22",
    "reason": "bão số 1",
    "granted_on": "2024-04-23",
    "granted_at": "2024-04-23T02:00:00Z",
    "granted_by": "minh",
    "revoked_on": None,
    "revoked_at": None,
    "revoked_by": None,
    "products": ["DP24-002"],
}
SWEEP: dict[str, Any] = {
    "id": 1,
    "day": "2024-04-23",
    "finished_at": "2024-04-22T23:00:04Z",
    "reminders": 14,
    "withheld": 28,
    "superseded": 0,
    "flags_raised": 0,
    "letters": 7,
    "faults": [],
}
SWEEP_REPORT: dict[str, Any] = {
    **{name: value for name, value in SWEEP.items() if name not in ("id", "finished_at")},
    "dry_run": False,
}
UNIT: dict[str, Any] = {
    "id": "pho-an",
    "name": "Xã Phổ An",
    "level": "commune",
    "office": "UBND xã Phổ An",
    "parent": "duc-pho",
}
PROGRESS: dict[str, Any] = {
    "day": "2024-05-02",
    "products": 5,
    "overdue": 4,
    "counts": [
        {
            "unit": "pho-an",
            "unit_name": "Xã Phổ An",
            "state": "idea",
            "state_label": "Ý tưởng",
            "products": 5,
            "overdue": 4,
        }
    ],
}
AUDIT: dict[str, Any] = {
    "seq": 12,
    "at": "2024-04-23T02:00:00Z",
    "actor": "lan",
    "origin": "10.1.2.3",
    "acting_for": "pho-an",
    "action": "product.register",
    "subject": "product:DP24-002",
    "before": {"state": "idea", "version": 0},
    "after": {"state": "registered", "version": 1, "on": "2024-04-22"},
    "transition_id": 1,
    "previous": "0" * 64,
    "hash": "0" * 64,
}


def page(item: dict[str, Any]) -> dict[str, Any]:
    """Return a page with one item."""
    return {"items": [item]}
