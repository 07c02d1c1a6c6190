"""Producers: who is the same as whom, who there may be meant, and storing who is new."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import ERASED
from ocop_workflow.errors import Conflict
from ocop_workflow.people import producer_queries as stored
from ocop_workflow.people.views import ProducerView
from ocop_workflow.vietnamese import search_key, sort_key
from ocop_workflow.views import to_plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ocop_workflow.people.producer_queries import ProducerRecord
    from ocop_workflow.store import Connection


#: letters and figures of a registration number, at most; and figures, at least
LONGEST_REGISTRATION, _FEWEST = 40, 4


@dataclass(frozen=True, slots=True)
class Named:
    """A producer as somebody names it; who is named equally in one list is one.

    `representative`: who stands for it before the law. `place`: where it produces. `registration`: the number
    of its business. None: not said.
    """

    unit_id: int
    name: str
    representative: str | None = None
    place: str | None = None
    registration: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A producer that is there, and where it is known to produce, each place as it is compared."""

    id: int
    name: str
    representative: str
    places: frozenset[str] = frozenset()


def is_same(named: Named, known: Known) -> bool:
    """Tell whether who is named is likely one that its unit has already.

    That takes the same name, the same representative, and no other place of production than the known ones;
    a place that only one side knows speaks for neither. An equal name alone is never an identity: the State
    tells businesses apart by their number (Luật Doanh nghiệp 59/2020/QH14, Điều 29.1), and two households of
    one commune may bear one name (decision 0044).
    """
    return (
        named.representative is not None
        and is_called(named.name, known.name)
        and is_called(named.representative, known.representative)
        and (
            named.place in {None, ERASED.vi}
            or not known.places
            or sort_key(named.place or "") in known.places
        )
    )


def registered(number: str | None) -> str | None:
    """Return a registration number as it is kept and compared: letters and figures alone; none: no number.

    Offices write one number with dots, spaces or dashes, and with "số" before it; "chưa có" and "0" are none.
    """
    plain = "".join(one for one in search_key(number or "") if one.isalnum())
    plain = plain.removeprefix("so").removeprefix("mst").upper()
    return plain[:LONGEST_REGISTRATION] if sum(one.isdigit() for one in plain) >= _FEWEST else None


def is_called(name: str, other: str) -> bool:
    """Tell whether two names are one, whatever the marks and the case."""
    return search_key(name) == search_key(other)


def known_or_new(tx: Connection, named: Iterable[Named]) -> dict[Named, int]:
    """Return the number of each producer that a list names; one who is nobody that is there is stored.

    Where several are there that it may be, it is none of them.
    """
    wanted = list(dict.fromkeys(named))
    known = _known(tx, {item.unit_id for item in wanted})
    found: dict[Named, int] = {}
    for item in wanted:
        same = [other.id for other in known[item.unit_id, search_key(item.name)] if is_same(item, other)]
        if len(same) == 1:
            found[item] = same[0]
    new = [item for item in wanted if item not in found]
    return found | dict(zip(new, _store(tx, new), strict=True))


def add(tx: Connection, named: Named) -> int:
    """Store a new producer, whoever else bears its name; returns its number."""
    (number,) = _store(tx, [named])
    return number


def add_all(tx: Connection, named: Sequence[Named]) -> list[int]:
    """Store new producers, whoever else bears their names; returns their numbers in order."""
    return _store(tx, named)


def namesakes_of(tx: Connection, unit_id: int, name: str) -> list[ProducerRecord]:
    """Return the producers of a unit that bear this name, whatever the marks and the case."""
    return [record for record in stored.producers_of(tx, {unit_id}) if is_called(record.name, name)]


def registered_as(tx: Connection, registration: str | None, roots: Collection[int] | None) -> int | None:
    """Return the one producer under some units that is stored under a registration number; or none.

    Args:
        tx: a transaction.
        registration: as `registered` writes it; none: none is said.
        roots: the units; none: all.
    """
    same = stored.producers_registered(tx, {registration} if registration else (), roots)
    return same[0].id if len(same) == 1 else None


def add_unless_likely(tx: Connection, named: Named) -> int:
    """Store a new producer where nobody there may be meant; another number is another producer.

    Raises:
        ProducerLikely: somebody of its unit bears its name.
    """
    says_number = registered(named.registration) is not None
    namesakes = namesakes_of(tx, named.unit_id, named.name)
    likely = [one for one in namesakes if not (says_number and one.registration)]
    if likely:
        raise ProducerLikely(likely)
    return add(tx, named)


class ProducerLikely(Conflict):
    """A producer of this name is there: it is to be said whether that one is meant, or a new one."""

    def __init__(self, likely: Sequence[ProducerRecord]) -> None:
        """Take those that may be meant."""
        self.likely = tuple(likely)
        first, numbers = likely[0], ", ".join(str(one.id) for one in likely)
        super().__init__(
            f"{first.unit_name} đã có chủ thể “{first.name}” (số {numbers}): nêu producer_id nếu là chủ thể "
            "ấy, hoặc new_producer: true nếu là chủ thể khác.",
            f"{first.unit_name} has a producer “{first.name}” already ({numbers}): name its producer_id, or "
            "say new_producer: true if it is another one.",
        )

    @property
    def members(self) -> dict[str, Any]:
        """The likely ones."""
        return {"likely": [to_plain(ProducerView.of(record)) for record in self.likely]}


def _known(tx: Connection, unit_ids: set[int]) -> dict[tuple[int, str], list[Known]]:
    """Return the producers of these units by unit and name as it is compared."""
    places: defaultdict[int, set[str]] = defaultdict(set)
    for number, address in stored.places_known(tx, unit_ids):
        places[number].add(sort_key(address))
    known: defaultdict[tuple[int, str], list[Known]] = defaultdict(list)
    for record in stored.producers_of(tx, unit_ids):
        one = Known(record.id, record.name, record.representative, frozenset(places[record.id]))
        known[record.unit_id, search_key(record.name)].append(one)
    return known


def _store(tx: Connection, new: Sequence[Named]) -> list[int]:
    return stored.insert_producers(
        tx,
        [
            {
                "unit_id": item.unit_id,
                "name": item.name,
                "representative": item.representative or item.name,
                "search_key": search_key(f"{item.name} {item.representative or item.name}")[:300],
                "registration": registered(item.registration),
            }
            for item in new
        ],
    )


__all__ = [
    "LONGEST_REGISTRATION",
    "Known",
    "Named",
    "ProducerLikely",
    "add",
    "add_all",
    "add_unless_likely",
    "is_called",
    "is_same",
    "known_or_new",
    "namesakes_of",
    "registered",
    "registered_as",
]
