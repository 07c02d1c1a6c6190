"""A commune names a certificate; the level that recognises its star confirms it or refuses it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.access import Role
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, OcopError, Stale
from ocop_workflow.imports.reading.candidate import CrossColumn
from ocop_workflow.people.officers import add_officer
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.settling.confirming import Settlement, settle
from ocop_workflow.products.settling.register import WantedCertificates, list_certificates, show_certificate
from ocop_workflow.products.settling.reopening import Reopening, unsettle
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import CertificateStanding
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.views import to_plain
from tests.factories import GOOD_DATA, SEED, SENDER, in_time, letter_text, rows
from tests.fakes import VIETNAM
from tests.stories.cast import HOST, acting, appoint
from tests.stories.days import letters
from tests.stories.journeys import candidate, certificates, everything, import_rows, open_deadlines, state_of

if TYPE_CHECKING:
    from ocop_workflow.certificates.views import ListedCertificateView
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

UPGRADED = "DP24-015"
CERTIFICATE = {"star": 3, "number": "77/QĐ-UBND", "decided_on": "2022-06-01", "valid_until": "2025-06-01"}
PAPER = {"paper_number": "77/QĐ-UBND", "paper_date": "2022-06-01"}
PROPOSED, CONFIRMED, REFUSED = CertificateStanding


@pytest.fixture
def staffed(seeded: Database, clock: FixedClock, memory: Memory) -> Database:
    """The seed with its officers, and a product of Phổ An that was recognised before."""

    def come() -> None:
        import_rows(seeded, clock, SEED, candidate(99, "Xã Phổ An", "Mắm cái", CrossColumn.UPGRADE_3_TO_4))
        appoint(seeded, clock)

    memory.lead(seeded, ("recognised before", clock.instant), come)
    return seeded


def do(
    database: Database,
    clock: FixedClock,
    login: str,
    event: str,
    **data: Any,  # noqa: ANN401 - event data
) -> None:
    with database.write() as tx:
        order = Order(UPGRADED, event, acting(database, login), data)
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def opens(database: Database, clock: FixedClock, login: str = "lan", **more: Any) -> int:  # noqa: ANN401 - see above
    """Let somebody open the re-rating and name the certificate; returns its number."""
    named = {**CERTIFICATE, **more}
    do(database, clock, login, "open_re_rating", kind="upgrade", plan=SEED, certificate=named)
    ((number,),) = rows(database, "SELECT id FROM certificates WHERE ended_on IS NULL")
    return int(number)


def says(
    database: Database,
    clock: FixedClock,
    login: str,
    number: int,
    standing: CertificateStanding,
    **data: Any,  # noqa: ANN401 - event data
) -> ListedCertificateView:
    with database.write() as tx:
        order = Settlement(number, standing, acting(database, login), data)
        return settle(tx, order, today=clock.today(), now=clock.now())


def take_back(database: Database, clock: FixedClock, login: str) -> None:
    with database.write() as tx:
        order = UndoOrder(UPGRADED, acting(database, login), "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def standing_of(database: Database, number: int) -> tuple[Any, ...]:
    """Return (standing, by whom, for which unit, ended because) of a certificate."""
    (found,) = rows(
        database,
        "SELECT standing, settled_by, settled_for, ended_because FROM certificates WHERE id = :number",
        number=number,
    )
    return found


def assert_sound(database: Database, clock: FixedClock) -> None:
    sweep(database, clock, SENDER)
    assert [item.text.en for item in examine(database, clock).findings] == []
    with database.read() as tx:
        assert [row.text.en for row in prove(tx, VIETNAM).unbalanced] == []


# -- who may say what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "star", "standing"),
    [
        ("lan", 3, "proposed"),
        ("lan", 4, "proposed"),
        ("lan", 5, "proposed"),
        ("minh", 3, "confirmed"),  # the town itself recognises three stars
        ("minh", 4, "confirmed"),  # the province is outside: the plan's authority has its paper
        ("minh", 5, "confirmed"),
    ],
)
def test_a_certificate_stands_as_whoever_names_it_may_say(
    staffed: Database, clock: FixedClock, login: str, star: int, standing: str
) -> None:
    number = opens(staffed, clock, login, star=star)
    assert standing_of(staffed, number)[0] == standing
    assert_sound(staffed, clock)


@pytest.mark.parametrize(("star", "standing"), [(3, "confirmed"), (4, "proposed"), (5, "confirmed")])
def test_once_the_province_has_an_officer_only_the_province_confirms_its_stars(
    staffed: Database, clock: FixedClock, star: int, standing: str
) -> None:
    hire(staffed, clock, "tinh", "quang-ngai")
    assert standing_of(staffed, opens(staffed, clock, "minh", star=star))[0] == standing


def hire(database: Database, clock: FixedClock, login: str, unit: str) -> None:
    with database.write() as tx:
        add_officer(tx, HOST, login, login, Role.AUTHORITY_OFFICER, unit, now=clock.now())


@pytest.mark.parametrize(
    ("star", "staff", "may"),
    [
        (3, (), {"minh", "thu"}),
        (3, ("quang-ngai",), {"minh", "thu"}),
        (4, (), {"minh"}),
        (4, ("quang-ngai",), {"tinh"}),
        (5, (), {"minh"}),
        (5, ("quang-ngai",), {"minh", "tinh"}),  # a role reaches whatever lies under its unit
    ],
)
def test_who_settles_a_certificate(
    staffed: Database, clock: FixedClock, star: int, staff: tuple[str, ...], may: set[str]
) -> None:
    hired = ["tinh"] if "quang-ngai" in staff else []
    for login in hired:
        hire(staffed, clock, login, "quang-ngai")
    number = opens(staffed, clock, star=star)
    for login in ("lan", "minh", "thu", "vinh", "quan", *hired):
        with staffed.connect() as connection, connection.begin() as attempt:
            order = Settlement(number, CONFIRMED, acting(staffed, login), {**PAPER, "signer": "Chủ tịch"})
            try:
                settle(connection, order, today=clock.today(), now=clock.now())
            except NotPermitted:
                assert login not in may
            else:
                assert login in may
            attempt.rollback()


def test_it_does_not_exist_for_another_ward(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    with pytest.raises(NotFound, match=f"There is no certificate {number}"):
        says(staffed, clock, "ha", number, CONFIRMED, **PAPER)
    with staffed.read() as tx:
        assert list_certificates(tx, clock.today(), WantedCertificates(), acting(staffed, "ha")) == []
        assert len(list_certificates(tx, clock.today(), WantedCertificates(), acting(staffed, "lan"))) == 1


# -- what rests on it ---------------------------------------------------------------------------------


def test_nothing_past_the_re_rating_rests_on_a_proposed_certificate(
    staffed: Database, clock: FixedClock
) -> None:
    number = opens(staffed, clock)
    for event in ("commune_evaluate", "lapse", "conclude", "revoke"):
        data = {**GOOD_DATA.get(event, {})}
        data |= {"report_date": "2024-04-23"} if event == "commune_evaluate" else {}
        with pytest.raises(EventRefused) as refused:
            do(staffed, clock, "lan" if event == "commune_evaluate" else "minh", event, **data)
        assert "certificate_confirmed" in {missing.name for missing in refused.value.refusal.missing}

    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    do(
        staffed,
        clock,
        "lan",
        "commune_evaluate",
        **{**GOOD_DATA["commune_evaluate"], "report_date": "2024-04-23"},
    )
    assert state_of(staffed, UPGRADED) == "commune_evaluated"
    assert_sound(staffed, clock)


def test_the_refusal_says_what_is_missing(staffed: Database, clock: FixedClock) -> None:
    opens(staffed, clock)
    with pytest.raises(EventRefused) as refused:
        do(
            staffed,
            clock,
            "lan",
            "commune_evaluate",
            **{**GOOD_DATA["commune_evaluate"], "report_date": "2024-04-23"},
        )
    assert refused.value.text.vi == (
        "DP24-015 (Đang đánh giá lại / nâng hạng): chưa thể «Cấp xã đánh giá», còn thiếu: xác nhận của "
        "UBND thị xã Đức Phổ đối với giấy chứng nhận 3 sao, số 77/QĐ-UBND, do xã khai báo. "
        "Có thể: withdraw (Rút; cần reason)."
    )


def test_a_proposed_certificate_reminds_and_says_that_it_is_proposed(
    staffed: Database, clock: FixedClock
) -> None:
    opens(staffed, clock, valid_until="2024-07-22")
    assert open_deadlines(staffed, UPGRADED)["expiry"] == date(2024, 7, 22)
    sweep(staffed, clock, SENDER)  # 90 days before its end
    (mime,) = letters(staffed, "pho-an@duc-pho.example")
    lines = [line for line in letter_text(mime).splitlines() if UPGRADED in line]
    assert "   - DP24-015  Mắm cái (giấy chứng nhận theo khai báo của xã, chưa xác nhận)" in lines


# -- refused, withdrawn, taken back ----------------------------------------------------------------------


@pytest.mark.parametrize("until", ["2025-06-01", "2024-04-01"])
def test_withdrawing_gives_the_state_before_and_the_proposal_is_refused(
    staffed: Database, clock: FixedClock, until: str
) -> None:
    number = opens(staffed, clock, valid_until=until)
    do(staffed, clock, "lan", "withdraw", reason="chưa nộp nữa")

    assert state_of(staffed, UPGRADED) == "monitored"
    assert standing_of(staffed, number) == ("refused", "lan", "pho-an", "refused")
    assert open_deadlines(staffed, UPGRADED) == {}
    assert_sound(staffed, clock)


def test_what_the_level_refuses_ends_and_its_re_rating_is_withdrawn(
    staffed: Database, clock: FixedClock
) -> None:
    asked = rows(staffed, "SELECT count(*) FROM questions WHERE answered = :no", no=False)
    number = opens(staffed, clock)
    view = says(staffed, clock, "minh", number, REFUSED, reason="không có quyết định này")

    assert (view.status, view.standing) == ("refused", REFUSED)
    assert state_of(staffed, UPGRADED) == "monitored"
    assert certificates(staffed, UPGRADED) == [(3, "77/QĐ-UBND", "2025-06-01", "2024-04-23", "refused")]
    assert rows(staffed, "SELECT count(*) FROM questions WHERE answered = :no", no=False) == asked
    assert rows(staffed, "SELECT action FROM audit ORDER BY seq DESC LIMIT 1") == [("certificate.refuse",)]
    assert_sound(staffed, clock)


def test_what_the_level_refused_only_the_level_takes_back(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, REFUSED, reason="không có quyết định này")
    with pytest.raises(NotPermitted):
        take_back(staffed, clock, "lan")
    take_back(staffed, clock, "minh")

    assert state_of(staffed, UPGRADED) == "re_rating"
    assert standing_of(staffed, number) == ("proposed", None, None, None)
    assert "expiry" in open_deadlines(staffed, UPGRADED)
    assert_sound(staffed, clock)
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    assert_sound(staffed, clock)


def test_every_step_can_be_taken_back_in_turn(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    do(staffed, clock, "lan", "withdraw", reason="chưa nộp nữa")
    take_back(staffed, clock, "lan")
    assert (state_of(staffed, UPGRADED), standing_of(staffed, number)[0]) == ("re_rating", "proposed")
    take_back(staffed, clock, "lan")
    assert state_of(staffed, UPGRADED) == "monitored"
    assert standing_of(staffed, number)[3] == "undone"
    assert_sound(staffed, clock)


# -- said by mistake -----------------------------------------------------------------------------------


def takes_back(
    database: Database, clock: FixedClock, login: str, number: int, reason: str = "nhầm giấy", tag: str = ""
) -> ListedCertificateView:
    with database.write() as tx:
        order = Reopening(number, acting(database, login), reason, frozenset({tag}) if tag else None)
        return unsettle(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def test_a_confirmation_on_which_nothing_rests_is_taken_back(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    view = takes_back(staffed, clock, "minh", number)

    assert (view.standing, view.settled) == (PROPOSED, None)
    assert standing_of(staffed, number) == ("proposed", None, None, None)
    with pytest.raises(EventRefused):
        do(staffed, clock, "lan", "commune_evaluate", **GOOD_DATA["commune_evaluate"])
    ((action, before, after),) = rows(
        staffed, "SELECT action, before, after FROM audit WHERE action = 'certificate.undo'"
    )
    assert PAPER["paper_number"].partition("/")[0] in str(before)
    assert (action, "proposed" in str(after)) == ("certificate.undo", True)
    assert_sound(staffed, clock)
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    assert standing_of(staffed, number)[0] == "confirmed"
    assert_sound(staffed, clock)


def test_a_refusal_is_taken_back_with_the_step_that_it_was(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, REFUSED, reason="không có quyết định này")
    assert takes_back(staffed, clock, "minh", number).standing is PROPOSED
    assert state_of(staffed, UPGRADED) == "re_rating"
    assert "expiry" in open_deadlines(staffed, UPGRADED)
    assert_sound(staffed, clock)


def test_only_the_level_of_its_star_takes_it_back(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    for standing, data in ((CONFIRMED, PAPER), (REFUSED, {"reason": "không có"})):
        says(staffed, clock, "minh", number, standing, **data)
        with pytest.raises(NotPermitted):
            takes_back(staffed, clock, "lan", number)
        takes_back(staffed, clock, "minh", number)


def test_what_the_product_has_moved_on_from_is_undone_first(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    do(staffed, clock, "lan", "commune_evaluate", **in_time(GOOD_DATA["commune_evaluate"], clock.today()))
    before = everything(staffed)
    with pytest.raises(Conflict) as refused:
        takes_back(staffed, clock, "minh", number)
    said = f"{UPGRADED} has moved on since it was confirmed; undo the later steps first."
    assert refused.value.text.en == f"The certificate {number}: {said}"
    assert everything(staffed) == before
    take_back(staffed, clock, "lan")
    assert takes_back(staffed, clock, "minh", number).standing is PROPOSED
    assert_sound(staffed, clock)


def test_a_refusal_behind_which_the_product_has_moved_on_stands(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, REFUSED, reason="không có quyết định này")
    opens(staffed, clock, number="78/QĐ-UBND")
    with pytest.raises(Conflict) as refused:
        takes_back(staffed, clock, "minh", number)
    assert "has moved on since it was refused" in refused.value.text.en


def test_what_was_not_settled_by_itself_is_not_taken_back_by_itself(
    staffed: Database, clock: FixedClock
) -> None:
    number = opens(staffed, clock)
    with pytest.raises(Conflict) as refused:
        takes_back(staffed, clock, "minh", number)
    assert "still waits for its confirmation" in refused.value.text.en
    take_back(staffed, clock, "lan")
    number = opens(staffed, clock, "minh")
    with pytest.raises(Conflict) as refused:
        takes_back(staffed, clock, "minh", number)
    assert f"undo that step with `ocop undo {UPGRADED}`" in refused.value.text.en


def test_it_needs_a_reason_and_whoever_saw_another_one_is_told(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    with pytest.raises(InvalidInput):
        takes_back(staffed, clock, "minh", number, " ")
    with pytest.raises(Stale):
        takes_back(staffed, clock, "minh", number, tag=f"{number}.proposed.running")


# -- how it is settled -----------------------------------------------------------------------------------


def test_it_is_settled_once(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    assert standing_of(staffed, number) == ("confirmed", "minh", "duc-pho", None)
    for again in (CONFIRMED, REFUSED):
        with pytest.raises(Conflict, match="is confirmed already"):
            says(staffed, clock, "minh", number, again, **PAPER, reason="x")
    do(staffed, clock, "minh", "withdraw", reason="thôi")  # what is confirmed falls back on itself
    assert standing_of(staffed, number)[3] is None
    assert_sound(staffed, clock)


@pytest.mark.parametrize(
    ("standing", "data", "places"),
    [
        (CONFIRMED, {}, ["paper_number", "paper_date"]),
        (CONFIRMED, {**PAPER, "paper_date": "2042-01-01"}, ["paper_date"]),
        (CONFIRMED, {**PAPER, "paper_date": "2022-05-31"}, ["paper_date"]),
        (REFUSED, {}, ["reason"]),
        (REFUSED, {"because": "x"}, ["because"]),
    ],
)
def test_it_needs_a_paper_or_a_reason(
    staffed: Database,
    clock: FixedClock,
    standing: CertificateStanding,
    data: dict[str, Any],
    places: list[str],
) -> None:
    number = opens(staffed, clock)
    with pytest.raises(InvalidInput) as refused:
        says(staffed, clock, "minh", number, standing, **data)
    assert [found.place.rpartition(".")[2] for found in refused.value.faults] == places
    assert standing_of(staffed, number)[0] == "proposed"


def test_from_a_paper_of_a_level_outside_its_signer_is_named(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock, star=4)
    with pytest.raises(InvalidInput) as refused:
        says(staffed, clock, "minh", number, CONFIRMED, **PAPER)
    assert [found.place for found in refused.value.faults] == ["signer"]
    says(staffed, clock, "minh", number, CONFIRMED, **PAPER, signer="Chủ tịch UBND tỉnh")
    with staffed.read() as tx:
        told = to_plain(show_certificate(tx, number, clock.today()))
    assert told["settled"]["paper"] == {**PAPER, "signer": "Chủ tịch UBND tỉnh"}


def test_whoever_has_seen_another_one_is_told(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    seen = frozenset({f"{number}.confirmed.running"})
    order = Settlement(number, CONFIRMED, acting(staffed, "minh"), PAPER, seen)
    with staffed.write() as tx, pytest.raises(Stale):
        settle(tx, order, today=clock.today(), now=clock.now())


# -- the list ----------------------------------------------------------------------------------------------


def test_the_list_as_it_stands_on_a_day(staffed: Database, clock: FixedClock) -> None:
    number = opens(staffed, clock)
    with staffed.read() as tx:
        (view,) = list_certificates(
            tx, clock.today(), WantedCertificates(standing="proposed", star=3, unit="pho-an")
        )
        nothing = [
            list_certificates(tx, clock.today(), wanted)
            for wanted in (
                WantedCertificates(star=4),
                WantedCertificates(standing="confirmed"),
                WantedCertificates(ends_within=403),
            )
        ]
        (ending,) = list_certificates(tx, clock.today(), WantedCertificates(ends_within=404))
        (later,) = list_certificates(tx, date(2025, 6, 2), WantedCertificates())
    assert to_plain(view) == {
        "id": number,
        "number": "77/QĐ-UBND",
        "star": 3,
        "product": UPGRADED,
        "name": "Mắm cái",
        "producer": "HTX Nhà Nông",
        "unit": "Xã Phổ An",
        "unit_now": "Xã Phổ An",
        "decision": "77/QĐ-UBND",
        "decided_on": "2022-06-01",
        "issuer": None,
        "published_on": None,
        "valid_until": "2025-06-01",
        "grace_until": None,
        "status": "in_re_rating",
        "status_label": "đang đánh giá lại",
        "standing": "proposed",
        "standing_label": "theo khai báo của xã, chưa xác nhận",
        "evidence": "C",
        "evidence_label": "thông tin chưa kiểm chứng",
        "ended": None,
        "page": None,
        "settled": None,
        "etag": f'"{number}.proposed.running"',
    }
    assert nothing == [[], [], []]
    assert (ending.id, later.status) == (number, "expired")


@pytest.mark.parametrize(
    "wanted",
    [
        WantedCertificates(unit="nowhere"),
        WantedCertificates(standing="perhaps"),
        WantedCertificates(status="perhaps"),
        WantedCertificates(evidence="D"),
    ],
)
def test_unknown_words_are_refused(staffed: Database, clock: FixedClock, wanted: WantedCertificates) -> None:
    with (
        staffed.read() as tx,
        pytest.raises(OcopError, match=r"No (unit|standing|status|level of evidence) is called"),
    ):
        list_certificates(tx, clock.today(), wanted)
