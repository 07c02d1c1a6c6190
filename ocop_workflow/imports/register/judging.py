"""Each row of a list of certificates beside the register, the map, the other rows; and how it is entered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dateutil.relativedelta import relativedelta

from ocop_workflow.access import Permission
from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.register_queries import SoughtCertificates
from ocop_workflow.errors import Text
from ocop_workflow.imports.judging.known_units import communes_of
from ocop_workflow.imports.reading.unit_names import Communes
from ocop_workflow.imports.register.views import ListedVerdict, ListedVerdictView
from ocop_workflow.places import queries as units
from ocop_workflow.products import queries as products
from ocop_workflow.products.settling.listed import (
    ListedCertificate,
    enter_listed,
    regulation_in_force,
    warrant_for,
)
from ocop_workflow.regulations import last_valid_day, regulation_on
from ocop_workflow.states import Certificate, EvidenceLevel
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.imports.register.file import RegisterFile, RegisterOrder
    from ocop_workflow.imports.register.layouts import ListedRecognition
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import CertificateStanding
    from ocop_workflow.store import Connection

#: an answer that leaves a row out, and one that lets it in as it stands
_SKIP: Final = frozenset({"bo qua", "khong nhap", "skip"})
_IMPORT: Final = frozenset({"nhap", "import"})


@dataclass
class Judged:
    """A recognition and what becomes of it; `newer`, `stored`: the next one of its product."""

    row: ListedRecognition
    verdict: ListedVerdict = ListedVerdict.NEW
    detail: str = ""
    cell: str | None = None
    proposed: str | None = None
    code: str | None = None
    unit: UnitRecord | None = None
    certificate: Certificate | None = None
    standing: CertificateStanding | None = None
    newer: Judged | None = None
    stored: CertificateRecord | None = None
    number: int | None = None
    key: str | None = None

    @property
    def view(self) -> ListedVerdictView:
        """It as it is shown."""
        return ListedVerdictView(
            self.row.sheet,
            self.row.row,
            self.verdict,
            self.code,
            self.detail,
            self.cell,
            self.proposed,
            self.standing if self.verdict is ListedVerdict.NEW else None,
            self.key if self.verdict in (ListedVerdict.FAULT, ListedVerdict.QUESTION) else None,
        )

    def at_fault(self, cell: str | None, text: Text) -> Judged:
        """Say what is wrong with it."""
        self.verdict, self.cell, self.detail = ListedVerdict.FAULT, cell or None, text.vi
        return self

    def asked(
        self, cell: str | None, text: Text, proposed: str | None = None, *, key: str | None = None
    ) -> Judged:
        """Say what has to be answered first; `key`: under which, if not at its place."""
        self.key = key or f"{self.row.sheet}!{cell or self.row.row}"
        self.verdict, self.cell, self.detail, self.proposed = (
            ListedVerdict.QUESTION,
            cell or None,
            text.vi,
            proposed,
        )
        return self


def newest_first(one: Judged) -> tuple[int, str, int]:
    """Return by what understood recognitions are put in order: the newest decision first."""
    assert one.certificate is not None  # noqa: S101 - what is new was understood
    return -one.certificate.decided_on.toordinal(), one.row.sheet, one.row.row


class Judging:
    """Judges the rows of one list beside what is stored, and enters them."""

    def __init__(self, tx: Connection, file: RegisterFile, order: RegisterOrder) -> None:
        """Take the list, and who brings it."""
        self._tx, self._file, self._order = tx, file, order
        self._communes: dict[date, Communes] = {}
        self._known = [name for top in _tops(tx, order.actor) for name in communes_of(tx, top, order.today)]
        self._stored: dict[int, dict[str, list[CertificateRecord]]] = {}
        self._warrants: dict[tuple[int, int], Warrant | None] = {}

    def judge(self, row: ListedRecognition) -> Judged:
        """Return what becomes of a row by itself."""
        one, answer = Judged(row), search_key(self._answer(row))
        if answer in _SKIP:
            one.verdict, one.detail = ListedVerdict.LEFT_OUT, "bỏ qua theo câu trả lời"
            return one
        if row.star == 0:
            one.verdict, one.detail = ListedVerdict.LEFT_OUT, "chưa đạt hạng sao"
            return one
        if row.wrong:
            return one.at_fault(*row.wrong[0])
        lacking = self._lacking(row)
        if lacking is not None:
            return one.at_fault(None, lacking)
        if not self._locate(one) or not self._understand(one, is_taken=answer in _IMPORT):
            return one
        return self._beside_stored(one)

    def _answer(self, row: ListedRecognition) -> str:
        given = self._file.answers.given
        places = (f"{row.sheet}!{row.row}", str(row.row), f"{row.sheet}!{row.unit_cell}", row.unit_cell)
        return next((given[place] for place in places if place and place in given), "")

    def _lacking(self, row: ListedRecognition) -> Text | None:
        """Say what a recognition cannot do without; nothing of it is made up."""
        if row.star is None or row.star not in (3, 4, 5):
            return Text("không rõ hạng sao (3, 4 hoặc 5)", "the star (3, 4 or 5) is not told")
        if not row.number:
            return Text("thiếu số quyết định", "the decision's number is missing")
        if row.decided_on is None:
            return Text("thiếu ngày quyết định", "the decision's day is missing")
        if row.decided_on > self._order.today:
            day = row.decided_on
            return Text(f"ngày quyết định {day:%d/%m/%Y} còn ở tương lai", f"{day} is in the future")
        if row.valid_until is not None and row.valid_until < row.decided_on:
            day = row.valid_until
            return Text(
                f"ngày hết hạn {day:%d/%m/%Y} đứng trước ngày quyết định",
                f"the last day {day} lies before the decision",
            )
        return None

    def _locate(self, one: Judged) -> bool:
        """Find its commune, by the map of the day of the decision; a name that means none is asked about."""
        row, answer = one.row, self._answer(one.row)
        if not row.unit:
            one.at_fault(row.unit_cell, Text("không rõ xã, phường", "the commune is not told"))
            return False
        written = row.decided_on or self._order.today
        if written not in self._communes:
            self._communes[written] = Communes(self._known, written)
        communes = self._communes[written]
        found = communes.find(row.unit)
        known = found.known
        if known is None and answer:
            known = found.answered_by(answer) or communes.find(answer).known
            if known is None and search_key(answer) in {"dung", "ok", "dong y"}:
                known = found.proposed
        if known is not None:
            one.unit = known.unit
            return True
        proposed = found.proposed.name if found.proposed else None
        if proposed or found.several:
            several = " hay ".join(f"{one.name} ({one.unit.slug})" for one in found.several)
            which = f"có phải là {proposed}?" if proposed else f"là {several}? Ghi mã của nơi đúng."
            one.asked(row.unit_cell, Text(f"“{row.unit}” {which}", f"“{row.unit}”: which one?"), proposed)
        else:
            one.at_fault(
                row.unit_cell,
                Text(
                    f"không có xã, phường nào tên “{row.unit}” trong phạm vi của bạn",
                    f"no commune within your reach is called “{row.unit}”",
                ),
            )
        return False

    def _understand(self, one: Judged, *, is_taken: bool) -> bool:
        """Make a certificate of the row: its printed last day, or the one by the rule of its time."""
        row, order = one.row, self._order
        assert row.decided_on and row.star and row.number  # noqa: S101, PT018 - see `_lacking`
        by_rule = _last_day(row.decided_on, order.today)
        until = row.valid_until or by_rule
        if until > row.decided_on + relativedelta(months=37) and not is_taken:
            one.asked(
                None,
                Text(
                    f"hết hạn {until:%d/%m/%Y} là muộn hơn 36 tháng sau {row.decided_on:%d/%m/%Y}; đúng như "
                    "giấy thì trả lời “nhập”",
                    f"{until} is later than 36 months; answer “import” if the paper says so",
                ),
                "nhập",
            )
            return False
        if row.held and row.held != row.star and self._is_last(row) and not is_taken:
            one.asked(
                None,
                Text(
                    f"hạng hiện tại {row.held} sao khác lần công nhận sau cùng ({row.star} sao); theo quyết "
                    "định thì trả lời “nhập”",
                    f"the present star {row.held} is not that of the last recognition ({row.star})",
                ),
                "nhập",
            )
            return False
        one.certificate = Certificate(
            star=row.star, number=row.number[:300], decided_on=row.decided_on, valid_until=until
        )
        return True

    def _is_last(self, row: ListedRecognition) -> bool:
        """Tell whether no other recognition of its row was decided later."""
        days = [other.decided_on for other in self._file.recognitions if other.at == row.at]
        return row.decided_on == max(filter(None, days), default=row.decided_on)

    def _beside_stored(self, one: Judged) -> Judged:
        """Look whether it is there already, and whether its product has a newer one."""
        assert one.unit is not None  # noqa: S101 - it was located
        assert one.certificate is not None  # noqa: S101 - it was understood
        name, given = search_key(one.row.product), one.certificate
        of_product = [
            row
            for row in self._of_unit(one.unit.id).get(name, ())
            if _is_alike(row.producer, one.row.producer)
        ]
        same = [row for row in of_product if _is_decision(row.number, given.number)]
        if same:
            (found, *_) = same
            one.code = found.code or None
            if (found.star, found.decided_on) != (given.star, given.decided_on):
                return one.at_fault(
                    None,
                    Text(
                        f"sổ đã có quyết định này: {found.star} sao, ngày {found.decided_on:%d/%m/%Y} (số "
                        f"{found.id})",
                        f"the register has this decision: {found.star} stars, of {found.decided_on}",
                    ),
                )
            one.verdict, one.detail = ListedVerdict.SAME, f"đã có trong sổ, số {found.id}"
            return one
        later = [
            row for row in of_product if row.decided_on > given.decided_on and row.ended_because != "undone"
        ]
        one.stored = min(later, key=lambda row: row.decided_on, default=None)
        return one

    def _of_unit(self, unit_id: int) -> dict[str, list[CertificateRecord]]:
        """Return the certificates that a commune has, by the search keys of their names; looked up once."""
        if unit_id not in self._stored:
            sought = SoughtCertificates(self._order.today, unit_id=unit_id)
            by_name: defaultdict[str, list[CertificateRecord]] = defaultdict(list)
            for row in register.find_certificates(self._tx, sought):
                by_name[search_key(row.product)].append(row)
            self._stored[unit_id] = by_name
        return self._stored[unit_id]

    def beside_each_other(self, judged: Sequence[Judged]) -> None:
        """Let each older recognition of one product know the next newer one; a row twice is one."""
        groups: defaultdict[tuple[int, str, str], list[Judged]] = defaultdict(list)
        for one in judged:
            if one.verdict is ListedVerdict.NEW and one.unit is not None:
                producer = search_key(one.row.producer or "")
                groups[one.unit.id, search_key(one.row.product), producer].append(one)
        for group in groups.values():
            self._in_order(group)

    def _in_order(self, group: list[Judged]) -> None:
        seen: list[Judged] = []
        for one in sorted(group, key=newest_first):
            assert one.certificate is not None  # noqa: S101 - see `newest_first`
            twice = next((other for other in seen if other.certificate == one.certificate), None)
            if twice is not None:
                one.verdict, one.detail = ListedVerdict.SAME, f"như dòng {twice.row.row}"
                continue
            one.newer = seen[-1] if seen else None
            seen.append(one)
            self._stand(one)

    def _stand(self, one: Judged) -> None:
        """Say how it will stand: whether the importer's level may confirm it, and what stands beside it."""
        assert one.unit is not None  # noqa: S101 - see `_in_order`
        listed = self._listed(one)
        one.standing = listed.standing
        self._say(one, listed)

    def _say(self, one: Judged, listed: ListedCertificate) -> None:
        words = [one.standing.label if one.standing else "", f"chứng cứ {listed.evidence.value}"]
        if not listed.runs:
            words.append("đã được thay bằng giấy mới" if one.newer or one.stored else "đã hết hạn")
        elif listed.stands_apart:
            words.append(f"{listed.stands_apart} cùng tên: chờ người xác nhận")
        one.detail = "; ".join(filter(None, words))

    def _listed(self, one: Judged) -> ListedCertificate:
        """Return it as it is entered."""
        row, order = one.row, self._order
        assert one.unit is not None  # noqa: S101 - it was located
        assert one.certificate is not None  # noqa: S101 - it was understood
        evidence = EvidenceLevel(row.evidence) if row.evidence else order.evidence
        if evidence is EvidenceLevel.SIGNED and not row.issuer:
            evidence = EvidenceLevel.LEAD  # a signed decision names its body
        ended_on = row.ended_on
        newer = one.newer.certificate.decided_on if one.newer and one.newer.certificate else None
        newer = newer or (one.stored.decided_on if one.stored else None)
        return ListedCertificate(
            unit=one.unit,
            commune=row.unit,
            product=row.product[:200],
            producer=row.producer[:300] if row.producer else None,
            representative=row.representative,
            certificate=one.certificate,
            evidence=evidence,
            issuer=row.issuer[:300] if row.issuer else None,
            source=f"{self._file.name}, {row.sheet}, dòng {row.row}"[:500],
            ended_on=ended_on,
            replaced_on=newer,
            stands_apart=self._namesake(one),
            warrant=self._warrant(one),
            actor=order.actor,
            today=order.today,
            now=order.now,
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

    def _namesake(self, one: Judged) -> str:
        """Return the code of a product of this name that is under way, or holds one that is older."""
        assert one.unit is not None  # noqa: S101 - it was located
        key, producer = search_key(one.row.product)[:200], one.row.producer
        return products.code_of_namesake(self._tx, one.unit.id, key, producer) or ""

    def enter(self, one: Judged) -> None:
        """Put it into the register; the newer ones are there already."""
        listed = self._listed(one)
        next_id = one.newer.number if one.newer else one.stored.id if one.stored else None
        one.number, one.code = enter_listed(self._tx, listed, next_id)


def _tops(tx: Connection, actor: Actor) -> list[int]:
    """Return the units under which the actor may bring certificates in; without limits the topmost ones."""
    roots = actor.units_with(Permission.EDIT_PRODUCTS)
    return (
        sorted(roots)
        if roots is not None
        else [unit.id for unit in units.all_units(tx) if unit.parent_id is None]
    )


def _last_day(decided_on: date, today: date) -> date:
    """Return the last day by the rule in force when it was decided, else by the one of today."""
    regulation: Regulation | None = regulation_on(decided_on) or regulation_on(today)
    if regulation is None:
        return decided_on + relativedelta(months=36)
    return last_valid_day(regulation.validity, decided_on)


def _is_alike(producer: str | None, other: str | None) -> bool:
    """Tell whether two may be one producer: they are called alike, or one is not named."""
    return not producer or not other or search_key(producer) == search_key(other)


def _is_decision(number: str, other: str) -> bool:
    """Tell whether two texts name one decision, however they are spaced."""
    return search_key(number).replace(" ", "") == search_key(other).replace(" ", "")
