"""What ends a certificate."""

from __future__ import annotations

from enum import StrEnum

from ocop_workflow.states.words import Event, State


class Ending(StrEnum):
    """What has ended a certificate."""

    RENEWED = "renewed"
    REVOKED = "revoked"
    LAPSED = "lapsed"
    #: its level did not confirm it, or its re-rating was withdrawn before that
    REFUSED = "refused"
    #: the step that issued it was undone
    UNDONE = "undone"


_ENDS = {State.REVOKED: Ending.REVOKED, State.LAPSED: Ending.LAPSED}


def ended_by(event: Event, target: State, *, refuses: bool) -> Ending | None:
    """Say what a step ends the running certificate with; none: it does not.

    Args:
        event: the step.
        target: where it leads.
        refuses: whether it refuses a certificate that was only proposed.
    """
    if event is Event.CERTIFY:
        return Ending.RENEWED
    if target in _ENDS:
        return _ENDS[target]
    return Ending.REFUSED if refuses else None
