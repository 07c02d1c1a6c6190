"""A session being scored by nine members at once: each choice a request of its own, each sheet signed."""

from __future__ import annotations

import http.client
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from benchmarks import council
from benchmarks.council import MEMBERS
from benchmarks.data import NOW, SPIKE
from benchmarks.http import OURS, server
from benchmarks.load import drive_apart, request
from benchmarks.measuring import Row, Run, in_child, medians
from ocop_workflow.access import Role, Scope, operator
from ocop_workflow.councils.founding import NewCouncil, NewMember, found_council, seat_member
from ocop_workflow.people.officers import add_officer
from ocop_workflow.people.sign_in.passwords import set_password
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.regulations.councils.signing import SignedSheet, checksum_of
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.store import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.stores import Store
    from ocop_workflow.store import Connection

_UNIT = "province-0"
_PASSWORD = "ba con vịt bơi qua sông"  # noqa: S105 - of nobody
_DUTIES = {"chair": CouncilDuty.CHAIR, "vice": CouncilDuty.VICE_CHAIR}
#: the session that the service's members score, and the one of the floor
_SESSIONS = (1, 2)
_SESSION = """
INSERT INTO council_sessions (id, council_id, name, mode, stage, held_on, rules, drafted_at, drafted_by,
                              opened_at)
VALUES (:session, :council, 'Phiên họp', 'meeting', 'open', :day, :rules, :now, 'host', :now)"""
_PRESENT = """
INSERT INTO session_attendance (session_id, member_id, is_present, noted_at, noted_by)
SELECT :session, id, true, :now, 'host' FROM council_members WHERE council_id = :council"""
_LISTED = """
INSERT INTO session_products (session_id, product_id, dossier, regulation, product_set, due_on, stage, round)
SELECT :session, id, 1, 'qd-26-2026', :set, :day, 'scoring', 1 FROM products WHERE code = :code"""
_SHEETS = """
SELECT p.code, f.login, h.stage, h.sha256, h.id
FROM score_sheets h JOIN session_products s ON s.id = h.scored_id JOIN products p ON p.id = s.product_id
JOIN council_members m ON m.id = h.member_id JOIN officers f ON f.id = m.officer_id
WHERE s.session_id = :session"""
_ENTRIES = """
SELECT e.sheet_id, e.place, e.value, e.version
FROM sheet_entries e JOIN score_sheets h ON h.id = e.sheet_id
JOIN session_products s ON s.id = h.scored_id WHERE s.session_id = :session"""


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure choices and signatures; each fills in a session of its own, in as many parts as rounds."""
    with store.fresh() as url:
        tokens = _prepare(url)
        with (
            server(url, *OURS) as ours,
            server(url, "-m", "benchmarks.bare_sheets", url) as bare,
        ):
            ports = (ours, bare)
            warm = council.PRODUCTS  # a product more, which is not measured
            _same(ports, tokens, warm)
            for session, port in zip(_SESSIONS, ports, strict=True):
                _drive(port, partial(_choices, tokens, session), [warm])
                _drive(port, partial(_signatures, tokens, session), [warm])
            parts = [list(range(number, council.PRODUCTS, rounds)) for number in range(rounds)]
            rows = []
            for name, work in (("a choice saved", _choices), ("a score sheet signed", _signatures)):
                mine, best = medians(
                    rounds,
                    *(
                        partial(_part, port, partial(work, tokens, session), iter(parts))
                        for session, port in zip(_SESSIONS, ports, strict=True)
                    ),
                )
                note = f"{1 / mine.seconds:,.0f} and {1 / best.seconds:,.0f} a second"
                size = council.PRODUCTS * len(MEMBERS)
                rows.append(Row(name, store.kind, size, mine.seconds, best.seconds, note=note))
        _check(url)
    return rows


def _part(port: int, work: Callable[[int, int], list[bytes]], parts: Any) -> Run:
    """Take the next part of a session; the seconds are those of one request."""
    return _drive(port, work, next(parts))


def _drive(port: int, work: Callable[[int, int], list[bytes]], products: list[int]) -> Run:
    requests = [
        [one for product in products for one in work(product, member)] for member in range(len(MEMBERS))
    ]
    run = in_child(drive_apart, port, requests)
    return Run(run.seconds / sum(map(len, requests)), run.memory)


def _path(session: int, product: int) -> str:
    return f"/api/v1/sessions/{session}/products/{_code(session, product)}/sheet"


def _code(session: int, product: int) -> str:
    return f"SP24-{product + (session - 1) * (council.PRODUCTS + 1)}"


def _choices(tokens: list[str], session: int, product: int, member: int) -> list[bytes]:
    path, token = _path(session, product), tokens[member]
    return [
        request("PATCH", path, token, json.dumps({"entries": {place: value}}).encode())
        for place, value in council.sheet_of(product, member).items()
    ]


def _signatures(tokens: list[str], session: int, product: int, member: int) -> list[bytes]:
    body = json.dumps({"password": _PASSWORD}).encode()
    return [request("POST", f"{_path(session, product)}/signature", tokens[member], body)]


def _same(ports: tuple[int, int], tokens: list[str], product: int) -> None:
    """Let both save the first choice of a sheet; they have to answer the same."""
    place, value = next(iter(council.sheet_of(product, 0).items()))
    answers = [
        _send(port, _path(session, product), tokens[0], {"entries": {place: value}})
        for session, port in zip(_SESSIONS, ports, strict=True)
    ]
    for found in answers:
        del found["saved_at"]
    if answers[0] != answers[1]:
        raise AssertionError(f"a choice: by hand {answers[1]}, by the service {answers[0]}")


def _send(port: int, path: str, token: str, body: object) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("PATCH", path, json.dumps(body), headers)
    found = json.loads(connection.getresponse().read())
    connection.close()
    return found


def _prepare(url: str) -> list[str]:
    """Found the council and open both sessions, everybody there; returns a token of each member."""
    database, host = Database(url), operator("host")
    with database.write() as tx:
        new = NewCouncil(_UNIT, "Hội đồng", "9/QĐ-UBND", SPIKE, CouncilRules())
        number = found_council(tx, new, actor=host, today=SPIKE, now=NOW)
        tokens = []
        for login in MEMBERS:
            add_officer(tx, host, login, login.title(), Role.COUNCIL_MEMBER, _UNIT, now=NOW)
            set_password(tx, host, login, _PASSWORD, now=NOW)
            member = NewMember(login, _DUTIES.get(login, CouncilDuty.MEMBER), "sở", SPIKE)
            seat_member(tx, number, member, actor=host, now=NOW)
            tokens.append(create_token(tx, host, TokenOrder(login, Scope.ACT, 300), now=NOW))
        for session in _SESSIONS:
            _open(tx, session, number)
    database.close()
    return tokens


def _open(tx: Connection, session: int, number: int) -> None:
    day, now = SPIKE.isoformat(), "2024-11-01 06:00:00"
    rules = CouncilRules().model_dump_json()
    given = {"session": session, "council": number, "day": day, "now": now}
    tx.execute(text(_SESSION), {**given, "rules": rules})
    tx.execute(text(_PRESENT), given)
    for product in range(council.PRODUCTS + 1):
        code = _code(session, product)
        tx.execute(text(_LISTED), {**given, "set": council.set_of(product), "code": code})


def _check(url: str) -> None:
    """Every choice has to stand once, as it was made, on a sheet that is signed, whoever wrote it."""
    database = Database(url)
    with database.read() as tx:
        for session in _SESSIONS:
            rows = [tuple(row) for row in tx.execute(text(_SHEETS), {"session": session})]
            said = {number: dict[str, Any]() for *_, number in rows}
            twice = -1  # the one choice that was made once more, to compare the answers
            for number, place, value, version in tx.execute(text(_ENTRIES), {"session": session}):
                said[number][place] = json.loads(value) if isinstance(value, str) else value
                twice += version - 1
            found = {
                (code, login): (stage, sha256, said[number]) for code, login, stage, sha256, number in rows
            }
            wanted = {
                (_code(session, product), login): ("signed", _checksum(session, product, member), sheet)
                for product in range(council.PRODUCTS + 1)
                for member, login in enumerate(MEMBERS)
                for sheet in [council.sheet_of(product, member)]
            }
            if found != wanted or twice or len(rows) != len(wanted):
                raise AssertionError(f"session {session}: choices are lost or stand twice")
    database.close()


def _checksum(session: int, product: int, member: int) -> str:
    number = str(council.set_of(product))
    signed = SignedSheet(session, _code(session, product), number, MEMBERS[member], 1)
    return checksum_of(signed, council.sheet_of(product, member))
