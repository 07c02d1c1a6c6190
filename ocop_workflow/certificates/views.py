"""What lists and pages show of a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.clock import utc_text
from ocop_workflow.errors import Text, say
from ocop_workflow.states import Dossier, Ending, State

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.states import Certificate, CertificateStanding

#: why a certificate ended, in words
ENDINGS: dict[str, Text] = {
    Ending.RENEWED: Text("được thay bằng giấy mới", "replaced by a new one"),
    Ending.REVOKED: Text("bị thu hồi", "revoked"),
    Ending.LAPSED: Text("hết hạn", "lapsed"),
    Ending.REFUSED: Text("không được xác nhận", "refused"),
    Ending.UNDONE: Text("bước cấp đã được hoàn tác", "the step that issued it was undone"),
}
#: what became of a certificate, by what has ended it
_ENDED: dict[str, str] = {
    Ending.RENEWED: "replaced",
    Ending.REVOKED: "revoked",
    Ending.LAPSED: "expired",
    Ending.REFUSED: "refused",
    Ending.UNDONE: "undone",
}
_VALID = ("valid", Text("còn hiệu lực", "valid"))
_IN_RE_RATING = ("in_re_rating", Text("đang đánh giá lại", "in re-rating"))
_SETTLED = frozenset({State.CERTIFIED, State.MONITORED})


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as it stands on a local day."""

    record: CertificateRecord
    on: date

    @property
    def status(self) -> tuple[str, Text]:
        """What it is on that day, as a word and in both languages."""
        record = self.record
        if record.ended_on is not None and record.ended_on <= self.on:
            return _ended(record.ended_because or "lapsed")
        if record.valid_until < self.on:
            return _ended("lapsed")
        re_rated = record.dossier is not Dossier.FIRST and record.state not in _SETTLED
        return _IN_RE_RATING if re_rated and record.ended_on is None else _VALID

    def as_json(self, language: Language = "vi") -> dict[str, Any]:
        """Return it under the keys that others may lean on, its labels in a language."""
        record = self.record
        return {
            "id": record.id,
            "number": record.number,
            "star": record.star,
            "product": record.code,
            "name": record.product,
            "producer": record.producer,
            "unit": record.unit,
            "decided_on": record.decided_on.isoformat(),
            "valid_until": record.valid_until.isoformat(),
            "status": self.status[0],
            "standing": record.standing.value,
            "standing_label": say(record.standing.text, language),
            "settled": self._settled(),
        }

    def _settled(self) -> dict[str, Any] | None:
        """Return who has settled it, when, in whose name and on what paper; none: nobody, or nobody knows."""
        record = self.record
        if record.settled_by is None or record.settled_at is None:
            return None
        return {
            "by": record.settled_by,
            "for": record.settled_for,
            "at": utc_text(record.settled_at),
            "paper": record.settled_paper,
        }


def _ended(because: str) -> tuple[str, Text]:
    return _ENDED[because], ENDINGS[because]


def held_json(
    certificate: Certificate | None,
    signer: str | None,
    standing: CertificateStanding | None,
    language: Language,
) -> dict[str, object] | None:
    """Return the certificate that a product holds as plain values, its labels in a language."""
    if certificate is None or standing is None:
        return None
    return _plain(certificate, signer, standing, language)


def _plain(
    certificate: Certificate | CertificateRecord,
    signer: str | None,
    standing: CertificateStanding,
    language: Language,
) -> dict[str, object]:
    return {
        "star": certificate.star,
        "number": certificate.number,
        "decided_on": certificate.decided_on.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "signer": signer or None,
        "standing": standing.value,
        "standing_label": say(standing.text, language),
    }


def record_json(record: CertificateRecord, language: Language) -> dict[str, object]:
    """Return a certificate with how it ended, if it has."""
    return {
        "id": record.id,
        **_plain(record, record.signer, record.standing, language),
        "ended_on": record.ended_on.isoformat() if record.ended_on else None,
        "ended_because": record.ended_because,
        "ended_label": say(ENDINGS[record.ended_because], language) if record.ended_because else None,
    }
