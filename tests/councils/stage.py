"""A council on stage: nine who score, a secretary, an adviser; the town's under QĐ 148, or another's.

Their logins say what they are: `chair`, `vice`, `m1` to `m7`, `secretary`, `clerk` of the agency, `adviser`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import Actor, Role
from ocop_workflow.councils.attendance import declare_conflict, note_attendance
from ocop_workflow.councils.council_queries import members_of
from ocop_workflow.councils.desk import show_result, show_session
from ocop_workflow.councils.founding import NewCouncil, NewMember, found_council, seat_member
from ocop_workflow.councils.listing import ListEntry, put_on_list, take_out
from ocop_workflow.councils.scoring.filling import my_sheet, save_entries, sign_sheet
from ocop_workflow.councils.scoring.results import close_scoring, note_spread, score_again
from ocop_workflow.councils.sittings import (
    NewSession,
    close_session,
    draft_session,
    open_session,
    send_dossiers,
)
from ocop_workflow.people.officers import actor_on_host, add_officer
from ocop_workflow.people.sign_in.coming_in import Knock
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.people.sign_in.proving import SigningProof
from ocop_workflow.products.evaluation.confirming import confirm_result
from ocop_workflow.regulations.councils.words import CouncilDuty, SessionMode
from ocop_workflow.regulations.rubrics import CouncilRules, load_rubric
from ocop_workflow.regulations.rubrics.rubric import CriterionKind
from tests.factories import SENDER, act
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from ocop_workflow.councils.scoring.views import MySheetView, SessionResultView
    from ocop_workflow.councils.session_views import CouncilSessionView
    from ocop_workflow.products.advance import Advanced
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

MEMBERS = ("chair", "vice", *(f"m{number}" for number in range(1, 8)))
PASSWORD = "ba con vịt bơi qua sông"  # noqa: S105 - of nobody
#: the session of the town's council
DAY = date(2024, 11, 20)
TOWN = "duc-pho"
#: rules as a council may have them
RULES = CouncilRules(source="Quy chế Hội đồng, QĐ 9/QĐ-UBND, Điều 5", quorum="3/4")
_DUTIES = {
    "chair": CouncilDuty.CHAIR,
    "vice": CouncilDuty.VICE_CHAIR,
    "secretary": CouncilDuty.SECRETARY,
    "adviser": CouncilDuty.ADVISER,
}


def appoint_council(database: Database, clock: FixedClock, unit: str = TOWN) -> None:
    """Give the council's people accounts, passwords and roles."""
    with database.write() as tx:
        for login in (*MEMBERS, "adviser"):
            add_officer(tx, HOST, login, login.title(), Role.COUNCIL_MEMBER, unit, now=clock.now())
            set_password(tx, HOST, login, PASSWORD, now=clock.now())
        for login in ("secretary", "clerk"):
            add_officer(tx, HOST, login, login.title(), Role.COUNCIL_SECRETARY, unit, now=clock.now())


def seat_council(database: Database, clock: FixedClock, unit: str = TOWN, rules: CouncilRules = RULES) -> int:
    """Found the council and seat its members. Returns its number."""
    since = clock.today()
    with database.write() as tx:
        new = NewCouncil(unit, "Hội đồng đánh giá, phân hạng sản phẩm OCOP", "9/QĐ-UBND", since, rules)
        number = found_council(tx, new, actor=HOST, today=clock.today(), now=clock.now())
        for login in (*MEMBERS, "secretary", "adviser"):
            duty = _DUTIES.get(login, CouncilDuty.MEMBER)
            member = NewMember(login, duty, f"cơ quan của {login}", since)
            seat_member(tx, number, member, actor=HOST, now=clock.now())
    return number


def evaluated(database: Database, clock: FixedClock, *codes: str) -> None:
    """Bring products so far that the council can score them."""
    for code in codes:
        for event in ("register", "select", "start_consulting", "commune_evaluate"):
            act(database, clock, code, event)


def choices(set_number: int, total: int = 200) -> dict[str, object]:
    """Return a sheet of a set by place that comes to `total`, or as near below as its options let."""
    said: dict[str, object] = {}
    left = total
    for item in load_rubric(set_number).criteria:
        ways: list[tuple[int, object]] = [(0, None)]
        if item.kind is CriterionKind.YES_NO:
            ways.append((item.yes_points or 0, True))
        ways += [(option.points, number) for number, option in enumerate(item.options, 1)]
        for branch in item.branches:
            ways += [
                (option.points, {"branch": branch.id, "option": number})
                for number, option in enumerate(branch.options, 1)
            ]
        points, chosen = max((way for way in ways if way[0] <= left), key=lambda way: way[0])
        said[f"choices.{item.id}"] = chosen
        left -= points
    return said


def parts(total: str) -> dict[str, object]:
    """Return a sheet by parts that comes to a total of at most 75, or more."""
    whole, _, rest = total.partition(".")
    points, said = int(whole), {}
    for name, most in (("A", 40), ("B", 25), ("C", 35)):
        here = min(points, most - (1 if rest else 0)) if name == "A" else min(points, most)
        points -= here
        said[f"parts.{name}"] = f"{here}.{rest}" if rest and name == "A" else str(here)
    assert points == 0
    return dict(said)


@dataclass
class Stage:
    """A session under way, and what its people do in it."""

    database: Database
    clock: FixedClock
    council: int
    number: int

    def actor(self, login: str) -> Actor:
        with self.database.read() as tx:
            return actor_on_host(tx, login, "host:test")

    def member(self, login: str) -> int:
        with self.database.read() as tx:
            return next(item.id for item in members_of(tx, self.council) if item.login == login)

    def proof(self, password: str = PASSWORD) -> SigningProof:
        return SigningProof(password, "", Knock("127.0.0.1", "test", self.clock.now(), self.clock.now()))

    def send(self, on: date) -> None:
        with self.database.write() as tx:
            actor, clock = self.actor("secretary"), self.clock
            send_dossiers(tx, self.number, on, actor=actor, today=clock.today(), now=clock.now())

    def list(self, *codes: str, product_set: int | None = None, by: str = "secretary") -> None:
        with self.database.write() as tx:
            listed = [ListEntry(code, product_set) for code in codes]
            put_on_list(tx, self.number, listed, actor=self.actor(by), now=self.clock.now())

    def call_over(self, *absent: str) -> None:
        """Note who is there: everybody but these."""
        with self.database.write() as tx:
            for login in MEMBERS:
                note_attendance(
                    tx,
                    self.number,
                    self.member(login),
                    is_present=login not in absent,
                    actor=self.actor("secretary"),
                    now=self.clock.now(),
                )

    def open(self) -> None:
        with self.database.write() as tx:
            open_session(
                tx,
                self.number,
                actor=self.actor("secretary"),
                today=self.clock.today(),
                now=self.clock.now(),
            )

    def conflict(self, login: str, code: str, by: str = "") -> None:
        with self.database.write() as tx:
            declare_conflict(
                tx,
                self.number,
                code,
                self.member(login),
                "chủ thể là người thân",
                actor=self.actor(by or login),
                now=self.clock.now(),
            )

    def save(self, login: str, code: str, said: dict[str, object]) -> None:
        with self.database.write() as tx:
            save_entries(tx, self.number, code, said, actor=self.actor(login), now=self.clock.now())

    def sheet(self, login: str, code: str) -> MySheetView:
        with self.database.read() as tx:
            return my_sheet(tx, self.number, code, actor=self.actor(login))

    def sign(self, login: str, code: str, password: str = PASSWORD) -> str:
        return sign_sheet(
            self.database,
            self.number,
            code,
            self.proof(password),
            actor=self.actor(login),
            now=self.clock.now(),
        )

    def score(self, login: str, code: str, said: dict[str, object]) -> None:
        self.save(login, code, said)
        self.sign(login, code)

    def close(self, code: str, by: str = "secretary") -> None:
        with self.database.write() as tx:
            close_scoring(tx, self.number, code, actor=self.actor(by), now=self.clock.now())

    def again(self, code: str) -> None:
        with self.database.write() as tx:
            score_again(
                tx,
                self.number,
                code,
                "chênh lệch lớn, đã thảo luận",
                actor=self.actor("secretary"),
                now=self.clock.now(),
            )

    def chair_says(self, code: str, note: str, by: str = "chair") -> None:
        with self.database.write() as tx:
            note_spread(tx, self.number, code, note, actor=self.actor(by), now=self.clock.now())

    def confirm(self, code: str, by: str = "secretary") -> Advanced:
        with self.database.write() as tx:
            return confirm_result(
                tx,
                self.number,
                code,
                actor=self.actor(by),
                sender=SENDER,
                today=self.clock.today(),
                now=self.clock.now(),
            )

    def out(self, code: str, reason: str = "chủ thể xin rút") -> None:
        with self.database.write() as tx:
            take_out(tx, self.number, code, reason, actor=self.actor("secretary"), now=self.clock.now())

    def end(self) -> None:
        with self.database.write() as tx:
            close_session(tx, self.number, actor=self.actor("secretary"), now=self.clock.now())

    def view(self, by: str = "secretary") -> CouncilSessionView:
        with self.database.read() as tx:
            return show_session(tx, self.number, self.actor(by))

    def result(self, code: str, by: str = "secretary") -> SessionResultView:
        with self.database.read() as tx:
            return show_result(tx, self.number, code, self.actor(by))


def prepare(
    database: Database,
    clock: FixedClock,
    *codes: str,
    mode: SessionMode = SessionMode.MEETING,
    rules: CouncilRules = RULES,
) -> Stage:
    """Prepare the town's session of 20/11/2024 with these products; the clock stands on its morning."""
    appoint_council(database, clock)
    council = seat_council(database, clock, rules=rules)
    clock.move_to(date(2024, 10, 1))
    evaluated(database, clock, *codes)
    clock.move_to(DAY - timedelta(days=2))
    with database.write() as tx:
        new = NewSession(council, "Phiên 1 năm 2024", DAY, mode, "Hội trường UBND thị xã")
        number = draft_session(tx, new, actor=actor_on_host(tx, "secretary", "test"), now=clock.now())
    stage = Stage(database, clock, council, number)
    stage.list(*codes)
    stage.send(clock.today())
    clock.move_to(DAY)
    return stage


def opened(database: Database, clock: FixedClock, *codes: str) -> Stage:
    """The same, opened, with everybody there."""
    stage = prepare(database, clock, *codes)
    stage.call_over()
    stage.open()
    return stage
