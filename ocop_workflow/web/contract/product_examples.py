"""What the document shows as answers about products, their steps and their certificates."""

from __future__ import annotations

from typing import Any

PRODUCT: dict[str, Any] = {
    "code": "DP24-002",
    "name": "Khô Bò",
    "unit": "Xã Phổ An",
    "producer_id": 2,
    "producer": "Cơ sở Khô bò Phổ An",
    "representative": "Chủ cơ sở",
    "group": None,
    "group_name": None,
    "address": None,
    "official_code": None,
    "plan": "duc-pho-2024",
    "dossier": "first",
    "dossier_label": "lần đầu",
    "received_on": None,
    "state": "idea",
    "state_label": "Ý tưởng",
    "star": None,
    "score": None,
    "certificate": None,
    "version": 0,
    "overdue": False,
    "deadlines": [
        {
            "milestone": "registration",
            "due_on": "2024-04-30",
            "days_left": 7,
            "stage": "D-7",
            "overdue": False,
        }
    ],
    "allowed": ["register", "withdraw"],
    "needs": {"register": ["group"], "withdraw": ["reason"]},
    "missing": {},
    "updated_at": "2024-04-22T23:00:00Z",
    "etag": '"0"',
}
PRODUCT_IN_FULL: dict[str, Any] = {
    **PRODUCT,
    "dossiers": [
        {
            "number": 1,
            "kind": "first",
            "label": "lần đầu",
            "plan": "duc-pho-2024",
            "received_on": None,
            "regulation": None,
            "regulation_number": None,
            "official_code": None,
            "product_set": None,
            "mean": None,
        }
    ],
    "certificates": [],
    "own_events": [],
    "given": {},
}
CERTIFICATE: dict[str, Any] = {
    "id": 1,
    "number": "77/QĐ-UBND",
    "star": 3,
    "product": "DP24-015",
    "name": "Mắm cái",
    "producer": "HTX Nhà Nông",
    "unit": "Xã Phổ An",
    "unit_now": "Xã Phổ An",
    "decision": "77/QĐ-UBND",
    "decided_on": "2022-06-01",
    "issuer": None,
    "published_on": None,
    "valid_until": "2025-06-01",
    "grace_until": None,
    "status": "in_re_rating",
    "status_label": "đang đánh giá lại",
    "standing": "proposed",
    "standing_label": "theo khai báo của xã, chưa xác nhận",
    "evidence": "C",
    "evidence_label": "thông tin chưa kiểm chứng",
    "ended": None,
    "page": None,
    "settled": None,
    "etag": '"1.proposed.running"',
}
CONFIRMED: dict[str, Any] = {
    "evidence": "A",
    "evidence_label": "quyết định đã ký",
    "page": "/c/Zk3v9Qm2T0yXw7LrB1sHdA",
    "standing": "confirmed",
    "standing_label": "đã xác nhận",
    "settled": {
        "by": "minh",
        "for": "duc-pho",
        "at": "2024-04-23T02:00:00+00:00",
        "paper": {"paper_number": "77/QĐ-UBND", "paper_date": "2022-06-01"},
    },
    "etag": '"1.confirmed.running"',
}
REGISTERED: dict[str, Any] = {
    **CERTIFICATE,
    **CONFIRMED,
    "province": "Tỉnh Quảng Ngãi",
    "product_now": "Mắm cái",
    "group": "food",
    "signer": "Chủ tịch UBND thị xã",
    "regulation": None,
    "source": None,
    "replaced_by": None,
    "concluded_on": None,
    "decide_by": None,
    "papers": [
        {
            "kind": "decision",
            "label": "quyết định công nhận",
            "number": "77/QĐ-UBND",
            "date": "2022-06-01",
            "issuer": None,
            "signer": "Chủ tịch UBND thị xã",
            "draft": "/certificates/1/documents/decision",
            "signed": None,
        }
    ],
    "history": [
        {
            "at": "2024-04-23T02:00:00+00:00",
            "by": "minh",
            "action": "certificate.confirm",
            "label": "Xác nhận giấy chứng nhận",
            "note": None,
            "changes": [],
        }
    ],
}
CORRECTED: dict[str, Any] = {
    "decided_on": "2022-06-11",
    "etag": '"1.confirmed.running.1"',
    "papers": [{**REGISTERED["papers"][0], "date": "2022-06-11"}],
    "history": [
        *REGISTERED["history"],
        {
            "at": "2024-04-24T01:05:00+00:00",
            "by": "minh",
            "action": "certificate.correct",
            "label": "đính chính giấy chứng nhận",
            "note": "gõ nhầm ngày quyết định",
            "changes": [
                {
                    "field": "decided_on",
                    "label": "ngày quyết định",
                    "before": "2022-06-01",
                    "after": "2022-06-11",
                }
            ],
        },
    ],
}
LIST_REPORT: dict[str, Any] = {
    "file": "so-2023.xlsx",
    "rows": 2,
    "new": 1,
    "changed": 0,
    "same": 0,
    "faults": 0,
    "questions": 1,
    "published": False,
    "verdicts": [
        {
            "sheet": "Sheet1",
            "row": 2,
            "verdict": "new",
            "code": None,
            "detail": "đã xác nhận; chứng cứ A",
            "cell": None,
            "proposed": None,
            "standing": "confirmed",
            "key": None,
        },
        {
            "sheet": "Sheet1",
            "row": 3,
            "verdict": "question",
            "code": None,
            "detail": "“Phổ Ann” có phải là Xã Phổ An?",
            "cell": "D3",
            "proposed": "Xã Phổ An",
            "standing": None,
            "key": "xã pho ann: pho-an",
        },
    ],
}
STAGED: dict[str, Any] = {
    "id": 1,
    "file": "so-2023.xlsx",
    "evidence": "A",
    "at": "2024-04-23T02:00:00+00:00",
    "answers": {},
    "report": None,
}
LOOKED_AT: dict[str, Any] = {**STAGED, "report": LIST_REPORT}
LIST_ANSWERED: dict[str, Any] = {**STAGED, "answers": {"xã pho ann: pho-an": "đúng"}}
LIST_PUBLISHED: dict[str, Any] = {
    **LIST_REPORT,
    "new": 2,
    "questions": 0,
    "published": True,
    "verdicts": [LIST_REPORT["verdicts"][0], {**LIST_REPORT["verdicts"][0], "row": 3}],
}
REMEMBERED: dict[str, Any] = {
    "id": 1,
    "question": "“Phổ Ann” có phải là Xã Phổ An?",
    "answer": "đúng",
    "unit": "Thị xã Đức Phổ",
    "at": "2024-04-23T02:00:00+00:00",
    "by": "minh",
}
ENTERED: dict[str, Any] = {
    "product": "SO-000001",
    "status": "valid",
    "status_label": "còn hiệu lực",
    "evidence": "A",
    "evidence_label": "quyết định đã ký",
    "page": "/c/Zk3v9Qm2T0yXw7LrB1sHdA",
    "standing": "confirmed",
    "standing_label": "đã xác nhận",
    "settled": {"by": "minh", "for": "duc-pho", "at": "2024-04-23T02:00:00+00:00", "paper": None},
    "etag": '"1.confirmed.running"',
}
ADVANCED: dict[str, Any] = {
    "code": "DP24-002",
    "event": "register",
    "source": "idea",
    "state": "registered",
    "state_label": "Đã đăng ký",
    "version": 1,
    "deadlines": [{"milestone": "selection", "due_on": "2024-05-31"}],
}
UNDONE: dict[str, Any] = {
    "code": "DP24-002",
    "event": "register",
    "source": "registered",
    "state": "idea",
    "state_label": "Ý tưởng",
    "version": 2,
    "deadlines": [{"milestone": "registration", "due_on": "2024-04-30"}],
    "undoes": 1,
    "cancelled": 0,
    "corrections": 0,
}
BULK: dict[str, Any] = {
    "dry_run": True,
    "token": "eJyLVkpUslJQMlSKBQALHgI9",
    "verdicts": [
        {"code": "DP24-002", "allowed": True},
        {
            "code": "DP24-007",
            "allowed": False,
            "error": "not_found",
            "detail": "Không có sản phẩm nào mang mã DP24-007.",
        },
    ],
}
HISTORY: dict[str, Any] = {
    "seq": 1,
    "event": "register",
    "label": "Đăng ký ý tưởng",
    "source": "idea",
    "target": "registered",
    "actor": "lan",
    "on": "2024-04-22",
    "at": "2024-04-23T02:00:00Z",
    "note": "",
    "data": {"group": "food"},
    "given": [{"label": "ngành hàng", "value": "Thực phẩm"}],
    "plan": "duc-pho-2024",
    "regulation": "qd-148-2023",
    "unit": "Xã Phổ An",
    "undoes": None,
    "by_paper": False,
}

LAW = {
    "code": "DP24-001",
    "on": "2024-10-01",
    "regulation": "qd-148-2023",
    "number": "148/QĐ-TTg",
    "title": "Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm Chương trình mỗi xã một sản phẩm",
    "received_on": "2024-04-22",
    "why": "có hiệu lực ngày nhận hồ sơ 22/04/2024",
    "levels": [
        {
            "level": "district",
            "body": "UBND thị xã Đức Phổ",
            "stars": [3],
            "signs": "TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH",
        }
    ],
    "papers": ["Phiếu đăng ký"],
    "clocks": [],
    "validity_months": 36,
    "until": None,
    "following": None,
    "clause": None,
    "uncertain": False,
}

RENEWAL: dict[str, Any] = {
    "certificate": 12,
    "product": "DP24-001",
    "name": "Nén Phổ An",
    "producer": "HTX Nhà Nông",
    "unit": "pho-an",
    "unit_name": "Phổ An",
    "star": 3,
    "standing": "confirmed",
    "expires_on": "2027-11-25",
    "granted_under": "qd-148-2023",
    "regulation": "qd-26-2026",
    "save_by": {
        "kind": "window",
        "round": None,
        "date": "2027-07-28",
        "opens_on": "2027-05-29",
        "provisional": False,
    },
    "status": "announced",
    "status_label": "đã báo trước",
    "told_on": "2027-05-29",
    "not_renewing": None,
    "reason": None,
}
_FORESEEN = {"saved": 1, "open": 3, "late": 1, "lost": 0, "total": 5}
FORECAST: dict[str, Any] = {
    "on": "2027-05-29",
    "unit": None,
    "overall": {"key": "", "label": "tất cả", **_FORESEEN},
    "rounds": [{"key": "2027-07", "label": "nộp chậm nhất tháng 07/2027", **_FORESEEN}],
    "communes": [{"key": "pho-an", "label": "Xã Phổ An", **_FORESEEN}],
    "stars": [{"key": "3", "label": "3 sao", **_FORESEEN}],
}
