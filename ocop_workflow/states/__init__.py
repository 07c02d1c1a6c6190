"""PURE. What may follow what: the table as data, what each step needs, and the decision."""

from ocop_workflow.states.facts import (
    Certificate,
    Contents,
    Dossier,
    EventData,
    Facts,
    ReRating,
    Score,
)
from ocop_workflow.states.lifecycle import (
    ESCALATED,
    SCORED,
    Event,
    Hand,
    Lifecycle,
    State,
    Transition,
    build_lifecycle,
)
from ocop_workflow.states.machine import (
    Allowed,
    Missing,
    Refused,
    blocked,
    decide,
    fields_of,
    machine_of,
    needed,
    read_event_data,
)

__all__ = [
    "ESCALATED",
    "SCORED",
    "Allowed",
    "Certificate",
    "Contents",
    "Dossier",
    "Event",
    "EventData",
    "Facts",
    "Hand",
    "Lifecycle",
    "Missing",
    "ReRating",
    "Refused",
    "Score",
    "State",
    "Transition",
    "blocked",
    "build_lifecycle",
    "decide",
    "fields_of",
    "machine_of",
    "needed",
    "read_event_data",
]
