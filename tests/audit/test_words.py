"""No deed goes into the audit that has no name for people."""

from __future__ import annotations

import ast
from pathlib import Path

import ocop_workflow
from ocop_workflow.audit.words import DEEDS, deed_text
from ocop_workflow.errors import Text

SOURCES = Path(ocop_workflow.__file__).parent


def deeds_of(path: Path) -> set[str]:
    """Return the actions that are written out in a file."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Deed"]
    given = [call.args[0].value for call in made if call.args and isinstance(call.args[0], ast.Constant)]
    return {action for action in given if isinstance(action, str)}


def test_every_deed_has_its_name() -> None:
    written = {action for path in SOURCES.rglob("*.py") for action in deeds_of(path)}
    assert len(written) > 30
    assert written - set(DEEDS) == set()


def test_a_step_is_called_as_its_button_and_a_refusal_a_refusal() -> None:
    assert deed_text("product.register") == Text("Đăng ký ý tưởng", "Register the idea")
    assert deed_text("refused.not_permitted").vi == "bị từ chối"
    assert deed_text("something.older") == Text("something.older", "something.older")
