"""A list of certificates comes into the register: judged row by row, entered only when all of it is clean.

Nothing is invented: a row without star, decision or day is at fault. What the importer's level may confirm
and is known by a signed decision (A) or news of a state body (B1) is confirmed; all else is proposed. The
same list twice changes nothing, and an older recognition never takes the place of a newer one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.errors import NotPermitted
from ocop_workflow.imports.register.file import RegisterFile, RegisterOrder, read_register_file
from ocop_workflow.imports.register.judging import Judging, newest_first
from ocop_workflow.imports.register.views import ListedVerdict, RegisterImportView

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Connection


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
    """
    if order.actor.units_with(Permission.EDIT_PRODUCTS) == frozenset():
        raise NotPermitted(
            f"{order.actor.login} không có quyền nhập giấy chứng nhận.",
            f"{order.actor.login} may not bring certificates in.",
        )
    judging = Judging(tx, file, order)
    judged = [judging.judge(row) for row in file.recognitions]
    judging.beside_each_other(judged)
    clean = not any(one.verdict in (ListedVerdict.FAULT, ListedVerdict.QUESTION) for one in judged)
    if publish and clean:
        fresh = [one for one in judged if one.verdict is ListedVerdict.NEW]
        for done, one in enumerate(sorted(fresh, key=newest_first), start=1):
            judging.enter(one)
            progress(done, len(fresh))
    count = {verdict: sum(one.verdict is verdict for one in judged) for verdict in ListedVerdict}
    return RegisterImportView(
        file.name,
        len(judged),
        count[ListedVerdict.NEW],
        count[ListedVerdict.CHANGED],
        count[ListedVerdict.SAME],
        count[ListedVerdict.FAULT],
        len({one.key or one.view for one in judged if one.verdict is ListedVerdict.QUESTION}),
        publish and clean,
        tuple(one.view for one in judged),
    )


__all__ = ["RegisterFile", "RegisterOrder", "import_register", "read_register_file"]
