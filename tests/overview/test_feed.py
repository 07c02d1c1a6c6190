"""The calendar feed: what a unit's calendar shows, checked by a parser and once more by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy import text

from ocop_workflow.access import Actor, Role, Scope, operator
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.errors import NotPermitted
from ocop_workflow.overview.feed import Reading, calendar_feed
from ocop_workflow.people import officers, tokens
from ocop_workflow.products import checks as products
from ocop_workflow.products.registering import Particulars, edit_product
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.sweep.daily import sweep
from tests.changes.amending import SEED_TEXT, change
from tests.factories import IMPORT_DAY, LAN, SENDER, act, rows
from tests.fakes import VIETNAM
from tests.stories.crowds import multiply
from tests.stories.mergers import join, load_new_units

if TYPE_CHECKING:
    from icalendar import Component

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HOST = operator("host:test")


def token_for(database: Database, clock: FixedClock, unit: str, login: str = "lan") -> str:
    """Make Lan a viewer of a unit and give her a feed's token for it."""
    with database.write() as tx:
        officers.add_officer(tx, HOST, login, "Lan", Role.VIEWER, unit, now=clock.now())
        order = tokens.TokenOrder(login, Scope.FEED, 366, unit=unit)
        return tokens.create_token(tx, HOST, order, now=clock.now())


def read(database: Database, clock: FixedClock, token: str) -> bytes:
    """Read a feed as a calendar program does."""
    with database.read() as tx:
        actor = tokens.authenticate(tx, token, "127.0.0.1", clock.now())
        return calendar_feed(tx, actor, Reading(clock.today(), VIETNAM))


def entries(feed: bytes) -> dict[str, Component]:
    """Parse a feed strictly; entries by the product's code."""
    calendar = Calendar.from_ical(feed)
    assert not calendar.errors
    found = {}
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert UUID(str(event["UID"]).partition("@")[2]).version == 4
        found[str(event["SUMMARY"]).partition(": ")[2].split(" ")[0]] = event
    return found


def state(event: Component) -> tuple[str, int, str]:
    return str(event["STATUS"]), int(str(event["SEQUENCE"])), str(event["SUMMARY"]).partition(":")[0]


def test_a_ward_sees_its_own_deadlines_and_the_town_sees_all(seeded: Database, clock: FixedClock) -> None:
    ward = entries(read(seeded, clock, token_for(seeded, clock, "pho-an")))
    town = entries(read(seeded, clock, token_for(seeded, clock, "duc-pho", "minh")))
    assert (len(ward), len([code for code in town if code.startswith("DP24")])) == (5, 14)
    assert set(ward) < set(town)
    one = ward["DP24-001"] if "DP24-001" in ward else next(iter(ward.values()))
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (date(2024, 4, 30), date(2024, 5, 1))
    assert state(one) == ("CONFIRMED", 0, "Đăng ký ý tưởng sản phẩm")
    assert "Căn cứ: mục III.1.b" in str(one["DESCRIPTION"])
    assert "Nguyên văn: Thời gian thực hiện: Tháng 3 – 4 năm 2024." in str(one["DESCRIPTION"])
    assert str(one["LOCATION"]) == "Xã Phổ An"


def test_an_unchanged_feed_is_the_same_to_the_byte(seeded: Database, clock: FixedClock) -> None:
    token = token_for(seeded, clock, "pho-an")
    first = read(seeded, clock, token)
    clock.wait(timedelta(hours=15))
    assert read(seeded, clock, token) == first
    clock.move_to(date(2024, 4, 29))
    assert read(seeded, clock, token) == first


def test_an_entry_lives_from_open_over_overdue_and_acknowledged_to_done(
    seeded: Database, clock: FixedClock
) -> None:
    token = token_for(seeded, clock, "pho-an")
    code, opened = next(iter(entries(read(seeded, clock, token)).items()))
    clock.move_to(date(2024, 5, 3))
    overdue = entries(read(seeded, clock, token))[code]
    assert state(overdue) == ("CONFIRMED", 1, "QUÁ HẠN – Đăng ký ý tưởng sản phẩm")
    assert overdue.decoded("DTSTART") == date(2024, 4, 30)
    assert overdue.decoded("DTSTAMP") == datetime(2024, 5, 1, tzinfo=VIETNAM)
    with seeded.write() as tx:
        record = products.find_product(tx, code)
        (row,) = deadlines.open_of_product(tx, record.id)
        deadlines.raise_flags(tx, {row.id: date(2024, 5, 1)})
        deadlines.acknowledge_flag(tx, row.id, clock.today(), "minh")
    acknowledged = entries(read(seeded, clock, token))[code]
    assert state(acknowledged)[:2] == ("CONFIRMED", 2)
    assert "Đã ghi nhận quá hạn ngày 03/05/2024" in str(acknowledged["DESCRIPTION"])
    clock.move_to(date(2024, 5, 6))
    act(seeded, clock, code, "register")
    after = [
        event
        for event in Calendar.from_ical(read(seeded, clock, token)).walk("VEVENT")
        if f": {code} " in str(event["SUMMARY"])
    ]
    assert [state(event) for event in after] == [
        ("CONFIRMED", 1003, "Đã xong, trễ 6 ngày – Đăng ký ý tưởng sản phẩm"),
        ("CONFIRMED", 1000, "Đánh giá, lựa chọn ý tưởng sản phẩm"),
    ]
    assert after[0]["UID"] == opened["UID"] != after[1]["UID"]


def test_a_corrected_name_is_a_later_sequence_of_the_same_entry(seeded: Database, clock: FixedClock) -> None:
    token = token_for(seeded, clock, "pho-an")
    seen = [entries(read(seeded, clock, token))["DP24-002"]]
    for given in (Particulars(name="Khô Bò Phổ An"), Particulars(producer="HTX Phổ An")):
        with seeded.write() as tx:
            tags = frozenset({products.find_product(tx, "DP24-002").tag})
            edit_product(tx, "DP24-002", given, actor=HOST, tags=tags, today=clock.today(), now=clock.now())
        seen.append(entries(read(seeded, clock, token))["DP24-002"])
    act(seeded, clock, "DP24-002", "register")
    done = Calendar.from_ical(read(seeded, clock, token)).walk("VEVENT")
    seen += [event for event in done if event["UID"] == seen[0]["UID"]]
    assert [str(event["SUMMARY"]).rpartition("DP24-002 ")[2] for event in seen] == [
        "Khô Bò", "Khô Bò Phổ An", "Khô Bò Phổ An", "Khô Bò Phổ An",
    ]  # fmt: skip
    assert ["HTX Phổ An" in str(event["DESCRIPTION"]) for event in seen] == [False, False, True, True]
    assert [int(str(event["SEQUENCE"])) for event in seen] == [0, 1, 2, 1001]
    assert {str(event["UID"]) for event in seen} == {str(seen[0]["UID"])}


def test_other_words_of_the_plan_are_a_later_sequence_too(seeded: Database, clock: FixedClock) -> None:
    token = token_for(seeded, clock, "pho-an")
    before = entries(read(seeded, clock, token))["DP24-002"]
    change(seeded, clock, SEED_TEXT.replace('"Đăng ký ý tưởng sản phẩm"', '"Nộp phiếu đăng ký"', 1))
    after = entries(read(seeded, clock, token))["DP24-002"]
    assert (after["UID"], state(after)) == (before["UID"], ("CONFIRMED", 1000, "Nộp phiếu đăng ký"))


def test_what_was_called_off_is_kept_as_cancelled_for_a_year(seeded: Database, clock: FixedClock) -> None:
    token = token_for(seeded, clock, "pho-an")
    code = next(iter(entries(read(seeded, clock, token))))
    act(seeded, clock, code, "withdraw")
    gone = entries(read(seeded, clock, token))[code]
    assert state(gone) == ("CANCELLED", 1001, "Đã hủy – Đăng ký ý tưởng sản phẩm")
    clock.move_to(IMPORT_DAY + timedelta(days=365))
    assert code in entries(read(seeded, clock, token))
    clock.move_to(IMPORT_DAY + timedelta(days=366))
    clock.instant -= timedelta(hours=1)  # the token's own year is over at six
    assert code not in entries(read(seeded, clock, token))


HOSTILE = "Ớt; rim, \\n\r\nEND:VEVENT\r\nBEGIN:VALARM\x00\x07 \u202e" + "ộ" * 120


def test_no_name_breaks_out_of_its_line_and_every_line_is_folded(seeded: Database, clock: FixedClock) -> None:
    token = token_for(seeded, clock, "pho-an")
    code = next(iter(entries(read(seeded, clock, token))))
    with seeded.write() as tx:  # behind the service's back, as a damaged or older database might hold it
        name = HOSTILE if tx.dialect.name == "sqlite" else HOSTILE.replace("\x00", "")
        tx.execute(text("UPDATE products SET name = :name WHERE code = :code"), {"name": name, "code": code})
    feed = read(seeded, clock, token)
    assert len(entries(feed)) == 5
    assert b"VALARM" not in {line.partition(b":")[2] for line in feed.split(b"\r\n")}
    summary = str(entries(feed)[code]["SUMMARY"])
    assert summary.endswith("Ớt; rim, \\n END:VEVENT BEGIN:VALARM " + "ộ" * 120)
    _check_by_hand(feed)


def _check_by_hand(feed: bytes) -> None:
    """Check what RFC 5545 3.1 says of lines, without the library that wrote them."""
    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in feed.replace(b"\r\n", b"")
    assert b"\r" not in feed.replace(b"\r\n", b"")
    for line in feed.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # folded between letters, never inside one
        assert not any(octet < 32 for octet in line)
    depth: list[str] = []
    for unfolded in feed.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]:
        name, _, value = unfolded.partition(":")
        assert name
        if name == "BEGIN":
            depth.append(value)
        elif name == "END":
            assert depth.pop() == value
    assert depth == []


def test_only_a_feeds_token_of_somebody_who_may_still_read_the_unit_works(
    seeded: Database, clock: FixedClock
) -> None:
    token = token_for(seeded, clock, "pho-an")
    _check_by_hand(read(seeded, clock, token))
    for scope in (Scope.READ, Scope.ACT, Scope.ADMINISTER):
        with seeded.read() as tx, pytest.raises(NotPermitted, match="reads no calendar"):
            calendar_feed(tx, Actor("lan", "", scope=scope), Reading(clock.today(), VIETNAM))
    with seeded.write() as tx:
        officers.revoke_role(tx, HOST, "lan", Role.VIEWER, "pho-an", now=clock.now())
    with pytest.raises(NotPermitted):
        read(seeded, clock, token)


def test_a_rule_that_the_changed_plan_knows_no_longer_keeps_its_entry(
    seeded: Database, clock: FixedClock
) -> None:
    token = token_for(seeded, clock, "pho-an")
    count = len(entries(read(seeded, clock, token)))
    with seeded.write() as tx:
        tx.execute(text("UPDATE deadlines SET rule = 'gone' WHERE rule = 'registration'"))
    names = {
        str(event["SUMMARY"]).partition(":")[0] for event in entries(read(seeded, clock, token)).values()
    }
    assert (len(names), names) == (1, {"gone"})
    assert count == 5
    assert rows(seeded, "SELECT count(*) FROM deadlines WHERE rule = 'gone'") == [(14,)]


# -- very many ---------------------------------------------------------------------------------------


def by_milestone(feed: bytes) -> dict[str, Component]:
    return {str(event["UID"]).split("-")[3]: event for event in Calendar.from_ical(feed).walk("VEVENT")}


def test_of_3500_products_each_milestone_and_day_is_one_entry_with_its_figures(
    seeded: Database, clock: FixedClock
) -> None:
    token = token_for(seeded, clock, "duc-pho")
    multiply(seeded, 3486)
    feed = read(seeded, clock, token)
    assert len(feed) < 100_000
    _check_by_hand(feed)
    first = by_milestone(feed)["registration"]
    assert state(first) == ("CONFIRMED", 0, "Đăng ký ý tưởng sản phẩm")
    assert str(first["SUMMARY"]) == "Đăng ký ý tưởng sản phẩm: còn 3.500 trong 3.500 sản phẩm"
    assert first.decoded("DTSTART") == date(2024, 4, 30)
    assert str(first["DESCRIPTION"]).splitlines()[-1] == "Sản phẩm: đã xong 0, còn 3.500"
    assert read(seeded, clock, token) == feed

    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-003", "withdraw")
    second = by_milestone(read(seeded, clock, token))["registration"]
    assert str(second["SUMMARY"]) == "Đăng ký ý tưởng sản phẩm: còn 3.498 trong 3.499 sản phẩm"
    assert str(second["DESCRIPTION"]).splitlines()[-1] == "Sản phẩm: đã xong 1, còn 3.498, đã hủy 1"
    clock.move_to(date(2024, 5, 2))
    third = by_milestone(read(seeded, clock, token))["registration"]
    assert str(third["SUMMARY"]).startswith("QUÁ HẠN – Đăng ký ý tưởng sản phẩm: còn 3.498 trong 3.499")
    with seeded.write() as tx:
        order = UndoOrder("DP24-002", LAN, "nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    fourth = by_milestone(read(seeded, clock, token))["registration"]
    assert "còn 3.499 trong 3.499" in str(fourth["SUMMARY"])
    seen = [int(str(event["SEQUENCE"])) for event in (first, second, third, fourth)]
    assert seen == sorted(set(seen))
    assert len({str(event["UID"]) for event in (first, second, third, fourth)}) == 1


def test_whatever_the_days_a_feed_stays_under_a_megabyte_and_keeps_what_is_nearest(
    seeded: Database, clock: FixedClock
) -> None:
    token = token_for(seeded, clock, "duc-pho")
    multiply(seeded, 3486)
    with seeded.write() as tx:  # each on a day of its own, most of them far ahead
        for number, (deadline,) in enumerate(
            tx.execute(text("SELECT id FROM deadlines WHERE rule = 'registration' ORDER BY id")).all()
        ):
            day = (clock.today() + timedelta(days=number - 1700)).isoformat()
            tx.execute(
                text("UPDATE deadlines SET due_on = :day WHERE id = :id"), {"day": day, "id": deadline}
            )
    feed = read(seeded, clock, token)
    assert len(feed) < 1_000_000
    events = Calendar.from_ical(feed).walk("VEVENT")
    days = [event.decoded("DTSTART") for event in events]
    assert len(days) <= 1000
    assert days == sorted(days)
    assert max(days) <= clock.today() + timedelta(days=366)
    assert {clock.today() + timedelta(days=ahead) for ahead in range(-200, 200)} <= set(days)


def test_a_renamed_ward_is_a_later_sequence_of_its_entries(seeded: Database, clock: FixedClock) -> None:
    token = token_for(seeded, clock, "pho-an")
    before = entries(read(seeded, clock, token))["DP24-002"]
    load_new_units(
        seeded,
        clock,
        'format = 1\n[[units]]\nid = "pho-an"\nname = "Phường Phổ An"\nlevel = "commune"\n'
        'office = "UBND phường Phổ An"\n',
    )
    after = entries(read(seeded, clock, token))["DP24-002"]
    assert (str(after["LOCATION"]), after["UID"]) == ("Phường Phổ An", before["UID"])
    assert (state(before)[1], state(after)[1]) == (0, 1)


def test_what_follows_its_ward_to_the_heir_is_a_later_sequence_too(
    seeded: Database, clock: FixedClock
) -> None:
    load_new_units(seeded, clock)
    token = token_for(seeded, clock, "quang-ngai")
    before = entries(read(seeded, clock, token))["DP24-002"]
    join(seeded, clock, "pho-an", "moi-mot", clock.today() + timedelta(days=1))
    clock.move_to(clock.today() + timedelta(days=1))
    sweep(seeded, clock, SENDER)
    after = entries(read(seeded, clock, token))["DP24-002"]
    assert (str(after["LOCATION"]), after["UID"]) == ("Phường Mới Một", before["UID"])
    assert state(after)[1] > state(before)[1]
