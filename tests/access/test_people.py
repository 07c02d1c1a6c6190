"""Whose place of production may be a home, and who sees it."""

from __future__ import annotations

import pytest

from ocop_workflow.access import ContactKind, Permission, Role, is_household, roles_with


@pytest.mark.parametrize(
    ("producer", "household"),
    [
        ("HTX Nhà Nông", False),
        ("Hợp tác xã Du lịch", False),
        ("Công ty TNHH Một", False),
        ("Doanh nghiệp tư nhân Hai", False),
        ("Hộ kinh doanh Ba", True),
        ("Cơ sở Bốn", True),
        ("Tổ hợp tác Năm", True),
        ("Chủ cơ sở", True),
        ("", True),
        (None, True),
    ],
)
def test_a_name_that_does_not_say_that_it_is_an_organisations_is_a_households(
    producer: str | None, household: bool
) -> None:
    assert is_household(producer) is household


def test_all_but_viewers_see_homes_and_administrators_alone_handle_people() -> None:
    assert roles_with(Permission.READ_HOMES) == set(Role) - {Role.VIEWER}
    assert roles_with(Permission.MANAGE_PEOPLE) == {Role.ADMINISTRATOR}


def test_letters_go_to_mail_addresses_alone() -> None:
    assert [kind for kind in ContactKind if kind.is_mail] == [ContactKind.EMAIL]
    assert ContactKind.PLACE.text.vi == "địa chỉ sản xuất"
