"""Whether everything in a database is as it ought to be: `ocop doctor` and `ocop prove` over one snapshot."""

from __future__ import annotations

from ocop_workflow.upkeep.examination.checks import CHECKS
from ocop_workflow.upkeep.examination.doctor import FINDINGS_KEPT, Examination, examine, examine_copy
from ocop_workflow.upkeep.examination.findings import Finding, Severity
from ocop_workflow.upkeep.examination.proof import prove

__all__ = [
    "CHECKS",
    "FINDINGS_KEPT",
    "Examination",
    "Finding",
    "Severity",
    "examine",
    "examine_copy",
    "prove",
]
