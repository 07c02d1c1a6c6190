"""Notices: the letters that tell a commune at once what was decided about its product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.councils.scoring.results import confirmed_result
from ocop_workflow.letters import mailbox_queries as mailbox
from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.posting import Draft, seal
from ocop_workflow.notifications import (
    LetterKind,
    Notice,
    Notices,
    again_key,
    mailbox_of,
    notice_key,
    render_notice,
    render_notices,
    vietnamese_date,
)
from ocop_workflow.places import queries as units
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.notices import queries as noticing
from ocop_workflow.products.notices.conclusions import last_conclusion
from ocop_workflow.regulations import change_over, successor_of
from ocop_workflow.regulations.rubrics.entries import titles_of
from ocop_workflow.regulations.rubrics.views import exact
from ocop_workflow.states import ESCALATED, Event, State, mean_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from ocop_workflow.notifications import Sender
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.products.effects import Step
    from ocop_workflow.products.notices.queries import ToldStep
    from ocop_workflow.states import EventData
    from ocop_workflow.store import Connection


#: notices to one address that wait untried since so short a time become one letter
IN_ONE_GO = timedelta(minutes=10)

#: steps of which one letter tells
AT_MOST = 50


def keep_words(tx: Connection, transition_id: int, step: Step) -> None:
    """Keep what a commune is to be told of a step: every letter that tells of it has these words."""
    record = step.record
    told = [*_DETAILS[step.event](step, Bodies(tx, [record])), *_from_sheets(tx, step)]
    told += _from_conclusion(tx, step)
    noticing.keep_words(
        tx,
        transition_id,
        {
            "day": step.on.isoformat(),
            "code": record.code,
            "product": record.name,
            "step": step.event.label,
            "state": step.target.label,
            "step_en": _in_english(step),
            "details": [[label, value] for label, value in told if value],
        },
    )


def write_notices(
    tx: Connection, step_ids: Sequence[int], unit_id: int, sender: Sender, today: date, now: datetime
) -> int:
    """Put the notice about steps of one commune's products into the outbox, one letter an address.

    What waits for the same address since a moment ago and was not tried yet is told in the same letter; the
    letter in whose place it stands is never sent.

    Args:
        tx: a writing transaction.
        step_ids: the steps, by the numbers of their transitions.
        unit_id: the commune.
        sender: in whose name it goes out.
        today: the local day on which the addresses have to hold.
        now: this instant.

    Returns:
        how many letters were written: none where the commune has no address.
    """
    unit = units.units_by_id(tx, [unit_id])[unit_id]
    waiting: dict[str, dict[int, list[int]]] = {}
    for row in noticing.waiting_notices(tx, unit_id, now - IN_ONE_GO):
        waiting.setdefault(mailbox_of(row.address), {}).setdefault(row.letter_id, []).append(row.step_id)
    written = 0
    for address in units.addresses(tx, [unit_id], today).get(unit_id, ()):
        told, replaced = set(step_ids), []
        for letter_id, steps in waiting.get(mailbox_of(address), {}).items():
            if len(told | set(steps)) <= AT_MOST:
                told |= set(steps)
                replaced.append(letter_id)
        noticing.supersede(tx, replaced)
        write_notice(tx, told, NoticeAddress(unit, address), sender, today, now)
        written += 1
    return written


@dataclass(frozen=True, slots=True)
class NoticeAddress:
    """To which address of which unit a notice goes."""

    unit: UnitRecord
    address: str


def write_notice(
    tx: Connection,
    step_ids: Collection[int],
    to: NoticeAddress,
    sender: Sender,
    today: date,
    now: datetime,
    *,
    again: bool = False,
) -> str:
    """Put one letter that tells of these steps into the outbox. Returns its key, which its last step gives.

    `again`: that step was told before, in a letter whose place this one takes.
    """
    steps = noticing.steps_told(tx, step_ids)
    told = tuple(_notice(step, to.unit.office, sender) for step in steps)
    rendered = (
        render_notice(told[0])
        if len(told) == 1
        else render_notices(Notices(to.unit.office, today, told, sender.public_url))
    )
    key = notice_key(steps[-1].code, steps[-1].seq, to.address)
    if again:
        key = again_key(key, mailbox.copies_of(tx, key) + 1)
    draft = Draft(LetterKind.NOTICE, rendered, transition_id=steps[-1].id)
    letters.write_letters(tx, [seal(draft, key, to.unit, to.address, sender, now)], now)
    noticing.record_told(tx, {key: step_ids})
    return key


def _notice(step: ToldStep, office: str, sender: Sender) -> Notice:
    words = step.words
    return Notice(
        office=office,
        day=date.fromisoformat(words["day"]),
        code=words["code"],
        product=words["product"],
        step=words["step"],
        state=words["state"],
        step_en=words["step_en"],
        public_url=sender.public_url,
        details=tuple((label, value) for label, value in words["details"]),
    )


_Details = Iterator[tuple[str, str | None]]


def _in_english(step: Step) -> str:
    words = step.event.value.replace("_", " ")
    held = step.certificate if step.event is Event.CERTIFY else None
    return f"{words}, {held.star} stars, valid until {held.valid_until}" if held else words


def _day(day: date | None) -> str | None:
    return vietnamese_date(day) if day else None


def _decision(data: EventData) -> _Details:
    yield "Số quyết định", data.decision_number
    yield "Ngày quyết định", _day(data.decision_date)
    yield "Người ký", data.signer


def _on_select(step: Step, _bodies: Bodies) -> _Details:
    yield "Việc tiếp theo", f"{step.calendar.plan.office.name} bố trí tư vấn, hoàn thiện sản phẩm"


def _on_decline(step: Step, _bodies: Bodies) -> _Details:
    yield "Lý do", step.data.reason
    yield "Việc tiếp theo", _SUBMIT_AGAIN


def _on_send_back(step: Step, _bodies: Bodies) -> _Details:
    yield "Lý do", step.data.reason
    yield "Việc tiếp theo", "hoàn thiện hồ sơ theo lý do trên, rồi UBND cấp xã đánh giá và báo cáo lại"


def _on_certify(step: Step, _bodies: Bodies) -> _Details:
    held = step.certificate
    if held:
        yield "Hạng", f"{held.star} sao"
        if step.facts.score:
            yield "Điểm trung bình", mean_in_words(step.facts.score.mean).vi
        yield "Giấy chứng nhận có giá trị đến", _day(held.valid_until)
    yield from _decision(step.data)
    yield "Ngày công bố kết quả", _day(step.data.published_on)
    yield "Mã chính thức", step.data.official_code


def _on_escalate(step: Step, bodies: Bodies) -> _Details:
    level = next(level for level, state in ESCALATED.items() if state is step.target)
    regulation = step.facts.regulation
    yield "Chuyển đến", bodies.at(step.record, level, regulation).vi
    yield from _decision(step.data)
    yield from _sent(step.data)
    yield "Việc tiếp theo", f"{bodies.council(step.record, level, regulation).vi} chấm điểm"


def _on_forward(step: Step, bodies: Bodies) -> _Details:
    yield "Chuyển đến", bodies.at(step.record, step.facts.regulation.ladder[-1], step.facts.regulation).vi
    yield "Báo cáo của cơ quan quản lý OCOP cấp tỉnh", step.data.report_number
    yield "Ngày báo cáo", _day(step.data.report_date)
    yield from _sent(step.data)


def _on_change_regulation(step: Step, bodies: Bodies) -> _Details:
    following = successor_of(step.facts.regulation.id)
    over = change_over(step.facts.regulation.id, step.facts.dossier.value)
    if following is None or over is None:
        return
    yield "Từ nay theo", f"QĐ {following.number}"
    yield "Căn cứ", over.clause + (" (hệ thống hiểu như vậy)" if over.uncertain else "")
    if step.facts.score and step.after.score is None:
        yield (
            "Điểm đã chấm",
            f"{mean_in_words(step.facts.score.mean).vi} ({step.facts.score.level.label}), lưu trong hồ sơ",
        )
    if step.target is State.COMMUNE_EVALUATED:
        first = following.scoring[0].level
        yield "Việc tiếp theo", f"{bodies.council(step.record, first, following).vi} chấm điểm"


def _sent(data: EventData) -> _Details:
    yield "Ngày gửi hồ sơ, mẫu", _day(data.sent_on)
    yield "Số sản phẩm mẫu", None if data.samples is None else str(data.samples)


def _on_re_evaluate(step: Step, _bodies: Bodies) -> _Details:
    facts = step.facts
    if facts.score:
        yield "Điểm trung bình", f"{mean_in_words(facts.score.mean).vi} ({facts.score.level.label})"
    yield "Lý do", step.data.reason
    yield "Việc tiếp theo", "Hội đồng cấp tỉnh đánh giá, phân hạng lại"


def _on_reject(step: Step, _bodies: Bodies) -> _Details:
    """Here the score is told: it is the reason."""
    facts = step.facts
    lowest = next(band for band in facts.regulation.stars if band.owner)
    if facts.score:
        yield "Điểm trung bình", f"{mean_in_words(facts.score.mean).vi} ({facts.score.level.label})"
        missed = []
        if facts.score.mean < lowest.lowest:
            missed.append(f"cần từ {lowest.lowest} điểm để đạt {lowest.star} sao")
        if facts.score.gates_met < lowest.star:
            missed.append(f"chưa đạt các điều kiện tối thiểu của hạng {lowest.star} sao")
        yield "Chưa đạt", "; ".join(missed)
    if step.target is State.NOT_RATED:
        yield "Việc tiếp theo", _SUBMIT_AGAIN
    elif step.certificate:
        yield "Giấy chứng nhận đang có vẫn có giá trị đến", _day(step.certificate.valid_until)


def _from_sheets(tx: Connection, step: Step) -> _Details:
    """Say what a council's sheets lacked for the next star, where it scored here."""
    if step.event not in (Event.CERTIFY, Event.REJECT):
        return
    result = confirmed_result(tx, step.record.id, step.record.dossier_no)
    if result is None or result.way is None:
        return
    titles = titles_of(str(result.name))
    if result.outcome.out:
        yield "Bị loại", "; ".join(item.reason for item in result.outcome.out)
    missed = [
        f"{titles.get(gate.criterion, gate.criterion)} (cần {gate.need} điểm)" for gate in result.way.missed
    ]
    short = (
        [f"thiếu {exact(result.way.points_short)} điểm trong tổng các phiếu"]
        if result.way.points_short
        else []
    )
    yield f"Để được {result.way.star} sao", "; ".join([*missed, *short])


def _on_revoke(step: Step, bodies: Bodies) -> _Details:
    yield from _held(step)
    issuer = step.facts.issuer
    yield "Cơ quan thu hồi", bodies.at(step.record, issuer, step.facts.regulation).vi if issuer else None
    yield from _decision(step.data)
    yield "Ngày công bố", _day(step.data.published_on)


def _from_conclusion(tx: Connection, step: Step) -> _Details:
    """Say on what ground, by the law of the conclusion's day, a certificate was revoked, on whose word."""
    if step.event is not Event.REVOKE:
        return
    found = last_conclusion(tx, step.record.id)
    if found is None:
        return
    yield "Căn cứ", found.ground
    yield "Kết luận, xác nhận", found.named
    yield "Nội dung kết luận", found.findings


def _on_lapse(step: Step, _bodies: Bodies) -> _Details:
    yield from _held(step)
    yield "Việc tiếp theo", _SUBMIT_AGAIN


def _held(step: Step) -> _Details:
    held = step.facts.known_certificate
    if held:
        yield "Giấy chứng nhận", f"{held.star} sao, quyết định số {held.number} ngày {_day(held.decided_on)}"
        yield "Có giá trị đến", _day(held.valid_until)


_SUBMIT_AGAIN = "có thể nộp lại hồ sơ (thao tác «Nộp lại») khi sản phẩm đã đủ điều kiện"

#: what the letter tells of each step that is told: as little as it can, and what was decided and why
_DETAILS: dict[Event, Callable[[Step, Bodies], _Details]] = {
    Event.SELECT: _on_select,
    Event.DECLINE: _on_decline,
    Event.CERTIFY: _on_certify,
    Event.ESCALATE: _on_escalate,
    Event.REJECT: _on_reject,
    Event.FORWARD: _on_forward,
    Event.RE_EVALUATE: _on_re_evaluate,
    Event.SEND_BACK: _on_send_back,
    Event.CHANGE_REGULATION: _on_change_regulation,
    Event.REVOKE: _on_revoke,
    Event.LAPSE: _on_lapse,
}

#: the events that are told at once; no other event mails
NOTICED = frozenset(_DETAILS)
