"""PURE. What may follow what: the table as data, what each step needs, and the decision."""

from ocop_workflow.states.certificate_endings import Ending
from ocop_workflow.states.facts import (
    Certificate,
    CertificateStanding,
    Contents,
    Dossier,
    EventData,
    EvidenceLevel,
    Facts,
    ReRating,
    Score,
)
from ocop_workflow.states.forms import Asked, Field, example_of, form_of, mean_in_words, schema_of, told
from ocop_workflow.states.lifecycle import ACTS, ESCALATED, SCORED, Lifecycle, Transition, build_lifecycle
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
from ocop_workflow.states.papers import NO_PAPERS, Papers, date_faults, needs_papers, papers_of
from ocop_workflow.states.position import OPENS_A_DOSSIER, Issued, Position, Taken, reached_by
from ocop_workflow.states.words import Event, Hand, State

__all__ = [
    "ACTS",
    "ESCALATED",
    "NO_PAPERS",
    "OPENS_A_DOSSIER",
    "SCORED",
    "Allowed",
    "Asked",
    "Certificate",
    "CertificateStanding",
    "Contents",
    "Dossier",
    "Ending",
    "Event",
    "EventData",
    "EvidenceLevel",
    "Facts",
    "Field",
    "Hand",
    "Issued",
    "Lifecycle",
    "Missing",
    "Papers",
    "Position",
    "ReRating",
    "Refused",
    "Score",
    "State",
    "Taken",
    "Transition",
    "blocked",
    "build_lifecycle",
    "date_faults",
    "decide",
    "example_of",
    "fields_of",
    "form_of",
    "machine_of",
    "mean_in_words",
    "needed",
    "needs_papers",
    "papers_of",
    "reached_by",
    "read_event_data",
    "schema_of",
    "told",
]
