"""Whether who signed a decision, as it was typed, suits its level and its regulation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.regulations import regulation_on
from ocop_workflow.regulations.signers import SignedDocument, signer_doubt, signer_row
from ocop_workflow.states import Event

if TYPE_CHECKING:
    from ocop_workflow.errors import Text
    from ocop_workflow.products.effects import Step

_SIGNED: Final = {Event.CERTIFY: SignedDocument.RECOGNITION, Event.ESCALATE: SignedDocument.APPROVAL}


def doubt_about_signer(step: Step) -> Text | None:
    """Say why the signer of a decided step may be the wrong one; none: nothing speaks against it.

    It is a doubt, never a refusal: the paper has been signed, and only its words are judged.
    """
    if step.event is Event.REVOKE:
        return _doubt_about_revoking(step)
    document, score = _SIGNED.get(step.event), step.facts.score
    if document is None or score is None or step.data.signer is None:
        return None
    regulation = step.facts.regulation
    owner = regulation.owner(step.facts.star or 0) if step.event is Event.CERTIFY else score.level
    if owner is None or signer_row(document, owner, regulation.id) is None:
        return None
    return signer_doubt(step.data.signer, document, owner, regulation.id)


def _doubt_about_revoking(step: Step) -> Text | None:
    facts, signer = step.facts, step.data.signer
    law, level = regulation_on(facts.concluded_on or facts.on), facts.issuer
    if law is None or level is None or signer is None:
        return None
    if signer_row(SignedDocument.REVOCATION, level, law.id) is None:
        return None
    return signer_doubt(signer, SignedDocument.REVOCATION, level, law.id)
