"""What may be sent, checked as it comes in: no unknown name, nothing without a limit."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from ocop_workflow.products.checks import canonical
from ocop_workflow.states import Event
from ocop_workflow.states.facts import Code, Day, Line, cleaned
from ocop_workflow.wording import BilingualError

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class AddressQuery(BaseModel):
    """Something that a request says in its address: every value is written as text there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(BaseModel):
    """Something that a request says in its body: nothing is taken for what it is not, no `0` for `false`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _written_day(value: object) -> object:
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        raise BilingualError("phải là ngày, viết như 2024-11-30", "is to be a day, written like 2024-11-30")
    return value


#: JSON has no days and no closed sets: these two are written as text, in one way each
OnDay = Annotated[Day, Field(strict=False), BeforeValidator(_written_day)]
EventName = Annotated[Event, Field(strict=False)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Word = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
Name = Annotated[Line, Field(max_length=200)]
#: an instant, written with its zone; as UTC
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
#: what a filter by it is said to do
UPDATED_SINCE = (
    "Chỉ những gì đã thay đổi từ lúc ấy; nên hỏi lùi vài phút. / Only what has changed since then; ask from "
    "some minutes before."
)
#: a line, or nothing
Note = Annotated[str, Field(max_length=300), BeforeValidator(cleaned)]
Data = Annotated[dict[Annotated[str, Field(max_length=60)], Any], Field(max_length=40)]
ProductCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,40}$"), AfterValidator(canonical)]
#: products that one request may name
MOST_CODES = 1000
Codes = Annotated[list[ProductCode], Field(min_length=1, max_length=MOST_CODES)]
#: what the database numbers its rows with
RowNumber = Annotated[int, Field(ge=1, le=2_147_483_647)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]


class NewEvent(Said):
    """An event that has happened to a product. `on`: the day, today if it is left out."""

    event: EventName
    data: Data = Field(default_factory=dict)
    on: OnDay | None = None
    note: Note = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"event": "register", "data": {"group": "food"}, "on": "2024-04-22"}]}
    )


class UndoIn(Said):
    """Why the last step is taken back: it goes into the history, and to whoever was told of the step."""

    reason: Line

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "nhập nhầm sản phẩm"}]})


class BulkEvents(NewEvent):
    """One event for many products. First `dry_run`, then again with the `token` that it gave."""

    codes: Codes
    dry_run: bool = False
    token: Annotated[str, Field(max_length=40_000, pattern=r"^[A-Za-z0-9_=-]+$")] | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"event": "select", "codes": ["DP24-001", "DP24-002"], "dry_run": True}]
        }
    )


class ResendIn(Said):
    """Which of the letters that were given up are sent again. First without, then with the `confirm` it gave.

    `since`: those written from this day on. `unit`: those to this unit and whatever lies under it.
    """

    since: OnDay | None = None
    unit: Slug | None = None
    confirm: Hash | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"since": "2024-04-22", "unit": "pho-an"}]})


class SaysProducer(Said):
    """Who makes a product: one that is there, or a new one.

    `producer_id`: one that is there. `producer`: a new one, for which `representative` stands before the law.
    `registration`: the number of its business: one that is there under it is that one. `new_producer`: it is
    a new one although the unit has one of this name.
    """

    producer_id: RowNumber | None = None
    producer: Line | None = None
    representative: Line | None = None
    registration: Annotated[Line, Field(max_length=40)] | None = None
    new_producer: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> SaysProducer:
        if self.producer_id is not None and self.producer is not None:
            raise BilingualError(
                "nêu producer_id hoặc producer, không cả hai", "take either producer_id or producer, not both"
            )
        return self


class ProductIn(SaysProducer):
    """A product that enters a plan as an idea."""

    plan: Slug
    unit: Slug
    name: Name
    group: Code | None = None
    address: Line | None = None
    official_code: Code | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "plan": "duc-pho-2024",
                    "unit": "pho-an",
                    "name": "Nước mắm Phổ An",
                    "producer": "HTX Phổ An",
                    "group": "food",
                }
            ]
        }
    )


class ProductChange(SaysProducer):
    """What is to be other than it is; what is left out stays."""

    name: Name | None = None
    group: Code | None = None
    address: Line | None = None
    official_code: Code | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"address": "Thôn An Thạch"}]})


class SweepIn(Said):
    """The daily check, for today.

    `dry_run`: only say what it would do. `confirm`: today, where the check was held and has to be confirmed.
    """

    dry_run: bool = False
    confirm: OnDay | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True}]})


class PlanIn(Said):
    """A plan file; `confirm` is the hash of the impact that was looked at.

    `year`: of a yearly template, the year that it is to be loaded for.
    """

    text: Annotated[str, Field(min_length=1, max_length=200_000)]
    year: Annotated[int, Field(ge=2015, le=2100)] | None = None
    confirm: Hash | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": 'format = 1\nid = "duc-pho-2024"\n'}]})


class ExtensionIn(Said):
    """A numbered decision that gives some products more time for a milestone."""

    milestone: Slug
    codes: Codes
    due_on: OnDay
    decision_number: Line
    decided_on: OnDay
    reason: Line
    confirm: Hash | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "milestone": "registration",
                    "codes": ["DP24-002"],
                    "due_on": "2024-05-31",
                    "decision_number": "15/QĐ-UBND",
                    "decided_on": "2024-04-22",
                    "reason": "bão số 1",
                }
            ]
        }
    )


class GrantedIn(Said):
    """What a certificate's paper says: its star, decision, and last valid day."""

    star: Annotated[int, Field(ge=3, le=5)]
    number: Line
    decided_on: OnDay
    valid_until: OnDay


class CertificateIn(Said):
    """A certificate that was granted elsewhere, as its paper has it.

    Of one that runs who makes it: `producer_id` is one that is there; who is there under a `registration`,
    the number of its business, is that one; else `producer` is a new one, with `new_producer` although the
    unit has one of this name. `ended_on`: the first day on which it holds no longer, if it ended before its
    last valid day. `ended_by`: the body that revoked it. `evidence`: a signed decision (A), or news of a
    state body (B1); `source`: where that stands.
    """

    unit: Slug
    product: Name
    producer: Line | None = None
    representative: Line | None = None
    producer_id: RowNumber | None = None
    registration: Annotated[Line, Field(max_length=40)] | None = None
    new_producer: bool = False
    certificate: GrantedIn
    signer: Line
    issuer: Line | None = None
    published_on: OnDay | None = None
    evidence: Literal["A", "B1"] = "A"
    source: Line | None = None
    ended_on: OnDay | None = None
    ended_because: Literal["revoked", "renewed"] | None = None
    ended_by: Line | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit": "pho-an",
                    "product": "Mắm cái",
                    "producer": "HTX Nhà Nông",
                    "registration": "4300123456",
                    "certificate": {
                        "star": 3,
                        "number": "77/QĐ-UBND",
                        "decided_on": "2022-06-01",
                        "valid_until": "2025-06-01",
                    },
                    "signer": "Chủ tịch UBND thị xã",
                }
            ]
        }
    )


class SuccessorIn(Said):
    """Into which unit another is merged, and the first day on which that one is no more."""

    heir: Slug
    on: OnDay

    model_config = ConfigDict(json_schema_extra={"examples": [{"heir": "pho-phong", "on": "2025-07-01"}]})


class RevocationIn(Said):
    """That an extension is to be revoked; `confirm` is the hash of the impact that was looked at."""

    confirm: Hash | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class ActivityIn(Said):
    """That an activity is done: on which day (today if left out), of which plan if several have it."""

    on: OnDay | None = None
    plan: Slug | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2024-06-28"}]})


class ActivityUndoIn(Said):
    """Why it is taken back that an activity is done, and of which plan if several have it."""

    reason: Line
    plan: Slug | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "lớp tập huấn đã hoãn"}]})


class OccurrenceIn(Said):
    """That an event of its plan has happened to a product; `on`: which day (today if left out)."""

    event: Slug
    on: OnDay | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"event": "business-plan-approved", "on": "2026-07-10"}]}
    )


class OccurrenceUndoIn(Said):
    """Which event has not happened to a product after all, and why it was recorded."""

    event: Slug
    reason: Line

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"event": "business-plan-approved", "reason": "ghi nhầm sản phẩm"}]}
    )


class AnswerIn(Said):
    """The answer to a question, in an officer's words."""

    answer: Annotated[str, Field(min_length=1, max_length=500)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "là hai sản phẩm khác nhau"}]})


class ConfirmQuery(AddressQuery):
    """The hash of what was looked at, in the address of a request without a body."""

    confirm: Hash | None = Field(
        default=None, description="`hash` của bản xem trước. / The hash of what was looked at."
    )
