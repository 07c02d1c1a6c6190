"""What may be given with an event: each field in words, how it is written, whether it has to be there.

Which fields an event takes follows from its requirements; how a value is written follows from `EventData`.
Only the words stand here. Documents, the OpenAPI, the command line and the letters read this one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Text
from ocop_workflow.regulations import regulation_on
from ocop_workflow.states.facts import Dossier, EventData, NotRenewing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from ocop_workflow.states.lifecycle import Lifecycle
    from ocop_workflow.states.requirement import Requirement
    from ocop_workflow.states.words import Event


class Asked(StrEnum):
    """Whether a field has to be given."""

    ALWAYS = "always"
    UNLESS_RECORDED = "unless_recorded"
    ONE_OF = "one_of"
    BY_PAPER = "by_paper"
    OPTIONAL = "optional"

    @property
    def text(self) -> Text:
        """The same in words."""
        return _ASKED[self]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its key, what it means, how it is written, an example, the fields within it.

    `note`: what has to be known to fill it in; empty: nothing more.
    """

    key: str
    text: Text
    asked: Asked
    schema: Mapping[str, Any]
    example: Any
    note: Text
    parts: tuple[Field, ...] = ()

    @property
    def written(self) -> Text:
        """How its value is written, in words."""
        return _written(self.schema)


def form_of(event: Event, lifecycle: Lifecycle) -> tuple[Field, ...]:
    """Return the fields that an event takes, those that have to be given first."""
    asked: dict[str, Asked] = {}
    for row in lifecycle.transitions:
        for need in row.needs if row.event is event else ():
            for name in need.fields:
                asked[name] = _asked(need)
            for name in need.optional:
                asked.setdefault(name, Asked.OPTIONAL)
    fields = [_field(key, how, _schema()["properties"][key], (key,)) for key, how in asked.items()]
    return tuple(sorted(fields, key=lambda field: field.asked is Asked.OPTIONAL))


def example_of(form: tuple[Field, ...]) -> dict[str, Any]:
    """Return data that would do, where nothing is on record: of several ways the first."""
    chosen = [field for field in form if field.asked in (Asked.ALWAYS, Asked.UNLESS_RECORDED)]
    chosen += [field for field in form if field.asked is Asked.ONE_OF][:1]
    order = [field.key for field in form]
    return {field.key: field.example for field in sorted(chosen, key=lambda field: order.index(field.key))}


def schema_of(form: tuple[Field, ...]) -> dict[str, Any]:
    """Return the JSON schema of an event's data: one object, or one of several where a field is chosen.

    Each of several is whole in itself, so that whoever makes a client from it gets a type for each.
    """
    ways = [field for field in form if field.asked is Asked.ONE_OF]
    examples = {"examples": [example_of(form)]}
    if not ways:
        return {**_object(form), **examples}
    common = [field for field in form if field.asked is not Asked.ONE_OF]
    whole = [{"title": way.key, **_object((*common, way))} for way in ways]
    return {"oneOf": whole, **examples}


def _object(form: tuple[Field, ...]) -> dict[str, Any]:
    required = [field.key for field in form if field.asked in (Asked.ALWAYS, Asked.ONE_OF)]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.key: _described(field) for field in form},
        **({"required": required} if required else {}),
    }


def told(given: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[tuple[Text, Text]]:
    """Say in words what was given with an event: what it is, and its value.

    Args:
        given: the data as they are stored.
        groups: the names of the product groups, by their ids.
    """
    for key, value in given.items():
        if isinstance(value, dict):
            words = _WORDS.get(key, (Text(key, key), None))[0]
            inner = list(_told_within(key, value))
            yield words, Text("; ".join(text.vi for text in inner), "; ".join(text.en for text in inner))
        elif key == "ground":
            yield _words(key), _ground(str(value), given.get("conclusion_date"))
        else:
            yield _words(key), _value(key, value, groups)


def _ground(given: str, concluded_on: str | None) -> Text:
    """Return a ground in the words of the law of the conclusion's day; where these are unknown, as given."""
    law = regulation_on(date.fromisoformat(concluded_on)) if concluded_on else None
    known = law.ground(given) if law else None
    words = f"{given}) {known.as_written}" if known else given
    return Text(words, words)


def _told_within(key: str, value: Mapping[str, Any]) -> Iterator[Text]:
    for name, inner in value.items():
        words, shown = _words(f"{key}.{name}"), _value(name, inner, {})
        yield Text(f"{words.vi}: {shown.vi}", f"{words.en}: {shown.en}")


def mean_in_words(mean: Fraction) -> Text:
    """Write a mean with two decimals, cut and never rounded; beside it the fraction, if that is not all."""
    hundredths = mean.numerator * 100 // mean.denominator
    whole, rest = divmod(hundredths, 100)
    digits = f"{rest:02}".rstrip("0")
    exact = "" if hundredths == mean * 100 else f" ({mean.numerator}/{mean.denominator})"
    return Text(
        f"{whole}{',' if digits else ''}{digits}{exact}", f"{whole}{'.' if digits else ''}{digits}{exact}"
    )


def _asked(need: Requirement) -> Asked:
    if need.either:
        return Asked.ONE_OF
    if need.by_paper:
        return Asked.BY_PAPER
    return Asked.UNLESS_RECORDED if need.recorded else Asked.ALWAYS


def _words(key: str) -> Text:
    return _WORDS[key][0] if key in _WORDS else Text(key, key)


def _field(key: str, asked: Asked, schema: Mapping[str, Any], path: tuple[str, ...]) -> Field:
    words, example = _WORDS[".".join(path)]
    plain = _plain(schema)
    parts = tuple(
        _field(name, Asked.ALWAYS, inner, (*path, name))
        for name, inner in plain.get("properties", {}).items()
    )
    if parts:
        example = {part.key: part.example for part in parts}
    return Field(key, words, asked, plain, example, _NOTES.get(key, Text("", "")), parts)


@cache
def _schema() -> dict[str, Any]:
    return EventData.model_json_schema()


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field's schema by itself: without null, titles and references."""
    if "$ref" in schema:
        return _plain(_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    ways = [way for way in schema.get("anyOf", ()) if way.get("type") != "null"]
    if len(ways) == 1:
        return _plain(ways[0])
    kept = {
        key: value for key, value in schema.items() if key not in ("title", "default", "description", "anyOf")
    }
    if ways:  # a number, which may be written as text
        kept |= {key: value for key, value in ways[0].items() if key != "title"}
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    return kept


def _described(field: Field) -> dict[str, Any]:
    more = [field.note.en] if field.note.en else []
    said = f"{field.text.vi} / {field.text.en} ({'; '.join([field.asked.text.en, *more])})"
    schema = {**field.schema, "description": said}
    if field.parts:
        schema |= {"properties": {part.key: _described(part) for part in field.parts}}
    return {**schema, "examples": [field.example]}


def _written(schema: Mapping[str, Any]) -> Text:
    if "enum" in schema:
        words = ", ".join(schema["enum"])
        return Text(f"một trong: {words}", f"one of: {words}")
    kind = schema.get("format", schema.get("type"))
    if kind in ("number", "integer"):
        low, high = schema.get("minimum"), schema.get("maximum")
        whole = ("số nguyên", "whole number") if kind == "integer" else ("số", "number")
        return Text(f"{whole[0]} từ {low:g} đến {high:g}", f"{whole[1]} from {low:g} to {high:g}")
    if kind == "array":
        inner = _written(schema["items"])
        return Text(f"danh sách: {inner.vi}", f"list: {inner.en}")
    if kind == "string":
        return Text(
            f"chữ, nhiều nhất {schema['maxLength']}", f"text of at most {schema['maxLength']} letters"
        )
    return _KINDS[str(kind)]


def _value(key: str, value: object, groups: Mapping[str, str]) -> Text:
    if isinstance(value, list):
        text = "; ".join(map(str, value))
        return Text(text.replace(".", ","), text)
    written = str(value)
    if key == "group":
        return Text(groups.get(written, written), groups.get(written, written))
    if key in _CLOSED:
        return _CLOSED[key](written).text
    if key == "mean":
        return Text(written.replace(".", ","), written)
    if _is_day(written):
        return Text(f"{date.fromisoformat(written):%d/%m/%Y}", written)
    return Text(written, written)


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return len(written) == len("2024-11-30")


_ASKED = {
    Asked.ALWAYS: Text("bắt buộc", "required"),
    Asked.UNLESS_RECORDED: Text("bắt buộc nếu hồ sơ chưa có", "required unless on record"),
    Asked.ONE_OF: Text("chọn một trong các mục này", "one of these"),
    Asked.BY_PAPER: Text(
        "bắt buộc khi ghi thay cấp chưa dùng hệ thống",
        "required when recorded for a level that works outside",
    ),
    Asked.OPTIONAL: Text("không bắt buộc", "optional"),
}
_KINDS = {
    "date": Text("ngày, viết như 2024-11-30", "day, written like 2024-11-30"),
    "object": Text("bảng { … }", "table { … }"),
}
#: fields whose value is one of a closed set
_CLOSED: Mapping[str, type[Dossier | NotRenewing]] = {"kind": Dossier, "not_renewing": NotRenewing}
#: what each field means, and an example; `a.b`: the field b of the table a
_WORDS: dict[str, tuple[Text, Any]] = {
    "producer": (Text("chủ thể", "producer"), "HTX Nông nghiệp"),
    "group": (Text("ngành hàng", "product group"), "food"),
    "address": (Text("địa chỉ sản xuất", "place of production"), "Thôn An Thạch"),
    "received_on": (Text("ngày nhận hồ sơ", "day on which the dossier was received"), "2024-04-22"),
    "reason": (Text("lý do", "reason"), "thiếu phiếu kiểm nghiệm"),
    "consultant": (Text("đơn vị tư vấn", "consultant"), "Trung tâm Khuyến nông"),
    "report_number": (Text("số báo cáo của UBND cấp xã", "number of the commune's report"), "12/BC-UBND"),
    "report_date": (Text("ngày báo cáo của UBND cấp xã", "date of the commune's report"), "2024-10-01"),
    "contents": (Text("bốn nội dung nhận xét", "the four contents"), None),
    "contents.material": (Text("nguồn gốc sản phẩm, nguyên liệu", "origin of the material"), "trong xã"),
    "contents.labour": (Text("lao động địa phương", "local labour"), "80 % lao động trong xã"),
    "contents.idea": (Text("nguồn gốc ý tưởng", "origin of the idea"), "của chủ thể"),
    "contents.identity": (Text("bản sắc, trí tuệ địa phương", "local identity"), "làng nghề"),
    "session_date": (Text("ngày họp Hội đồng", "date of the council's session"), "2024-11-20"),
    "session": (Text("phiên họp số", "number of the session"), 1),
    "mean": (Text("điểm trung bình", "mean"), 65.5),
    "sheets": (Text("điểm từng phiếu", "totals of the sheets"), [65, 66, 65.5]),
    "gates_met": (Text("điều kiện tối thiểu đạt đến hạng sao", "minimum conditions met up to star"), 5),
    "decision_number": (Text("số quyết định", "number of the decision"), "1234/QĐ-UBND"),
    "decision_date": (Text("ngày quyết định", "date of the decision"), "2024-11-25"),
    "signer": (Text("người ký", "signer"), "Chủ tịch UBND thị xã"),
    "published_on": (Text("ngày công bố kết quả", "day on which the result was published"), "2024-11-26"),
    "sent_on": (
        Text("ngày gửi hồ sơ, mẫu lên cấp trên", "day on which dossier and samples were sent up"),
        "2024-11-27",
    ),
    "samples": (Text("số sản phẩm mẫu gửi kèm", "number of samples sent with it"), 5),
    "valid_until": (
        Text("giấy chứng nhận có giá trị đến", "last valid day of the certificate"),
        "2027-11-25",
    ),
    "official_code": (
        Text(
            "mã chính thức của sản phẩm (theo QĐ 26: để trống thì lấy số tiếp theo của xã)",
            "official code of the product (QĐ 26: left empty, the commune's next one)",
        ),
        "51-21451-01-2026",
    ),
    "kind": (Text("loại hồ sơ", "kind of dossier"), "renewal"),
    "plan": (Text("kế hoạch mà hồ sơ nay thuộc về", "plan of the dossier from now on"), "duc-pho-2024"),
    "certificate": (Text("giấy chứng nhận hiện có", "the certificate held"), None),
    "certificate.star": (Text("hạng sao", "star"), 3),
    "certificate.number": (Text("số quyết định", "number of the decision"), "77/QĐ-UBND"),
    "certificate.decided_on": (Text("ngày quyết định", "date of the decision"), "2021-12-01"),
    "certificate.valid_until": (Text("có giá trị đến", "last valid day"), "2024-12-01"),
    "ground": (Text("căn cứ thu hồi", "ground of the revocation"), "đ"),
    "conclusion_number": (
        Text("số kết luận, xác nhận", "number of the conclusion or confirmation"),
        "3/KL-SNNMT",
    ),
    "conclusion_date": (
        Text("ngày kết luận, xác nhận", "date of the conclusion or confirmation"),
        "2024-12-03",
    ),
    "conclusion_body": (
        Text("cơ quan kết luận, xác nhận", "body that concluded or confirmed"),
        "Sở Nông nghiệp và Môi trường",
    ),
    "conclusion": (
        Text("nội dung kết luận", "what was concluded"),
        "chủ thể không còn sản xuất sản phẩm",
    ),
    "not_renewing": (Text("vì sao không đánh giá lại", "why it is not renewed"), "stopped"),
    "complete_on": (Text("ngày hồ sơ đủ", "day on which the dossier was complete"), "2027-06-18"),
    "paper": (Text("văn bản của cấp được ghi thay", "document of the level that is recorded"), None),
    "paper.number": (Text("số văn bản", "number of the document"), "15/BB-HĐ"),
    "paper.date": (Text("ngày văn bản", "date of the document"), "2024-11-21"),
    "paper.signer": (Text("người ký", "signer"), "Chủ tịch Hội đồng"),
}

#: what has to be known to fill a field in
_NOTES: dict[str, Text] = {
    "group": Text("mã của quy định, như food, drinks", "the regulation's id, like food, drinks"),
    "gates_met": Text("0 đến 5; không ghi: 5", "0 to 5; left out: 5"),
    "valid_until": Text("ngày cuối, như in trên giấy", "as printed on it"),
    "kind": Text("renewal: đánh giá lại; upgrade: nâng hạng", "renewal or upgrade"),
    "plan": Text("mã kế hoạch", "the plan's id"),
    "not_renewing": Text(
        "; ".join(f"{why.value}: {why.text.vi}" for why in NotRenewing),
        "; ".join(f"{why.value}: {why.text.en}" for why in NotRenewing),
    ),
    "ground": Text(
        "từ 22/5/2026: chữ của điểm (a, b, c, d, đ, e) ở khoản 1 Điều 8 QĐ 26/2026; trước đó: bằng lời",
        "from 22/5/2026: the letter (a, b, c, d, đ, e) of Điều 8.1 of QĐ 26/2026; before: in words",
    ),
}
