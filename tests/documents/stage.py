"""The demonstration's session, lived to its end: scored, closed, decided; and its documents, drafted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.cli.upkeep import session_scene
from ocop_workflow.cli.upkeep.session_scene import PRODUCTS, sheet_below
from ocop_workflow.councils.scoring.filling import save_entries, sign_sheet
from ocop_workflow.councils.scoring.results import close_scoring, score_again
from ocop_workflow.councils.sittings import close_session
from ocop_workflow.documents.drafting import (
    DocumentOrder,
    draft_document,
    list_documents,
)
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.people.sign_in.coming_in import Knock
from ocop_workflow.people.sign_in.proving import SigningProof
from ocop_workflow.products.evaluation.confirming import confirm_result
from ocop_workflow.products.evaluation.deciding import SessionDecision, decide_session
from ocop_workflow.regulations.councils.documents import SessionDocument
from tests.factories import SENDER
from tests.fakes import VIETNAM
from tests.web.cast import application_on

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedFile
    from ocop_workflow.documents.views import SessionDocumentsView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date(2026, 11, 18)
HONEY, SAUCE, TEA, RICE, PAPER, BANANA = PRODUCTS
MEMBERS = ("hung", "mai", "son", "yen", "phuc", "loan", "binh")
#: what is left for the evening: who stays how far below the best
LEFT = {
    HONEY: {"binh": 10},
    TEA: dict(zip(MEMBERS, (20, 25, 21, 23, 22, 20, 21), strict=True)),
    RICE: dict(zip(MEMBERS[2:], (4, 5, 3, 4, 6), strict=True)),
    PAPER: dict(zip(MEMBERS, (60, 58, 62, 61, 60, 59, 60), strict=True)),
    BANANA: dict(zip(MEMBERS, (2, 1, 3, 2, 2, 1, 2), strict=True)),
}
AROUND = Surroundings(VIETNAM, "https://ocop.vi-du.example")


@dataclass
class Evening:
    """The session, and what its secretary does in it."""

    database: Database
    clock: FixedClock
    passwords: dict[str, str]

    def actor(self, login: str) -> Actor:
        with self.database.read() as tx:
            return actor_on_host(tx, login, "host:test")

    def score(self, code: str, login: str, below: int) -> None:
        now, actor = self.clock.now(), self.actor(login)
        with self.database.write() as tx:
            said = sheet_below(PRODUCTS[code][0], below)
            save_entries(tx, 1, code, said, actor=actor, now=now)
        proof = SigningProof(self.passwords[login], "", Knock("host", "test", now, now))
        sign_sheet(self.database, 1, code, proof, actor=actor, now=now)

    def close(self, code: str) -> None:
        with self.database.write() as tx:
            close_scoring(tx, 1, code, actor=self.actor("thu"), now=self.clock.now())

    def documents(self, by: str = "thu", around: Surroundings = AROUND) -> SessionDocumentsView:
        with self.database.read() as tx:
            return list_documents(tx, 1, self.actor(by), around)

    def draft(
        self,
        kind: str,
        *,
        commune: str | None = None,
        product: str | None = None,
        by: str = "thu",
        around: Surroundings = AROUND,
    ) -> DraftedFile:
        order = DocumentOrder(SessionDocument(kind), commune, product)
        with self.database.read() as tx:
            return draft_document(tx, 1, order, self.actor(by), around).written()


def live(database: Database, clock: FixedClock) -> dict[str, str]:
    """Live the scene up to the morning of its day. Returns the passwords of its people."""
    return {one.login: one.password for one in session_scene.live(application_on(database, clock))}


def score_the_rest(evening: Evening) -> None:
    """Let the members score what is left, one product a second time; confirm all, close the session."""
    evening.clock.move_to(DAY, 15)
    with evening.database.write() as tx:
        secretary = evening.actor("thu")
        score_again(tx, 1, TEA, "điểm chênh 18, đã thảo luận", actor=secretary, now=evening.clock.now())
    for code, members in LEFT.items():
        for login, below in members.items():
            evening.score(code, login, below)
        evening.close(code)
    with evening.database.write() as tx:
        for code in PRODUCTS:
            confirm_result(tx, 1, code, actor=secretary, sender=SENDER, today=DAY, now=evening.clock.now())
    evening.clock.move_to(DAY, 17)
    with evening.database.write() as tx:
        close_session(tx, 1, actor=secretary, now=evening.clock.now())


def settle(evening: Evening) -> None:
    """Record the decision."""
    given = SessionDecision("2735/QĐ-UBND", date(2026, 11, 25), "Chủ tịch UBND tỉnh", date(2026, 11, 27))
    with evening.database.write() as tx:
        decide_session(
            tx,
            1,
            given,
            actor=evening.actor("thu"),
            sender=SENDER,
            today=evening.clock.today(),
            now=evening.clock.now(),
        )
