"""What is shown of certificates: in a list, of the product that holds one, of all that it ever held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import Field

from ocop_workflow.calendar import load_work_calendar
from ocop_workflow.calendar.laws import decide_by
from ocop_workflow.errors import Text, say
from ocop_workflow.regulations import LateFiling, grace_until, regulation_on
from ocop_workflow.states import CertificateStanding, Dossier, Ending, EvidenceLevel, State
from ocop_workflow.states.lifecycle import DEAD_ENDS
from ocop_workflow.views import View, etag

if TYPE_CHECKING:
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.states import Certificate

_Day = date
#: why a certificate ended, in words
ENDINGS: dict[str, Text] = {
    Ending.RENEWED: Text("được thay bằng giấy mới", "replaced by a new one"),
    Ending.REVOKED: Text("bị thu hồi", "revoked"),
    Ending.LAPSED: Text("hết hạn", "lapsed"),
    Ending.REFUSED: Text("không được xác nhận", "refused"),
    Ending.UNDONE: Text("bước cấp đã được hoàn tác", "the step that issued it was undone"),
}


class CertificateStatus(StrEnum):
    """As what certificates are asked for on a day; the first two sum up others."""

    RUNNING = "running"
    ENDED = "ended"
    VALID = "valid"
    IN_RE_RATING = "in_re_rating"
    IN_GRACE = "in_grace"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    REFUSED = "refused"
    UNDONE = "undone"

    @property
    def text(self) -> Text:
        """What it is, in both languages."""
        return _SUMS.get(self) or _SAID[self.value]  # type: ignore[index]  # the others are those words


#: what a certificate is on a day
Status = Literal["valid", "in_re_rating", "in_grace", "expired", "replaced", "revoked", "refused", "undone"]
#: what became of a certificate, by what has ended it
_ENDED: dict[str, Status] = {
    Ending.RENEWED: "replaced",
    Ending.REVOKED: "revoked",
    Ending.LAPSED: "expired",
    Ending.REFUSED: "refused",
    Ending.UNDONE: "undone",
}
_SAID: dict[Status, Text] = {
    "valid": Text("còn hiệu lực", "valid"),
    "in_re_rating": Text("đang đánh giá lại", "in re-rating"),
    "in_grace": Text("tiếp tục có hiệu lực, chờ kết quả đánh giá lại", "goes on, awaiting its new rating"),
    **{status: ENDINGS[ending] for ending, status in _ENDED.items()},
}
_RUNS, _IS_OVER = Text("đang có hiệu lực", "running"), Text("đã chấm dứt", "ended")
_SUMS = {CertificateStatus.RUNNING: _RUNS, CertificateStatus.ENDED: _IS_OVER}
#: states of a product whose certificate nobody is looking at again
AT_REST = frozenset({State.CERTIFIED, State.MONITORED})
#: in which its renewal has a result, or no renewal is under way
DECIDED = AT_REST | DEAD_ENDS


@dataclass(frozen=True, slots=True)
class SettledView(View):
    """Who has settled a certificate, when, for which unit, and on what paper or for what reason."""

    by: str
    for_: Annotated[str | None, Field(alias="for")]
    at: datetime
    paper: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class CertificateEndView(View):
    """The first local day on which a certificate holds no longer, why, and the body that revoked it."""

    on: date
    because: str
    label: str
    by: str | None


@dataclass(frozen=True, slots=True)
class ListedCertificateView(View):
    """A certificate, with product, producer and commune as they were named on the day of its decision.

    `number`: its own, else that of its decision; `decision`: the decision's. `product`: the code of its
    product here. `unit_now`: what its commune is called by now, or the heir. `standing`: whether its level
    has confirmed it. `grace_until`: past its last day, until when it goes on at most. `evidence`: what it is
    known by. `page`: where everybody may look it up; none: nobody may. `etag` is what `If-Match` takes.
    """

    id: int
    number: str
    star: int
    product: str
    name: str
    producer: str | None
    unit: str
    unit_now: str
    decision: str
    decided_on: date
    issuer: str | None
    published_on: date | None
    valid_until: date
    grace_until: date | None
    status: Status
    status_label: str
    standing: CertificateStanding
    standing_label: str
    evidence: EvidenceLevel
    evidence_label: str
    ended: CertificateEndView | None
    page: str | None
    settled: SettledView | None
    etag: str

    @property
    def status_text(self) -> Text:
        """What it is on the day for which it is shown, in both languages."""
        return _SAID[self.status]

    @classmethod
    def of(cls, record: CertificateRecord, on: date, language: Language = "vi") -> ListedCertificateView:
        """Return how a stored certificate stands on a local day."""
        return cls.alike(record, **said_of(record, on, language))


def said_of(record: CertificateRecord, on: date, language: Language) -> dict[str, Any]:
    """Return what is shown of a certificate that its record has under another name, or not at all."""
    status = status_on(record, on)
    return {
        "product": record.code,
        "name": record.product,
        "unit": record.commune,
        "unit_now": record.unit,
        "decision": record.number,
        "grace_until": grace_of(record, on),
        "status": status,
        "status_label": say(_SAID[status], language),
        "standing_label": say(record.standing.text, language),
        "evidence_label": say(record.evidence.text, language),
        "ended": _end(record, on, language),
        "page": page_of(record),
        "settled": _settled(record),
        "etag": etag(record.tag),
    }


class HasPage(Protocol):
    """A certificate as far as its public page depends on it."""

    @property
    def token(self) -> str:
        """What the page's address ends with."""

    @property
    def shown_since(self) -> datetime | None:
        """Since when everybody may see it; none: nobody may."""


def page_of(record: HasPage) -> str | None:
    """Return the path of the page on which everybody may look a certificate up; none: there is none."""
    return f"/c/{record.token}" if record.shown_since is not None else None


def _end(record: CertificateRecord, on: date, language: Language) -> CertificateEndView | None:
    if record.ended_on is None or record.ended_on > on:
        return None
    because = record.ended_because or Ending.LAPSED.value
    return CertificateEndView(record.ended_on, because, say(ENDINGS[because], language), record.ended_by)


def status_on(record: CertificateRecord, on: date) -> Status:
    """Return what a certificate is on a local day."""
    if record.ended_on is not None and record.ended_on <= on:
        return _ENDED[record.ended_because or Ending.LAPSED]
    if record.valid_until < on:
        return "in_grace" if grace_of(record, on) else _ENDED[Ending.LAPSED]
    re_rated = record.dossier is not Dossier.FIRST and record.state not in AT_REST
    return "in_re_rating" if re_rated and record.ended_on is None else "valid"


def grace_of(record: CertificateRecord, on: date) -> date | None:
    """Return until which local day a certificate goes on past its last day; none: it does not, on `on`.

    It is derived: it ends by itself, and with its renewal's result.
    """
    awaits = record.dossier is Dossier.RENEWAL and record.state is not None and record.state not in DECIDED
    law = regulation_on(on)
    if law is None or not awaits or record.ended_on is not None:
        return None
    return grace_until(law.grace, LateFiling(record.decided_on, record.valid_until, record.filed_on), on)


def _settled(record: CertificateRecord) -> SettledView | None:
    """Return who has settled it, when, in whose name and on what paper; none: nobody, or nobody knows."""
    if record.settled_by is None or record.settled_at is None:
        return None
    return SettledView(record.settled_by, record.settled_for, record.settled_at, record.settled_paper)


@dataclass(frozen=True, slots=True)
class CertificateView(View):
    """A certificate that runs: its decision, its last valid day, and whether its level has confirmed it."""

    star: int
    number: str
    decided_on: date
    valid_until: date
    signer: str | None
    standing: CertificateStanding
    standing_label: str

    @classmethod
    def of(
        cls, held: Certificate, signer: str | None, standing: CertificateStanding, language: Language = "vi"
    ) -> CertificateView:
        """Return the certificate that a product holds."""
        return cls(
            star=held.star,
            number=held.number,
            decided_on=held.decided_on,
            valid_until=held.valid_until,
            signer=signer or None,
            standing=standing,
            standing_label=say(standing.text, language),
        )


@dataclass(frozen=True, slots=True)
class AnyCertificateView(View):
    """A certificate, running or ended; `id` is its number under `/certificates`."""

    id: int
    star: int
    number: str
    decided_on: date
    valid_until: date
    signer: str | None
    standing: CertificateStanding
    standing_label: str
    ended_on: date | None
    ended_because: str | None
    ended_label: str | None

    @classmethod
    def of(cls, record: CertificateRecord, language: Language = "vi") -> AnyCertificateView:
        """Return a stored certificate with how it ended, if it has."""
        return cls.alike(
            record,
            signer=record.signer or None,
            standing_label=say(record.standing.text, language),
            ended_label=say(ENDINGS[record.ended_because], language) if record.ended_because else None,
        )


#: which documents a certificate may have
CertificatePaperKind = Literal["decision", "confirmation", "minutes", "certificate", "notice", "extract"]
RevocationPaperKind = Literal["revocation", "revocation-notice", "revocation-letter"]


@dataclass(frozen=True, slots=True)
class CertificatePaperView(View):
    """A document of a certificate: its decision, that of its confirmation, minutes, a notice, an extract.

    `draft`: where it is drafted, `signed`: where its signed file is fetched, for whoever may: paths of the
    console, and of the API behind its prefix.
    """

    kind: CertificatePaperKind | RevocationPaperKind
    label: str
    number: str | None
    date: _Day | None
    issuer: str | None
    signer: str | None
    draft: str | None = None
    signed: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateChangeView(View):
    """What a correction has changed: what was said before, and what is said since; none: nothing was."""

    field: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CertificateDeedView(View):
    """Something that was done to a certificate, by whom, when, and why, where that was said.

    `changes`: of a correction, what it has changed.
    """

    at: datetime
    by: str
    action: str
    label: str
    note: str | None
    changes: tuple[CertificateChangeView, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredCertificateView(ListedCertificateView):
    """A certificate with all that the register holds of it.

    `product_now`: what its product is called by now. `regulation`: under which it was granted; none: not
    known. `source`: where it stands, if it was not decided here. `replaced_by`: the number of the one that
    followed. `concluded_on`: the day of the conclusion for which it may be revoked, of which nothing was
    decided yet; `decide_by`: until when that is to be decided; none: no deadline is known.
    """

    province: str | None
    product_now: str | None
    group: str | None
    signer: str | None
    regulation: str | None
    source: str | None
    replaced_by: int | None
    concluded_on: date | None
    decide_by: date | None
    papers: tuple[CertificatePaperView, ...]
    history: tuple[CertificateDeedView, ...]

    @classmethod
    def with_history(
        cls,
        record: CertificateRecord,
        on: date,
        product_now: str | None,
        history: tuple[CertificateDeedView, ...],
        language: Language = "vi",
    ) -> RegisteredCertificateView:
        """Return a stored certificate as it stands on a local day, with what was done to it."""
        return cls.alike(
            record,
            **said_of(record, on, language),
            product_now=product_now,
            signer=record.signer or None,
            replaced_by=record.replaced_by_id,
            concluded_on=None if record.ended_on else record.concluded_on,
            decide_by=None if record.ended_on else decide_by(record.concluded_on, load_work_calendar()),
            papers=_papers(record, language),
            history=history,
        )


_PAPERS: dict[Literal["decision", "confirmation"], Text] = {
    "decision": Text("quyết định công nhận", "decision"),
    "confirmation": Text("văn bản xác nhận", "document of its confirmation"),
}


def _papers(record: CertificateRecord, language: Language) -> tuple[CertificatePaperView, ...]:
    label = {kind: say(text, language) for kind, text in _PAPERS.items()}
    papers = [
        CertificatePaperView(
            "decision",
            label["decision"],
            record.number,
            record.decided_on,
            record.issuer,
            record.signer or None,
        )
    ]
    named = record.settled_paper or {}
    if "paper_number" in named:
        day = date.fromisoformat(named["paper_date"]) if "paper_date" in named else None
        number, signer = named["paper_number"], named.get("signer")
        papers.append(CertificatePaperView("confirmation", label["confirmation"], number, day, None, signer))
    return tuple(papers)


@dataclass(frozen=True, slots=True)
class CertificateQrView(View):
    """That a certificate's QR code was drawn: what it leads to, and where it was put."""

    id: int
    address: str
    file: str
