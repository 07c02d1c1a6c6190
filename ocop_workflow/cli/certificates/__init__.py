"""What is typed about certificates: the register, lists that come into it, what ends one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.cli.certificates import certificates as register
from ocop_workflow.cli.certificates import ending, lists, renewals
from ocop_workflow.cli.certificates.group import certificates

if TYPE_CHECKING:
    import typer

#: in the order of the help
_PARTS = (register, lists, ending)


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(certificates, name="certificates")
    app.command("renewals")(renewals.list_all)
