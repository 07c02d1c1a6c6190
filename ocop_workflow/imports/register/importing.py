"""A list of certificates comes into the register: judged row by row, entered only when all of it is clean.

Nothing is invented: a row without star, decision or day is at fault. What the importer's level may confirm
and is known by a signed decision (A) or news of a state body (B1) is confirmed; all else is proposed. What
the register lacked of a certificate is filled in, nothing is written over. The same list twice changes
nothing, and an older recognition never takes the place of a newer one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Permission
from ocop_workflow.errors import NotPermitted
from ocop_workflow.imports.register.beside import Beside
from ocop_workflow.imports.register.file import RegisterFile, RegisterOrder, read_register_file
from ocop_workflow.imports.register.judged import newest_first
from ocop_workflow.imports.register.judging import Judging
from ocop_workflow.imports.register.remembering import recall, remember
from ocop_workflow.imports.register.replies import Replies
from ocop_workflow.imports.register.views import ListedVerdict, RegisterImportView
from ocop_workflow.store.batching import all_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocop_workflow.imports.register.judged import Judged
    from ocop_workflow.store import Connection

#: recognitions that are entered by one statement of each kind
AT_ONCE: Final = 500


def import_register(
    tx: Connection,
    file: RegisterFile,
    order: RegisterOrder,
    *,
    publish: bool,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> RegisterImportView:
    """Say what becomes of each recognition of a list; enter them all if that is wanted and nothing is amiss.

    Args:
        tx: a writing transaction.
        file: the list.
        order: who brings it.
        publish: whether it is to count. If a row is at fault or asked about, nothing counts.
        progress: told how much is done.

    Raises:
        NotPermitted: the actor may enter nothing anywhere.
        InvalidInput: what was told for the whole list cannot be.
        Conflict: no regulation is in force.
        Stale: a product was changed by somebody else meanwhile.
    """
    if order.actor.units_with(Permission.EDIT_PRODUCTS) == frozenset():
        raise NotPermitted(
            f"{order.actor.login} không có quyền nhập giấy chứng nhận.",
            f"{order.actor.login} may not bring certificates in.",
        )
    replies = Replies({**recall(tx, order.actor), **file.answers.given})
    with all_kept():
        judging, beside = Judging(tx, file, order, replies), Beside(tx, file, order, replies)
        judged = [judging.judge(row) for row in file.recognitions]
        beside.judge(judged)
        published = publish and not any(one.is_amiss for one in judged)
        if published:
            _enter(beside, judged, progress)
            remember(tx, order, replies.answered)
    return _told(file, judged, published=published)


def _enter(beside: Beside, judged: Sequence[Judged], progress: Callable[[int, int], None]) -> None:
    """Enter what is new, the newest first, and fill in what was missing."""
    fresh = sorted((one for one in judged if one.verdict is ListedVerdict.NEW), key=newest_first)
    known = [one for one in judged if one.verdict is ListedVerdict.CHANGED]
    of = len(fresh) + len(known)
    for start in range(0, len(fresh), AT_ONCE):
        part = fresh[start : start + AT_ONCE]
        beside.enter(part)
        progress(start + len(part), of)
    for done, one in enumerate(known, start=len(fresh) + 1):
        beside.complete(one)
        progress(done, of)
    beside.finish()


def _told(file: RegisterFile, judged: Sequence[Judged], *, published: bool) -> RegisterImportView:
    count = {verdict: sum(one.verdict is verdict for one in judged) for verdict in ListedVerdict}
    return RegisterImportView(
        file.name,
        len(judged),
        count[ListedVerdict.NEW],
        count[ListedVerdict.CHANGED],
        count[ListedVerdict.SAME],
        count[ListedVerdict.FAULT],
        len({one.key for one in judged if one.is_amiss and one.key}),
        published,
        tuple(one.view for one in judged),
    )


__all__ = ["RegisterFile", "RegisterOrder", "import_register", "read_register_file"]
