"""The floor of a look-up: a bare Starlette `def` route, one statement by the raw driver, the same JSON.

Nobody is counted, nothing is compared with what was seen before, and no name is looked through.
`python -m benchmarks.bare_lookup URL PORT` serves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from benchmarks.bare import answer, own_raw, serve

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_CERTIFICATE = """
SELECT c.star, c.product, c.producer, c.commune, c.province, c.number, c.decided_on, c.issuer, c.valid_until,
       c.ended_on, c.ended_because, c.standing, c.taken_back_on, p.state, d.kind, u.name, n.token
FROM certificates c LEFT JOIN products p ON p.id = c.product_id
LEFT JOIN dossiers d ON d.product_id = p.id AND d.number = p.dossier_no
JOIN units u ON u.id = COALESCE(p.unit_id, c.unit_id)
LEFT JOIN certificates n ON n.id = c.replaced_by_id AND n.shown_since IS NOT NULL
WHERE c.token = ? AND c.shown_since IS NOT NULL"""


def look_up(request: Request) -> Response:
    """One certificate that holds."""
    raw = own_raw()
    raw.run("BEGIN")
    row = raw.run(_CERTIFICATE, (request.path_params["token"],)).fetchone()
    raw.run("COMMIT")
    return answer(
        {
            "status": "valid",
            "star": row[0],
            "product": row[1],
            "producer": row[2],
            "commune": row[3],
            "province": row[4],
            "decision": {"number": row[5], "date": str(row[6]), "issuer": row[7]},
            "issued_on": str(row[6]),
            "valid_until": str(row[8]),
            "grace_until": None,
            "ended_on": None,
            "ended_why": None,
            "replaced_by": None,
            "as_of": "2024-11-01",
        }
    )


if __name__ == "__main__":
    serve([Route("/c/{token}.json", look_up)])
