"""Who may do what: every route for every role, in one's own place and in another's, and without a right.

The table is held against the router: a route without a row fails. Each cell is asked over HTTP, and the
refusals are compared whole, so that nobody learns more from one than from another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Scope
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.councils.founding import NewCouncil, NewMember, found_council, seat_member
from ocop_workflow.councils.sittings import NewSession, draft_session
from ocop_workflow.letters.outbox import list_letters
from ocop_workflow.people.officers import disable_officer
from ocop_workflow.people.tokens import revoke_token
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from ocop_workflow.web.contract.rubric_examples import SCORING
from tests.factories import SEED, SENDER, act, rows
from tests.stories.cast import HOST
from tests.web.cast import OFFICERS, Cast, api_document

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

EVERYBODY = frozenset(OFFICERS)
TOWN = EVERYBODY - {"lan", "ha"}  # whoever works in the town or above it
AUTHORITY = frozenset({"minh"})
ADMINISTRATORS = frozenset({"quan", "chu"})
RUNNING = frozenset({"minh", "thu", "tinh"})  # sessions of councils
EDITORS = frozenset({"lan", "ha", "minh"})  # who bring products and certificates in
SCORING_ROLES = frozenset({"thu", "tam", "tinh"})
DECIDED = {"number": "12/QĐ", "decided_on": "2024-05-02", "signer": "Chủ tịch", "published_on": "2024-05-02"}
PAPER = {"member": 1, "entries": {"parts.A": "3"}, "shelf": "tủ"}
COUNCIL = {
    "unit": "duc-pho",
    "name": "Hội đồng đánh giá, phân hạng",
    "decision_number": "9/QĐ-UBND",
    "decided_on": "2024-04-23",
}
CHANGED = {"If-Match": '"0"'}
EXPIRED = "unit=duc-pho&since=2024-01-01&until=2024-03-31"


@dataclass(frozen=True)
class Row:
    """One route: how it is asked, and who may.

    Attributes:
        gate: who has the right at all, somewhere; the others get 403 before a word of theirs is read.
        sees: who may know of what it is about; others get 404 (empty: it is about nothing in particular).
        may: who of them may do it; the others get 403.
        done: the answer to those who may.
        needs: what a token has to be good for.
        once: whether it can be done only once.
    """

    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    sees: frozenset[str] = EVERYBODY
    may: frozenset[str] = EVERYBODY
    done: int = 200
    needs: Scope = Scope.READ
    gate: frozenset[str] = EVERYBODY
    once: bool = False

    def expected(self, login: str) -> int:
        if login not in self.gate:
            return 403
        if login not in self.sees:
            return 404
        return self.done if login in self.may else 403


OWN = EVERYBODY - {"ha"}  # those who see a product of Phổ An
NEW = {"plan": SEED, "unit": "pho-an", "name": "Mắm nêm"}
DECISION = {
    "milestone": "registration",
    "codes": ["DP24-002"],
    "due_on": "2024-06-20",
    "decision_number": "15/QĐ",
    "decided_on": "2024-04-22",
    "reason": "bão",
}
GRANTED = {
    "unit": "pho-an",
    "product": "Mắm cái",
    "certificate": {
        "star": 3,
        "number": "77/QĐ",
        "decided_on": "2022-06-01",
        "valid_until": "2025-06-01",
    },
    "signer": "Chủ tịch",
}
WITHDRAW = {"event": "withdraw", "data": {"reason": "thôi"}}
BULK = {"event": "register", "data": {"group": "food"}, "codes": ["DP24-003"], "dry_run": True}
PRODUCT = f"{API}/products/{{code}}"

#: route → how it is asked; {code} is a product of Phổ An, {letter} one to Phổ An, {flag} one on it
TABLE: dict[tuple[str, str], Row] = {
    (row.method, row.path): row
    for row in (
        Row("GET", f"{API}/products"),
        Row("POST", f"{API}/products", NEW, {}, EVERYBODY, frozenset({"lan", "minh"}), 201, Scope.ACT),
        Row("GET", PRODUCT, sees=OWN),
        Row("GET", f"{PRODUCT}/documents", sees=OWN),
        Row("GET", f"{PRODUCT}/documents/notice", sees=OWN, done=409),  # it is on its way still
        Row("GET", f"{PRODUCT}/documents/notice/issued", sees=OWN, done=404),
        Row(
            "POST",
            f"{PRODUCT}/documents/notice/issued",
            {},
            gate=RUNNING,
            may=RUNNING,
            done=409,
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{PRODUCT}/documents/notice/issued/withdrawal",
            {"reason": "nhầm"},
            gate=RUNNING,
            may=RUNNING,
            done=404,
            needs=Scope.ACT,
        ),
        Row("PATCH", PRODUCT, {"name": "Khô"}, CHANGED, OWN, frozenset({"lan", "minh"}), needs=Scope.ACT),
        Row(
            "POST", f"{PRODUCT}/events", WITHDRAW, CHANGED, OWN, frozenset({"lan", "minh"}), needs=Scope.ACT
        ),
        Row(
            "POST",
            f"{API}/products/{{undoable}}/undo",
            {"reason": "nhầm"},
            {"If-Match": '"1"'},
            OWN,
            frozenset({"lan"}),
            needs=Scope.ACT,
        ),
        *(
            Row(
                "POST",
                f"{PRODUCT}/occurrences{path}",
                {"event": "approved", **more},
                CHANGED,
                OWN,
                frozenset({"lan", "minh"}),
                404,  # its plan has no such event
                Scope.ACT,
            )
            for path, more in (("", {}), ("/undo", {"reason": "nhầm"}))
        ),
        Row("POST", f"{API}/products/events", BULK),
        Row("GET", f"{PRODUCT}/history", sees=OWN),
        Row("GET", f"{PRODUCT}/law", sees=OWN),
        Row("GET", f"{PRODUCT}/deadlines", sees=OWN),
        Row("GET", f"{API}/questions"),
        Row(
            "POST",
            f"{API}/questions/{{question}}/answer",
            {"answer": "là hai sản phẩm"},
            {},
            OWN,
            frozenset({"lan", "minh"}),
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/activities"),
        Row(
            "POST",
            f"{API}/activities/training/done",
            {},
            {},
            EVERYBODY,
            AUTHORITY,
            needs=Scope.ADMINISTER,
        ),
        Row(
            "POST",
            f"{API}/activities/training/undo",
            {"reason": "nhầm"},
            {},
            EVERYBODY,
            AUTHORITY,
            409,  # it is not done
            Scope.ADMINISTER,
        ),
        Row("GET", f"{API}/deadlines"),
        Row("GET", f"{API}/overdue"),
        Row("POST", f"{API}/overdue/{{flag}}/acknowledgement", None, {}, OWN, AUTHORITY, needs=Scope.ACT),
        Row("GET", f"{API}/reminders"),
        Row("GET", f"{API}/letters"),
        Row("GET", f"{API}/letters/{{letter}}", sees=OWN),
        Row("POST", f"{API}/letters/resend", {}),
        Row(
            "POST",
            f"{API}/letters/{{letter}}/resend",
            None,
            {},
            OWN,
            AUTHORITY | ADMINISTRATORS,
            409,  # it has not been sent yet
            Scope.ACT,
        ),
        Row(
            "POST",
            f"{API}/letters/{{letter}}/hold",
            None,
            {},
            OWN,
            AUTHORITY | ADMINISTRATORS,
            needs=Scope.ACT,
            once=True,
        ),
        Row(
            "POST",
            f"{API}/letters/{{letter}}/release",
            None,
            {},
            OWN,
            AUTHORITY | ADMINISTRATORS,
            409,  # nobody holds it
            Scope.ACT,
        ),
        Row("GET", f"{API}/plans"),
        Row(
            "POST",
            f"{API}/plans",
            {"text": shipped_plan_text(SEED)},
            {},
            EVERYBODY,
            AUTHORITY,
            200,
            Scope.ADMINISTER,
        ),
        Row("GET", f"{API}/plans/{SEED}"),
        Row(
            "DELETE",
            f"{API}/plans/{SEED}",
            None,
            {},
            EVERYBODY,
            AUTHORITY,
            409,  # a step was recorded under it
            Scope.ADMINISTER,
        ),
        Row("GET", f"{API}/plans/{SEED}/versions"),
        Row("GET", f"{API}/plans/{SEED}/extensions"),
        Row(
            "POST",
            f"{API}/plans/{SEED}/extensions",
            DECISION,
            {},
            EVERYBODY,
            AUTHORITY,
            200,
            Scope.ADMINISTER,
        ),
        Row(
            "POST", f"{API}/extensions/999/revocation", {}, sees=frozenset(), needs=Scope.ADMINISTER,
            gate=AUTHORITY,
        ),
        Row("GET", f"{API}/papers"),
        Row("GET", f"{PRODUCT}/papers", sees=OWN),
        Row(
            "POST",
            f"{PRODUCT}/papers",
            {"kind": "registration"},
            {},
            OWN,
            frozenset({"lan", "minh"}),
            201,
            Scope.ACT,
        ),
        Row(
            "POST",
            f"{PRODUCT}/papers/reuse",
            {"papers": [999]},
            {},
            OWN,
            frozenset({"lan", "minh"}),
            422,  # there is no such paper
            Scope.ACT,
        ),
        Row(
            "POST",
            f"{PRODUCT}/papers/999/withdrawal",
            {"reason": "nhầm"},
            sees=OWN - {"lan", "minh"},  # they may, and there is none
            may=frozenset(),
            needs=Scope.ACT,
        ),
        Row("GET", f"{PRODUCT}/forms", sees=OWN),
        Row("GET", f"{PRODUCT}/forms/mau-01", sees=OWN),
        Row(
            "PATCH",
            f"{PRODUCT}/forms/mau-01",
            {"answers": {"s2_1": "HTX"}},
            {"If-Match": '"0"'},
            OWN,
            frozenset({"lan", "minh"}),
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{PRODUCT}/forms/mau-01/discarding",
            {"reason": "nhầm"},
            sees=OWN - {"lan", "minh"},  # they may, and nothing was saved
            may=frozenset(),
            needs=Scope.ACT,
        ),
        Row("GET", f"{PRODUCT}/difference", sees=OWN),
        Row(
            "POST",
            f"{PRODUCT}/difference",
            {"heading": "bao bì"},
            sees=OWN,
            may=frozenset({"lan", "minh"}),
            done=409,  # nothing was recognised yet
            needs=Scope.ACT,
        ),
        Row("GET", f"{PRODUCT}/revenues", sees=OWN),
        Row(
            "POST",
            f"{PRODUCT}/revenues",
            {"year": 2023, "revenue": 1},
            {},
            OWN,
            frozenset({"lan", "minh"}),
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{PRODUCT}/revenues/2022/removal",
            {"reason": "nhầm"},
            sees=OWN - {"lan", "minh"},  # they may, and nothing is kept of that year
            may=frozenset(),
            needs=Scope.ACT,
        ),
        *(
            Row(
                "POST",
                f"{PRODUCT}/papers/999/files{path}",
                given,
                sees=OWN - {"lan", "minh"},  # they may, and there is no such paper
                may=frozenset(),
                needs=Scope.ACT,
            )
            for path, given in (("", {"no": "file"}), ("/998/withdrawal", {"reason": "nhầm"}))
        ),
        Row("GET", f"{PRODUCT}/papers/999/files/998", sees=frozenset()),
        Row("GET", f"{PRODUCT}/upload-links", sees=OWN),
        Row(
            "POST", f"{PRODUCT}/upload-links", {}, {}, OWN, frozenset({"lan", "minh"}), 201, Scope.ACT
        ),
        Row("GET", f"{PRODUCT}/handed-in", sees=OWN),
        Row("GET", f"{PRODUCT}/handed-in/999", sees=frozenset()),
        *(
            Row(
                "POST",
                f"{PRODUCT}/{path}",
                given,
                sees=OWN - {"lan", "minh"},  # they may, and there is none
                may=frozenset(),
                needs=Scope.ACT,
            )
            for path, given in (
                ("upload-links/999/revocation", None),
                ("handed-in/999/acceptance", {}),
                ("handed-in/999/return", {"reason": "mờ"}),
            )
        ),
        Row("GET", f"{API}/rubrics"),
        Row("GET", f"{API}/rubrics/16"),
        Row("POST", f"{API}/rubrics/16/score", SCORING),
        Row("GET", f"{API}/certificates"),
        Row("POST", f"{API}/certificates", GRANTED, {}, EVERYBODY, AUTHORITY | {"thu"}, 201, Scope.ACT),
        Row("GET", f"{API}/certificate-lists", gate=EDITORS, may=EDITORS, needs=Scope.ACT),
        Row(
            "POST", f"{API}/certificate-lists?name=", gate=EDITORS, may=EDITORS, done=422, needs=Scope.ACT
        ),
        *(
            Row(
                *(method, f"{API}/{path}", body, {}, frozenset()),
                done=404,
                needs=Scope.ACT,
                gate=EDITORS,
            )
            for method, path, body in (
                ("GET", "certificate-lists/999", None),
                ("GET", "certificate-lists/999/workbook", None),
                ("POST", "certificate-lists/999/answers", {"answers": {"Sheet1!9": "bỏ qua"}}),
                ("POST", "certificate-lists/999/publication", None),
                ("DELETE", "certificate-lists/999", None),
                ("POST", "certificate-answers/999/revocation", None),
            )
        ),
        Row("GET", f"{API}/certificate-answers", gate=EDITORS, may=EDITORS, needs=Scope.ACT),
        Row(
            "POST",
            f"{API}/certificates/999/corrections",
            {"reason": "gõ nhầm"},
            CHANGED,
            frozenset(),
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/renewals"),
        Row("GET", f"{API}/renewals/forecast"),
        Row("GET", f"{API}/inspections"),
        Row("GET", f"{API}/findings"),
        Row("GET", f"{PRODUCT}/visits", sees=OWN),
        Row(
            "POST",
            f"{PRODUCT}/visits",
            {"visited_on": "2024-04-20", "visitors": "UBND xã", "conclusion": "Tốt"},
            sees=OWN,
            may=frozenset({"lan", "minh"}),
            done=409,  # it was never recognised
            needs=Scope.ACT,
            gate=EDITORS,
        ),
        Row("GET", f"{API}/visits/999", sees=frozenset()),
        *(
            Row("POST", f"{API}/{path}", body, sees=frozenset(), needs=Scope.ACT, gate=EDITORS)
            for path, body in (
                ("visits/999/withdrawal", {"reason": "nhầm"}),
                ("findings/999/done", {}),
                ("findings/999/reopening", {"reason": "nhầm"}),
            )
        ),
        Row("GET", f"{API}/certificates/999", sees=frozenset()),
        Row("GET", f"{API}/certificates/999/documents", sees=frozenset()),
        Row("GET", f"{API}/certificates/999/documents/notice", sees=frozenset()),
        Row("GET", f"{API}/certificates/999/documents/notice/issued", sees=frozenset()),
        *(
            Row("POST", path, body, sees=frozenset(), gate=RUNNING, needs=Scope.ACT)
            for path, body in (
                (f"{API}/certificates/999/documents/notice/issued", {}),
                (f"{API}/certificates/999/documents/notice/issued/withdrawal", {"reason": "nhầm"}),
            )
        ),
        Row("GET", f"{API}/certificates/expired?{EXPIRED}", sees=TOWN, may=RUNNING),
        Row(  # nothing ran out
            "GET", f"{API}/certificates/ending/notice?{EXPIRED}", sees=TOWN, may=RUNNING, done=409
        ),
        Row(
            "GET", f"{API}/certificates/expired/notice?{EXPIRED}", sees=TOWN, may=RUNNING, done=409
        ),
        Row(  # none was filed
            "GET", f"{API}/certificates/expired/notice/issued?{EXPIRED}", sees=TOWN, may=RUNNING, done=404
        ),
        Row(
            "POST",
            f"{API}/certificates/expired/notice/issued?{EXPIRED}&number=7/TB-PKT&issued_on=2024-04-20"
            "&signer=Trưởng phòng&name=a.pdf",
            {},
            sees=TOWN,
            may=RUNNING,
            done=409,
            gate=RUNNING,
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{API}/certificates/expired/notice/issued/withdrawal?{EXPIRED}",
            {"reason": "nhầm"},
            sees=TOWN,
            may=RUNNING,
            done=404,
            gate=RUNNING,
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{API}/certificates/999/confirmation",
            {"standing": "refused", "reason": "nhầm"},
            CHANGED,
            frozenset(),
            needs=Scope.ACT,
        ),
        Row(
            "POST", f"{API}/certificates/999/undo", {"reason": "nhầm"}, CHANGED, frozenset(), needs=Scope.ACT
        ),
        Row("GET", f"{API}/sweeps"),
        Row(
            "POST", f"{API}/sweeps", {"dry_run": True}, {}, EVERYBODY, AUTHORITY | ADMINISTRATORS,
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/units"),
        Row(
            "POST",
            f"{API}/units/pho-an/successor",
            {"heir": "pho-phong", "on": "2024-07-01"},
            {},
            EVERYBODY,
            ADMINISTRATORS,
            needs=Scope.ADMINISTER,
        ),
        Row("GET", f"{API}/units/pho-an/contacts", sees=OWN),
        Row(
            "POST",
            f"{API}/units/pho-an/contacts",
            {"address": "phong-hop@duc-pho.example"},
            {},
            EVERYBODY,
            ADMINISTRATORS,
            201,
            Scope.ADMINISTER,
            once=True,
        ),
        Row(
            "POST",
            f"{API}/units/pho-an/contacts/{{contact}}/end",
            {"on": "2030-01-01"},
            {},
            EVERYBODY,
            ADMINISTRATORS,
            needs=Scope.ADMINISTER,
            once=True,
        ),
        Row("GET", f"{API}/me"),
        Row("GET", f"{API}/tokens"),
        Row("POST", f"{API}/tokens", {"scope": "act"}, done=201, needs=Scope.ACT),
        Row(
            "POST",
            f"{API}/tokens/{{token}}/revocation",
            None,
            {},
            ADMINISTRATORS | {"lan"},
            ADMINISTRATORS | {"lan"},
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/officers", None, {}, EVERYBODY, ADMINISTRATORS, needs=Scope.ADMINISTER),
        Row(
            "POST",
            f"{API}/officers",
            {"login": "lan", "role": "viewer", "unit": "pho-an"},
            {},
            EVERYBODY,
            ADMINISTRATORS,
            409,  # there is one of this login
            Scope.ADMINISTER,
        ),
        Row("GET", f"{API}/officers/lan", None, {}, EVERYBODY, ADMINISTRATORS, needs=Scope.ADMINISTER),
        Row(
            "POST",
            f"{API}/officers/lan/disable",
            None,
            CHANGED,
            EVERYBODY,
            ADMINISTRATORS,
            412,  # the tag is none of an officer's
            Scope.ADMINISTER,
        ),
        Row(
            "POST",
            f"{API}/officers/lan/roles",
            {"role": "viewer", "unit": "pho-an"},
            CHANGED,
            EVERYBODY,
            ADMINISTRATORS,
            412,
            Scope.ADMINISTER,
        ),
        Row(
            "POST",
            f"{API}/officers/lan/roles/revocation",
            {"role": "commune_officer", "unit": "pho-an"},
            CHANGED,
            EVERYBODY,
            ADMINISTRATORS,
            412,
            Scope.ADMINISTER,
        ),
        Row(
            "GET",
            f"{API}/officers/lan/email",
            sees=ADMINISTRATORS | {"lan"},
        ),
        Row(
            "POST",
            f"{API}/officers/lan/email",
            {"email": "lan@pho-an.example"},
            sees=ADMINISTRATORS | {"lan"},
            needs=Scope.ADMINISTER,
        ),
        Row(
            "POST",
            f"{API}/officers/lan/password",
            {"password": "thuyền gỗ năm bến chiều"},
            {},
            ADMINISTRATORS | {"lan"},
            ADMINISTRATORS | {"lan"},
            needs=Scope.ADMINISTER,
        ),
        Row("GET", f"{API}/reports/progress"),
        Row("GET", f"{API}/councils"),
        Row(
            "POST",
            f"{API}/councils",
            COUNCIL,
            gate=RUNNING,
            may=RUNNING,
            done=201,
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/councils/{{council}}", sees=TOWN),
        Row(
            "PUT",
            f"{API}/councils/{{council}}/rules",
            {"source": "Quy chế, Điều 6"},
            gate=RUNNING,
            may=RUNNING,
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{API}/councils/{{council}}/members",
            {"login": "thu", "duty": "member", "position": "Phòng Y tế", "since": "2024-05-02"},
            gate=RUNNING,
            may=RUNNING,
            done=409,  # she sits there
            needs=Scope.ACT,
        ),
        Row(
            "POST",
            f"{API}/councils/{{council}}/members/999/end",
            {"until": "2024-12-31"},
            gate=RUNNING,
            may=RUNNING,
            done=404,
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/sessions"),
        Row(
            "POST",
            f"{API}/sessions",
            {"council": 1, "name": "Phiên 2", "held_on": "2024-11-27"},
            gate=RUNNING,
            may=RUNNING,
            done=201,
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/sessions/{{session}}", sees=TOWN),
        Row("GET", f"{API}/sessions/{{session}}/results", sees=TOWN),
        Row("GET", f"{API}/sessions/{{session}}/attention", sees=TOWN, may=RUNNING | {"tam"}),
        Row("GET", f"{API}/sessions/{{session}}/documents", sees=TOWN, may=RUNNING | {"tam"}),
        Row("GET", f"{API}/sessions/{{session}}/documents/invitation", sees=TOWN, may=RUNNING | {"tam"}),
        Row(  # it was not issued
            "GET",
            f"{API}/sessions/{{session}}/documents/invitation/issued",
            sees=TOWN,
            may=RUNNING | {"tam"},
            done=404,
        ),
        Row(  # nor can it be taken back
            "POST",
            f"{API}/sessions/{{session}}/documents/invitation/issued/withdrawal",
            {"reason": "nhầm"},
            gate=RUNNING,
            may=RUNNING,
            done=404,
            needs=Scope.ACT,
        ),
        Row(  # nothing is said of its number
            "POST",
            f"{API}/sessions/{{session}}/documents/invitation/issued",
            {},
            gate=RUNNING,
            may=RUNNING,
            done=422,
            needs=Scope.ACT,
        ),
        *(
            Row(
                "POST",
                f"{API}/sessions/{{session}}/{path}",
                body,
                gate=RUNNING,
                may=RUNNING,
                done=done,
                needs=Scope.ACT,
            )
            for path, body, done in (
                ("products", {"codes": ["DP24-002"]}, 422),  # no council scores it yet
                ("dossiers", {}, 409),
                ("attendance", {"member": 999, "present": True}, 404),
                ("opening", None, 422),
                ("closing", None, 409),
                ("decision", DECIDED, 409),
                ("meeting", {"held_on": "2024-11-27", "reason": "khác ý"}, 409),
            )
        ),
        *(
            Row(
                method,
                f"{API}/sessions/{{session}}/products/{{code}}/{path}",
                body,
                gate=gate,
                sees=gate & TOWN,
                may=frozenset({"tam"}) if path == "chair-note" else gate,
                done=done,
                needs=Scope.READ if method == "GET" else Scope.ACT,
            )
            for method, path, body, gate, done in (  # it is not on the list, or no session is open
                ("GET", "sheet", None, EVERYBODY, 404),
                ("PATCH", "sheet", {"entries": {"parts.A": "38"}}, SCORING_ROLES, 404),
                ("POST", "sheet/signature", {"password": "thuyền gỗ"}, SCORING_ROLES, 404),
                ("GET", "result", None, EVERYBODY, 404),
                ("POST", "removal", {"reason": "xin rút"}, RUNNING, 404),
                ("POST", "conflicts", {"member": 999, "reason": "người thân"}, EVERYBODY, 404),
                ("POST", "closing", None, RUNNING, 409),
                ("POST", "rescoring", {"reason": "chênh"}, RUNNING, 409),
                ("POST", "chair-note", {"reason": "giữ điểm"}, EVERYBODY, 404),
                ("POST", "advice", {"advice": "đủ hồ sơ"}, RUNNING, 404),
                ("POST", "opinion", {"agrees": True}, SCORING_ROLES, 404),
                ("POST", "paper-sheets", PAPER, RUNNING, 409),
                ("POST", "confirmation", None, RUNNING, 409),
            )
        ),
        Row(
            "PUT",
            f"{PRODUCT}/set",
            {"number": 5},
            sees=OWN,
            may=frozenset({"lan", "minh"}),
            done=422,  # its regulation has no sheets at hand
            needs=Scope.ACT,
        ),
        Row("GET", f"{API}/audit", None, {}, EVERYBODY, ADMINISTRATORS, needs=Scope.ADMINISTER),
    )
}  # fmt: skip

#: what the rows name, as the router names it
PARAMETERS = {
    "/documents/decision": "/documents/{kind}",
    "&number=7/TB-PKT&issued_on=2024-04-20&signer=Trưởng phòng&name=a.pdf": "",
    f"?{EXPIRED}": "",
    "{undoable}": "{code}",
    "{letter}": "{number}",
    "{council}": "{number}",
    "{session}": "{number}",
    "/members/999/": "/members/{member}/",
    "{question}": "{number}",
    "{flag}": "{number}",
    "{contact}": "{number}",
    "{token}": "{prefix}",
    "/rubrics/16": "/rubrics/{number}",
    "/documents/invitation": "/documents/{kind}",
    "/certificate-lists?name=": "/certificate-lists",
    "/documents/notice": "/documents/{kind}",
    "/forms/mau-01": "/forms/{form}",
    "/revenues/2022": "/revenues/{year}",
    "/officers/lan": "/officers/{login}",
    SEED: "{plan}",
    "999": "{number}",
    "998": "{file}",
    "/pho-an/": "/{unit}/",
    "/training/": "/{activity}/",
}

#: asked by nobody with a bearer token: the monitor's, and the feed whose token stands in its address
WITHOUT_TOKEN = {("GET", "/healthz"), ("GET", "/metrics"), ("GET", f"{API}/calendar.ics")}


@pytest.fixture
def lived(seeded: Database, clock: FixedClock, cast: Cast, memory: Memory) -> dict[str, object]:
    """Let Phổ An have a flag and a letter, and give their numbers."""

    def live() -> None:
        act(seeded, clock, "DP24-004", "register")
        clock.move_to(date(2024, 5, 2))
        sweep(seeded, clock, SENDER)
        with seeded.write() as tx:
            new = NewCouncil("duc-pho", "Hội đồng", "9/QĐ-UBND", date(2024, 4, 23))
            found_council(tx, new, actor=HOST, today=clock.today(), now=clock.now())
            for login, duty in (("thu", CouncilDuty.SECRETARY), ("tam", CouncilDuty.CHAIR)):
                member = NewMember(login, duty, "Phòng Kinh tế", date(2024, 4, 23))
                seat_member(tx, 1, member, actor=HOST, now=clock.now())
            session = NewSession(1, "Phiên 1", date(2024, 11, 20))
            draft_session(tx, session, actor=HOST, now=clock.now())

    memory.lead(seeded, "a flag and a letter", live)  # the cast's tokens are the same in all of a process
    clock.move_to(date(2024, 5, 2))
    with seeded.read() as tx:
        letter = next(row.id for row in list_letters(tx, None, 100) if row.address.startswith("pho-an@"))
    ((flag,),) = rows(
        seeded,
        "SELECT d.id FROM deadlines d JOIN products p ON p.id = d.product_id"
        " WHERE p.code = 'DP24-002' AND d.closed_on IS NULL",
    )
    ((question,),) = rows(
        seeded,
        "SELECT MIN(q.id) FROM questions q JOIN products p ON p.id = q.product_id"
        " JOIN units u ON u.id = p.unit_id WHERE u.slug = 'pho-an'",
    )
    ((contact,),) = rows(
        seeded,
        "SELECT MIN(c.id) FROM contacts c JOIN desks k ON k.id = c.desk_id "
        "JOIN units u ON u.id = k.unit_id WHERE u.slug = 'pho-an'",
    )
    return {
        "code": "DP24-002",
        "undoable": "DP24-004",
        "letter": letter,
        "council": 1,
        "session": 1,
        "flag": flag,
        "question": question,
        "contact": contact,
        "token": cast.token("lan")[:12],
    }


def ask(client: TestClient, row: Row, numbers: dict[str, object], headers: dict[str, str]) -> Response:
    path = row.path.format(**numbers)
    return client.request(row.method, path, json=row.body, headers={**row.headers, **headers})


def test_every_route_has_its_row() -> None:
    document = api_document()
    routes = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    named = set()
    for method, path in TABLE:
        for given, parameter in PARAMETERS.items():
            path = path.replace(given, parameter)  # noqa: PLW2901 - step by step
        named.add((method, path))
    assert routes - WITHOUT_TOKEN == named


def test_nobody_may_more_than_the_table_says(
    client: TestClient, cast: Cast, lived: dict[str, object]
) -> None:
    """Whoever is refused changes nothing, so that all rows are asked of one database."""
    wrong = []
    for row in TABLE.values():
        for login in (login for login in OFFICERS if row.expected(login) != row.done):
            found = ask(client, row, lived, cast.as_(login))
            if found.status_code != row.expected(login):
                wrong.append((row.method, row.path, login, found.status_code, found.text))
    assert wrong == []


#: what can be asked again and again, and what changes something, so that each who may needs a fresh start
REPEATABLE = [
    row
    for row in TABLE.values()
    if row.may in (EVERYBODY, AUTHORITY | ADMINISTRATORS, ADMINISTRATORS) and not row.once
]
ONCE = [
    (row, login) for row in TABLE.values() if row not in REPEATABLE for login in sorted(row.may & row.sees)
]


def test_everybody_may_who_may(client: TestClient, cast: Cast, lived: dict[str, object]) -> None:
    for row in REPEATABLE:
        for login in row.may & row.sees:
            found = ask(client, row, lived, cast.as_(login))
            assert found.status_code == row.done, (row, login, found.text)


@pytest.mark.parametrize(
    ("row", "login"), ONCE, ids=[f"{login} {row.method} {row.path}" for row, login in ONCE]
)
def test_each_who_may_changes_it(
    client: TestClient, cast: Cast, lived: dict[str, object], row: Row, login: str
) -> None:
    found = ask(client, row, lived, cast.as_(login))
    assert found.status_code == row.done, found.text


def test_without_a_right_every_route_says_the_same(
    client: TestClient, cast: Cast, lived: dict[str, object]
) -> None:
    gone = {
        "nobody": {},
        "no token of ours": {"Authorization": "Bearer ocop_nothing"},
        "no bearer": {"Authorization": "Basic bGFuOmxhbg=="},
        "disabled": cast.as_("tam"),
        "revoked": cast.as_("thu"),
    }
    with cast.database.write() as tx:
        disable_officer(tx, HOST, "tam", now=cast.clock.now())
        revoke_token(tx, HOST, cast.tokens["thu"], now=cast.clock.now())
    for row in TABLE.values():
        for who, headers in gone.items():
            found = ask(client, row, lived, headers)
            assert found.status_code == 401, (who, row)
            assert found.headers["WWW-Authenticate"].startswith("Bearer"), (who, row)
    cast.clock.wait(timedelta(days=301))
    for row in TABLE.values():
        assert ask(client, row, lived, cast.as_("minh")).status_code == 401, row


WIDTH = [Scope.READ, Scope.ACT, Scope.ADMINISTER]


def test_each_route_asks_for_its_scope_and_for_no_more(
    client: TestClient, cast: Cast, lived: dict[str, object]
) -> None:
    """Asked by an officer who may do it, so that nothing but the token's scope stands in the way."""
    bearers: dict[tuple[str, Scope], dict[str, str]] = {}
    for row in TABLE.values():
        login = min(row.may & row.sees, default="minh")
        for scope in (Scope.FEED, *WIDTH):
            if (login, scope) not in bearers:
                unit = OFFICERS[login][1] if scope is Scope.FEED else None
                token = cast.token(login, scope, unit)
                bearers[login, scope] = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        for scope in (Scope.FEED, *WIDTH[: WIDTH.index(row.needs)]):
            found = ask(client, row, lived, bearers[login, scope])
            assert found.status_code == 403, (scope, row)
            # the route's own refusal, before any right is asked about
            assert found.json()["detail"] == f"This token's scope is {scope}; {row.needs} is needed.", row
        assert ask(client, row, lived, bearers[login, row.needs]).status_code != 403, row


def test_many_products_are_previewed_by_reading_and_moved_by_acting(client: TestClient, cast: Cast) -> None:
    reader = {"Authorization": f"Bearer {cast.token('lan', Scope.READ)}", "Accept-Language": "en"}
    path = f"{API}/products/events"
    seen = client.post(path, json=BULK, headers=reader).json()
    moved = client.post(path, json={**BULK, "dry_run": False, "token": seen["token"]}, headers=reader)
    assert (moved.status_code, moved.json()["detail"]) == (403, "This token's scope is read; act is needed.")


def test_anothers_product_is_as_if_it_did_not_exist(
    client: TestClient, cast: Cast, lived: dict[str, object]
) -> None:
    nothing = {
        "code": "DP24-999",
        "undoable": "DP24-999",
        "letter": 999_999,
        "flag": 999_999,
        "question": 999_999,
    }
    for row in TABLE.values():
        if row.sees != OWN:
            continue
        other = ask(client, row, lived, cast.as_("ha"))
        none = ask(client, row, nothing, cast.as_("ha"))
        assert other.status_code == none.status_code == 404, row
        assert plain(other, lived) == plain(none, nothing), row


def plain(found: Response, numbers: dict[str, object]) -> dict[str, Any]:
    """Return a problem without what the request itself has named."""
    told: dict[str, Any] = found.json()
    told.pop("request_id")
    for number in numbers.values():
        told["detail"] = re.sub(rf"\b{re.escape(str(number))}\b", "…", told["detail"])
    return told


def test_lists_hold_what_one_may_see_and_no_more(client: TestClient, cast: Cast, lived: object) -> None:
    assert lived
    for path in ("products", "deadlines", "overdue", "reminders", "letters"):
        seen = {
            login: [
                (row.get("unit"), row.get("code"))
                for row in client.get(f"{API}/{path}?limit=200", headers=cast.as_(login)).json()["items"]
            ]
            for login in ("lan", "ha", "minh")
        }
        assert {unit for unit, _ in seen["lan"]} == {"Xã Phổ An"}, path
        assert {unit for unit, _ in seen["ha"]} == {"Phường Nguyễn Nghiêm"}, path
        assert len({unit for unit, _ in seen["minh"]}) > 6, path
    counted = {
        login: client.get(f"{API}/reports/progress", headers=cast.as_(login)).json() for login in OFFICERS
    }
    assert (counted["lan"]["products"], counted["ha"]["products"], counted["chu"]["products"]) == (5, 4, 14)


def test_the_audit_shows_each_administrator_its_own_units(
    client: TestClient, cast: Cast, lived: object
) -> None:
    assert lived
    client.post(f"{API}/products", json=NEW, headers=cast.as_("lan"))

    def seen(login: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.get(f"{API}/audit?limit=200", headers=cast.as_(login)).json()[
            "items"
        ]
        return found

    everything, own = seen("chu"), seen("quan")
    assert [entry["seq"] for entry in everything] == list(range(len(everything), 0, -1))
    told = {(entry["action"], entry["subject"], entry["actor"]) for entry in own}
    # done by an officer of the town's, and by the host to what is the town's
    assert ("product.create", "product:DP24-015", "lan") in told
    assert ("officer.add", "officer:lan", "ocop") in told
    assert any(action == "token.create" for action, *_ in told)
    # not what concerns the province alone
    assert not {subject for _, subject, _ in told} & {"officer:chu", "officer:tinh"}
    assert ("officer.add", "officer:chu", "ocop") in {
        (entry["action"], entry["subject"], entry["actor"]) for entry in everything
    }


def test_a_refusal_of_an_officer_stands_where_the_officer_works(client: TestClient, cast: Cast) -> None:
    assert client.get(f"{API}/audit", headers=cast.as_("lan")).status_code == 403
    assert client.get(f"{API}/audit", headers=cast.as_("tinh")).status_code == 403
    seen = client.get(f"{API}/audit?action=refused.not_permitted", headers=cast.as_("quan")).json()["items"]
    assert [(entry["actor"], entry["subject"]) for entry in seen] == [("lan", f"GET {API}/audit")]


def test_the_audit_is_asked_by_actor_by_action_and_by_day(
    client: TestClient, cast: Cast, lived: object
) -> None:
    assert lived
    client.post(f"{API}/products", json=NEW, headers=cast.as_("lan"))

    def seen(query: str) -> list[dict[str, Any]]:
        found = client.get(f"{API}/audit?limit=200&{query}", headers=cast.as_("chu"))
        assert found.status_code == 200, found.text
        items: list[dict[str, Any]] = found.json()["items"]
        return items

    assert {entry["actor"] for entry in seen("actor=lan")} == {"lan"}
    assert {entry["action"] for entry in seen("action=officer.")} == {"officer.add"}
    assert {entry["action"] for entry in seen("action=product.create")} == {"product.create"}
    assert seen("action=officer") == []
    days = [seen(f"on=2024-{day}") for day in ("04-22", "04-23", "05-02")]
    assert days[0] == []
    assert days[1]
    assert days[2]
    # 23 April began at five in the afternoon of the 22nd in UTC
    assert min(entry["at"] for entry in days[1]) >= "2024-04-22T17:00:00Z"
    assert len(days[1]) + len(days[2]) == len(seen(""))
    assert client.get(f"{API}/audit?on=2024-02-30", headers=cast.as_("chu")).status_code == 422
