"""The shipped map put to use: a province's units loaded, and what its old units became on 1/7/2025."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.changes.mergers import move_queries as relocating
from ocop_workflow.changes.mergers.succession import merge
from ocop_workflow.changes.mergers.views import LoadedProvinceView, OpenQuestionView, ProvinceMergedView
from ocop_workflow.deadlines.communes import align_all_communes
from ocop_workflow.errors import Fault, InvalidInput, WrongUse, fault
from ocop_workflow.places import code_queries as official_codes
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.country import REFORM, areas_of, heirs_in
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.changes.mergers.move_queries import Placed
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations.country import Area, Heir
    from ocop_workflow.store import Connection


#: the last day of the map with districts
_DAY_BEFORE = REFORM - timedelta(days=1)


def load_province(
    tx: Connection, by: Actor, province: str, on: date, *, today: date, now: datetime
) -> LoadedProvinceView:
    """Store the units of a province as they were on a local day, with their official codes.

    A unit that is stored already, under whatever id, keeps its id, its words and its addresses: it is known
    by its id, its code on that day, or its name and where it lies; only a code that it lacks is added.

    Args:
        tx: a writing transaction.
        by: who loads them.
        province: the province's name as a word, `quang-ngai`.
        on: the local day whose map is wanted.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: no province had this name on that day.
    """
    stored = _Stored(tx, on)
    areas = areas_of(province, on)
    changed = 0
    for area in areas:
        known = stored.find(area)
        if known is None:
            known = stored.add(area, today)
            changed += 1
        elif official_codes.save_codes(tx, known.id, area.unit(on).codes):
            changed += 1
    if changed:
        after = {"province": province, "on": on, "changed": changed}
        audit.record(tx, by, Deed("unit.load", f"unit:{province}", after=after), now)
        align_all_communes(tx, today)
    left = 0 if on < REFORM else len(_living(_Stored(tx, _DAY_BEFORE), _others_in(province), today))
    count = {level: sum(area.level is level for area in areas) for level in Level}
    return LoadedProvinceView(
        province,
        on,
        count[Level.PROVINCE],
        count[Level.DISTRICT],
        count[Level.COMMUNE],
        changed,
        left,
    )


def succeed_province(
    tx: Connection, by: Actor, province: str, answers: Mapping[str, str], *, today: date, now: datetime
) -> ProvinceMergedView:
    """Let everything of a province's old units follow to whoever took over on 1/7/2025.

    Units that went into one other as a whole are merged into it. Of one that was divided each product is
    asked for by its code; who takes over its addresses and roles, by its id. A district has no heir by law:
    it is asked who takes over its plans, addresses and roles. What holds nothing just ends.

    Args:
        tx: a writing transaction.
        by: who records it.
        province: a province of today, `quang-ngai`.
        answers: to earlier questions: by a product's code, or a unit's id, the id of the unit.
        today: the local day.
        now: this instant.

    Raises:
        WrongUse: 1/7/2025 has not come yet.
        NotFound: there is no such province today.
        InvalidInput: answers to what was not asked, or that cannot be; all at once, nothing is done.
        NotPermitted: the actor does not manage the units.
    """
    if today < REFORM:
        raise WrongUse(
            f"Bản đồ mới có hiệu lực từ {REFORM:%d/%m/%Y}; hôm nay mới là {today:%d/%m/%Y}.",
            f"The new map holds from {REFORM} on; today is {today}.",
        )
    return _Succession(tx, by, province, answers, today, now).run()


class _Stored:
    """The units in the database, found by what the map knows of them."""

    def __init__(self, tx: Connection, on: date) -> None:
        self._tx = tx
        self._on = on
        self._codes = official_codes.units_of_codes(tx, on)
        records = units.all_units(tx)
        self._by_slug = {record.slug: record for record in records}
        self._by_id = {record.id: record for record in records}
        self._by_name = {self._named(record): record for record in records if record.lives(on)}
        self._of: dict[str, UnitRecord] = {}

    @staticmethod
    def _named(record: UnitRecord) -> tuple[Level, str, int | None]:
        return record.level, search_key(record.name), record.parent_id

    def find(self, area: Area) -> UnitRecord | None:
        """Return the unit that an area of the map is, if it is stored."""
        found = self._by_slug.get(area.id) or self._by_id.get(self._codes.get(area.code, 0))
        if found is None:
            parent = self._of.get(area.parent or "")
            found = self._by_name.get((area.level, search_key(area.name), parent.id if parent else None))
        if found is not None:
            self._of[area.id] = found
        return found

    def add(self, area: Area, today: date) -> UnitRecord:
        """Store an area that is not there yet; what it lies in is."""
        parent = self._of.get(area.parent or "")
        unit = area.unit(self._on).model_copy(update={"parent": parent.slug if parent else None})
        units.save_unit(self._tx, unit, today)
        record = units.unit_by_slug(self._tx, area.id)
        assert record is not None  # noqa: S101 - it was just stored
        self._of[area.id] = self._by_slug[area.id] = self._by_id[record.id] = record
        return record


def _others_in(province: str) -> list[Heir]:
    """Return what became of the units of before that are not themselves units of today."""
    return [heir for heir in heirs_in(province) if heir.old.id not in {area.id for area in heir.new}]


def _living(stored: _Stored, heirs: Iterable[Heir], today: date) -> list[tuple[Heir, UnitRecord]]:
    """Return the old units that are stored and not yet recorded as ended."""
    found = ((heir, stored.find(heir.old)) for heir in heirs)
    return [(heir, record) for heir, record in found if record is not None and record.lives(today)]


class _Succession:
    """Goes through the old units of one province: communes first, then districts, then provinces."""

    def __init__(
        self,
        tx: Connection,
        by: Actor,
        province: str,
        answers: Mapping[str, str],
        today: date,
        now: datetime,
    ) -> None:
        self._tx = tx
        self._by = by
        self._province = province
        self._answers = answers
        self._today = today
        self._now = now
        self._used: set[str] = set()
        self._faults: list[Fault] = []
        self.done = ProvinceMergedView()

    def run(self) -> ProvinceMergedView:
        """Do all that law or answers tell, and return what is still asked."""
        heirs = heirs_in(self._province)
        self._before = _Stored(self._tx, _DAY_BEFORE)
        olds = _living(self._before, heirs, self._today)
        load_province(self._tx, self._by, self._province, REFORM, today=self._today, now=self._now)
        self._since = _Stored(self._tx, REFORM)
        for heir, old in olds:
            self._one(heir, old)
        self._faults += [
            fault(
                key,
                f"không hỏi về {key}: bỏ dòng này, hoặc xem lại mã",
                f"nothing was asked about {key}: take the line out, or look at its code again",
            )
            for key in self._answers
            if key not in self._used
        ]
        if self._faults:
            raise InvalidInput("Câu trả lời có lỗi.", "The answers are at fault.", self._faults)
        align_all_communes(self._tx, self._today)
        return self.done

    def _one(self, heir: Heir, old: UnitRecord) -> None:
        news = [found for area in heir.new if (found := self._new(area)) is not None]
        if len(news) == 1:
            if news[0].id != old.id:
                self._merge(old, news[0].slug)
            return
        unasked = self._products(old, news) if news else True
        if not unasked or self._has_living_children(old):
            return
        if not relocating.holds_more(self._tx, old.id, self._today) and not relocating.products_in(
            self._tx, old.id
        ):
            relocating.end_unit(self._tx, old.id, REFORM)
            deed = Deed("unit.end", f"unit:{old.slug}", after={"on": REFORM})
            audit.record(self._tx, self._by, deed, self._now)
            self.done.ended.append(old.slug)
            return
        into = tuple(found.slug for found in news)
        taker = self._answer(OpenQuestionView(old.slug, old.name, old.slug, into))
        if taker is not None:
            self._merge(old, taker)

    def _new(self, area: Area) -> UnitRecord | None:
        """Return an heir; one in another province is loaded with what it lies in."""
        found = self._since.find(area)
        if found is None:
            elsewhere = area.parent or area.id
            load_province(self._tx, self._by, elsewhere, REFORM, today=self._today, now=self._now)
            self._since = _Stored(self._tx, REFORM)
            for each in areas_of(self._province, REFORM):
                self._since.find(each)
            for each in areas_of(elsewhere, REFORM):
                self._since.find(each)
            found = self._since.find(area)
        return found

    def _has_living_children(self, old: UnitRecord) -> bool:
        below = units.units_below(self._tx, old.id)
        return any(unit.lives(self._today) for unit in below if unit.id != old.id)

    def _products(self, old: UnitRecord, news: list[UnitRecord]) -> bool:
        """Move the products of a divided commune that are answered. True if none is left to ask for."""
        left = False
        for product in relocating.products_in(self._tx, old.id):
            into = tuple(found.slug for found in news)
            question = OpenQuestionView(product.code, product.name, old.slug, into, product.address or "")
            answer = self._answer(question)
            if answer is None:
                left = True
            else:
                self._move(product, old, next(found for found in news if found.slug == answer))
        return not left

    def _answer(self, question: OpenQuestionView) -> str | None:
        """Return the answer to a question, if there is one that can be; else it is asked, or faulted."""
        self._used.add(question.about)
        answer = self._answers.get(question.about)
        if answer is None:
            self.done.questions.append(question)
            return None
        taker = units.unit_by_slug(self._tx, answer)
        if taker is None or not taker.lives(self._today) or (question.into and answer not in question.into):
            known = ", ".join(question.into) or "mã một địa phương đang có (xem `ocop units list`)"
            self._faults.append(
                fault(
                    question.about,
                    f"không thể là {answer}; có thể: {known}",
                    f"cannot be {answer}; it can be: {', '.join(question.into) or 'a unit that lives today'}",
                )
            )
            return None
        return answer

    def _move(self, product: Placed, old: UnitRecord, new: UnitRecord) -> None:
        relocating.move_product(self._tx, product, old.id, new.id, self._today, self._now)
        deed = Deed(
            "product.relocate",
            f"product:{product.code}",
            {"unit": old.slug},
            {"unit": new.slug, "on": REFORM},
        )
        audit.record(self._tx, self._by, deed, self._now)
        self.done.moved[product.code] = new.slug

    def _merge(self, old: UnitRecord, heir: str) -> None:
        merge(self._tx, self._by, old.slug, heir, REFORM, today=self._today, now=self._now)
        self.done.merged[old.slug] = heir
