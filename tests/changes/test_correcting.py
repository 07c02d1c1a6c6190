"""What the register says wrongly is put right: with a reason, the old values kept, deadlines following."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Role
from ocop_workflow.certificates.looking_up import look_up
from ocop_workflow.changes.certificates.correcting import Correcting, correct_certificate
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.people.officers import add_officer
from ocop_workflow.products.settling.confirming import Settlement, settle
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import CertificateStanding
from tests.factories import MINH, SENDER, letter_text, rows
from tests.fakes import RecordingMailer
from tests.imports.register.bringing import MAM, MUOI, bring, listed
from tests.products.test_entering import CODE, ENDED, RUNNING, assert_sound, enter
from tests.stories.cast import HOST, acting
from tests.stories.days import letters, sweep_on
from tests.stories.journeys import NEXT, load_text, next_plan, open_deadlines, step, walk_to

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.views import RegisteredCertificateView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

WHY = "gõ nhầm"
PHO_AN = "pho-an@duc-pho.example"


def correct(
    database: Database,
    clock: FixedClock,
    of: int = 1,
    /,
    *,
    by: Actor = MINH,
    seen: str | None = None,
    **values: Any,  # noqa: ANN401 - as it is given
) -> RegisteredCertificateView:
    with database.write() as tx:
        tags = None if seen is None else frozenset({seen})
        order = Correcting(of, by, {"reason": WHY, **values}, tags)
        return correct_certificate(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def faults(raised: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(one.place, one.text.vi) for one in raised.value.faults]


def test_names_and_numbers_are_put_right_and_the_old_ones_stay_in_its_history(
    seeded: Database, clock: FixedClock
) -> None:
    enter(seeded, clock, RUNNING)
    view = correct(
        seeded,
        clock,
        product="Nước mắm Kỳ Tân I",
        number="89/QĐ-UBND",
        producer=None,
        published_on="2021-11-22",
    )
    assert (view.name, view.decision, view.producer, str(view.published_on)) == (
        "Nước mắm Kỳ Tân I",
        "89/QĐ-UBND",
        None,
        "2021-11-22",
    )
    (deed,) = (deed for deed in view.history if deed.action == "certificate.correct")
    assert (deed.by, deed.at, deed.note) == (MINH.login, clock.now(), WHY)
    assert {(one.label, one.before, one.after) for one in deed.changes} == {
        ("sản phẩm", "Nước mắm Kỳ Tân", "Nước mắm Kỳ Tân I"),
        ("số quyết định", "88/QĐ-UBND", "89/QĐ-UBND"),
        ("chủ thể", "Hộ kinh doanh Kỳ Tân", None),
        ("ngày công bố", None, "2021-11-22"),
    }
    assert_sound(seeded, clock)


def test_the_public_page_says_the_right_values_at_the_next_load(seeded: Database, clock: FixedClock) -> None:
    page = enter(seeded, clock, RUNNING).page
    assert page is not None
    correct(seeded, clock, valid_until="2024-11-25")
    with seeded.read() as tx:
        assert look_up(tx, page.removeprefix("/c/"), clock.today()).valid_until == date(2024, 11, 25)


def test_its_deadlines_follow_and_doctor_and_proof_agree(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    sweep_on(seeded, clock, "2024-08-22")
    correct(seeded, clock, valid_until="2024-12-20")
    assert open_deadlines(seeded, CODE) == {"expiry": date(2024, 12, 20)}
    sweep_on(seeded, clock, "2024-09-23")
    assert_sound(seeded, clock)


def test_a_correction_between_steps_and_one_undone_since_stand(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    enter(seeded, clock, RUNNING)
    correct(seeded, clock, number="89/QĐ-UBND")
    step(seeded, clock, CODE, "open_re_rating", clock.today(), plan=NEXT)
    view = correct(seeded, clock, valid_until="2024-11-30")
    with seeded.write() as tx:
        undo(tx, UndoOrder(CODE, MINH, "nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert (view.decision, view.etag) == ("89/QĐ-UBND", '"1.confirmed.running.2"')
    ((number, until),) = rows(seeded, "SELECT number, valid_until FROM certificates")
    assert (number, str(until)) == ("89/QĐ-UBND", "2024-11-30")
    assert open_deadlines(seeded, CODE) == {"expiry": date(2024, 11, 30)}
    assert_sound(seeded, clock)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (
            {"valid_until": "2021-11-19"},
            ("valid_until", "ngày cuối có giá trị 19/11/2021 đứng trước ngày quyết định 20/11/2021"),
        ),
        (
            {"decided_on": "2024-12-01", "valid_until": "2027-12-01"},
            ("decided_on", "ngày quyết định 01/12/2024 đứng sau hôm nay 23/04/2024"),
        ),
        (
            {"published_on": "2021-11-19"},
            ("published_on", "ngày công bố 19/11/2021 đứng trước ngày quyết định 20/11/2021"),
        ),
        (
            {"published_on": "2024-04-24"},
            ("published_on", "ngày công bố 24/04/2024 đứng sau hôm nay 23/04/2024"),
        ),
        ({"evidence": "C"}, ("evidence", "giấy đã xác nhận phải có chứng cứ A hoặc B1")),
    ],
)
def test_what_contradicts_is_refused_and_both_days_are_named(
    seeded: Database, clock: FixedClock, values: dict[str, Any], found: tuple[str, str]
) -> None:
    enter(seeded, clock, {**RUNNING, "issuer": "UBND huyện"})
    with pytest.raises(InvalidInput) as raised:
        correct(seeded, clock, **values)
    assert faults(raised) == [found]
    assert rows(seeded, "SELECT corrected FROM certificates") == [(None,)]


def test_a_signed_decision_names_its_body(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, {**RUNNING, "evidence": "B1"})
    with pytest.raises(InvalidInput) as raised:
        correct(seeded, clock, evidence="A")
    assert [place for place, _ in faults(raised)] == ["evidence"]
    assert correct(seeded, clock, evidence="A", issuer="UBND huyện").evidence.value == "A"


def test_a_revoked_one_is_not_decided_after_it_was_revoked(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, ENDED)
    with pytest.raises(InvalidInput) as raised:
        correct(seeded, clock, decided_on="2023-05-05")
    assert faults(raised) == [("decided_on", "ngày quyết định 05/05/2023 đứng sau ngày chấm dứt 04/05/2023")]
    assert correct(seeded, clock, decided_on="2021-11-02").status == "revoked"


def test_nothing_and_no_reason_are_no_correction(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    with pytest.raises(InvalidInput, match="Nothing differs"):
        correct(seeded, clock, number="88/QĐ-UBND")
    with pytest.raises(InvalidInput) as raised:
        correct(seeded, clock, number="89/QĐ", reason=None)
    assert [place for place, _ in faults(raised)] == ["reason"]


def test_what_a_step_of_this_service_has_granted_is_left_to_that_step(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, "DP24-002", "certify")
    with pytest.raises(Conflict) as raised:
        correct(seeded, clock, number="1/QĐ")
    assert "hoàn tác thao tác ấy (`ocop undo DP24-002`)" in raised.value.text.vi
    assert "quyết định đính chính" in raised.value.text.vi


def test_who_may_not_settle_it_may_not_correct_it(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM))
    with pytest.raises(NotPermitted):
        correct(staffed, clock, by=acting(staffed, "lan"), number="2/QĐ")
    with pytest.raises(NotFound):
        correct(staffed, clock, by=acting(staffed, "ha"), number="2/QĐ")
    with staffed.write() as tx:
        add_officer(tx, HOST, "tinh", "Tỉnh", Role.AUTHORITY_OFFICER, "quang-ngai", now=clock.now())
    with pytest.raises(NotPermitted):  # four stars are the province's
        correct(staffed, clock, by=acting(staffed, "minh"), star=4)
    assert correct(staffed, clock, by=acting(staffed, "minh"), number="2/QĐ").decision == "2/QĐ"


def test_two_who_have_seen_the_same_do_not_overwrite_each_other(seeded: Database, clock: FixedClock) -> None:
    seen = enter(seeded, clock, RUNNING).etag.strip('"')
    correct(seeded, clock, seen=seen, number="89/QĐ-UBND")
    with pytest.raises(Stale):
        correct(seeded, clock, seen=seen, number="90/QĐ-UBND")


# -- of lists: by themselves, without a product ----------------------------------------------------------


def test_one_that_had_lapsed_by_a_slip_alone_runs_again_with_its_product(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    slip = MAM.replace("05/8/2026", "05/8/2023").replace("05/8/2023,05/8/2023", "05/8/2022,05/8/2023")
    bring(staffed, clock, listed(tmp_path, slip))
    minh = acting(staffed, "minh")
    view = correct(staffed, clock, by=minh, decided_on="2023-08-05", valid_until="2026-08-05")
    assert (view.product, view.status, view.ended) == ("SO-000001", "valid", None)
    assert open_deadlines(staffed, "SO-000001") == {"expiry": date(2026, 8, 5)}
    assert_sound(staffed, clock)


def test_an_ended_one_is_put_right_and_stays_ended(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MUOI))
    view = correct(staffed, clock, by=acting(staffed, "minh"), valid_until="2023-08-04", unit="pho-an")
    assert (view.status, str(view.ended and view.ended.on), view.unit_now) == (
        "expired",
        "2023-08-05",
        "Xã Phổ An",
    )


def test_a_proposed_one_is_put_right_before_it_is_confirmed(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM), evidence="C")
    minh = acting(staffed, "minh")
    view = correct(staffed, clock, by=minh, evidence="A", producer="HTX Aa")
    assert (view.standing.value, view.page, view.producer) == ("proposed", None, "HTX Aa")
    with staffed.write() as tx:
        paper = {"paper_number": "5/QĐ", "paper_date": "2023-08-05"}
        order = Settlement(1, CertificateStanding.CONFIRMED, minh, paper)
        settle(tx, order, today=clock.today(), now=clock.now())
    with pytest.raises(InvalidInput) as raised:
        correct(staffed, clock, by=minh, decided_on="2023-08-06")
    assert faults(raised) == [
        ("decided_on", "ngày quyết định 06/08/2023 đứng sau ngày văn bản xác nhận 05/08/2023")
    ]
    assert_sound(staffed, clock)


def test_what_was_recorded_as_lapsed_is_taken_back_first(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    clock.move_to(date(2024, 11, 25))
    step(seeded, clock, CODE, "lapse", date(2024, 11, 25))
    with pytest.raises(Conflict, match="undo that step first"):
        correct(seeded, clock, valid_until="2024-12-20")
    assert str(correct(seeded, clock, valid_until="2024-11-19").valid_until) == "2024-11-19"
    assert_sound(seeded, clock)


# -- whoever was told otherwise --------------------------------------------------------------------------


def corrections(database: Database) -> list[str]:
    """Return the words of the corrections that were written, by address."""
    found = rows(
        database, "SELECT address, state, mime FROM outbox WHERE kind = 'correction' ORDER BY address, id"
    )
    assert {state for _, state, _ in found} <= {"pending"}
    return [letter_text(mime) for _, _, mime in found]


def send_all(database: Database, clock: FixedClock) -> None:
    deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER)


TOLD_RIGHT = """\
Kính gửi: UBND xã Phổ An

Chương trình Mỗi xã một sản phẩm (OCOP), thư đính chính ngày 22/08/2024.
Lý do: sổ đăng ký đã ghi sai ngày hết hạn của giấy chứng nhận theo quyết định số 88/QĐ-UBND; đúng ra là \
ngày 20/12/2024. Những hạn sau đây đã báo trước nay không còn đúng.

1. Hết hạn giấy chứng nhận – đã báo: hạn 20/11/2024; nay: hạn 20/12/2024
   Sản phẩm (1):
   - SO-000001  Nước mắm Kỳ Tân
   English: 1 product, told: due 2024-11-20; now: due 2024-12-20.

English: dates have changed (the register had a wrong end of the certificate by decision 88/QĐ-UBND: it is \
2024-12-20).

"""


def test_whoever_was_told_another_end_is_told_the_right_one_once(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    sweep_on(seeded, clock, "2024-08-20")  # three months ahead
    send_all(seeded, clock)
    clock.move_to(date(2024, 8, 22))
    correct(seeded, clock, valid_until="2024-12-20")

    to_pho_an, to_the_town = corrections(seeded)
    assert to_pho_an.startswith(TOLD_RIGHT)
    assert "   - SO-000001  Nước mắm Kỳ Tân (Xã Phổ An)\n" in to_the_town
    correct(seeded, clock, signer="Phó Chủ tịch UBND huyện")  # no date: nothing to tell
    assert len(corrections(seeded)) == 2


def test_a_letter_that_has_not_gone_out_is_taken_back_instead(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    sweep_on(seeded, clock, "2024-08-20")
    clock.move_to(date(2024, 8, 22))
    correct(seeded, clock, valid_until="2024-12-20")
    assert corrections(seeded) == []
    assert [letter for letter in letters(seeded, PHO_AN) if CODE in letter_text(letter)] == []


def test_nobody_who_was_told_nothing_hears_of_it(seeded: Database, clock: FixedClock) -> None:
    enter(seeded, clock, RUNNING)
    correct(seeded, clock, valid_until="2024-12-20")
    assert corrections(seeded) == []
    assert_sound(seeded, clock)
