"""Who makes what a list names: one producer or several, one that is there or a new one.

Inside one list a merged cell, one registration number, or the same name, representative and address in one
unit is one producer. Against what is stored the same registration number is the same; the same name,
representative and address in one unit is only proposed, by one question for each producer; anything less is
new, and so is who bears another number. An equal name is no identity (decision 0044).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.imports.register.judged import Judged, Maker
from ocop_workflow.imports.register.replies import NEW, SAME, among
from ocop_workflow.people import producer_queries as stored
from ocop_workflow.people import producers
from ocop_workflow.people.producers import Named
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocop_workflow.imports.register.replies import Replies
    from ocop_workflow.people.producer_queries import ProducerRecord
    from ocop_workflow.store import Connection

_Identity = tuple[object, ...]


def store_new(tx: Connection, makers: Iterable[Maker | None]) -> None:
    """Store the producers that are new, each once; they have their numbers since.

    Of one that is there already the registration number is kept, if none was known.
    """
    makers = list(makers)
    for maker in {id(maker): maker for maker in makers if maker is not None and maker.number}.values():
        registration = producers.registered(maker.named.registration)
        if maker.number is not None and registration is not None:
            stored.register_number(tx, maker.number, registration)
    new = list({id(maker): maker for maker in makers if maker is not None and maker.number is None}.values())
    for maker, number in zip(new, producers.add_all(tx, [maker.named for maker in new]), strict=True):
        maker.number = number


class Makers:
    """Finds the producers of the products that a list brings in."""

    def __init__(self, tx: Connection, replies: Replies) -> None:
        """Take what was answered."""
        self._tx, self._replies = tx, replies
        self._by: dict[_Identity, Maker] = {}

    def settle(self, fresh: Iterable[Judged]) -> None:
        """Say of each recognition whose product comes in who makes it, and ask about whom it may be."""
        for one in fresh:
            if one.row.producer:
                one.maker = self._maker(one)
        makers = list({id(maker): maker for maker in self._by.values()}.values())
        known = self._likely({maker.named.unit_id for maker in makers})
        registered = self._registered(makers)
        for maker in makers:
            self._refuse_two_names(maker)
            self._say(maker)
            number = producers.registered(maker.named.registration)
            same = registered[number] if number else []
            if len(same) == 1:
                maker.is_known_as(same[0])
                continue
            likely = known[maker.named.unit_id, *_names(maker.named)]
            self._ask(maker, [one for one in likely if not (number and one.registration)])

    def _maker(self, one: Judged) -> Maker:
        """Return who makes it: whom an earlier row named by the same cell, number, or name and place."""
        row = one.row
        assert one.unit is not None  # noqa: S101 - its product comes in
        assert row.producer is not None  # noqa: S101 - likewise
        named = Named(one.unit.id, row.producer[:300], row.representative, row.address, row.registration)
        identities = list(_identities(one, named))
        found = list({id(self._by[key]): self._by[key] for key, _ in identities if key in self._by}.values())
        maker = found[0] if found else Maker(named)
        for other in found[1:]:
            self._join(maker, other)
        for key, why in identities:
            if self._by.get(key) is maker:
                maker.why.add(why)
            self._by[key] = maker
        if named.registration and not maker.named.registration:
            maker.named = replace(maker.named, registration=named.registration)
        maker.rows.append(one)
        return maker

    def _join(self, maker: Maker, other: Maker) -> None:
        """Let two be one: a later row is both."""
        maker.rows += other.rows
        maker.why |= other.why
        for one in other.rows:
            one.maker = maker
        self._by = {key: maker if held is other else held for key, held in self._by.items()}

    def _likely(self, unit_ids: set[int]) -> defaultdict[tuple[object, ...], list[ProducerRecord]]:
        """Return the producers of these units that have been named with representative and address."""
        found: defaultdict[tuple[object, ...], list[ProducerRecord]] = defaultdict(list)
        places: defaultdict[int, set[str]] = defaultdict(set)
        for number, address in stored.places_known(self._tx, unit_ids):
            places[number].add(search_key(address))
        for record in stored.producers_of(self._tx, unit_ids):
            names = search_key(record.name), search_key(record.representative)
            for place in places[record.id]:
                found[record.unit_id, *names, place].append(record)
        return found

    def _registered(self, makers: Iterable[Maker]) -> defaultdict[str, list[ProducerRecord]]:
        """Return who is stored under the registration numbers that the list names."""
        numbers = {number for maker in makers if (number := producers.registered(maker.named.registration))}
        found: defaultdict[str, list[ProducerRecord]] = defaultdict(list)
        for record in stored.producers_registered(self._tx, numbers):
            found[record.registration or ""].append(record)
        return found

    def _refuse_two_names(self, maker: Maker) -> None:
        """Say so where one registration number stands beside two names."""
        by_number: defaultdict[str, dict[str, Judged]] = defaultdict(dict)
        for one in maker.rows:
            if registration := producers.registered(one.row.registration):
                by_number[registration].setdefault(search_key(one.row.producer or ""), one)
        for named in by_number.values():
            if len(named) > 1:
                one, other, *_ = named.values()
                text = (
                    f"số đăng ký {one.row.registration} đứng với hai tên: “{one.row.producer}” (dòng "
                    f"{one.row.row}), “{other.row.producer}” (dòng {other.row.row}); sửa một trong hai"
                )
                other.at_fault(
                    other.row.holder_cell,
                    Text(text, f"the registration number {one.row.registration} stands with two names"),
                )

    def _say(self, maker: Maker) -> None:
        if len(maker.rows) > 1:
            first = min(maker.rows, key=lambda one: one.row.at)
            why = ", ".join(sorted(maker.why))
            for one in maker.rows:
                if one is not first and one.row.at != first.row.at:
                    one.notes.append(f"một chủ thể với dòng {first.row.row} ({why})")

    def _ask(self, maker: Maker, likely: Sequence[ProducerRecord]) -> None:
        """Ask once whether it is one of the producers that are there; its rows wait for the one answer."""
        named = maker.named
        if not (likely and named.representative and named.place):
            return
        key = maker.key(likely)
        words = self._replies.by(key) or [
            word for one in maker.rows for word in self._replies.to_row(one.row, one.row.holder_cell)
        ]
        numbers = {str(record.id): record.id for record in likely}
        maker.number = next((numbers[word] for word in words if word in numbers), None)
        if maker.number is None and len(likely) == 1 and among(words, SAME):
            maker.number = likely[0].id
        which = " hay ".join(f"số {record.id}" for record in likely)
        answers = "“trùng” hay “mới”" if len(likely) == 1 else f"{which}, hay “mới”"
        text = Text(
            f"chủ thể “{named.name}” đã có ở {likely[0].unit_name}, cùng người đại diện và địa chỉ "
            f"({which}): là chủ thể ấy hay chủ thể mới? Trả lời {answers}",
            f"a producer of this name, representative and address is there ({which}): is it the same?",
        )
        if maker.number is not None or among(words, NEW):
            self._replies.settled(key, text.vi, words)
            return
        first = min((one for one in maker.rows if not one.is_amiss), key=lambda one: one.row.at, default=None)
        proposed = "trùng" if len(likely) == 1 else None
        for one in maker.rows:
            if one is first:
                one.asked(one.row.holder_cell, text, proposed, key=key)
            elif not one.is_amiss and first is not None:
                again = Text(
                    f"chủ thể “{named.name}”: như câu hỏi ở dòng {first.row.row}",
                    f"the producer “{named.name}”: as asked at row {first.row.row}",
                )
                one.asked(one.row.holder_cell, again, proposed, key=key)


def _names(named: Named) -> tuple[str, str, str]:
    said = named.name, named.representative or "", named.place or ""
    name, representative, place = map(search_key, said)
    return name, representative, place


def _identities(one: Judged, named: Named) -> Iterable[tuple[_Identity, str]]:
    """Yield by what a row's producer is known inside the list, and what that is called."""
    row = one.row
    if row.holder_cell:
        yield (named.unit_id, row.sheet, row.holder_cell), "ô gộp"
    if registration := producers.registered(row.registration):
        yield ("số đăng ký", registration), "cùng số đăng ký"
    if row.representative or row.address:
        yield (named.unit_id, *_names(named)), "cùng tên, người đại diện, địa chỉ"


__all__ = ["Maker", "Makers", "store_new"]
