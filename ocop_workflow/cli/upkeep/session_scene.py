"""The scene `session`: a made-up province on 18/11/2026, whose council sits; everything in it is invented.

It is lived by the use cases: the communes file, the council is founded, meets and scores. One product waits
for a single sheet, one for its result to be confirmed, one for a discussion, the others for the evening.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.access import Role, operator
from ocop_workflow.cli.upkeep.demonstration import ACTOR, Hired, Post, Scene, hire, load_list
from ocop_workflow.councils.attendance import declare_conflict, note_attendance
from ocop_workflow.councils.desk import show_council
from ocop_workflow.councils.founding import NewCouncil, NewMember, found_council, seat_member
from ocop_workflow.councils.listing import ListEntry, put_on_list
from ocop_workflow.councils.scoring.filling import save_entries, sign_sheet
from ocop_workflow.councils.scoring.results import close_scoring, note_advice
from ocop_workflow.councils.sittings import NewSession, draft_session, open_session, send_dossiers
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.people.sign_in.coming_in import Knock
from ocop_workflow.people.sign_in.proving import SigningProof
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.evaluation.filing import choose_set
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics import CouncilRules, load_rubric
from ocop_workflow.regulations.rubrics.rubric import CriterionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.bootstrap import Application

PLAN: Final = "example-2026"
DAY: Final = date(2026, 11, 18)
#: product → the set by whose sheet it is scored, its group
PRODUCTS: Final = {
    "VD26-001": (4, "food"),
    "VD26-002": (9, "food"),
    "VD26-003": (11, "food"),
    "VD26-004": (3, "food"),
    "VD26-005": (6, "food"),
    "VD26-006": (7, "food"),
}
_MEMBERS: Final = ("hung", "mai", "son", "yen", "phuc", "loan", "binh")
_POSTS: Final = (
    Post("quan", "Quản trị hệ thống", Role.ADMINISTRATOR, "vi-du"),
    Post("minh", "Minh, Chi cục Phát triển nông thôn", Role.AUTHORITY_OFFICER, "vi-du"),
    Post("thu", "Thu, Thư ký Hội đồng", Role.COUNCIL_SECRETARY, "vi-du"),
    Post("dung", "Dung, Văn phòng điều phối", Role.COUNCIL_SECRETARY, "vi-du"),
    Post("hung", "Hùng, Phó Chủ tịch UBND tỉnh", Role.COUNCIL_MEMBER, "vi-du"),
    Post("mai", "Mai, Sở Nông nghiệp và Môi trường", Role.COUNCIL_MEMBER, "vi-du"),
    Post("son", "Sơn, Sở Công Thương", Role.COUNCIL_MEMBER, "vi-du"),
    Post("yen", "Yến, Sở Y tế", Role.COUNCIL_MEMBER, "vi-du"),
    Post("phuc", "Phúc, Sở Khoa học và Công nghệ", Role.COUNCIL_MEMBER, "vi-du"),
    Post("loan", "Loan, Sở Văn hóa", Role.COUNCIL_MEMBER, "vi-du"),
    Post("binh", "Bình, chuyên gia", Role.COUNCIL_MEMBER, "vi-du"),
    Post("lan", "Lan, UBND xã An Bình", Role.COMMUNE_OFFICER, "an-binh"),
    Post("tam", "Tâm, thanh tra", Role.VIEWER, "vi-du"),
)
_RULES: Final = CouncilRules(source="Quy chế Hội đồng (ví dụ, không có thật), Điều 5", quorum="3/4")
_HOST: Final = operator("host", ACTOR)


def _at(app: Application, day: date, hour: int = 8) -> datetime:
    """Return an hour of a local day."""
    return datetime.combine(day, time(hour), app.settings.zone)


def live(app: Application) -> Sequence[Hired]:
    """Live the scene up to the morning of its day."""
    load_list(app, PLAN, "vi-du-2026.csv", date(2026, 6, 1), _at(app, date(2026, 6, 1)))
    _file(app)
    hired = hire(app, _POSTS)
    number = _prepare(app)
    _sit(app, number, {one.login: one.password for one in hired})
    return hired


def _file(app: Application) -> None:
    """Let the communes file their dossiers, on days that lie back."""
    steps: tuple[tuple[str, date, dict[str, Any]], ...] = (
        ("register", date(2026, 6, 4), {"received_on": "2026-06-04"}),
        ("select", date(2026, 6, 8), {}),
        ("start_consulting", date(2026, 6, 15), {"consultant": "Trung tâm Khuyến nông (ví dụ)"}),
        (
            "commune_evaluate",
            date(2026, 9, 15),
            {
                "report_number": "12/BC-UBND",
                "report_date": "2026-09-15",
                "contents": {
                    "material": "nguyên liệu trong xã",
                    "labour": "hơn một nửa lao động trong xã",
                    "idea": "của chủ thể",
                    "identity": "nghề của xã",
                },
            },
        ),
    )
    for code, (product_set, group) in PRODUCTS.items():
        for event, day, data in steps:
            given = {**data, "group": group} if event == "register" else data
            with app.database.write() as tx:
                order = Order(code, event, _HOST, given, day)
                advance(tx, order, sender=app.sender, today=day, now=_at(app, day))
        with app.database.write() as tx:
            filed = _at(app, date(2026, 9, 10))
            choose_set(tx, code, product_set, actor=_HOST, today=date(2026, 9, 10), now=filed)
            for paper in (
                NewPaper("registration", number=f"{code}/PĐK", issued_on=date(2026, 6, 4)),
                NewPaper(
                    "other",
                    name="Phiếu kiểm nghiệm (ví dụ)",
                    number="45/KN",
                    issued_on=date(2026, 8, 20),
                    criteria=("6.1", "3.5"),
                ),
            ):
                add_paper(tx, code, paper, actor=_HOST, today=date(2026, 9, 10), now=filed)


def _prepare(app: Application) -> int:
    """Found the council and prepare its session. Returns the session's number."""
    day = date(2026, 11, 2)
    with app.database.write() as tx:
        new = NewCouncil(
            "vi-du",
            "Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh Ví Dụ",
            "643/QĐ-UBND",
            day,
            _RULES,
        )
        council = found_council(tx, new, actor=_HOST, today=day, now=_at(app, day))
        names = {post.login: post.name.partition(", ")[2] for post in _POSTS}
        for login in (*_MEMBERS, "thu"):
            duty = {
                "hung": CouncilDuty.CHAIR,
                "mai": CouncilDuty.VICE_CHAIR,
                "thu": CouncilDuty.SECRETARY,
            }.get(login, CouncilDuty.MEMBER)
            member = NewMember(login, duty, names[login], day)
            seat_member(tx, council, member, actor=_HOST, now=_at(app, day))
        session = NewSession(council, "Phiên 2 năm 2026", DAY, place="Hội trường UBND tỉnh (ví dụ)")
        number = draft_session(tx, session, actor=_HOST, now=_at(app, day))
        put_on_list(tx, number, [ListEntry(code) for code in PRODUCTS], actor=_HOST, now=_at(app, day))
        sent = date(2026, 11, 12)
        send_dossiers(tx, number, sent, actor=_HOST, today=sent, now=_at(app, sent))
    return number


def _sit(app: Application, number: int, passwords: dict[str, str]) -> None:
    """Open the session and let its members score, but for what is left for the evening."""
    now = app.clock.now()
    with app.database.write() as tx:
        secretary = actor_on_host(tx, "thu", "host")
        members = {item.login: item.id for item in show_council(tx, 1, secretary).members}
        for login in _MEMBERS:
            note_attendance(tx, number, members[login], is_present=True, actor=secretary, now=now)
        open_session(tx, number, actor=secretary, today=DAY, now=now)
        note_advice(
            tx, number, "VD26-001", "Hồ sơ đủ; nên xem kỹ nhãn và truy xuất.", actor=secretary, now=now
        )
        loan = actor_on_host(tx, "loan", "host")
        declare_conflict(
            tx, number, "VD26-002", members["loan"], "chủ thể là người thân", actor=loan, now=now
        )
    #: code → by how many points each member stays below the best
    plans = {"VD26-001": (12, 14, 11, 13, 15, 12), "VD26-002": (25, 27, 24, 26, 28, None, 25)}
    plans |= {"VD26-003": (20, 45, 21, 23, 22, 20, 21), "VD26-004": (8, 9)}
    for code, below in plans.items():
        for login, points in zip(_MEMBERS, below, strict=False):
            if points is not None:
                _score(app, number, code, login, points, passwords[login])
    with app.database.write() as tx:
        for code in ("VD26-002", "VD26-003"):
            close_scoring(tx, number, code, actor=secretary, now=now)


def _score(app: Application, number: int, code: str, login: str, below: int, password: str) -> None:
    """Let a member fill in and sign a sheet that stays below the best by so many points, or a few more."""
    now = app.clock.now()
    with app.database.write() as tx:
        actor = actor_on_host(tx, login, "host")
        save_entries(tx, number, code, sheet_below(PRODUCTS[code][0], below), actor=actor, now=now)
    proof = SigningProof(password, "", Knock("host", "ocop demo", now, app.clock.elsewhere()))
    sign_sheet(app.database, number, code, proof, actor=actor, now=now)


def sheet_below(product_set: int, below: int) -> dict[str, object]:
    """Return a sheet of a set by place that stays below its best by so many points, or the least more."""
    said: dict[str, object] = {}
    for item in load_rubric(product_set).criteria:
        if item.kind is CriterionKind.YES_NO:
            said[f"choices.{item.id}"] = True
            continue
        branch = item.branches[0] if item.branches else None
        options = branch.options if branch else item.options
        ways = sorted(((option.points, place) for place, option in enumerate(options, 1)), reverse=True)
        best = ways[0][0]
        points, place = next(((p, n) for p, n in ways if 0 < best - p <= below), ways[0])
        below -= best - points
        said[f"choices.{item.id}"] = {"branch": branch.id, "option": place} if branch else place
    return said


SESSION = Scene("session", PLAN, "Phiên họp của một tỉnh ví dụ, không có thật", DAY, _POSTS, live)
