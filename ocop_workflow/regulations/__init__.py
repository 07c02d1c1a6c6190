"""PURE. What the law says: rule packs as data, and the star that a mean earns."""

from ocop_workflow.regulations.clocks import Anchor, Day, Nag, Recipient, RelativeDeadline, Remind
from ocop_workflow.regulations.ending import LateFiling, LateGrace, RevocationGround, grace_until
from ocop_workflow.regulations.levels import Level
from ocop_workflow.regulations.reading import Frozen, parse_toml, read_fields, read_toml
from ocop_workflow.regulations.schema import (
    LastDay,
    Regulation,
    Rung,
    YearlyRound,
    load_regulation,
    regulation_ids,
    regulation_on,
    star_of,
)
from ocop_workflow.regulations.transition import ChangeOver, change_over, decided_no_longer, successor_of
from ocop_workflow.regulations.validity import last_valid_day

__all__ = [
    "Anchor",
    "ChangeOver",
    "Day",
    "Frozen",
    "LastDay",
    "LateFiling",
    "LateGrace",
    "Level",
    "Nag",
    "Recipient",
    "Regulation",
    "RelativeDeadline",
    "Remind",
    "RevocationGround",
    "Rung",
    "YearlyRound",
    "change_over",
    "decided_no_longer",
    "grace_until",
    "last_valid_day",
    "load_regulation",
    "parse_toml",
    "read_fields",
    "read_toml",
    "regulation_ids",
    "regulation_on",
    "star_of",
    "successor_of",
]
