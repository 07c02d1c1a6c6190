"""A client generated from the document (openapi-python-client) does an officer's day, live.

The generator wants another typer than the service, so it lives in an environment of its own:
`make generator` sets it up (build/generator). Without it this test is skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Scope
from ocop_workflow.files import FileKind
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER
from tests.web.cast import api_document, hire
from tests.web.running import serving

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HERE = Path(__file__).parent
GENERATOR = HERE.parents[1] / "build" / "generator" / "bin"


@pytest.mark.skipif(
    not (GENERATOR / "openapi-python-client").exists(),
    reason="the generator is not here: make generator",
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_client_made_from_the_document_does_an_officers_day(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(api_document()), encoding="utf-8")
    config = tmp_path / "generator.json"
    as_bytes = {kind.media_type: "application/octet-stream" for kind in FileKind}
    config.write_text(json.dumps({"content_type_overrides": as_bytes}), encoding="utf-8")
    token = hire(seeded, clock).token("lan", Scope.ACT)
    sweep(seeded, clock, SENDER)
    environment = {"PATH": f"{GENERATOR}{os.pathsep}{os.environ['PATH']}"}  # noqa: TID251 - to find ruff
    made = _run(
        "openapi-python-client", "generate", "--path", str(document), "--config", str(config),
        "--output-path", str(tmp_path / "ocop_client"), "--meta", "none", "--fail-on-warning",
        environment=environment,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    with serving(seeded, tmp_path, "--no-scheduler") as service:
        site = f"http://127.0.0.1:{service.port}"
        lived = _run(
            "python", "-W", "error", str(HERE / "day.py"), site, token,
            environment={**environment, "PYTHONPATH": str(tmp_path)},
        )  # fmt: skip
    assert lived.returncode == 0, lived.stdout + lived.stderr


def _run(program: str, *words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [str(GENERATOR / program), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
