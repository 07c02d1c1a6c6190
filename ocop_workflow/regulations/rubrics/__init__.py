"""PURE. Score sheets as data, one member's filled sheet, and the star that sheets of a council earn."""

from ocop_workflow.regulations.rubrics.marking import Marks, mark
from ocop_workflow.regulations.rubrics.outcome import MissedGate, Outcome, outcome_of
from ocop_workflow.regulations.rubrics.rubric import Criterion, Rubric
from ocop_workflow.regulations.rubrics.rules import CouncilRules, read_rules
from ocop_workflow.regulations.rubrics.sheet import ScoreSheet, read_sheet
from ocop_workflow.regulations.rubrics.shipped import load_rubric, read_rubric, rubric_numbers

__all__ = [
    "CouncilRules",
    "Criterion",
    "Marks",
    "MissedGate",
    "Outcome",
    "Rubric",
    "ScoreSheet",
    "load_rubric",
    "mark",
    "outcome_of",
    "read_rubric",
    "read_rules",
    "read_sheet",
    "rubric_numbers",
]
