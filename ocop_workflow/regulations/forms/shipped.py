"""The forms that ship with the service, and reading a file of them with every fault of it at once."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from ocop_workflow.errors import Fault, InvalidInput, NotFound, fault
from ocop_workflow.regulations.forms.form import FieldKind, FormField, FormHeading, FormSource, OfficialForm
from ocop_workflow.regulations.reading import Frozen, read_toml
from ocop_workflow.regulations.rubrics.shipped import RUBRICS_OF, read_json
from ocop_workflow.wording import as_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILE, _READINGS = "phu-luc-3.json", "readings.toml"


class FormReading(Frozen):
    """How a form is used where the annex leaves it open."""

    form: str
    heading: FormHeading
    uncertain: bool
    optional: tuple[str, ...]
    personal: tuple[str, ...]
    proposed: dict[str, tuple[str, ...]]


class ContentSteps(Frozen):
    """What the two steps of a content of Mẫu 03 are called."""

    stated: str
    found: str


class AddedSection(Frozen):
    """A section that the service adds behind a form."""

    form: str
    title: str
    fields: tuple[FormField, ...]


class FormReadings(Frozen):
    """How the forms of one regulation are used."""

    readings: tuple[FormReading, ...]
    steps: ContentSteps
    added: tuple[AddedSection, ...] = ()


class FormFile(Frozen):
    """A file of forms."""

    schema_name: str = Field(alias="schema", pattern=r"^ocop-forms/1$")
    source: FormSource
    note: str
    forms: tuple[OfficialForm, ...] = Field(min_length=1)


def read_forms(text: str, readings: FormReadings, name: str) -> tuple[OfficialForm, ...]:
    """Read forms.

    Args:
        text: JSON of the form `ocop-forms/1`.
        readings: how they are used.
        name: what the file is called, for the sentence.

    Raises:
        InvalidInput: it is no JSON, breaks the form, names no field of a kind that there is, or the readings
            speak of what the forms do not have; all faults at once.
    """
    raw, faults = read_json(text)
    if isinstance(raw, dict):
        _complete(raw, readings)
        try:
            found = FormFile.model_validate(raw)
        except ValidationError as error:
            faults += as_faults(error)
        else:
            faults += [one for form in found.forms for one in _disagreements(form)]
            faults += _strangers(found, readings)
            if not faults:
                return found.forms
    elif not faults:
        faults.append(fault("", "phải là một bảng { … }", "must be a table { … }"))
    raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", faults)


def _complete(raw: dict[str, Any], readings: FormReadings) -> None:
    """Give every field its name, and every form what its reading says; what is no table is left to judge."""
    by_form = {reading.form: reading for reading in readings.readings}
    for form in _tables(raw.get("forms")):
        reading = by_form.get(str(form.get("id")))
        for number, section in enumerate(_tables(form.get("sections")), start=1):
            for place, field in enumerate(_tables(section.get("fields")), start=1):
                _name(field, f"s{number}_{place}", readings.steps, reading)
        form["source"] = raw.get("source")
        if reading is not None:
            form |= {"heading": reading.heading, "uncertain": reading.uncertain}
        for extra in readings.added:
            if extra.form == form.get("id") and isinstance(form.get("sections"), list):
                fields = [{**field.model_dump(), "required": False} for field in extra.fields]
                form["sections"].append({"title": extra.title, "added": True, "fields": fields})


def _tables(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def _name(field: dict[str, Any], name: str, steps: ContentSteps, reading: FormReading | None) -> None:
    field["name"] = name
    if reading is not None:
        field["personal"] = name in reading.personal
        field["proposed"] = reading.proposed.get(name, ())
        if name in reading.optional:
            field["required"] = False
    for place, part in enumerate(_tables(field.get("fields")), start=1):
        _name(part, f"{name}_{place}", steps, reading)
    if field.get("commune_content") and field.get("type") == FieldKind.LONG_TEXT:
        field["type"] = FieldKind.GROUP
        field["fields"] = []
        for step, label in (("stated", steps.stated), ("found", steps.found)):
            part = {"label": label, "type": FieldKind.LONG_TEXT}
            _name(part, f"{name}_{step}", steps, reading)
            field["fields"].append(part)


def _disagreements(form: OfficialForm) -> Iterator[Fault]:
    for section in form.sections:
        for field in (one for outer in section.fields for one in outer.every):
            place = f"{form.id}.{field.name}"
            if (field.type is FieldKind.ONE_OF) != bool(field.options):
                yield fault(place, "options chỉ dùng, và phải có, ở one_of", "options belong to one_of")
            if field.type is FieldKind.GROUP and not field.fields:
                yield fault(place, "nhóm không có mục nào", "a group without fields")
            if field.fields and field.type not in (FieldKind.GROUP, FieldKind.CHECK):
                yield fault(place, "loại này không chứa mục khác", "a field of this kind holds no others")


def _strangers(found: FormFile, readings: FormReadings) -> Iterator[Fault]:
    names = {form.id: set(form.by_name) for form in found.forms}
    if len(names) != len(found.forms):
        yield fault("forms", "hai mẫu cùng mã", "two forms have one id")
    said = [reading.form for reading in readings.readings]
    for form in sorted(set(names) ^ set(said)):
        yield fault(
            "readings", f"{form}: mẫu và cách dùng không khớp", f"{form}: forms and readings disagree"
        )
    for reading in readings.readings:
        known = names.get(reading.form, set())
        for name in (*reading.optional, *reading.personal, *reading.proposed):
            if name not in known:
                yield _nothing(reading.form, name)
        for sources in reading.proposed.values():
            for form, _, name in (source.partition(".") for source in sources):
                if form in names and name not in names[form]:
                    yield _nothing(form, name)


def _nothing(form: str, name: str) -> Fault:
    return fault(f"readings.{form}", f"không có mục {name}", f"there is no field {name}")


@cache
def _shipped() -> Mapping[str, OfficialForm]:
    folder = resources.files("ocop_workflow") / "data" / "forms" / RUBRICS_OF
    readings = read_toml((folder / _READINGS).read_text("utf-8"), FormReadings, _READINGS)
    forms = read_forms((folder / _FILE).read_text("utf-8"), readings, _FILE)
    return {form.id: form for form in forms}


def form_ids() -> tuple[str, ...]:
    """Return the ids of the forms that ship, in the order of the annex."""
    return tuple(_shipped())


def load_form(form_id: str) -> OfficialForm:
    """Return a shipped form.

    Args:
        form_id: `mau-01`, `mau-02`, `mau-03` (QĐ 26/2026/QĐ-TTg, Phụ lục III).

    Raises:
        NotFound: there is no such form.
    """
    found = _shipped().get(form_id)
    if found is None:
        words = ", ".join(form_ids())
        raise NotFound(f"Không có mẫu {form_id}; có: {words}.", f"There is no form {form_id}; {words}.")
    return found


def renewal_headings() -> tuple[str, ...]:
    """Return what a renewal or an upgrade has to say of, where it has changed since the recognition.

    In the words of the form (QĐ 26/2026/QĐ-TTg, Phụ lục III, Mẫu 02, Phần III).
    """
    every = (
        heading for form in _shipped().values() for part in form.sections for heading in part.only_for_renewal
    )
    return tuple(every)
