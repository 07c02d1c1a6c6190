"""A fuzzer reads the OpenAPI document and asks whatever it allows, and what it does not, as every role.

No answer of the server's own fault, none whose status, type, headers or shape the document does not hold; and
though a client has to take members that it does not know, here an answer may have none. Half of
the requests name things that exist, so that they get further than to a 404. `OCOP_TEST_FUZZ` is how many
examples each operation gets from each role (2).
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ocop_workflow.web.app import API, create_app
from ocop_workflow.web.exchange.answers import Answer, answer
from tests.factories import SEED
from tests.web.cast import Cast, application_on

if TYPE_CHECKING:
    from fastapi import FastAPI
    from schemathesis import Case

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.ordeal

EXAMPLES = int(os.environ.get("OCOP_TEST_FUZZ", "2"))  # noqa: TID251 - how many, for whoever has more time

#: what exists, by the name of the path's parameter
THERE: dict[str, list[Any]] = {
    "code": [f"DP24-{number:03}" for number in range(1, 15)],
    "plan": [SEED],
    "number": list(range(1, 20)),
    "form": ["mau-01", "mau-02", "mau-03"],
    "year": [2022, 2023],
    "login": ["lan", "minh", "thu", "tinh"],
    "unit": ["pho-an", "duc-pho"],
}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: what somebody without a token can be told
NOBODYS = {401}
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def to_what_is_there(case: Case[Any], chosen: int) -> None:
    """Let a request be about something that exists, and name a version that may be the one."""
    for name in case.path_parameters or {}:
        known = THERE.get(name, [])
        if known:
            case.path_parameters[name] = known[chosen % len(known)]
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = f'"{chosen % 4}"'
    if isinstance(case.body, dict) and "plan" in case.body:
        case.body |= {"plan": SEED, "unit": "pho-an"}


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document as it is, but that no object has other members than those it names."""
    parts = document["components"]
    schemas = {
        name: {"additionalProperties": False, **schema} if "properties" in schema else schema
        for name, schema in parts["schemas"].items()
    }
    return {**document, "components": {**parts, "schemas": schemas}}


def fuzz(app: FastAPI, headers: dict[str, str], examples: int = EXAMPLES) -> Counter[int]:
    """Ask every operation; returns how often each status was answered."""
    seen, document = Counter[int](), closed(app.openapi())
    app.openapi = lambda: document  # type: ignore[method-assign]  # the place that FastAPI names for it
    for found in schemathesis.openapi.from_asgi(f"{API}/openapi.json", app).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases, chosen=st.integers(0, 1000), exists=st.booleans())
        def ask(case: Case[Any], chosen: int, exists: bool) -> None:
            if exists:
                to_what_is_there(case, chosen)
            answer = case.call(headers=headers)
            seen[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        ask()
    return seen


@pytest.mark.usefixtures("no_cover")
@pytest.mark.parametrize("login", ["lan", "minh", "thu", "tam", "quan", "xem", "nobody"])
def test_whatever_is_asked_the_answer_is_in_the_document(
    seeded: Database, clock: FixedClock, cast: Cast, login: str
) -> None:
    headers = {} if login == "nobody" else cast.as_(login)
    seen = fuzz(create_app(application_on(seeded, clock)), headers)
    assert seen.total() >= 25 * EXAMPLES, seen
    assert set(seen) <= NOBODYS if login == "nobody" else seen[200] > 0, seen


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("status", [500, 418])
def test_the_fuzzer_would_notice(
    seeded: Database, clock: FixedClock, cast: Cast, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def broken(*_: object, **__: object) -> Answer:
        return answer({}, status)

    monkeypatch.setattr("ocop_workflow.web.exchange.pages.items", broken)
    with pytest.raises(FailureGroup, match=r"Server error|Undocumented status"):
        fuzz(create_app(application_on(seeded, clock)), cast.as_("minh"), examples=5)
