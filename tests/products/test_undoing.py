"""The last step is taken back: the record is what it was, the history says both, who was told is told."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, OcopError
from ocop_workflow.imports.reading.candidate import CrossColumn
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.letters.queries import claim_next
from ocop_workflow.notifications import PermanentDeliveryError, RetryPolicy, TemporaryDeliveryError
from ocop_workflow.overview.products import product_page
from ocop_workflow.places.contact_queries import keep_place
from ocop_workflow.products.queries import edit, product_by_code
from ocop_workflow.products.undoing import LONGEST_REASON, Undone, UndoOrder, undo
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import LAN, SEED, SENDER, act, letter_text, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.stories.cast import acting, appoint
from tests.stories.days import daily, run
from tests.stories.journeys import (
    CERTIFICATE,
    FIRST_YEAR,
    NEXT,
    candidate,
    certificates,
    closed_deadlines,
    flags_of,
    import_rows,
    load_text,
    next_plan,
    open_deadlines,
    state_of,
    step,
    walk_to,
)

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO = "DP24-002"
WARD = "pho-an@duc-pho.example"


def take_back(
    database: Database, clock: FixedClock, code: str = TWO, reason: str = "ghi nhầm", actor: str | None = None
) -> Undone:
    """Undo the last step of a product, as the host's operator or as one of the cast."""
    by = acting(database, actor) if actor else LAN
    with database.write() as tx:
        order = UndoOrder(code, by, reason)
        return undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def told(database: Database) -> list[tuple[Any, ...]]:
    """Return (kind, address, state) of every letter about a step, oldest first."""
    return rows(
        database,
        "SELECT kind, address, state FROM outbox WHERE transition_id IS NOT NULL ORDER BY id",
    )


def healthy(database: Database, clock: FixedClock) -> bool:
    """Whether the doctor finds nothing (but what waits), and the proof balances."""
    found = [item.text.en for item in examine(database, clock).findings if item.invariant not in (13, 17)]
    with database.read() as tx:
        found += [row.text.en for row in prove(tx, VIETNAM).unbalanced]
    assert found == []
    return True


RECORD = (
    "SELECT state, CAST(entered_on AS TEXT), kind, p.plan_id, producer_id, "
    "product_group, (SELECT c.address FROM contacts c WHERE c.id = p.address_id), "
    "CAST(received_on AS TEXT), official_code, score_level, score_mean, gates_met, unit_id, "
    "dossier_no, d.plan_id, (SELECT COUNT(*) FROM dossiers WHERE product_id = p.id) "
    "FROM products p JOIN dossiers d ON d.product_id = p.id AND d.number = p.dossier_no WHERE code = :code"
)


def record(database: Database, code: str) -> tuple[Any, ...]:
    """Return all of a product's record, but for its version."""
    (found,) = rows(database, RECORD, code=code)
    return found


def questions(database: Database) -> list[tuple[Any, ...]]:
    return rows(database, "SELECT id, answered FROM questions ORDER BY id")


# -- the record, the history -----------------------------------------------------------------------


def test_the_history_says_what_was_done_and_that_it_was_undone(seeded: Database, clock: FixedClock) -> None:
    step(seeded, clock, TWO, "register", date(2024, 4, 25))
    clock.move_to(date(2024, 4, 29))
    done = take_back(seeded, clock, reason="  đăng ký nhầm sản phẩm ")

    assert (done.event.value, done.seq, done.source.value, done.state.value, done.version) == (
        "register",
        1,
        "registered",
        "idea",
        2,
    )
    with seeded.read() as tx:
        entry = product_page(tx, TWO, clock.today()).history[-1]
    assert (entry.seq, entry.undoes, entry.label) == (2, 1, "Hoàn tác: Đăng ký ý tưởng")
    assert (entry.source.value, entry.target.value, entry.on) == ("registered", "idea", date(2024, 4, 25))
    assert (entry.note, entry.unit, entry.actor, entry.data) == (
        "đăng ký nhầm sản phẩm",
        "Xã Phổ An",
        "lan",
        {},
    )
    assert healthy(seeded, clock)


@pytest.mark.parametrize("last", range(1, len(FIRST_YEAR) + 1))
def test_undoing_again_and_again_leads_back_to_the_import(
    seeded: Database, clock: FixedClock, last: int
) -> None:
    stood = [record(seeded, TWO)]
    for event, on in FIRST_YEAR[:last]:
        step(seeded, clock, TWO, event, on)
        stood.append(record(seeded, TWO))
    while len(stood) > 1:
        stood.pop()
        take_back(seeded, clock)
        assert record(seeded, TWO) == stood[-1]
    assert healthy(seeded, clock)
    with pytest.raises(Conflict, match="DP24-002 has nothing to undo: it stands as it came in"):
        take_back(seeded, clock)


def test_a_step_done_anew_after_its_undoing_can_be_undone_itself(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "select")
    take_back(seeded, clock)
    step(seeded, clock, TWO, "decline", date(2024, 5, 21))
    assert take_back(seeded, clock).seq == 4
    assert take_back(seeded, clock).seq == 1
    undone = rows(seeded, "SELECT seq, undoes FROM transitions WHERE undoes IS NOT NULL ORDER BY seq")
    assert undone == [(3, 2), (5, 4), (6, 1)]
    assert state_of(seeded, TWO) == "idea"
    assert healthy(seeded, clock)


def test_the_next_step_may_lie_before_the_undone_one_but_not_before_the_one_that_stands(
    seeded: Database, clock: FixedClock
) -> None:
    step(seeded, clock, TWO, "register", date(2024, 4, 25))
    step(seeded, clock, TWO, "select", date(2024, 5, 20))
    take_back(seeded, clock)
    with pytest.raises(InvalidInput, match="at fault"):
        act(seeded, clock, TWO, "select", on=date(2024, 4, 24))
    act(seeded, clock, TWO, "select", on=date(2024, 4, 25))
    assert healthy(seeded, clock)


def test_a_registration_gives_back_producer_group_and_address(seeded: Database, clock: FixedClock) -> None:
    before = record(seeded, TWO)
    data = {"group": "food", "producer": "HTX Mới", "address": "Thôn 9"}
    step(seeded, clock, TWO, "register", date(2024, 4, 25), **data)
    assert record(seeded, TWO)[4:7] != before[4:7]
    take_back(seeded, clock)
    assert record(seeded, TWO) == before


def test_what_was_corrected_since_stays(seeded: Database, clock: FixedClock) -> None:
    step(seeded, clock, TWO, "register", date(2024, 4, 25), producer="HTX Mới", address="Thôn 9")
    before = record(seeded, TWO)
    with seeded.write() as tx:
        seen = product_by_code(tx, TWO)
        assert seen is not None
        edit(tx, seen, {"address_id": keep_place(tx, "Thôn 10")}, clock.now())
    take_back(seeded, clock)
    after = record(seeded, TWO)
    assert after[6] == "Thôn 10"
    assert after[4] != before[4]
    assert after[5] is None


def test_a_new_dossier_gives_back_plan_score_and_day_of_receipt(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, TWO, "begin_monitoring")
    before, deadlines = record(seeded, TWO), open_deadlines(seeded, TWO)
    step(seeded, clock, TWO, "open_re_rating", date(2025, 3, 3), received_on="2025-03-01")
    assert record(seeded, TWO)[2:4] == ("renewal", before[3] + 1)
    take_back(seeded, clock)
    assert record(seeded, TWO) == before
    assert open_deadlines(seeded, TWO) == deadlines
    assert healthy(seeded, clock)


# -- certificates and questions ---------------------------------------------------------------------


def test_a_certificate_that_was_issued_has_ended_and_the_one_before_runs_again(
    seeded: Database, clock: FixedClock
) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, TWO, "begin_monitoring")
    for event, on in (
        ("open_re_rating", date(2025, 3, 3)),
        ("commune_evaluate", date(2025, 4, 1)),
        ("score_district", date(2025, 5, 5)),
    ):
        step(seeded, clock, TWO, event, on)
    before = record(seeded, TWO)
    renewed = {"decision_number": "99/QĐ-UBND", "decision_date": "2025-05-06"}
    step(seeded, clock, TWO, "certify", date(2025, 5, 6), **renewed)
    take_back(seeded, clock)

    assert certificates(seeded, TWO) == [
        (3, "1234/QĐ-UBND", "2027-11-25", None, None),
        (3, "99/QĐ-UBND", "2028-05-06", "2025-05-06", "undone"),
    ]
    assert record(seeded, TWO) == before
    assert healthy(seeded, clock)
    step(seeded, clock, TWO, "certify", date(2025, 5, 7), **renewed)
    assert [row[3:] for row in certificates(seeded, TWO)] == [
        ("2025-05-07", "renewed"),
        ("2025-05-06", "undone"),
        (None, None),
    ]
    assert healthy(seeded, clock)


@pytest.mark.parametrize(("event", "on"), [("revoke", date(2025, 3, 3)), ("lapse", date(2027, 11, 26))])
def test_a_certificate_that_was_ended_runs_again(
    seeded: Database, clock: FixedClock, event: str, on: date
) -> None:
    walk_to(seeded, clock, TWO, "begin_monitoring")
    before = certificates(seeded, TWO)
    if event == "revoke":
        step(seeded, clock, TWO, "conclude", on)
    step(seeded, clock, TWO, event, on)
    assert certificates(seeded, TWO) != before
    take_back(seeded, clock)
    assert certificates(seeded, TWO) == before
    assert healthy(seeded, clock)


@pytest.mark.parametrize("event", ["open_re_rating", "conclude"])
def test_a_certificate_put_on_record_is_asked_for_again(
    seeded: Database, clock: FixedClock, event: str
) -> None:
    """A conclusion may name the certificate that it is about, where none was on record."""
    load_text(seeded, clock, next_plan())
    import_rows(seeded, clock, SEED, candidate(1, "Xã Phổ An", "Nước mắm", CrossColumn.UPGRADE_3_TO_4))
    code = rows(seeded, "SELECT MAX(code) FROM products")[0][0]
    with seeded.write() as tx:
        for answered in (True, False):
            tx.execute(
                text(
                    "INSERT INTO questions (product_id, vi, en, asked_on, answered) "
                    "SELECT id, 'Giấy chứng nhận?', 'Which certificate?', '2024-04-23', :answered "
                    "FROM products WHERE code = :code"
                ),
                {"answered": answered, "code": code},
            )
    before, asked = record(seeded, code), questions(seeded)
    more = {"kind": "upgrade", "plan": NEXT} if event == "open_re_rating" else {}
    step(seeded, clock, code, event, date(2024, 5, 6), certificate=CERTIFICATE, **more)
    assert questions(seeded) != asked
    take_back(seeded, clock, code)
    assert (record(seeded, code), questions(seeded)) == (before, asked)
    assert [row[4] for row in certificates(seeded, code)] == ["undone"]
    assert healthy(seeded, clock)


# -- deadlines: the day of the undone step is the day that counts ----------------------------------------


def test_deadlines_are_closed_and_opened_anew_on_the_day_of_the_undone_step(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    step(seeded, clock, TWO, "register", date(2024, 4, 25))
    daily(seeded, clock, "2024-04-26", "2024-05-03")
    take_back(seeded, clock)

    assert closed_deadlines(seeded, TWO) == [
        ("registration", "2024-04-23", "2024-04-30", "2024-04-25", "reached"),
        ("selection", "2024-04-25", "2024-05-31", "2024-04-25", "undone"),
    ]
    assert open_deadlines(seeded, TWO) == {"registration": date(2024, 4, 30)}
    # the next check raises the flag with its true day and speaks of it at the next nag
    run(seeded, clock, "2024-05-07")
    assert flags_of(seeded, TWO) == [("registration", "2024-05-01", None)]
    assert healthy(seeded, clock)


def test_a_late_step_that_is_undone_keeps_its_lateness_on_record(seeded: Database, clock: FixedClock) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-02")
    step(seeded, clock, TWO, "register", date(2024, 5, 3))
    clock.move_to(date(2024, 5, 6))
    take_back(seeded, clock)
    run(seeded, clock, "2024-05-07")
    assert flags_of(seeded, TWO) == [
        ("registration", "2024-05-01", "2024-05-03"),
        ("registration", "2024-05-03", None),
    ]
    assert healthy(seeded, clock)


# -- letters --------------------------------------------------------------------------------------------


def test_a_letter_that_nobody_got_is_cancelled_and_nothing_needs_correcting(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, TWO, "select")
    done = take_back(seeded, clock)
    assert (done.cancelled, done.corrections) == (1, 0)
    assert told(seeded) == [("notice", WARD, "cancelled")]
    assert deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER).sent == 0
    assert healthy(seeded, clock)


def test_whoever_was_told_gets_a_correction(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "select")
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    clock.move_to(date(2024, 5, 22))
    done = take_back(seeded, clock, reason="ghi nhầm <b>sản phẩm</b>")
    assert (done.cancelled, done.corrections) == (0, 1)
    assert told(seeded) == [("notice", WARD, "sent"), ("correction", WARD, "pending")]
    mailer = RecordingMailer()
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)
    ((_, address, mime),) = mailer.sent
    assert address == WARD
    assert message_from_bytes(mime, policy=policy.default)["Subject"] == (
        "[OCOP] Đính chính – Lựa chọn: Khô Bò (DP24-002)"
    )
    assert letter_text(mime) == (
        "Kính gửi: UBND xã Phổ An\n"
        "\n"
        "Đính chính về sản phẩm Khô Bò (DP24-002): thư trước báo «lựa chọn», ngày 20/05/2024, "
        "không còn giá trị.\n"
        "Bước này đã được hoàn tác ngày 22/05/2024. Trạng thái hiện nay: Đã đăng ký.\n"
        "- Lý do: ghi nhầm <b>sản phẩm</b>\n"
        "\n"
        "English: correction. Product DP24-002, select of 2024-05-20 was undone on 2024-05-22; "
        "please disregard our earlier letter.\n"
        "\n"
        "Xem tại: https://ocop.duc-pho.example\n"
        "\n"
        "Thư này do hệ thống theo dõi OCOP gửi tự động.\n"
    )
    assert rows(seeded, "SELECT key FROM outbox WHERE kind = 'correction'") == [
        (f"correction:DP24-002:3:{WARD}",)
    ]
    assert healthy(seeded, clock)


def test_a_correction_goes_to_those_who_were_told_not_to_those_who_would_be_now(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, TWO, "select")
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    with seeded.write() as tx:
        tx.execute(text("UPDATE contacts SET valid_to = '2024-05-20' WHERE address = :ward"), {"ward": WARD})
        tx.execute(
            text(
                "INSERT INTO contacts (kind, desk_id, address, valid_from, mark) "
                "SELECT kind, desk_id, 'moi@pho-an.example', '2024-05-20', 'moi' "
                "FROM contacts WHERE address = :ward"
            ),
            {"ward": WARD},
        )
    take_back(seeded, clock)
    assert told(seeded) == [("notice", WARD, "sent"), ("correction", WARD, "pending")]


def test_a_letter_whose_sending_ended_nobody_knows_how_is_cancelled_and_corrected(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, TWO, "select")
    cut = RecordingMailer([TemporaryDeliveryError("cut", ambiguous=True)])
    deliver_pending(seeded, cut, RetryPolicy(), clock, SENDER)
    take_back(seeded, clock)
    assert told(seeded) == [("notice", WARD, "cancelled"), ("correction", WARD, "pending")]


def test_a_letter_that_the_relay_refused_for_good_needs_no_correction(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, TWO, "select")
    refused = RecordingMailer([PermanentDeliveryError("550 no such user")])
    deliver_pending(seeded, refused, RetryPolicy(), clock, SENDER)
    take_back(seeded, clock)
    assert told(seeded) == [("notice", WARD, "dead")]


def test_a_letter_that_is_being_sent_is_corrected_and_never_tried_again(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, TWO, "select")
    with seeded.write() as tx:
        assert claim_next(tx, clock.now(), LEASE) is not None  # and its sender dies
    take_back(seeded, clock)
    assert told(seeded) == [("notice", WARD, "sending"), ("correction", WARD, "pending")]
    clock.wait(2 * LEASE)
    mailer = RecordingMailer()
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)
    assert told(seeded) == [("notice", WARD, "cancelled"), ("correction", WARD, "sent")]
    assert ["Đính chính về" in letter_text(mime) for _, _, mime in mailer.sent] == [True]
    assert healthy(seeded, clock)


def test_a_letter_held_back_is_cancelled(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, TWO, "select")
    with seeded.write() as tx:
        tx.execute(text("UPDATE outbox SET state = 'held'"))
    take_back(seeded, clock)
    assert told(seeded) == [("notice", WARD, "cancelled")]


# -- refusals -------------------------------------------------------------------------------------------


def test_what_cannot_be_undone_is_said_in_one_sentence_and_changes_nothing(
    seeded: Database, clock: FixedClock
) -> None:
    with pytest.raises(Conflict, match="nothing to undo"):
        take_back(seeded, clock)
    with pytest.raises(NotFound, match="No product has the code DP24-999"):
        take_back(seeded, clock, "DP24-999")
    step(seeded, clock, TWO, "register", date(2024, 4, 25))
    for reason, sentence in (
        (" \u200b ", "Undoing needs a reason."),
        ("a" * (LONGEST_REASON + 1), "longer than 300 characters"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            take_back(seeded, clock, reason=reason)
    with seeded.write() as tx, pytest.raises(Conflict, match="has changed"):
        undo(tx, UndoOrder(TWO, LAN, "x", version=0), sender=SENDER, today=clock.today(), now=clock.now())
    with seeded.write() as tx:
        tx.execute(text("UPDATE transitions SET replaced = NULL"))
    with pytest.raises(Conflict, match="recorded by an earlier version"):
        take_back(seeded, clock)
    assert state_of(seeded, TWO) == "registered"


def test_the_right_to_undo_a_step_is_the_right_to_do_it(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    walk_to(seeded, clock, TWO, "select")
    refused: dict[str, type[OcopError]] = {"lan": NotPermitted, "vinh": NotPermitted, "ha": NotFound}
    for login, error in refused.items():
        with pytest.raises(error):
            take_back(seeded, clock, actor=login)
    take_back(seeded, clock, actor="minh")
    take_back(seeded, clock, actor="lan")
    entries = rows(
        seeded,
        "SELECT actor, acting_for, subject FROM audit WHERE action = 'product.undo' ORDER BY seq",
    )
    assert entries == [("minh", "duc-pho", f"product:{TWO}"), ("lan", "pho-an", f"product:{TWO}")]


def test_only_the_issuer_takes_a_certificate_back(seeded: Database, clock: FixedClock) -> None:
    appoint(seeded, clock)
    walk_to(seeded, clock, TWO, "certify")
    with pytest.raises(NotPermitted, match="it is in the hands of UBND thị xã Đức Phổ"):
        take_back(seeded, clock, actor="lan")
    take_back(seeded, clock, actor="minh")
    assert state_of(seeded, TWO) == "district_scored"
