"""The floor of a council's scoring: bare Starlette routes that save a choice and sign a sheet, by hand.

Who asks is looked up by token and roles, and where they sit; then nobody is refused anything, but a password
is checked as the service checks it, and a sheet that is signed is read, and its checksum kept.
`python -m benchmarks.bare_sheets URL PORT` serves it.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from benchmarks import floors
from benchmarks.bare import answer, own_raw, sign_in, writing
from benchmarks.plain_star import points_so_far

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from starlette.requests import Request
    from starlette.responses import Response

#: the instant of the requests, and as JSON writes it
NOW, NOW_AS_JSON = "2024-11-01 07:00:00.000000", "2024-11-01T07:00:00+00:00"

_SEAT = """
SELECT s.id, c.unit_id, s.product_set, s.stage, s.round, o.stage, o.mode, o.rules, m.id, m.duty, a.is_present,
       x.reason, h.id, h.stage
FROM session_products s JOIN products p ON p.id = s.product_id JOIN council_sessions o ON o.id = s.session_id
JOIN councils c ON c.id = o.council_id
JOIN council_members m ON m.council_id = o.council_id AND m.officer_id = ? AND m.since <= o.held_on
  AND (m.until IS NULL OR m.until > o.held_on)
LEFT JOIN session_attendance a ON a.session_id = o.id AND a.member_id = m.id
LEFT JOIN session_conflicts x ON x.scored_id = s.id AND x.member_id = m.id
LEFT JOIN score_sheets h ON h.scored_id = s.id AND h.member_id = m.id AND h.round = s.round
WHERE s.session_id = ? AND p.code = ? ORDER BY s.id DESC, m.id LIMIT 1"""
_OPEN = f"""
INSERT INTO score_sheets (scored_id, member_id, round, stage, opened_at, saved_at)
VALUES (?, ?, ?, 'open', '{NOW}', '{NOW}') ON CONFLICT DO NOTHING"""
_OPENED = "SELECT id FROM score_sheets WHERE scored_id = ? AND member_id = ? AND round = ?"
_TOUCH = f"""
UPDATE score_sheets SET saved_at = '{NOW}' WHERE id = ? AND stage = 'open'
AND EXISTS (SELECT 1 FROM session_products s WHERE s.id = scored_id AND s.stage = 'scoring')"""
_KEEP = f"""
INSERT INTO sheet_entries (sheet_id, place, value, version, saved_at) VALUES (?, ?, ?, 1, '{NOW}')
ON CONFLICT (sheet_id, place)
DO UPDATE SET value = excluded.value, version = sheet_entries.version + 1, saved_at = excluded.saved_at"""
_SAID = "SELECT place, value FROM sheet_entries WHERE sheet_id = ? ORDER BY place"
_PASSWORD = "SELECT login, password FROM officers WHERE id = ?"  # noqa: S105 - a question
_SIGN = f"""
UPDATE score_sheets SET stage = 'signed', signed_at = '{NOW}', signed_by = 'password', sha256 = ?
WHERE id = ? AND stage = 'open'"""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _turn(raw: floors.Raw) -> AbstractContextManager[object]:
    """SQLite's own waiting would make the writers slower than they need be."""
    return writing if raw.is_sqlite else nullcontext()


def _said(raw: floors.Raw, sheet: int) -> dict[str, Any]:
    rows = raw.run(_SAID, (sheet,)).fetchall()
    # SQLite keeps a number in a column of JSON as a number
    return {place: json.loads(value) if isinstance(value, str) else value for place, value in rows}


async def save(request: Request) -> Response:
    """Save some entries of a sheet."""
    return await run_in_threadpool(_save, request, json.loads(await request.body()))


def _save(request: Request, given: dict[str, Any]) -> Response:
    raw, place = own_raw(), request.path_params
    with _turn(raw):
        raw.run(raw.begin)
        officer = sign_in(raw, request)[0]
        seat = raw.run(_SEAT, (officer, place["number"], place["code"])).fetchone()
        scored, number, turn, member, sheet = seat[0], seat[2], seat[4], seat[8], seat[12]
        if sheet is None:
            raw.run(_OPEN, (scored, member, turn))
            (sheet,) = raw.run(_OPENED, (scored, member, turn)).fetchone()
        raw.run(_TOUCH, (sheet,))
        for name, value in given["entries"].items():
            raw.run(_KEEP, (sheet, name, json.dumps(value)))
        said = _said(raw, sheet)
        raw.run("COMMIT")
    left, total = points_so_far(number, said)
    return answer({"saved": len(given["entries"]), "saved_at": NOW_AS_JSON, "left": left, "total": total})


async def sign(request: Request) -> Response:
    """Sign a sheet."""
    return await run_in_threadpool(_sign, request, json.loads(await request.body()))


def _sign(request: Request, given: dict[str, Any]) -> Response:
    raw, place = own_raw(), request.path_params
    raw.run("BEGIN")
    officer = sign_in(raw, request)[0]
    login, known = raw.run(_PASSWORD, (officer,)).fetchone()
    raw.run("COMMIT")
    _hasher.verify(known, given["password"])
    with _turn(raw):
        raw.run(raw.begin)
        seat = raw.run(_SEAT, (officer, place["number"], place["code"])).fetchone()
        number, turn, sheet = seat[2], seat[4], seat[12]
        whole = {
            "session": int(place["number"]),
            "product": place["code"],
            "sheet": str(number),
            "member": login,
            "round": turn,
            "entries": _said(raw, sheet),
        }
        written = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        checksum = hashlib.sha256(written.encode()).hexdigest()
        raw.run(_SIGN, (checksum, sheet))
        after = {"session": whole["session"], "product": place["code"], "round": turn, "sha256": checksum}
        floors.record(raw, "sheet.sign", f"sheet:{sheet}", None, json.dumps(after), None)
        raw.run("COMMIT")
    return answer({"code": place["code"], "sha256": checksum})


if __name__ == "__main__":
    from benchmarks.bare import serve

    sheet = "/api/v1/sessions/{number}/products/{code}/sheet"
    serve([Route(sheet, save, methods=["PATCH"]), Route(f"{sheet}/signature", sign, methods=["POST"])])
