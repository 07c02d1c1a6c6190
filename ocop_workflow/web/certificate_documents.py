"""What is answered about certificates, for the OpenAPI document only; see `documents`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from ocop_workflow.states import CertificateStanding
from ocop_workflow.web.product_documents import Shown


class Settled(Shown):
    """Who has settled a certificate, when, for which unit, and on what paper or for what reason."""

    by: str
    for_: str | None = Field(alias="for")
    at: datetime
    paper: dict[str, str] | None


class ListedCertificate(Shown):
    """A certificate. `standing`: whether its level has confirmed it; `etag` is what `If-Match` takes."""

    id: int
    number: str
    star: int
    product: str
    name: str
    producer: str | None
    unit: str
    decided_on: date
    valid_until: date
    status: Literal["valid", "in_re_rating", "expired", "replaced", "revoked", "refused", "undone"]
    standing: CertificateStanding
    standing_label: str
    settled: Settled | None
    etag: str
