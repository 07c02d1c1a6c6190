"""An evening of scoring whose server is killed, or whose disk is full: what was acknowledged is there."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Scope
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.upkeep.examination import examine
from tests.councils.stage import MEMBERS, PASSWORD, opened, parts
from tests.factories import rows
from tests.stories.cast import HOST
from tests.web.running import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.councils.stage import Stage
    from tests.fakes import FixedClock
    from tests.web.running import Service

pytestmark = pytest.mark.ordeal

CODES = ("DP24-002", "DP24-005")
#: lives of the server in one evening, and the seconds of the longest
LIVES, LONGEST = 6, 1.2


class Member:
    """Somebody who scores one criterion after the other, and notes what was acknowledged.

    Attributes:
        kept: by product and place, the value that the service has last said it keeps.
        sent: by product and place, the value of the request that nobody has answered, if there is one.
        signed: by product, the checksum that the service has answered with.
    """

    def __init__(self, login: str, token: str, chance: random.Random) -> None:
        self.login = login
        self.kept: dict[tuple[str, str], str] = {}
        self.sent: dict[tuple[str, str], str] = {}
        self.signed: dict[str, str] = {}
        self._headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        self._total = {code: str(chance.randint(60, 69)) for code in CODES}

    def score(self, service: Service, number: int) -> None:
        """Go on with what is left, until the server is gone or everything is signed."""
        try:
            for code in CODES:
                if code not in self.signed:
                    self._fill_in(service, f"/api/v1/sessions/{number}/products/{code}/sheet", code)
        except (OSError, http.client.HTTPException):
            return  # it died meanwhile

    def _fill_in(self, service: Service, path: str, code: str) -> None:
        for place, value in parts(self._total[code]).items():
            if (code, place) not in self.kept:
                self.sent[code, place] = str(value)
                body = json.dumps({"entries": {place: value}}).encode()
                found = service.ask(path, "PATCH", body, **self._headers)
                self._go_on_if_there_is_room(found.status)
                assert found.status == 200 or self._is_signed(found.status), found.body
                self.kept[code, place] = self.sent.pop((code, place))
        body = json.dumps({"password": PASSWORD}).encode()
        found = service.ask(f"{path}/signature", "POST", body, **self._headers)
        self._go_on_if_there_is_room(found.status)
        assert found.status == 200 or self._is_signed(found.status), found.body
        self.signed[code] = found.json["sha256"] if found.status == 200 else ""

    @staticmethod
    def _go_on_if_there_is_room(status: int) -> None:
        """Stop, as before a server that is gone, where the service cannot write."""
        if status == 503:
            raise ConnectionError("the disk is full")

    @staticmethod
    def _is_signed(status: int) -> bool:
        """Tell whether the answer was lost that the sheet is signed."""
        return status == 409


def test_every_choice_and_signature_that_was_acknowledged_is_there(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    chance = random.Random(20)
    stage = opened(seeded, clock, *CODES)
    members = [Member(login, _token(seeded, clock, login), chance) for login in MEMBERS]
    seeded.close()
    for life in range(LIVES):
        last = life == LIVES - 1
        now = (clock.now() + timedelta(minutes=life)).isoformat()
        with serving(seeded, tmp_path, "--no-scheduler", OCOP_NOW=now) as service:
            evening = [
                threading.Thread(target=member.score, args=(service, stage.number)) for member in members
            ]
            for thread in evening:
                thread.start()
            if not last:
                time.sleep(chance.uniform(0, LONGEST))
                service.process.send_signal(signal.SIGKILL)
            for thread in evening:
                thread.join(timeout=60)
        for member in members:
            _is_there(stage, member)
        assert [item.text.en for item in examine(seeded, clock).findings if item.invariant > 37] == []
        seeded.close()
    assert [sorted(member.signed) for member in members] == [sorted(CODES)] * len(MEMBERS)
    for code in CODES:
        stage.close(code)
        assert len(stage.result(code).sheets) == len(MEMBERS)
        stage.confirm(code)
    stage.end()
    assert [item.text.en for item in examine(seeded, clock).findings if item.invariant > 37] == []


def test_a_disk_that_is_full_for_a_while_takes_at_most_the_last_click(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    if not seeded.is_sqlite:
        pytest.skip("the disk of PostgreSQL is its own server's")
    if shutil.which("strace") is None:
        pytest.skip("strace is not here")
    chance = random.Random(20)
    stage = opened(seeded, clock, *CODES)
    members = [Member(login, _token(seeded, clock, login), chance) for login in MEMBERS]
    seeded.close()
    refused = 0
    with serving(seeded, tmp_path, "--no-scheduler", OCOP_NOW=clock.now().isoformat()) as service:
        for life in range(LIVES):
            evening = [
                threading.Thread(target=member.score, args=(service, stage.number)) for member in members
            ]
            for thread in evening:
                thread.start()
            if life < LIVES - 1:
                time.sleep(chance.uniform(0, LONGEST / 4))
                with _disk_full(service.process.pid):
                    for thread in evening:
                        thread.join(timeout=60)
                    found = service.ask("/healthz")
                    assert found.status in {200, 503}
            for thread in evening:
                thread.join(timeout=60)
            refused += sum(bool(member.sent) for member in members)
            for member in members:
                _is_there(stage, member)
            seeded.close()
        assert "Traceback" not in service.log.read_text()
    assert refused > 0
    assert [sorted(member.signed) for member in members] == [sorted(CODES)] * len(MEMBERS)
    assert [item.text.en for item in examine(seeded, clock).findings if item.invariant > 37] == []


@contextmanager
def _disk_full(process: int) -> Iterator[None]:
    """Let no page be written by a process: each of its writes to a file at a place fails for want of room."""
    words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64"]
    tracer = subprocess.Popen(
        [*words, "-e", "inject=pwrite64:error=ENOSPC", "-p", str(process)], stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait(timeout=30)


def _token(database: Database, clock: FixedClock, login: str) -> str:
    with database.write() as tx:
        return create_token(tx, HOST, TokenOrder(login, Scope.ACT, 30), now=clock.now())


def _is_there(stage: Stage, member: Member) -> None:
    """Compare what a member was told with what is kept: at most the last click is on its way."""
    for code in CODES:
        sheet = stage.sheet(member.login, code)
        told = {place: value for (of, place), value in member.kept.items() if of == code}
        waiting = {place: value for (of, place), value in member.sent.items() if of == code}
        assert told.items() <= sheet.entries.items()
        assert sheet.entries.items() <= {**waiting, **told}.items()
        if member.signed.get(code):
            assert sheet.is_signed
            assert (member.signed[code],) in rows(
                stage.database,
                "SELECT sha256 FROM score_sheets WHERE member_id = :member",
                member=stage.member(member.login),
            )
