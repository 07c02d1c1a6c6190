"""The words of the contract: its rules for whoever writes a client, its nouns, what its refusals look like.

`docs/api.md` holds the same rules word for word (a test compares); the figures come from the code itself.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ocop_workflow.files.keeping import LARGEST as LARGEST_FILE
from ocop_workflow.people.tokens import LONGEST
from ocop_workflow.web.contract.product_examples import PRODUCT_IN_FULL
from ocop_workflow.web.exchange.pages import LARGEST_PAGE, PAGE
from ocop_workflow.web.exchange.replies import KEPT
from ocop_workflow.web.exchange.schemas import MOST_CODES
from ocop_workflow.web.guard.bodies import LARGEST, PATIENCE, SILENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMMARY = "Chương trình OCOP: kế hoạch, sản phẩm, thời hạn, thư. / The OCOP programme's year, day by day."

RULES = (
    files("ocop_workflow.web")
    .joinpath("rules.md")
    .read_text("utf-8")
    .format(
        body=LARGEST // 1024**2,
        patience=f"{PATIENCE:g}",
        file=LARGEST_FILE // 1024**2,
        silence=f"{SILENCE:g}",
        page=PAGE,
        largest_page=LARGEST_PAGE,
        codes=MOST_CODES,
        kept=f"{KEPT.total_seconds() / 3600:g}",
        token=LONGEST,
    )
)

TAGS: Mapping[str, str] = {
    "activities": "Hoạt động có hạn của kế hoạch. / A plan's dated activities.",
    "audit": "Nhật ký kiểm tra. / The audit.",
    "calendar": "Lịch thời hạn để đăng ký theo dõi. / Deadlines as a calendar to subscribe to.",
    "certificates": "Giấy chứng nhận. / Certificates.",
    "councils": "Hội đồng: quy chế, thành viên. / Councils: their rules and members.",
    "deadlines": "Thời hạn, quá hạn, lời nhắc. / Deadlines, what is overdue, reminders.",
    "letters": "Hộp thư đi. / The outbox.",
    "monitoring": "Kiểm tra, giám sát sau công nhận. / Visits to certified products.",
    "officers": "Cán bộ và vai trò. / Officers and their roles.",
    "plans": "Kế hoạch, gia hạn. / Plans and extensions.",
    "products": "Sản phẩm và thao tác. / Products and their events.",
    "questions": "Câu hỏi của việc nhập danh sách. / What imports have asked.",
    "rubrics": "Phiếu chấm và sao mà các phiếu cho. / Score sheets, and the star that they earn.",
    "sessions": "Phiên họp, phiếu chấm, kết quả. / Sessions of councils, score sheets, results.",
    "sweeps": "Quét thời hạn hằng ngày. / The daily check.",
    "tokens": "Mã truy cập, và mình là ai. / Tokens, and who one is.",
    "units": "Địa phương, tiến độ. / Units, and how far their products are.",
}


def refused(status: int) -> dict[str, Any]:
    """Return an example of a refusal of this status, in Vietnamese, as the service gives it."""
    name, title, detail, more = _REFUSED[status]
    return {
        "type": f"urn:ocop:problem:{name.replace('_', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
        "error": name,
        **more,
        "request_id": "1f0c5a4be09d7732",
    }


#: by status: `error`, title, detail, further members
_REFUSED: Mapping[int, tuple[str, str, str, dict[str, Any]]] = {
    401: ("not_signed_in", "Chưa đăng nhập", "Cần mã truy cập: Authorization: Bearer …", {}),
    403: ("not_permitted", "Không có quyền", "lan không có quyền xem nhật ký kiểm tra ở địa phương nào.", {}),
    404: (
        "not_found",
        "Không tìm thấy",
        "Không có sản phẩm nào mang mã DP24-999; xem danh sách bằng `GET /api/v1/products`.",
        {},
    ),
    408: ("too_slow", "Quá chậm", "Nội dung gửi lên quá chậm.", {}),
    409: (
        "event_refused",
        "Chưa thể thực hiện thao tác",
        (
            "DP24-002 (Ý tưởng): chưa thể «Đăng ký ý tưởng», còn thiếu: ngành hàng (nhóm sản phẩm) "
            "(group; Bộ tiêu chí theo nhóm sản phẩm, QĐ 148/QĐ-TTg)."
        ),
        {
            "allowed": ["register", "withdraw"],
            "needs": {"register": ["group"], "withdraw": ["reason"]},
            "missing": [
                {
                    "name": "group",
                    "vi": "ngành hàng (nhóm sản phẩm)",
                    "en": "the product group",
                    "clause": "Bộ tiêu chí theo nhóm sản phẩm, QĐ 148/QĐ-TTg",
                    "fields": ["group"],
                }
            ],
        },
    ),
    412: (
        "precondition_failed",
        "Đã thay đổi từ lúc xem",
        "Sản phẩm DP24-002 đã thay đổi (phiên bản 0); hãy xem lại rồi làm lại.",
        {"current": PRODUCT_IN_FULL},
    ),
    413: ("too_large", "Nội dung quá lớn", "Nội dung gửi lên quá lớn (tối đa 1 MiB).", {}),
    422: (
        "invalid_input",
        "Dữ liệu gửi lên có lỗi",
        "Yêu cầu có lỗi.",
        {"faults": [{"place": "query.limit", "detail": "quá nhỏ, ít nhất là 1"}]},
    ),
    428: (
        "precondition_required",
        "Cần nêu phiên bản đã xem",
        "Cần If-Match với ETag của bản đã xem, để không ghi đè lên thay đổi của người khác.",
        {},
    ),
    429: ("too_many_attempts", "Thử quá nhiều lần", "Hãy thử lại sau 4 giây.", {}),
    503: (
        "unavailable",
        "Tạm thời không dùng được",
        "Cơ sở dữ liệu đang bận; hãy thử lại sau.",
        {},
    ),
}
