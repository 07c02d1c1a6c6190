"""One filled score sheet (phiếu chấm): what was chosen of each criterion, and what its notes made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations.rubrics.rubric import CriterionKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ocop_workflow.errors import Fault
    from ocop_workflow.regulations.rubrics.rubric import Criterion, Rubric

#: the longest reason that a sheet takes, in letters
LONGEST_REASON = 500
_KEYS = ("choices", "stops", "excluded", "conditions", "knockouts")


class InBranch(NamedTuple):
    """An option of one of two cases; options count from 1."""

    branch: str
    option: int


#: an option (from 1), yes or no, an option of a case; none: no option fits
Chosen = int | bool | InBranch | None


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a rating stops or a dossier is out; `where`: a criterion, or `set` for the line over the sheet."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A sheet that answers every criterion of its set.

    Attributes:
        choices: what was chosen, by criterion.
        stops: after which criteria nothing more is rated, and why.
        excluded: criteria that are not rated, for their note excludes the product.
        conditions: facts of the product, by the criterion whose condition they are; left out: it holds.
        knockouts: why the dossier is to be out.
    """

    choices: Mapping[str, Chosen]
    stops: tuple[Ground, ...] = ()
    excluded: frozenset[str] = frozenset()
    conditions: Mapping[str, bool] = field(default_factory=dict)
    knockouts: tuple[Ground, ...] = ()


def read_sheet(rubric: Rubric, raw: object, place: str = "", *, whole: bool = True) -> ScoreSheet:
    """Read a sheet of a set.

    Args:
        rubric: the score sheet of the set.
        raw: `{"choices": {"1.1": 2, "1.2": null, "2.4": true}, "stops": [{"where", "reason"}], "excluded":
            ["2.1"], "conditions": {"7": false}, "knockouts": [{"where", "reason"}]}`. Options count from 1;
            null: no option fits; yes and no are true and false; where one of two cases is rated,
            `{"branch": "a", "option": 1}`. All but the choices may be left out.
        place: what stands before the place of each fault.
        whole: whether every criterion has to be answered by now.

    Raises:
        InvalidInput: a criterion is missing, unknown, or answered by what it does not take, or a note is used
            where the sheet prints none; all faults at once.
    """
    reading = _Reading(rubric, whole=whole)
    sheet = reading.sheet(raw)
    if reading.faults:
        found = [fault(f"{place}{item.place}", item.text.vi, item.text.en) for item in reading.faults]
        raise InvalidInput(
            f"Phiếu chấm bộ {rubric.set} có lỗi.", f"The sheet of set {rubric.set} is at fault.", found
        )
    return sheet


def read_choices(rubric: Rubric, raw: object, place: str) -> list[Fault]:
    """Say what is wrong with choices of some criteria of a set, or of all; nothing: they may be kept.

    Args:
        rubric: the score sheet of the set.
        raw: as the `choices` of a sheet are written.
        place: what stands before the place of each fault, in the stead of `choices`.
    """
    reading = _Reading(rubric, whole=False)
    reading.choices(raw)
    return [
        fault(f"{place}{item.place.removeprefix('choices')}", item.text.vi, item.text.en)
        for item in reading.faults
    ]


class _Reading:
    """Reads one sheet and gathers what is wrong with it."""

    def __init__(self, rubric: Rubric, *, whole: bool) -> None:
        self._rubric = rubric
        self._whole = whole
        self.faults: list[Fault] = []

    def _wrong(self, place: str, vi: str, en: str) -> None:
        self.faults.append(fault(place, vi, en))

    def sheet(self, raw: object) -> ScoreSheet:
        if not isinstance(raw, dict):
            self._wrong("", "phải là một bảng { … }", "must be a table { … }")
            return ScoreSheet({})
        for key in raw:
            if key not in _KEYS:
                known = ", ".join(_KEYS)
                self._wrong(str(key), f"không có mục này; có: {known}", f"is no entry; there are: {known}")
        rubric = self._rubric
        return ScoreSheet(
            self.choices(raw.get("choices", None if self._whole else {})),
            self._grounds(raw, "stops", rubric.stops),
            self._excluded(raw.get("excluded", [])),
            self._conditions(raw.get("conditions", {})),
            self._grounds(raw, "knockouts", rubric.knockouts),
        )

    def choices(self, raw: object) -> dict[str, Chosen]:
        if not isinstance(raw, dict):
            self._wrong("choices", "thiếu bảng các mức đã chọn", "the table of what was chosen is missing")
            return {}
        known = self._rubric.by_id
        for name in raw:
            if name not in known:
                self._wrong(
                    f"choices.{name}",
                    f"bộ {self._rubric.set} không có tiêu chí này",
                    f"set {self._rubric.set} has no such criterion",
                )
        for name in known:
            if self._whole and name not in raw:
                self._wrong(
                    f"choices.{name}",
                    "chưa chấm; không mức nào phù hợp thì ghi null",
                    "is not rated; where no option fits, write null",
                )
        return {name: self._chosen(known[name], value) for name, value in raw.items() if name in known}

    def _chosen(self, criterion: Criterion, value: object) -> Chosen:
        place = f"choices.{criterion.id}"
        if value is None:
            return None
        if criterion.kind is CriterionKind.YES_NO:
            if isinstance(value, bool):
                return value
            self._wrong(place, "phải là true, false hoặc null", "must be true, false or null")
        elif criterion.kind is CriterionKind.CHOICE:
            return self._option(place, value, len(criterion.options))
        elif not isinstance(value, dict) or set(value) != {"branch", "option"}:
            self._wrong(
                place,
                'phải là {"branch": …, "option": …} hoặc null',
                'must be {"branch": …, "option": …} or null',
            )
        else:
            branches = {branch.id: branch for branch in criterion.branches}
            branch = branches.get(value["branch"]) if isinstance(value["branch"], str) else None
            if branch is None:
                words = ", ".join(branches)
                self._wrong(f"{place}.branch", f"phải là một trong: {words}", f"must be one of: {words}")
                return None
            option = self._option(f"{place}.option", value["option"], len(branch.options))
            return InBranch(branch.id, option) if option else None
        return None

    def _option(self, place: str, value: object, many: int) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= many:
            return value
        self._wrong(
            place, f"phải là mức từ 1 đến {many}, hoặc null", f"must be an option from 1 to {many}, or null"
        )
        return None

    def _grounds(self, raw: Mapping[str, Any], key: str, where: Collection[str]) -> tuple[Ground, ...]:
        given = raw.get(key, [])
        if not isinstance(given, list):
            self._wrong(key, "phải là một danh sách trong dấu [ ]", "must be a list in [ ]")
            return ()
        return tuple(self._each_ground(given, key, where))

    def _each_ground(self, given: list[Any], key: str, where: Collection[str]) -> Iterator[Ground]:
        seen: set[str] = set()
        for number, item in enumerate(given):
            place = f"{key}[{number}]"
            if not isinstance(item, dict) or set(item) != {"where", "reason"}:
                self._wrong(place, 'phải là {"where": …, "reason": …}', 'must be {"where": …, "reason": …}')
            elif item["where"] not in where or item["where"] in seen:
                words = ", ".join(where) or "–"
                self._wrong(
                    f"{place}.where",
                    f"phải là một trong, mỗi chỗ một lần: {words}",
                    f"must be one of, each once: {words}",
                )
            elif not isinstance(item["reason"], str) or not 0 < len(item["reason"].strip()) <= LONGEST_REASON:
                self._wrong(
                    f"{place}.reason",
                    f"phải nêu lý do, nhiều nhất {LONGEST_REASON} chữ",
                    f"must say why, in {LONGEST_REASON} letters at most",
                )
            else:
                seen.add(item["where"])
                yield Ground(item["where"], item["reason"].strip())

    def _excluded(self, given: object) -> frozenset[str]:
        known = self._rubric.exclusions
        if not isinstance(given, list):
            self._wrong("excluded", "phải là một danh sách trong dấu [ ]", "must be a list in [ ]")
            return frozenset()
        for number, name in enumerate(given):
            if name not in known:
                words = ", ".join(known) or "–"
                self._wrong(f"excluded[{number}]", f"phải là một trong: {words}", f"must be one of: {words}")
        return frozenset(name for name in given if name in known)

    def _conditions(self, given: object) -> dict[str, bool]:
        known = self._rubric.open_facts
        if not isinstance(given, dict):
            self._wrong("conditions", "phải là một bảng { … }", "must be a table { … }")
            return {}
        found: dict[str, bool] = {}
        for name, value in given.items():
            if name not in known:
                words = ", ".join(known) or "–"
                self._wrong(
                    f"conditions.{name}",
                    f"bộ này chỉ hỏi điều kiện của: {words}",
                    f"this set asks only for conditions of: {words}",
                )
            elif not isinstance(value, bool):
                self._wrong(f"conditions.{name}", "phải là true hoặc false", "must be true or false")
            else:
                found[name] = value
        return found
