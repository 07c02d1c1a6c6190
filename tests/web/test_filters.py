"""Lists of some of what there is: what has changed since, deadlines of a plan, letters of a unit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from ocop_workflow.changes.mergers.succession import carry_out, merge
from ocop_workflow.overview.products import WantedProducts, list_products
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from tests.factories import SEED, SENDER
from tests.stories.cast import HOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from httpx2 import Response

    from tests.web.cast import Cast

REGISTER = {"event": "register", "data": {"group": "food"}}


def items(answered: Response) -> list[dict[str, Any]]:
    assert answered.status_code == 200, answered.text
    found: list[dict[str, Any]] = answered.json()["items"]
    return found


def codes(client: TestClient, cast: Cast, since: str, more: str = "") -> list[str]:
    path = f"{API}/products?updated_since={since}&limit=200{more}"
    return [row["code"] for row in items(client.get(path, headers=cast.as_("minh")))]


def test_each_change_of_a_product_is_one_since_then(client: TestClient, cast: Cast) -> None:
    lan, two = cast.as_("lan"), f"{API}/products/DP24-002"

    def tag() -> dict[str, str]:
        return {**lan, "If-Match": client.get(two, headers=lan).headers["ETag"]}

    deeds: list[Callable[[], Response]] = [
        lambda: client.patch(two, json={"address": "Thôn An Thạch"}, headers=tag()),
        lambda: client.post(f"{two}/events", json=REGISTER, headers=tag()),
        lambda: client.post(f"{two}/undo", json={"reason": "nhầm"}, headers=tag()),
    ]
    assert len(codes(client, cast, "2024-04-22T23:00:00Z")) == 14  # as they were imported
    for deed in deeds:
        cast.clock.wait(timedelta(minutes=1))
        since = cast.clock.now().isoformat().replace("+00:00", "Z")
        assert codes(client, cast, since) == []
        assert deed().status_code == 200
        assert codes(client, cast, since) == ["DP24-002"]
        assert client.get(two, headers=lan).json()["updated_at"] == since
    new = client.post(
        f"{API}/products", json={"plan": SEED, "unit": "pho-an", "name": "Nước mắm"}, headers=lan
    )
    assert codes(client, cast, since) == ["DP24-002", new.json()["code"]]
    local = "2024-04-23T06:03:00%2B07:00"
    assert codes(client, cast, local) == ["DP24-002", new.json()["code"]]


def test_whatever_moves_to_another_unit_has_changed(client: TestClient, cast: Cast) -> None:
    cast.clock.wait(timedelta(minutes=1))
    since = cast.clock.now().isoformat().replace("+00:00", "Z")
    with cast.database.write() as tx:
        today, now = cast.clock.today(), cast.clock.now()
        merge(tx, HOST, "pho-an", "pho-phong", today, today=today, now=now)
        carry_out(tx, HOST, today=today, now=now)
    assert len(codes(client, cast, since)) == 5


def test_certificates_that_have_changed_are_asked_for_likewise(client: TestClient, cast: Cast) -> None:
    def numbers(since: str) -> list[str]:
        path = f"{API}/certificates?updated_since={since}"
        return [row["number"] for row in items(client.get(path, headers=cast.as_("minh")))]

    with cast.database.write() as tx:
        tx.execute(text("UPDATE products SET state = 'certified' WHERE code = 'DP24-002'"))
        tx.execute(
            text(
                "INSERT INTO certificates "
                "(product_id, star, number, decided_on, valid_until, signer, standing, "
                "product, commune, evidence, token) "
                "SELECT id, 3, '77/QD', '2022-06-01', '2024-05-31', '', 'confirmed', name, 'x', 'A', 'y' "
                "FROM products "
                "WHERE code = 'DP24-002'"
            )
        )
    assert numbers("2024-04-22T23:00:00Z") == ["77/QD"]
    cast.clock.wait(timedelta(days=60))
    since = cast.clock.now().isoformat().replace("+00:00", "Z")
    assert numbers(since) == []
    lapse = {"event": "lapse", "data": {}}
    done = client.post(f"{API}/products/DP24-002/events", json=lapse, headers=cast.as_("thu", If_Match='"0"'))
    assert done.status_code == 200, done.text
    assert numbers(since) == ["77/QD"]


def test_what_has_changed_since_comes_in_stable_pages(client: TestClient, cast: Cast) -> None:
    path = f"{API}/products?updated_since=2024-04-01T00:00:00Z&limit=5"
    seen: list[str] = []
    while path:
        page = client.get(path, headers=cast.as_("minh"))
        seen += [row["code"] for row in items(page)]
        path = page.links["next"]["url"] if "next" in page.links else ""
        if len(seen) == 5:  # what changes meanwhile keeps its place
            tag = client.get(f"{API}/products/DP24-003", headers=cast.as_("lan")).headers["ETag"]
            client.post(
                f"{API}/products/DP24-003/events", json=REGISTER, headers=cast.as_("lan", If_Match=tag)
            )
    assert seen == sorted(set(seen))
    assert len(seen) == 14


def test_an_instant_without_its_zone_is_refused(client: TestClient, cast: Cast) -> None:
    found = client.get(f"{API}/products?updated_since=2024-04-23T06:00:00", headers=cast.as_("minh"))
    assert (found.status_code, found.json()["faults"]) == (
        422,
        [{"place": "query.updated_since", "detail": "phải kèm múi giờ, như +07:00"}],
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_has_changed_is_found_by_an_index(cast: Cast) -> None:
    asked: list[str] = []
    event.listen(
        cast.database.engine,
        "before_cursor_execute",
        lambda *given: asked.append(given[2]) if "updated_at >=" in given[2] else None,
    )
    with cast.database.read() as tx:
        found = list_products(tx, date(2024, 4, 23), WantedProducts(updated_since=cast.clock.now(), limit=50))
        assert len(found) == 14
        (statement,) = asked
        given = [0] * statement.count("?")
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(given)).all()
    assert any("ix_products_updated_at" in str(row) for row in plan), plan
    assert not any(str(row[-1]).startswith("SCAN products") for row in plan), plan


def test_deadlines_are_asked_for_by_unit_plan_milestone_and_days(client: TestClient, cast: Cast) -> None:
    def ask(query: str, path: str = "deadlines") -> list[dict[str, Any]]:
        return items(client.get(f"{API}/{path}?limit=200&{query}", headers=cast.as_("minh")))

    everything = ask("")
    assert {row["unit"] for row in ask("unit=pho-an")} == {"Xã Phổ An"}
    assert ask("unit=duc-pho") == ask(f"plan={SEED}") == everything
    registration = ask("milestone=registration")
    assert len(registration) == 14
    assert ask("due_from=2024-04-30&due_to=2024-04-30") == registration
    assert ask("due_to=2024-04-29") == []
    assert ask("unit=pho-an&milestone=registration", "overdue") == []
    cast.clock.move_to(date(2024, 5, 2))
    assert len(ask("unit=pho-an&milestone=registration", "overdue")) == 5
    for query in ("unit=nowhere", "plan=nowhere"):
        assert client.get(f"{API}/deadlines?{query}", headers=cast.as_("minh")).status_code == 404
    assert items(client.get(f"{API}/deadlines?unit=pho-an", headers=cast.as_("ha"))) == []


def test_letters_are_asked_for_by_unit_and_kind(client: TestClient, cast: Cast) -> None:
    sweep(cast.database, cast.clock, SENDER)

    def ask(query: str, login: str = "minh") -> list[str]:
        found = items(client.get(f"{API}/letters?limit=200&{query}", headers=cast.as_(login)))
        return [row["unit"] for row in found]

    assert ask("unit=pho-an") == ["Xã Phổ An"]
    assert ask("kind=digest") == ask("") == ask("unit=duc-pho")
    assert ask("kind=notice") == []
    assert ask("unit=pho-an", "ha") == []
