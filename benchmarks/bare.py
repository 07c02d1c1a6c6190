"""The floor of HTTP: bare Starlette `def` routes, the same SQL by hand, the same JSON, nothing checked.

Who asks is looked up as the service does it, by token and by roles; then nobody is refused anything.
`python -m benchmarks.bare URL PORT` serves it.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from benchmarks import floors
from benchmarks.data import SPIKE

if TYPE_CHECKING:
    from starlette.requests import Request

_SIGN_IN_BY = """
SELECT t.id, t.officer_id, o.login, o.disabled_at, t.label, t.prefix, t.scope, t.unit_id, t.created_at,
       t.expires_at, t.revoked_at, t.last_used_at
FROM tokens t JOIN officers o ON o.id = t.officer_id WHERE t.sha256 = ?"""
_GRANTS = """
SELECT g.officer_id, g.role, g.unit_id, u.slug, u.level FROM grants g JOIN units u ON u.id = g.unit_id
WHERE g.revoked_at IS NULL AND g.officer_id = ? ORDER BY g.id"""
_LINEAGE = """
WITH RECURSIVE up(id, parent_id, height) AS (
  SELECT id, parent_id, 0 FROM units WHERE id = ?
  UNION ALL SELECT u.id, u.parent_id, up.height + 1 FROM units u JOIN up ON up.parent_id = u.id)
SELECT id FROM up ORDER BY height"""
_LINEAGES = """
WITH RECURSIVE up(id, parent_id) AS (
  SELECT id, parent_id FROM units WHERE id IN ({marks})
  UNION SELECT u.id, u.parent_id FROM units u JOIN up ON u.id = up.parent_id)
SELECT id, parent_id FROM units WHERE id IN (SELECT id FROM up)"""
_PAGE = floors.PRODUCT.replace(
    "WHERE p.code = ?",
    """WHERE p.unit_id IN (
  WITH RECURSIVE below(id) AS (
    SELECT id FROM units WHERE id = ? UNION SELECT u.id FROM units u JOIN below ON u.parent_id = below.id)
  SELECT id FROM below) AND p.code > ? ORDER BY p.code LIMIT 51""",
)
_STAFFED = """
SELECT DISTINCT u.id, u.level
FROM units u JOIN grants g ON g.unit_id = u.id JOIN officers o ON o.id = g.officer_id
WHERE g.revoked_at IS NULL AND o.disabled_at IS NULL
  AND g.role IN ('council_secretary', 'authority_officer')"""
_PLACES = """
SELECT u.id, u.slug, u.name, u.level, u.office, u.parent_id, u.valid_to, u.successor_id,
       (SELECT d.id FROM desks d WHERE d.unit_id = u.id) FROM units u WHERE u.id IN ({marks})"""
_HISTORY = """
SELECT t.product_id, t.seq, t.event, t.source, t.target, t.actor, t.on_day, t.at, t.note, t.data, k.slug,
       t.regulation, t.unit, t.undoes, t.replaced, t.id, t.by_paper, c.address
FROM transitions t LEFT JOIN plans k ON k.id = t.plan_id LEFT JOIN contacts c ON c.id = t.address_id
WHERE t.product_id = ? ORDER BY t.product_id, t.seq"""
_DOSSIERS = """
SELECT d.number, d.kind, k.slug, d.received_on, d.regulation, d.official_code, d.product_set, d.score_level,
       d.score_mean, d.gates_met
FROM dossiers d JOIN plans k ON k.id = d.plan_id WHERE d.product_id = ? ORDER BY d.number"""
_CERTIFICATES = """
SELECT c.id, c.number, c.star, c.decided_on, c.valid_until, c.signer, c.ended_on, c.ended_because, c.standing,
       c.settled_by, c.settled_for, c.settled_at, c.settled_paper
FROM certificates c WHERE c.product_id = ? ORDER BY c.id"""
_EXTENDED = """
SELECT e.rule, e.due_on FROM extensions e JOIN extended_products x ON x.extension_id = e.id
WHERE x.product_id = ? AND e.plan_id = ? AND e.revoked_on IS NULL ORDER BY e.id"""
#: SQLite's own waiting would make sixteen writers slower than they need be
writing = threading.Lock()
_local = threading.local()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def own_raw() -> floors.Raw:
    """Return this thread's own connection."""
    if not hasattr(_local, "raw"):
        _local.raw = floors.Raw(sys.argv[1])
    found: floors.Raw = _local.raw
    return found


def sign_in(raw: floors.Raw, request: Request) -> tuple[Any, ...]:
    """Look up who asks: the officer, a role of theirs, and where they have it."""
    token = request.headers["authorization"].removeprefix("Bearer ")
    found = raw.run(_SIGN_IN_BY, (hashlib.sha256(token.encode()).hexdigest(),)).fetchone()
    roles: tuple[Any, ...] = raw.run(_GRANTS, (found[1],)).fetchone()
    return roles


def answer(content: object, **headers: str) -> Response:
    """Answer as JSON."""
    return Response(_encode(content).encode(), headers=headers, media_type="application/json")


def show(request: Request) -> Response:
    """One product."""
    raw = own_raw()
    raw.run("BEGIN")
    sign_in(raw, request)
    product = raw.run(floors.PRODUCT, (request.path_params["code"],)).fetchone()
    above = [unit for (unit,) in raw.run(_LINEAGE, (product[6],)).fetchall()]
    rows = raw.run(floors.OPEN, (product[0],)).fetchall()
    raw.run(_STAFFED).fetchall()
    raw.run(_PLACES.format(marks=", ".join("?" * len(above))), above).fetchall()
    raw.run(_HISTORY, (product[0],)).fetchall()
    dossiers = raw.run(_DOSSIERS, (product[0],)).fetchall()
    raw.run(_CERTIFICATES, (product[0],)).fetchall()
    raw.run("COMMIT")
    more = {
        "dossiers": [
            {
                "number": dossier[0],
                "kind": dossier[1],
                "label": "lần đầu",
                "plan": dossier[2],
                "received_on": dossier[3],
                "regulation": dossier[4],
                "regulation_number": None,  # none was received
                "official_code": dossier[5],
                "product_set": dossier[6],
                "mean": dossier[8],
            }
            for dossier in dossiers
        ],
        "certificates": [],
        "own_events": [],
        "given": {},
    }
    return answer(_shown(product, rows) | more, etag=f'"{product[1]}"')


def page(request: Request) -> Response:
    """Fifty products and their deadlines."""
    raw = own_raw()
    raw.run("BEGIN")
    unit = sign_in(raw, request)[2]
    products = raw.run(_PAGE, (unit, request.query_params.get("cursor", ""))).fetchall()
    ids = [product[0] for product in products]
    marks = ", ".join("?" * len(ids))
    many = floors.OPEN.replace("d.product_id = ?", f"d.product_id IN ({marks})")
    rows: dict[int, list[Any]] = {}
    for row in raw.run(many, ids).fetchall():
        rows.setdefault(row[1], []).append(row)
    places = sorted({place for product in products for place in (product[6], product[11])})
    marks = ", ".join("?" * len(places))
    above = [unit for unit, _ in raw.run(_LINEAGES.format(marks=marks), places).fetchall()]
    raw.run(_STAFFED).fetchall()
    raw.run(_PLACES.format(marks=", ".join("?" * len(above))), above).fetchall()
    raw.run("COMMIT")
    return answer({"items": [_shown(product, rows[product[0]]) for product in products[:50]]})


def _shown(product: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    lines = [_line(row) for row in rows]
    return {
        "code": product[4],
        "name": product[5],
        "unit": product[7],
        "producer_id": product[25],
        "producer": product[8],
        "representative": product[26],
        "group": product[14],
        "group_name": "Thực phẩm",
        "address": product[15],
        "official_code": product[17],
        "plan": product[9],
        "dossier": product[13],
        "dossier_label": "lần đầu",
        "received_on": product[16],
        "star": None,
        "score": None,
        "certificate": None,
        "state": product[2],
        "state_label": "Đang tư vấn, hoàn thiện",
        "version": product[1],
        "overdue": any(line["overdue"] for line in lines),
        "deadlines": lines,
        "allowed": ["commune_evaluate", "withdraw"],
        "needs": {
            "commune_evaluate": ["report_number", "report_date", "contents"],
            "withdraw": ["reason"],
        },
        "missing": {},
        "updated_at": None,
        "etag": f'"{product[1]}"',
    }


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    late = row[5] == "commune-evaluation"
    return {
        "milestone": row[5],
        "due_on": str(row[6]),
        "days_left": -1 if late else 29,
        "stage": "D+1" if late else "D-30",
        "overdue": late,
    }


def event(request: Request) -> Response:
    """One event, all its rows written."""
    raw, code = own_raw(), request.path_params["code"]
    with writing if raw.is_sqlite else nullcontext():
        raw.run(raw.begin)
        sign_in(raw, request)
        product = floors.advance_rows(raw, code, _DATA)
        raw.run(_LINEAGE, (product[6],)).fetchall()
        raw.run(_EXTENDED, (product[0], product[3])).fetchall()
        raw.run("COMMIT")
    return answer(
        {
            "code": code,
            "event": "commune_evaluate",
            "source": product[2],
            "state": "commune_evaluated",
            "state_label": "Cấp xã đã đánh giá",
            "version": product[1] + 1,
            "deadlines": [{"milestone": "outcome", "due_on": "2024-11-30"}],
        },
        etag=f'"{product[1] + 1}"',
    )


def serve(routes: list[Route]) -> None:
    """Serve routes on the port that the command line gives."""
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    uvicorn.run(Starlette(routes=routes), port=int(sys.argv[2]), lifespan="off", **quiet)


_DATA = json.dumps({"on": SPIKE.isoformat()})

if __name__ == "__main__":
    serve(
        [
            Route("/api/v1/products", page),
            Route("/api/v1/products/{code}", show),
            Route("/api/v1/products/{code}/events", event, methods=["POST"]),
        ]
    )
