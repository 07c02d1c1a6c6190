"""Giving password or one-time code once more for an act of its own, such as signing a score sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import InvalidInput, NotPermitted, fault
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.sign_in.coming_in import accepted_code
from ocop_workflow.people.sign_in.passwords import forget_failures, is_right, note_failure, refuse_haste
from ocop_workflow.regulations.councils.words import SignedBy

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.coming_in import Knock
    from ocop_workflow.store import Database


@dataclass(frozen=True, slots=True)
class SigningProof:
    """What somebody gives to show that it is they who act: the password, or else a one-time code."""

    password: str
    code: str
    knock: Knock


def prove(database: Database, actor: Actor, proof: SigningProof) -> SignedBy:
    """Check that it is the officer who acts; failing slows down as it does at the sign-in.

    Raises:
        NotPermitted: the host's operator acts, who is nobody that could sign.
        InvalidInput: the password or the code is not right.
        TooManyAttempts: it was not right too often.
    """
    if actor.officer_id is None:
        raise NotPermitted(
            "Người vận hành máy chủ không ký thay ai được.", "The host's operator signs for nobody."
        )
    by = SignedBy.PASSWORD if proof.password else SignedBy.CODE
    keys = (f"account:{actor.login}" if by is SignedBy.PASSWORD else f"code:{actor.login}",)
    with database.write() as tx:
        refuse_haste(tx, keys, proof.knock.now)
        officer = officers.officer_by_login(tx, actor.login)
        known = (officer.password or "") if officer else ""
        right = (
            by is SignedBy.CODE and accepted_code(tx, actor.officer_id, proof.code, proof.knock) is not None
        )
    if by is SignedBy.PASSWORD:
        right = is_right(known, proof.password)  # the database waits for no hash
    with database.write() as tx:
        if right:
            forget_failures(tx, keys, proof.knock.now)
        else:
            note_failure(tx, keys, proof.knock.now)
            record(tx, actor, Deed("signature.refused", f"officer:{actor.login}"), proof.knock.now)
    if not right:
        raise InvalidInput(
            "Chưa ký được: mật khẩu hoặc mã không đúng.",
            "Not signed: the password or the code is not right.",
            [fault("password" if by is SignedBy.PASSWORD else "code", "không đúng", "is not right")],
        )
    return by
