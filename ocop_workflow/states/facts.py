"""What a decision rests on: the product's record, and what is given with the event."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from ocop_workflow.errors import Text
from ocop_workflow.regulations import Frozen, LateFiling, grace_until, regulation_on, star_of
from ocop_workflow.vietnamese import clean
from ocop_workflow.wording import BilingualError

if TYPE_CHECKING:
    from ocop_workflow.regulations import Level, Regulation


def cleaned(value: object) -> object:
    """Return a text as it is stored; whatever else is given is for the schema to judge."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BilingualError("có ký tự hỏng", "holds a broken character") from None
    if "\x00" in value:
        raise BilingualError("có ký tự rỗng (NUL)", "holds a NUL character")
    return clean(value)


def _no_truth(value: object) -> object:
    """Take no `true` for 1 point."""
    if isinstance(value, bool):
        raise BilingualError("phải là số", "must be a number")
    return value


#: one line of text as it is stored: NFC, trimmed, nothing invisible in it
Line = Annotated[str, Field(min_length=1, max_length=300), BeforeValidator(cleaned)]
Code = Annotated[str, Field(min_length=1, max_length=60), BeforeValidator(cleaned)]
Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=6), BeforeValidator(_no_truth)]
Whole = Annotated[int, Field(strict=True)]


#: a day of the programme (from 2018 on) or of its papers: what lies elsewhere was mistyped
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class Dossier(StrEnum):
    """What kind of evaluation a product's current dossier asks for."""

    FIRST = "first"
    RENEWAL = "renewal"
    UPGRADE = "upgrade"

    @property
    def label(self) -> str:
        """The kind's name in Vietnamese."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """The kind's name in both languages."""
        return _DOSSIERS[self]


_DOSSIERS = {
    Dossier.FIRST: Text("lần đầu", "first"),
    Dossier.RENEWAL: Text("đánh giá lại", "renewal"),
    Dossier.UPGRADE: Text("nâng hạng", "upgrade"),
}


class ReRating(StrEnum):
    """The two kinds of re-rating."""

    RENEWAL = "renewal"
    UPGRADE = "upgrade"


class NotRenewing(StrEnum):
    """Why a producer does not have a product rated again (design §12)."""

    STOPPED = "stopped"
    COST = "cost"
    CRITERIA = "criteria"
    PAPERS = "papers"
    MARKET = "market"
    MOVED = "moved"
    OTHER = "other"

    @property
    def text(self) -> Text:
        """The same in words, in both languages."""
        return _WHY[self]


_WHY = {
    NotRenewing.STOPPED: Text("không còn sản xuất", "no longer produced"),
    NotRenewing.COST: Text("tốn kém hoặc nhiều việc so với lợi ích", "too costly for what it brings"),
    NotRenewing.CRITERIA: Text("không còn đạt tiêu chí", "does not meet the criteria any more"),
    NotRenewing.PAPERS: Text("giấy tờ bắt buộc đã hết hạn", "mandatory papers have run out"),
    NotRenewing.MARKET: Text("không tiêu thụ được", "does not sell"),
    NotRenewing.MOVED: Text("chuyển nơi sản xuất hoặc đổi chủ thể", "moved, or another producer"),
    NotRenewing.OTHER: Text("lý do khác", "another reason"),
}


class Contents(Frozen):
    """The four contents that the commune assesses (Mẫu 03; plan V.8)."""

    material: Line
    labour: Line
    idea: Line
    identity: Line


class Certificate(Frozen):
    """A certificate: decision, star, and its last valid day (a local day)."""

    star: Whole = Field(ge=3, le=5)
    number: Line
    decided_on: Day
    valid_until: Day


class CertificateStanding(StrEnum):
    """Whether a certificate may be rested on: a commune's word is proposed until its level settles it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """How it stands, in Vietnamese."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """How it stands, in both languages."""
        return _STANDINGS[self]

    @property
    def mark(self) -> str:
        """What has to be said of whatever rests on it, in Vietnamese; empty: nothing."""
        return f"giấy chứng nhận {self.label}" if self is CertificateStanding.PROPOSED else ""


_STANDINGS = {
    CertificateStanding.PROPOSED: Text(
        "theo khai báo của xã, chưa xác nhận", "named by the commune, not confirmed"
    ),
    CertificateStanding.CONFIRMED: Text("đã xác nhận", "confirmed"),
    CertificateStanding.REFUSED: Text("không được xác nhận", "refused"),
}


class EvidenceLevel(StrEnum):
    """What a certificate is known by: only the first two are shown to everybody."""

    SIGNED = "A"
    NEWS = "B1"
    PROPOSAL = "B2"
    LEAD = "C"

    @property
    def text(self) -> Text:
        """What it is, in both languages."""
        return _EVIDENCE[self]

    @property
    def is_public(self) -> bool:
        """Whether a confirmed certificate that is known by it has a page for everybody."""
        return self in (EvidenceLevel.SIGNED, EvidenceLevel.NEWS)


_EVIDENCE = {
    EvidenceLevel.SIGNED: Text("quyết định đã ký", "signed decision"),
    EvidenceLevel.NEWS: Text("tin của cơ quan nhà nước", "news of a state body"),
    EvidenceLevel.PROPOSAL: Text("tờ trình, đề nghị", "proposal"),
    EvidenceLevel.LEAD: Text("thông tin chưa kiểm chứng", "unverified lead"),
}


class Paper(Frozen):
    """The document from which a step of another level is recorded: number, date (a local day), signer."""

    number: Line
    date: Day
    signer: Line


class EventData(Frozen):
    """What may be given with an event; which fields an event takes stands in the table."""

    producer: Line | None = None
    group: Line | None = None
    address: Line | None = None
    received_on: Day | None = None
    reason: Line | None = None
    consultant: Line | None = None
    report_number: Line | None = None
    report_date: Day | None = None
    contents: Contents | None = None
    session_date: Day | None = None
    #: in which the score was given; whoever types one in names none
    session: Whole | None = None
    mean: Points | None = None
    sheets: Annotated[tuple[Points, ...], Field(min_length=1, max_length=99)] | None = None
    gates_met: Whole | None = Field(default=None, ge=0, le=5)
    decision_number: Line | None = None
    decision_date: Day | None = None
    signer: Line | None = None
    published_on: Day | None = None
    #: when dossier and samples left for the level above, and how many samples
    sent_on: Day | None = None
    samples: Whole | None = Field(default=None, ge=0, le=1000)
    valid_until: Day | None = None
    official_code: Code | None = None
    kind: ReRating | None = None
    plan: Line | None = None
    certificate: Certificate | None = None
    ground: Line | None = None
    conclusion: Line | None = None
    conclusion_number: Line | None = None
    conclusion_date: Day | None = None
    conclusion_body: Line | None = None
    not_renewing: NotRenewing | None = None
    complete_on: Day | None = None
    paper: Paper | None = None

    @model_validator(mode="after")
    def _one_way_to_score(self) -> Self:
        if self.mean is not None and self.sheets is not None:
            raise BilingualError(
                "chỉ ghi một trong hai: mean (điểm trung bình) hoặc sheets (điểm từng phiếu)",
                "give either mean or sheets, not both",
            )
        return self

    @property
    def exact_mean(self) -> Fraction | None:
        """The mean of the council's totals, exact; none if no score is given."""
        if self.sheets is not None:
            return sum(map(Fraction, self.sheets), Fraction()) / len(self.sheets)
        return None if self.mean is None else Fraction(self.mean)


@dataclass(frozen=True, slots=True)
class Score:
    """What a council gave: the exact mean, and the highest star whose minimum conditions are met."""

    level: Level
    mean: Fraction
    gates_met: int = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a decision may look at.

    Attributes:
        on: the local day on which the event happened.
        certificate_proposed: whether the certificate on record is only a commune's word.
        by_paper: whether the step is another level's, recorded from its document.
        received: whether the dossier was received, so that the regulation of that day is its own.
        concluded_on: the local day of the conclusion against its certificate; none: none is open.
        not_renewing_on: the local day on which its producer declined a renewal; none: it was not declined.
        complete_on: the local day on which the body that decides had the whole dossier; none: not said.
        received_on: the local day on which its dossier was received; none: it was not yet.
    """

    regulation: Regulation
    on: date
    dossier: Dossier = Dossier.FIRST
    producer: str | None = None
    group: str | None = None
    address: str | None = None
    score: Score | None = None
    certificate: Certificate | None = None
    data: EventData = field(default_factory=EventData)
    certificate_proposed: bool = False
    by_paper: bool = False
    received: bool = False
    concluded_on: date | None = None
    not_renewing_on: date | None = None
    complete_on: date | None = None
    received_on: date | None = None

    def stands(self, level: Level) -> bool:
        """Tell whether a level of the regulation's ladder still existed on the day."""
        until = self.regulation.rung(level).until
        return until is None or self.on <= until

    @property
    def star(self) -> int | None:
        """The star that the current score earns; none before a council has scored."""
        if self.score is None:
            return None
        return star_of(self.regulation, self.score.mean, self.score.gates_met)

    @property
    def known_certificate(self) -> Certificate | None:
        """The certificate on record, or the one that is given with the event."""
        return self.certificate or self.data.certificate

    @property
    def certificate_runs(self) -> bool:
        """Whether a certificate is valid on the day of the event."""
        certificate = self.known_certificate
        return certificate is not None and self.on <= certificate.valid_until

    @property
    def grace_until(self) -> date | None:
        """Until which local day a certificate past its end goes on, awaiting its renewal's result; or none.

        The law in force on the day of the event says it, not the one by which the dossier is rated.
        """
        held, law = self.certificate, regulation_on(self.on)
        if held is None or law is None or self.dossier is not Dossier.RENEWAL:
            return None
        return grace_until(
            law.grace, LateFiling(held.decided_on, held.valid_until, self.received_on), self.on
        )

    @property
    def issuer(self) -> Level | None:
        """The level that disposes of the certificate; none: nobody recognises its star, or there is none.

        The one that recognises its star by the dossier's pack; once that level is gone from the law in force
        on the day of the conclusion (without one: of the event), the one that has the star by that law.
        """
        held = self.known_certificate
        if held is None:
            return None
        owner, law = self.regulation.owner(held.star), regulation_on(self.concluded_on or self.on)
        return law.owner(held.star) if law and owner not in law.ladder else owner

    @property
    def certificate_holds(self) -> bool:
        """Whether there is something to revoke: a certificate that runs, or is in its grace."""
        return self.certificate_runs or self.grace_until is not None

    @property
    def falls_back(self) -> bool:
        """Whether a re-rating that ends leads back: its certificate runs, or nothing rests on it yet."""
        return self.certificate_runs or self.certificate_proposed
