"""The recognitions of a list beside the register and beside each other, and how they are entered.

What the register has already is the same, or brings what it lacked; nothing that stands there is written
over. Of one product the newest recognition runs, whatever the order in which they are named.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.audit import chain as audit
from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.register_queries import SoughtCertificates
from ocop_workflow.errors import Text
from ocop_workflow.imports.register.filling import Filling
from ocop_workflow.imports.register.groups import group_called
from ocop_workflow.imports.register.judged import Judged, newest_first
from ocop_workflow.imports.register.judging import same_number
from ocop_workflow.imports.register.makers import Makers, store_new
from ocop_workflow.imports.register.views import ListedVerdict
from ocop_workflow.places import queries as units
from ocop_workflow.products import queries as products
from ocop_workflow.products.queries import MadeThere
from ocop_workflow.products.settling.completing import complete_listed
from ocop_workflow.products.settling.listed import (
    EnteredListed,
    ListedCertificate,
    enter_listed,
    regulation_in_force,
    warrant_for,
)
from ocop_workflow.states import CertificateStanding, EvidenceLevel
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocop_workflow.access import Warrant
    from ocop_workflow.audit.chain import Deed
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.imports.register.file import RegisterFile, RegisterOrder
    from ocop_workflow.imports.register.replies import Replies
    from ocop_workflow.store import Connection


class Beside:
    """Looks at the understood recognitions of one list together, and enters them."""

    def __init__(self, tx: Connection, file: RegisterFile, order: RegisterOrder, replies: Replies) -> None:
        """Take the list, who brings it, and what was answered."""
        self._tx, self._file, self._order, self._replies = tx, file, order, replies
        self._stored: dict[int, dict[str, list[CertificateRecord]]] = {}
        self._made: dict[int, dict[str, list[MadeThere]]] = {}
        self._warrants: dict[tuple[int, int], Warrant | None] = {}
        self._entries: dict[int, Warrant] = {}
        self._filling = Filling(replies)
        self._deeds: list[tuple[Deed, Warrant]] = []

    def judge(self, judged: Sequence[Judged]) -> None:
        """Say of all that were understood what becomes of them."""
        understood = [one for one in judged if one.certificate is not None]
        for one in understood:
            self._beside_stored(one)
        self._beside_each_other(understood)
        fresh = sorted((one for one in understood if one.verdict is ListedVerdict.NEW), key=newest_first)
        for one in fresh:
            one.listed = self._listed(one, self._namesake(one))
            self._say(one, one.listed)
            if one.listed.brings_product:
                self._expect(one)
        known: dict[int, Judged] = {}
        for one in understood:
            if one.found is not None and one.verdict is ListedVerdict.SAME:
                first = known.setdefault(one.found.id, one)
                if first is not one:
                    _join(first, one)
        for one in known.values():
            if one.found is not None and one.verdict is ListedVerdict.SAME:
                self._complete(one, one.found)
        coming = [one for one in fresh if one.listed is not None and one.listed.brings_product]
        Makers(self._tx, self._replies).settle([*coming, *(one for one in known.values() if one.names_maker)])

    # -- beside the register -----------------------------------------------------------------------------

    def _beside_stored(self, one: Judged) -> None:
        """Look whether it is there already, and whether its product has a newer one."""
        assert one.unit is not None  # noqa: S101 - it was located
        assert one.certificate is not None  # noqa: S101 - it was understood
        given, producer = one.certificate, one.producer_key
        of_product = [
            row
            for row in self._of_unit(one.unit.id).get(one.product_key, ())
            if _is_alike(row.producer, one.row.producer)
        ]
        same = [row for row in of_product if same_number(row.number) == same_number(given.number)]
        if not same:
            later = [
                row
                for row in of_product
                if row.decided_on > given.decided_on and row.ended_because != "undone"
            ]
            one.stored = min(later, key=lambda row: row.decided_on, default=None)
            return
        found = min(same, key=lambda row: (search_key(row.producer or "") != producer, row.id))
        one.code, one.found = found.code or None, found
        if (found.star, found.decided_on) != (given.star, given.decided_on):
            one.at_fault(
                None,
                Text(
                    f"sổ đã có quyết định này: {found.star} sao, ngày {found.decided_on:%d/%m/%Y} (số "
                    f"{found.id})",
                    f"the register has this decision: {found.star} stars, of {found.decided_on}",
                ),
            )
            return
        one.verdict, one.detail = ListedVerdict.SAME, f"đã có trong sổ, số {found.id}"

    def _of_unit(self, unit_id: int) -> dict[str, list[CertificateRecord]]:
        """Return the certificates that a commune has, by the search keys of their names; looked up once."""
        if unit_id not in self._stored:
            sought = SoughtCertificates(self._order.today, unit_id=unit_id)
            by_name: defaultdict[str, list[CertificateRecord]] = defaultdict(list)
            for row in register.find_certificates(self._tx, sought):
                by_name[search_key(row.product)].append(row)
            self._stored[unit_id] = by_name
        return self._stored[unit_id]

    def _complete(self, one: Judged, found: CertificateRecord) -> None:
        """Say what the list brings that a certificate of the register lacks."""
        if found.standing is CertificateStanding.REFUSED or found.ended_because == "undone":
            one.notes.append(
                found.standing.label if found.ended_because != "undone" else "đã huỷ vì cấp nhầm"
            )
            return
        one.row = replace(one.row, issuer=one.row.issuer or found.issuer)
        apart = "" if found.code else self._namesake(one)
        one.listed = replace(self._listed(one, apart), ended_on=found.ended_on or one.row.ended_on)
        made = next(
            (
                made
                for made in self._products_of(found.unit_id, search_key(found.product))
                if made.code == found.code
            ),
            None,
        )
        self._filling.compare(one, found, made)

    # -- beside each other -------------------------------------------------------------------------------

    def _beside_each_other(self, understood: Iterable[Judged]) -> None:
        """Let each older recognition of one product know the next newer one; a row twice is one."""
        groups: defaultdict[tuple[int, str, str], list[Judged]] = defaultdict(list)
        for one in understood:
            if one.verdict in (ListedVerdict.NEW, ListedVerdict.SAME) and one.unit is not None:
                groups[one.unit.id, one.product_key, one.producer_key].append(one)
        for group in groups.values():
            self._in_order(group)

    def _in_order(self, group: list[Judged]) -> None:
        seen: list[Judged] = []
        for one in sorted(group, key=newest_first):
            assert one.certificate is not None  # noqa: S101 - see `newest_first`
            number = same_number(one.certificate.number)
            twice = next(
                (
                    other
                    for other in seen
                    if other.certificate and same_number(other.certificate.number) == number
                ),
                None,
            )
            if twice is None:
                fresh = [other for other in seen if other.verdict is ListedVerdict.NEW]
                one.newer = fresh[-1] if fresh else None
                seen.append(one)
            else:
                _join(twice, one)

    # -- how it is entered -------------------------------------------------------------------------------

    def _say(self, one: Judged, listed: ListedCertificate) -> None:
        words = [listed.standing.label, f"chứng cứ {listed.evidence.value}"]
        if not listed.runs:
            words.append("đã được thay bằng giấy mới" if one.newer or one.stored else "đã hết hạn")
        elif listed.stands_apart:
            words.append(f"{listed.stands_apart} cùng tên: chờ người xác nhận")
        one.detail = "; ".join(filter(None, words))

    def _listed(self, one: Judged, stands_apart: str) -> ListedCertificate:
        """Return it as it is entered."""
        row, order = one.row, self._order
        assert one.unit is not None  # noqa: S101 - it was located
        assert one.certificate is not None  # noqa: S101 - it was understood
        newer = one.replaced_by
        place = f"{self._file.name}, {row.sheet}, dòng {row.row}"
        return ListedCertificate(
            unit=one.unit,
            commune=row.unit,
            product=row.product[:200],
            producer=row.producer[:300] if row.producer else None,
            representative=row.representative,
            certificate=one.certificate,
            evidence=_evidence(one, order.evidence),
            issuer=row.issuer[:300] if row.issuer else None,
            source=(f"{row.source} ({place})" if row.source else place)[:500],
            ended_on=row.ended_on,
            replaced_on=newer[0] if newer else None,
            stands_apart=stands_apart,
            warrant=self._warrant(one),
            entry=self._entry(one.unit.id),
            actor=order.actor,
            today=order.today,
            now=order.now,
            address=row.address,
            whole_cell=row.whole_cell,
            reason=one.reason,
            group=group_called(row.group, order.today),
        )

    def _warrant(self, one: Judged) -> Warrant | None:
        """Return in whose name the importer may confirm it; of one commune and star it is looked up once."""
        assert one.unit is not None  # noqa: S101 - it was located
        assert one.certificate is not None  # noqa: S101 - it was understood
        order, key = self._order, (one.unit.id, one.certificate.star)
        if key not in self._warrants:
            regulation = regulation_in_force(order.today)
            self._warrants[key] = warrant_for(self._tx, order.actor, key[1], key[0], regulation)
        return self._warrants[key]

    def _entry(self, unit_id: int) -> Warrant:
        """Return in whose name the importer brings it in; only communes within reach were found."""
        if unit_id not in self._entries:
            place = Place(frozenset(units.lineage(self._tx, unit_id)))
            warrant = may(self._order.actor, Permission.EDIT_PRODUCTS, place)
            assert warrant is not None  # noqa: S101 - see above
            self._entries[unit_id] = warrant
        return self._entries[unit_id]

    def _namesake(self, one: Judged) -> str:
        """Return the product of this name that is there, or comes in with the list; empty: there is none."""
        assert one.unit is not None  # noqa: S101 - it was located
        found = self._products_of(one.unit.id, one.product_key)
        return next((made.code for made in found if _is_alike(made.producer, one.row.producer)), "")

    def _products_of(self, unit_id: int, key: str) -> list[MadeThere]:
        if unit_id not in self._made:
            by_name: defaultdict[str, list[MadeThere]] = defaultdict(list)
            for made in products.made_in(self._tx, unit_id):
                by_name[made.search_key].append(made)
            self._made[unit_id] = by_name
        return self._made[unit_id].setdefault(key[:200], [])

    def _expect(self, one: Judged) -> None:
        """Remember that a product comes in with the list."""
        assert one.unit is not None  # noqa: S101 - it was located
        key = one.product_key
        made = MadeThere(f"dòng {one.row.row}", key, None, one.row.producer, one.row.representative)
        self._products_of(one.unit.id, key).append(made)

    def enter(self, fresh: Sequence[Judged]) -> None:
        """Put what is new into the register, the newest first: one that was replaced names what followed."""
        waiting = list(fresh)
        while waiting:
            ready = [one for one in waiting if one.replaced_by is None or one.replaced_by[1] is not None]
            self._enter_at_once(ready)
            waiting = [one for one in waiting if one.number is None]

    def _enter_at_once(self, ready: Sequence[Judged]) -> None:
        coming = (one for one in ready if one.listed is not None and one.listed.brings_product)
        store_new(self._tx, [one.maker for one in coming])
        given: list[tuple[ListedCertificate, int | None]] = []
        for one in ready:
            assert one.listed is not None  # noqa: S101 - what is new was looked at
            listed, newer = one.listed, one.replaced_by
            if listed.brings_product and one.maker is not None:
                listed = replace(listed, producer_id=one.maker.number)
            given.append((listed, newer[1] if newer else None))
        for one, entered, (listed, _) in zip(ready, enter_listed(self._tx, given), given, strict=True):
            self._done(one, entered, listed)

    def complete(self, one: Judged) -> None:
        """Fill in what the register lacked."""
        assert one.listed is not None  # noqa: S101 - it was compared
        assert one.found is not None  # noqa: S101 - likewise
        given = one.completion
        if one.names_maker and one.maker is not None:
            store_new(self._tx, [one.maker])
            given = replace(given, producer_id=one.maker.number)
        self._done(one, complete_listed(self._tx, one.found, one.listed, given), one.listed)

    def _done(self, one: Judged, entered: EnteredListed, listed: ListedCertificate) -> None:
        one.number, one.code = entered.number, entered.code
        self._deeds.append((entered.deed, listed.in_whose_name))

    def finish(self) -> None:
        """Tell the audit of all that was entered: last, since whoever appends to it holds others up."""
        for warrant, told in groupby(self._deeds, key=lambda done: done[1]):
            deeds = [deed for deed, _ in told]
            audit.record_all(self._tx, self._order.actor, deeds, self._order.now, warrant)


def _join(one: Judged, twin: Judged) -> None:
    """Let two rows of one decision be one, if they do not speak against each other."""
    mine, other = one.row, twin.row
    pairs = (
        (mine.star, other.star),
        (mine.decided_on, other.decided_on),
        (mine.valid_until, other.valid_until),
    )
    texts = ((mine.issuer, other.issuer), (mine.representative, other.representative))
    if any(a != b for a, b in pairs if a and b) or any(
        search_key(a) != search_key(b) for a, b in texts if a and b
    ):
        twin.at_fault(
            None,
            Text(
                f"nói khác dòng {mine.row} về cùng một quyết định; để lại một dòng đúng",
                f"says otherwise than row {mine.row} of one decision; leave the right one",
            ),
        )
        return
    one.row = replace(
        mine,
        issuer=mine.issuer or other.issuer,
        representative=mine.representative or other.representative,
        address=mine.address or other.address,
        valid_until=mine.valid_until or other.valid_until,
        evidence=mine.evidence or other.evidence,
        source=mine.source or other.source,
    )
    if mine.valid_until is None and twin.certificate is not None:
        one.certificate = twin.certificate if other.valid_until else one.certificate
    twin.verdict, twin.detail, twin.found = ListedVerdict.SAME, f"như dòng {mine.row}", None


def _evidence(one: Judged, given: EvidenceLevel) -> EvidenceLevel:
    """Return by what it is known: its row says so, or whoever brings the list."""
    row = one.row
    evidence = EvidenceLevel(row.evidence) if row.evidence else given
    if row.proposes and evidence.is_public:
        return EvidenceLevel.PROPOSAL  # a council proposes; its result is no decision
    if evidence is EvidenceLevel.SIGNED and not row.issuer:
        return EvidenceLevel.LEAD  # a signed decision names its body
    return evidence


def _is_alike(producer: str | None, other: str | None) -> bool:
    """Tell whether two may be one producer: they are called alike, or one is not named."""
    return not producer or not other or search_key(producer) == search_key(other)


__all__ = ["Beside"]
