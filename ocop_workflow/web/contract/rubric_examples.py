"""What the document shows of score sheets: one of set 16, whose 98 points miss a gate of three stars."""

from __future__ import annotations

from typing import Any

_MISSED: dict[str, Any] = {"criterion": "2.2", "have": 1, "need": 2}
LIST: dict[str, Any] = {
    "items": [
        {
            "set": 16,
            "name": "Nước khoáng thiên nhiên, nước uống đóng chai",
            "group": "II",
            "criteria": 29,
            "needs_human": False,
        }
    ]
}
RUBRIC: dict[str, Any] = {
    "set": 16,
    "name": "Nước khoáng thiên nhiên, nước uống đóng chai",
    "group": "II",
    "decision": "26/2026/QĐ-TTg",
    "transcription": "github.com/hakienpdu95/minhan docs/bnn_txng.html",
    "knockout_line": None,
    "star_footnote": None,
    "criteria": [
        {
            "id": "2.2",
            "title": "Đóng gói, bao bì sản phẩm",
            "part": "A",
            "item": "PHÁT TRIỂN SẢN PHẨM",
            "max": 3,
            "kind": "choice",
            "notes": [],
            "branches": [],
            "options": [
                {"option": 3, "label": "…", "points": 2, "min_star": 3, "branch": None},
            ],
            "needed": {"3": 2, "4": 2, "5": 2},
        }
    ],
    "stops": [],
    "exclusions": [],
    "conditions": [],
    "knockouts": ["set", "1.1"],
    "corrections": [],
    "needs_human": [],
}
_CRITERIA = (
    *("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "2.4"),
    *("3.1", "3.2", "3.3", "3.4", "3.5", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3"),
    *("6.1", "6.2", "6.3", "6.4", "7", "8", "9", "10"),
)
_CHOSEN = (3, 3, 3, 4, 3, 2, 4, 2, 3, True, 3, 2, 3, 2, 3, 4, 4, 5, 5, 3, 4, 2, 2, 3, 4, 4, 3, 3, 3)
SCORING: dict[str, Any] = {
    "sheets": [{"choices": dict(zip(_CRITERIA, _CHOSEN, strict=True))}],
    "rules": {"source": "Quy chế Hội đồng, Điều 9", "gates": "majority", "minimum_scores": 1},
}
OUTCOME: dict[str, Any] = {
    "set": 16,
    "totals": [98],
    "sum": 98,
    "n": 1,
    "mean": "98",
    "mean_shown": "98,00",
    "band": 5,
    "gates": {"3": [_MISSED], "4": [_MISSED], "5": [_MISSED]},
    "out": None,
    "star": None,
    "next": {
        "star": 3,
        "missed": [_MISSED],
        "points_short": 0,
        "cheapest": [{"criterion": "2.2", "option": 3, "points": 2}],
    },
    "needs_human": [],
}
