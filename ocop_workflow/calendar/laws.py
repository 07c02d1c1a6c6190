"""By which law a deadline of a product is counted, and what the deadline is called for it.

A dossier goes by the pack under which it was received, a certificate by the law in force, a conclusion by
that of its day; a plan's own pack says how the plan's text is read. A rule of that pack bears its plain id,
one of another law that law's id behind it (`re_rating_filing:qd-26-2026`), unless both say the same.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ocop_workflow.calendar.when import count_from
from ocop_workflow.errors import NotFound
from ocop_workflow.regulations import Anchor, load_regulation, regulation_ids, regulation_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ocop_workflow.calendar.workdays import WorkCalendar
    from ocop_workflow.regulations import Regulation, RelativeDeadline

#: between a rule's id and that of its law
_SIGN = ":"


class Ruling(NamedTuple):
    """A relative rule as it holds for a product: what its deadline is called, the rule, whose it is."""

    name: str
    rule: RelativeDeadline
    law: Regulation

    def was_over(self, due_on: date) -> bool:
        """Tell whether a day ahead of a certificate's end was over before its law was there: nobody is late.

        Of certificates that end before 19/9/2026 the window of QĐ 26/2026 had closed (design §12).
        """
        return is_of_end(self.rule) and self.rule.offset < 0 and due_on < self.law.in_force.since


def rulings(
    of_plan: Regulation, dossier: Regulation, certificate: Regulation, concluded_on: date | None
) -> Iterator[Ruling]:
    """Yield the relative rules that hold for a product.

    Args:
        of_plan: the pack of its plan, whose rules bear their plain ids.
        dossier: the pack by which its dossier is rated.
        certificate: the law by which what is counted from its certificate's end is reckoned.
        concluded_on: the local day of a conclusion against its certificate: one holds in whatever state.
    """
    for rule in dossier.deadlines:
        if rule.anchor not in (Anchor.EXPIRY, Anchor.CONCLUDED):
            yield Ruling(_name(rule, dossier, of_plan), rule, dossier)
    for rule in certificate.deadlines:
        if is_of_end(rule):
            yield Ruling(_name(rule, certificate, of_plan), rule, certificate)
    law = regulation_on(concluded_on) if concluded_on else None
    if law is not None:
        yield from (Ruling(rule.id, rule, law) for rule in _of_conclusions(law))


def _name(rule: RelativeDeadline, law: Regulation, of_plan: Regulation) -> str:
    if law.id == of_plan.id or any(rule.says_the_same(own) for own in of_plan.deadlines):
        return rule.id
    return legislated(rule.id, law.id)


def legislated(rule_id: str, law_id: str) -> str:
    """Return what a deadline is called that goes by another law than its plan's."""
    return f"{rule_id}{_SIGN}{law_id}"


def unlegislated(name: str) -> str:
    """Return the id of a rule as its pack writes it, whatever law its deadline names."""
    return name.partition(_SIGN)[0]


def rule_named(of_plan: Regulation, name: str) -> Ruling:
    """Return the rule that a deadline names.

    Raises:
        NotFound: the pack has no such rule (any more), or there is no such pack.
    """
    found = _find(of_plan, name)
    if found is None:
        raise NotFound(f"{of_plan.number} không có mốc {name}.", f"{of_plan.number} has no rule {name}.")
    return found


def _find(of_plan: Regulation, name: str) -> Ruling | None:
    rule_id, _, law_id = name.partition(_SIGN)
    law = load_regulation(law_id) if law_id else of_plan
    rules = (*law.deadlines, *rules_of_conclusions())
    return next((Ruling(name, rule, law) for rule in rules if rule.id == rule_id), None)


def law_of_certificate(of_plan: Regulation, names: Iterable[str], on: date) -> Regulation:
    """Return the law by which what is counted from a certificate's end is reckoned from a local day on.

    That of the day; what goes by a later one already, because it was opened since, stays with that one.

    Args:
        of_plan: the pack of the product's plan.
        names: what the product's open deadlines are called.
        on: the local day.
    """
    laws = [found.law for name in names if (found := _find(of_plan, name)) and is_of_end(found.rule)]
    return max([regulation_on(on) or of_plan, *laws], key=lambda law: law.in_force.since)


def is_of_end(rule: RelativeDeadline) -> bool:
    """Tell whether a rule is counted from a certificate's end."""
    return rule.anchor is Anchor.EXPIRY


@lru_cache(maxsize=64)
def changes_of_law(until: date) -> tuple[Regulation, ...]:
    """Return the laws under which other deadlines are counted from a certificate's end than before.

    Args:
        until: the last local day on which they came in force; earliest first.
    """
    laws = sorted(map(load_regulation, regulation_ids()), key=lambda law: law.in_force.since)
    return tuple(
        law
        for before, law in pairwise(laws)
        if law.in_force.since <= until and not _say_the_same(before, law)
    )


def older_rules_of_ends(law: Regulation) -> dict[str, tuple[str, ...]]:
    """Return what the laws before this one count from a certificate's end: ids of rules by the law's."""
    found = (load_regulation(name) for name in regulation_ids())
    return {
        one.id: tuple(rule.id for rule in one.deadlines if is_of_end(rule))
        for one in found
        if one.in_force.since < law.in_force.since
    }


def _say_the_same(before: Regulation, law: Regulation) -> bool:
    old, new = ([rule for rule in one.deadlines if is_of_end(rule)] for one in (before, law))
    return len(old) == len(new) and all(one.says_the_same(other) for one, other in zip(old, new, strict=True))


@cache
def rules_of_conclusions() -> tuple[RelativeDeadline, ...]:
    """Return what any pack counts from a conclusion; no two of these rules have one id."""
    return tuple(rule for name in regulation_ids() for rule in _of_conclusions(load_regulation(name)))


def decide_by(concluded_on: date | None, workdays: WorkCalendar) -> date | None:
    """Return until which local day a conclusion is to be decided; none: there is none, or no such clock."""
    law = regulation_on(concluded_on) if concluded_on else None
    if law is None or concluded_on is None:
        return None
    rules = _of_conclusions(law)
    return count_from(concluded_on, rules[0].offset, rules[0].unit, workdays) if rules else None


def _of_conclusions(law: Regulation) -> tuple[RelativeDeadline, ...]:
    return tuple(rule for rule in law.deadlines if rule.anchor is Anchor.CONCLUDED)
