"""Days that do not agree, over HTTP: one answer names each place and both days, in either language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.web.app import API
from tests.factories import rows
from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

CERTIFY = {
    "decision_number": "1234/QĐ-UBND",
    "decision_date": "2042-04-22",
    "signer": "Chủ tịch UBND thị xã",
    "published_on": "2024-11-01",
    "valid_until": "2021-01-01",
}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "vi",
            {
                "decision_date": "ngày quyết định 22/04/2042 đứng sau hôm nay 26/11/2024",
                "published_on": "ngày công bố 01/11/2024 đứng trước ngày quyết định 22/04/2042",
                "valid_until": "ngày hết giá trị 01/01/2021 đứng trước ngày quyết định 22/04/2042",
            },
        ),
        (
            "en",
            {
                "decision_date": "the date of the decision, 2042-04-22, lies after today, 2024-11-26",
                "published_on": "the day of publication, 2024-11-01, lies before the date of the decision, "
                "2042-04-22",
                "valid_until": "the last valid day, 2021-01-01, lies before the date of the decision, "
                "2042-04-22",
            },
        ),
    ],
)
def test_a_certificate_with_mistyped_days_is_refused_and_nothing_changes(
    client: TestClient,
    cast: Cast,
    seeded: Database,
    clock: FixedClock,
    language: str,
    told: dict[str, str],
) -> None:
    walk_to(seeded, clock, "DP24-001", "score_district")
    clock.move_to(date(2024, 11, 26))
    headers = {**cast.as_("minh"), "If-Match": '"5"', "Accept-Language": language}
    answer = client.post(
        f"{API}/products/DP24-001/events", json={"event": "certify", "data": CERTIFY}, headers=headers
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "dates_disagree")
    assert {item["place"]: item["detail"] for item in answer.json()["faults"]} == told
    assert rows(seeded, "SELECT version, state FROM products WHERE code = 'DP24-001'") == [
        (5, "district_scored")
    ]
