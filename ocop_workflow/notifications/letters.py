"""The letters: what a digest, a notice and a correction say, in Vietnamese.

A letter is a view (frozen, made by a service) and a pair of templates (`rendering`). Days are local days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.clock import VIETNAM
from ocop_workflow.vietnamese import number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

    from ocop_workflow.notifications.measure import Measure


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name letters go out, where the service is found, and by which zone's clock they are dated."""

    address: str
    public_url: str
    zone: ZoneInfo = VIETNAM


@dataclass(frozen=True, slots=True)
class ListedAt:
    """Where products are listed that a letter does not name: a path of the service, and a command."""

    path: str
    command: str


@dataclass(frozen=True, slots=True)
class Item:
    """One product of a section; `place` is its commune, where the reader has several.

    `producer`: where another one's product has the same name. `mark`: what is to be said of its certificate.
    """

    code: str
    name: str
    place: str = ""
    producer: str = ""
    mark: str = ""

    @property
    def called(self) -> str:
        """The product's name, so that it cannot be taken for another one."""
        return f"{self.name}, chủ thể {self.producer}" if self.producer else self.name


def namesakes(products: Iterable[tuple[str | None, str | None, str | None]]) -> frozenset[object]:
    """Return the names that products of several producers of one unit bear.

    Args:
        products: name, unit and producer of each product of which a letter speaks, however often.

    Returns:
        name and unit of those that the producer's name tells apart.
    """
    bearers = Counter((name, unit) for name, unit, _ in set(products))
    return frozenset(bearer for bearer, count in bearers.items() if count > 1)


class Listing:
    """A part that names products; of many only the first. `named`: how many, none: all."""

    __slots__ = ()

    items: tuple[Item, ...]
    named: int | None

    @property
    def shown(self) -> tuple[Item, ...]:
        """The products that are named."""
        return self.items[: self.named]

    @property
    def more(self) -> int:
        """How many are not."""
        return len(self.items) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Section(Listing):
    """One milestone (or activity) and due date, with the products that it concerns.

    `days_left`: calendar days from the letter's day to the due day; negative: late. `hour` ("16h00"): until
    when of that day; empty: all day. `list_at`: where all are. `about`, `round`, `saving`: see the templates.
    """

    name: str
    due_on: date
    days_left: int
    basis: str
    as_written: str
    action: str
    where: str
    items: tuple[Item, ...]
    hour: str = ""
    list_at: ListedAt | None = None
    named: int | None = None
    about: str = ""
    round: str = ""
    saving: str = ""

    @property
    def until(self) -> str:
        """Until when, in Vietnamese: the hour before the day, where the plan says one."""
        return f"trước {self.hour} ngày {self.due_on:%d/%m/%Y}" if self.hour else f"{self.due_on:%d/%m/%Y}"

    @property
    def until_en(self) -> str:
        """The same in English."""
        return self.due_on.isoformat() + (f" before {self.hour.replace('h', ':')}" if self.hour else "")

    @property
    def is_late(self) -> bool:
        """Whether the due day is over."""
        return self.days_left < 0

    @property
    def standing(self) -> str:
        """How the day stands toward the due day, in Vietnamese."""
        if self.days_left > 0:
            return f"còn {self.days_left} ngày"
        return f"đã quá hạn {-self.days_left} ngày" if self.is_late else "hôm nay là ngày cuối"

    @property
    def standing_en(self) -> str:
        """The same in English."""
        if self.days_left > 0:
            return f"{self.days_left} day{'s' * (self.days_left != 1)} left"
        return f"{-self.days_left} day{'s' * (self.days_left != -1)} late" if self.is_late else "due today"


@dataclass(frozen=True, slots=True)
class Silent:
    """The communes that have registered nothing under a plan yet. `named`: how many are named, none: all."""

    plan: str
    communes: tuple[str, ...]
    named: int | None = None

    @property
    def shown(self) -> tuple[str, ...]:
        """The communes that are named."""
        return self.communes[: self.named]

    @property
    def more(self) -> int:
        """How many are not."""
        return len(self.communes) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Digest:
    """The one letter that a unit gets on a day.

    `parts`: how many sections are told one by one, none: all. `rounds`: how rounds stand, by sentence.
    """

    office: str
    day: date
    sections: tuple[Section, ...]
    public_url: str
    silent: tuple[Silent, ...] = ()
    rounds: tuple[str, ...] = ()
    list_at: ListedAt | None = None
    parts: int | None = None

    @property
    def told(self) -> tuple[Section, ...]:
        """The sections that are told one by one."""
        return self.sections[: self.parts]

    @property
    def rest(self) -> Digest | None:
        """What is only counted, as a digest of its own; none: nothing."""
        left = self.sections[len(self.told) :]
        return replace(self, sections=left, silent=(), rounds=(), parts=None) if left else None

    @property
    def late(self) -> int:
        """How many things are late."""
        return sum(max(len(section.items), 1) for section in self.sections if section.is_late)

    @property
    def coming(self) -> int:
        """How many things are coming."""
        return sum(max(len(section.items), 1) for section in self.sections if not section.is_late)

    @property
    def figures(self) -> str:
        """How many things are late, how many coming, in Vietnamese: what is late first."""
        parts = [f"{number(self.late)} việc quá hạn"] * bool(self.late)
        parts += [f"{number(self.coming)} việc sắp đến hạn"] * bool(self.coming)
        return ", ".join(parts)

    @property
    def subject(self) -> str:
        """The subject line."""
        return f"[OCOP] {self.figures} – {self.office}, ngày {vietnamese_date(self.day)}"

    @property
    def rows(self) -> int:
        """How many rows its page has."""
        return sum(1 + len(section.shown) for section in self.told)

    def telling(self, measure: Measure) -> Digest:
        """Return the digest so that it tells no more than this."""
        sections = tuple(replace(section, named=measure.rows) for section in self.sections)
        named = measure.rows and 10 * measure.rows  # a commune's name takes a tenth of a row
        silent = tuple(replace(silent, named=named) for silent in self.silent)
        return replace(self, sections=sections, silent=silent, parts=measure.parts)


@dataclass(frozen=True, slots=True)
class Notice:
    """What one step means for one product; `details` are (label, value)."""

    office: str
    day: date
    code: str
    product: str
    step: str
    state: str
    step_en: str
    public_url: str
    details: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """The subject line."""
        return f"[OCOP] {self.step}: {self.product} ({self.code})"


@dataclass(frozen=True, slots=True)
class Notices:
    """What several steps recorded in one go mean, on the letter's `day`; `parts` of them, none: all."""

    office: str
    day: date
    told: tuple[Notice, ...]
    public_url: str
    parts: int | None = None

    @property
    def shown(self) -> tuple[Notice, ...]:
        """The steps that are told one by one."""
        return self.told[: self.parts]

    @property
    def more(self) -> int:
        """How many are not."""
        return len(self.told) - len(self.shown)

    @property
    def rows(self) -> int:
        """How many rows its page has."""
        return len(self.shown)

    def telling(self, measure: Measure) -> Notices:
        """Return the letter so that it tells no more than this."""
        return replace(self, parts=measure.rows)

    @property
    def subject(self) -> str:
        """The subject line: the step, where it is one and the same."""
        steps = {notice.step for notice in self.told}
        products = {notice.code for notice in self.told}
        what = steps.pop() if len(steps) == 1 else f"{len(self.told)} việc"
        return f"[OCOP] {what}: {len(products)} sản phẩm – {self.office}, ngày {vietnamese_date(self.day)}"


@dataclass(frozen=True, slots=True)
class ChangedDate(Listing):
    """A date that does not hold any more: what was told, and what holds now, for which products.

    `told` none: that it holds no longer; `now` none: it does not. `list_at`: see `Section`.
    """

    name: str
    told: date | None
    now: date | None
    items: tuple[Item, ...]
    list_at: ListedAt | None = None
    named: int | None = None

    @property
    def was(self) -> str:
        """What was told, in Vietnamese."""
        return f"hạn {vietnamese_date(self.told)}" if self.told else "không còn hạn"

    @property
    def holds(self) -> str:
        """What holds now, in Vietnamese."""
        return f"hạn {vietnamese_date(self.now)}" if self.now else "không còn hạn"

    @property
    def in_english(self) -> str:
        """Both in English."""
        was = f"due {self.told.isoformat()}" if self.told else "no longer due"
        holds = f"due {self.now.isoformat()}" if self.now else "no longer due"
        return f"told: {was}; now: {holds}"


@dataclass(frozen=True, slots=True)
class Correction:
    """What one address was told and is not so any more, and why. `parts`: see `Digest`."""

    office: str
    day: date
    reason: str
    reason_en: str
    changes: tuple[ChangedDate, ...]
    public_url: str
    parts: int | None = None

    @property
    def told(self) -> tuple[ChangedDate, ...]:
        """The changes that are told one by one."""
        return self.changes[: self.parts]

    @property
    def rest(self) -> int:
        """How many dates are not."""
        return self.dates - sum(max(len(change.items), 1) for change in self.told)

    @property
    def dates(self) -> int:
        """How many dates have changed."""
        return sum(max(len(change.items), 1) for change in self.changes)

    @property
    def subject(self) -> str:
        """The subject line."""
        changed = f"{number(self.dates)} hạn đã đổi"
        return f"[OCOP] Đính chính: {changed} – {self.office}, ngày {vietnamese_date(self.day)}"

    @property
    def rows(self) -> int:
        """How many rows its page has."""
        return sum(1 + len(change.shown) for change in self.told)

    def telling(self, measure: Measure) -> Correction:
        """Return the correction so that it tells no more than this."""
        changes = tuple(replace(change, named=measure.rows) for change in self.changes)
        return replace(self, changes=changes, parts=measure.parts)


@dataclass(frozen=True, slots=True)
class Retraction:
    """That a step of which a letter had told was undone; `day` is the day of the undoing."""

    office: str
    day: date
    code: str
    product: str
    step: str
    step_day: date
    state: str
    reason: str
    step_en: str
    public_url: str

    @property
    def subject(self) -> str:
        """The subject line."""
        return f"[OCOP] Đính chính – {self.step}: {self.product} ({self.code})"


@dataclass(frozen=True, slots=True)
class Warned:
    """A word to the authority about the service itself: what stands still or is missing, and what to do."""

    office: str
    day: date
    title: str
    says: tuple[str, ...]
    todo: tuple[str, ...]
    english: str
    public_url: str

    @property
    def subject(self) -> str:
        """The subject line."""
        return f"[OCOP] {self.title} – {self.office}, ngày {vietnamese_date(self.day)}"


def vietnamese_date(day: date) -> str:
    """Write a day as it is written in Việt Nam: 30/04/2024."""
    return f"{day:%d/%m/%Y}"
