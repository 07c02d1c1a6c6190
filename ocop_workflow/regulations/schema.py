"""Schema of a rule pack: what a regulation says about levels, stars, validity, dossiers and deadlines.

A pack is data (`data/regulations/*.toml`). Each figure names the article it comes from, or a secondary
source; it is marked uncertain where it rests on such a source, on a computation or on a reading.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from ocop_workflow.errors import NotFound, Text
from ocop_workflow.regulations.clocks import RelativeDeadline
from ocop_workflow.regulations.documents import DossierDocument, EvidenceKind, PartPoints, Sourced
from ocop_workflow.regulations.ending import LateGrace, RenewalWindow, RevocationGround
from ocop_workflow.regulations.levels import Level
from ocop_workflow.regulations.reading import Frozen, read_toml
from ocop_workflow.wording import BilingualError, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction


#: a day of every year; none that only leap years have
_MONTH_DAY = (
    r"(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
)


class Star(Sourced):
    """A band of the mean: `from` inclusive, `below` exclusive (none: up to and including 100)."""

    star: int = Field(ge=1, le=5)
    lowest: int = Field(ge=0, le=100, alias="from")
    below: int | None = Field(default=None, ge=0, le=100)
    owner: Level | None = None


class Rung(Sourced):
    """One level of the ladder, lowest first.

    `scores`: a council of this level gives points. `forward_from`: mean from which the level sends the
    dossier up (inclusive). `until`: the last local day on which the level existed at all, for `until_source`.
    """

    level: Level
    body: str = Field(min_length=1)
    scores: bool = True
    forward_from: int | None = Field(default=None, ge=0, le=100)
    until: date | None = None
    until_source: str = ""


class Detour(Sourced):
    """A step that this regulation alone knows.

    `forward`: the renewal of the highest star goes up without a score of the level below. `re_evaluate`: what
    comes back from the top without that star is evaluated below.
    """

    step: Literal["forward", "re_evaluate"]


class LastDay(StrEnum):
    """The last day on which a certificate is valid, counted from its decision plus the months."""

    SAME_DAY = "same_day"
    DAY_BEFORE = "day_before"
    MONTH_END = "month_end"


class Validity(Sourced):
    """How long a certificate is valid."""

    months: int = Field(ge=1)
    last_day: LastDay
    last_day_source: str = Field(min_length=1)


class ProductCodes(Sourced):
    """How the official code of a product is made, as the regulation writes it."""

    form: str = Field(pattern=r"^\(T\)-\(X\)-\(STT\)-20YY$")


class BeforeADay(Sourced):
    """The regulation's reading of "trước ngày …": may it still be done on that day?"""

    inclusive: bool


class ProductGroup(Sourced):
    """One of the six product groups (ngành hàng)."""

    id: Annotated[str, shaped(r"[a-z_]+", "re_rating")]
    number: str
    name: str


class ProductSet(Sourced):
    """A set of products with one scoring sheet (bộ sản phẩm)."""

    number: int
    name: str
    group: str


class YearlyRound(Sourced):
    """A round that comes each year: dossiers until before one day, the evaluation done before another.

    Days are written `MM-DD`; how "trước ngày" is read says the pack's `before_a_day`.
    """

    level: Level
    number: int = Field(ge=1)
    dossiers_before: Annotated[str, shaped(_MONTH_DAY, "07-30")]
    done_before: Annotated[str, shaped(_MONTH_DAY, "09-30")]


class InForce(Sourced):
    """The days between which dossiers are rated by this regulation; `until` is the last."""

    since: date
    until: date | None = None


class CarriedOn(Sourced):
    """How long dossiers received before this regulation are still decided by the one before it.

    `days`: so many calendar days behind the first day in force, the last one included; 0: none at all.
    Letters cite `clause` as the ground; `source`, of which they say nothing, is for whoever checks the pack.
    """

    kinds: Annotated[tuple[Literal["first", "upgrade", "renewal"], ...], Field(min_length=1)]
    days: int = Field(ge=0, le=400)
    clause: str = Field(min_length=1, max_length=200)


class Clause(Sourced):
    """Where the regulation asks for something that a transition needs."""

    article: str = Field(min_length=1)


class Regulation(Frozen):
    """A rule pack. One that is `read_only` gives old plans their ground; nothing is scored by it any more."""

    format: int = Field(ge=1, le=1)
    id: Annotated[str, shaped(r"[a-z0-9-]+", "qd-26-2026")]
    title: str
    number: str
    issued: date
    read_only: bool = False
    in_force: InForce
    transition: tuple[CarriedOn, ...] = ()
    before_a_day: BeforeADay
    validity: Validity
    rungs: Annotated[tuple[Rung, ...], Field(min_length=2)]
    stars: Annotated[tuple[Star, ...], Field(min_length=5, max_length=5)]
    groups: Annotated[tuple[ProductGroup, ...], Field(min_length=1)]
    sets: tuple[ProductSet, ...] = ()
    parts: tuple[PartPoints, ...] = ()
    documents: tuple[DossierDocument, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    clauses: dict[str, Clause] = Field(default_factory=dict)
    deadlines: tuple[RelativeDeadline, ...] = ()
    rounds: tuple[YearlyRound, ...] = ()
    detours: tuple[Detour, ...] = ()
    #: none: the regulation makes none, or it is not known
    product_code: ProductCodes | None = None
    #: empty: not known, any ground is taken as it is given
    revocation: tuple[RevocationGround, ...] = ()
    grace: LateGrace | None = None
    #: none: a round that decides in time is what saves a certificate
    renewal: RenewalWindow | None = None

    @cached_property
    def steps_of_its_own(self) -> frozenset[str]:
        """The steps that this regulation alone knows, by name."""
        return frozenset(detour.step for detour in self.detours)

    @cached_property
    def ladder(self) -> tuple[Level, ...]:
        """The levels that exist, lowest first."""
        return tuple(rung.level for rung in self.rungs)

    @cached_property
    def group_names(self) -> dict[str, str]:
        """The names of the product groups, by their ids."""
        return {group.id: group.name for group in self.groups}

    def ground(self, letter: str) -> RevocationGround | None:
        """Return a ground of revocation by its letter; none: it knows none such."""
        return next((ground for ground in self.revocation if ground.id == letter), None)

    @property
    def scoring(self) -> tuple[Rung, ...]:
        """The levels with a council, lowest first."""
        return tuple(rung for rung in self.rungs if rung.scores)

    def rung(self, level: Level) -> Rung:
        """Return what the regulation says of `level`."""
        return next(rung for rung in self.rungs if rung.level is level)

    def owner(self, star: int) -> Level | None:
        """Return the level that recognises `star`; none where no certificate is given."""
        return next(band.owner for band in self.stars if band.star == star)

    @field_validator("rungs")
    @classmethod
    def _lowest_first(cls, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
        ladder = [rung.level for rung in rungs]
        if ladder != [level for level in Level if level in ladder]:
            raise BilingualError(
                "các cấp phải xếp từ thấp đến cao, mỗi cấp một lần", "each level once, lowest first"
            )
        return rungs

    @field_validator("stars")
    @classmethod
    def _bands_hold(cls, stars: tuple[Star, ...], info: ValidationInfo) -> tuple[Star, ...]:
        faults = [*_holes(stars), *_strangers(stars, info.data.get("rungs", ()))]
        if faults:
            raise BilingualError("; ".join(said.vi for said in faults), "; ".join(said.en for said in faults))
        return stars

    @field_validator("sets")
    @classmethod
    def _groups_known(cls, sets: tuple[ProductSet, ...], info: ValidationInfo) -> tuple[ProductSet, ...]:
        known = {group.id for group in info.data.get("groups", ())}
        unknown = ", ".join(sorted({entry.group for entry in sets} - known))
        if known and unknown:
            raise BilingualError(f"không có nhóm sản phẩm {unknown}", f"no product group {unknown}")
        return sets

    @field_validator("rounds")
    @classmethod
    def _held_by_councils(
        cls, rounds: tuple[YearlyRound, ...], info: ValidationInfo
    ) -> tuple[YearlyRound, ...]:
        councils = {rung.level for rung in info.data.get("rungs", ()) if rung.scores}
        strangers = ", ".join(sorted({entry.level for entry in rounds} - councils))
        if councils and strangers:
            raise BilingualError(f"cấp không chấm điểm: {strangers}", f"no council scores there: {strangers}")
        return rounds

    @field_validator("deadlines")
    @classmethod
    def _ids_once(cls, deadlines: tuple[RelativeDeadline, ...]) -> tuple[RelativeDeadline, ...]:
        ids = [deadline.id for deadline in deadlines]
        twice = ", ".join(sorted({one for one in ids if ids.count(one) > 1}))
        if twice:
            raise BilingualError(f"mã dùng hai lần: {twice}", f"ids used twice: {twice}")
        return deadlines


def _holes(stars: tuple[Star, ...]) -> Iterator[Text]:
    """Bands must run from one star to five and meet, from 0 to 100."""
    meets = all(lower.below == upper.lowest for lower, upper in pairwise(stars))
    if not meets or stars[0].lowest != 0 or stars[-1].below is not None:
        yield Text(
            "các khung điểm phải nối liền nhau từ 0 đến 100, thấp trước cao sau",
            "the bands must meet, from 0 to 100, lowest first",
        )
    if [band.star for band in stars] != [1, 2, 3, 4, 5]:
        yield Text("phải đủ từ 1 đến 5 sao, theo thứ tự", "one to five stars, in this order")


def _strangers(stars: tuple[Star, ...], rungs: tuple[Rung, ...]) -> Iterator[Text]:
    """A star is recognised by a level that exists (asked only where the ladder itself is right)."""
    unknown = {band.owner for band in stars if band.owner} - {rung.level for rung in rungs}
    if rungs and unknown:
        names = ", ".join(sorted(unknown))
        yield Text(
            f"cấp công nhận không có trong bậc thang: {names}",
            f"recognised by a level that the ladder lacks: {names}",
        )


def star_of(regulation: Regulation, mean: Fraction, gates_met: int = 5) -> int:
    """Return the star: the highest whose band is reached and whose minimum conditions are met.

    Args:
        regulation: the rule pack.
        mean: the exact mean of the council's totals, 0–100; never rounded, so 89.95 is 4 stars.
        gates_met: the highest star whose starred minimum conditions the product meets.
    """
    return max(
        (band.star for band in regulation.stars if mean >= band.lowest and band.star <= max(gates_met, 1)),
        default=1,
    )


@cache  # asked for each certificate of a list
def regulation_ids() -> tuple[str, ...]:
    """Return the ids of the rule packs that ship with the service."""
    folder = resources.files("ocop_workflow") / "data" / "regulations"
    return tuple(
        sorted(path.name[: -len(".toml")] for path in folder.iterdir() if path.name.endswith(".toml"))
    )


@cache
def load_regulation(regulation_id: str) -> Regulation:
    """Load a shipped rule pack.

    Raises:
        NotFound: no pack has this id.
    """
    known = regulation_ids()
    if regulation_id not in known:
        raise NotFound(
            f"Không có quy định nào mang mã {regulation_id}; đang có: {', '.join(known)}.",
            f"No regulation has the id {regulation_id}; there are: {', '.join(known)}.",
        )
    path = resources.files("ocop_workflow") / "data" / "regulations" / f"{regulation_id}.toml"
    return read_toml(path.read_text("utf-8"), Regulation, path.name)


@lru_cache(maxsize=1024)
def regulation_on(day: date) -> Regulation | None:
    """Return the regulation in force on a local day; no two are. None: no pack says so."""
    known = (load_regulation(name) for name in regulation_ids())
    return next((one for one in known if one.in_force.since <= day <= (one.in_force.until or day)), None)
