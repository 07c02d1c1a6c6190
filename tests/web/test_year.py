"""The officers' year once more, now over HTTP: each with a token of its own, seeing what is to be changed.

The oracle and the story are those of `tests/stories`; here every event goes through the API as an officer
would send it, with the tag that was just looked up, and the daily check is asked for by the town's officer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from ocop_workflow.access import Role
from ocop_workflow.people.officers import add_officer
from ocop_workflow.web.app import API, create_app
from tests.factories import load_seed
from tests.stories.cast import HOST
from tests.stories.test_year import COMMUNES, FIRST_DAY, live
from tests.web.cast import Cast, application_on, hire

if TYPE_CHECKING:
    from datetime import date

    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.ordeal

#: whose hand each event is in; what is not here is the town's
BY_COMMUNE = {"register", "commune_evaluate", "withdraw", "resubmit"}
BY_COUNCIL = {"score_district"}


@dataclass(frozen=True)
class OverHttp:
    """Every deed is a request."""

    client: TestClient
    cast: Cast

    def act(self, code: str, event: str, data: dict[str, Any], on: date) -> str:
        product, headers = f"{API}/products/{code}", self.cast.as_(self._by(code, event))
        seen = self.client.get(product, headers=headers)
        assert event in seen.json()["allowed"], (code, event, seen.text)
        body = {"event": event, "data": data, "on": on.isoformat()}
        tagged = {**headers, "If-Match": seen.headers["ETag"], "Idempotency-Key": f"{code}-{event}-{on}"}
        return str(self._done(self.client.post(f"{product}/events", json=body, headers=tagged))["state"])

    def acknowledge(self, code: str) -> None:
        minh = self.cast.as_("minh")
        overdue = self._done(self.client.get(f"{API}/overdue?limit=200", headers=minh))["items"]
        (flag,) = [row["id"] for row in overdue if row["code"] == code]
        done = self._done(self.client.post(f"{API}/overdue/{flag}/acknowledgement", headers=minh))
        assert done["acknowledged_by"] == "minh"

    def sweep(self) -> list[Any]:
        found = self.client.post(f"{API}/sweeps", json={}, headers=self.cast.as_("minh"))
        return list(self._done(found)["faults"])

    def _by(self, code: str, event: str) -> str:
        if event in BY_COMMUNE:
            return COMMUNES[code]
        return "thu" if event in BY_COUNCIL else "minh"

    def _done(self, found: Response) -> dict[str, Any]:
        assert found.status_code == 200, found.text
        done: dict[str, Any] = found.json()
        return done


@pytest.mark.usefixtures("no_cover")
def test_the_year_over_http_is_as_the_design_says(database: Database, clock: FixedClock) -> None:
    clock.move_to(FIRST_DAY)
    load_seed(database, clock)
    cast = hire(database, clock)
    for commune in set(COMMUNES.values()):
        with database.write() as tx:
            add_officer(tx, HOST, commune, commune, Role.COMMUNE_OFFICER, commune, now=clock.now())
        cast.tokens[commune] = cast.token(commune)
    with TestClient(create_app(application_on(database, clock))) as client:
        live(database, clock, OverHttp(client, cast))
