"""Roles of officers on units, and what each may do there. What does not stand here is refused."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role on a unit: it reaches the unit and whatever lies under it."""

    ADMINISTRATOR = "administrator"
    AUTHORITY_OFFICER = "authority_officer"
    COMMUNE_OFFICER = "commune_officer"
    COUNCIL_SECRETARY = "council_secretary"
    COUNCIL_MEMBER = "council_member"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        """The role's name in Vietnamese."""
        return _ROLE_LABELS[self]


class Scope(StrEnum):
    """What a token may be used for; a wider one includes the narrower. `feed` reads one unit's calendar."""

    FEED = "feed"
    READ = "read"
    ACT = "act"
    ADMINISTER = "administer"

    @property
    def label(self) -> str:
        """The scope's name in Vietnamese."""
        return _SCOPE_LABELS[self]

    def covers(self, needed: Scope) -> bool:
        """Tell whether a token of this scope may be used where `needed` is asked for."""
        if Scope.FEED in (self, needed):
            return self is needed
        return _WIDTH.index(self) >= _WIDTH.index(needed)


class Permission(StrEnum):
    """What one may do with a unit, apart from moving products on (see `rights`)."""

    READ = "read"
    EDIT_PRODUCTS = "edit_products"
    ACKNOWLEDGE = "acknowledge"
    HANDLE_LETTERS = "handle_letters"
    CHANGE_PLANS = "change_plans"
    SWEEP = "sweep"
    MANAGE_OFFICERS = "manage_officers"
    MANAGE_UNITS = "manage_units"
    READ_AUDIT = "read_audit"

    @property
    def scope(self) -> Scope:
        """The scope that a token needs for it."""
        return _SCOPES.get(self, Scope.ACT)

    @property
    def label(self) -> str:
        """What it lets one do, in Vietnamese."""
        return _PERMISSION_LABELS[self]


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that carry a permission."""
    return frozenset(role for role, permissions in _CARRIES.items() if permission in permissions)


_WIDTH = (Scope.READ, Scope.ACT, Scope.ADMINISTER)
_SCOPES = {
    Permission.READ: Scope.READ,
    Permission.MANAGE_OFFICERS: Scope.ADMINISTER,
    Permission.MANAGE_UNITS: Scope.ADMINISTER,
    Permission.READ_AUDIT: Scope.ADMINISTER,
    Permission.CHANGE_PLANS: Scope.ADMINISTER,
}
_CARRIES = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.READ,
            Permission.HANDLE_LETTERS,
            Permission.SWEEP,
            Permission.MANAGE_OFFICERS,
            Permission.MANAGE_UNITS,
            Permission.READ_AUDIT,
        }
    ),
    Role.AUTHORITY_OFFICER: frozenset(
        {
            Permission.READ,
            Permission.EDIT_PRODUCTS,
            Permission.ACKNOWLEDGE,
            Permission.HANDLE_LETTERS,
            Permission.CHANGE_PLANS,
            Permission.SWEEP,
        }
    ),
    Role.COMMUNE_OFFICER: frozenset({Permission.READ, Permission.EDIT_PRODUCTS}),
    Role.COUNCIL_SECRETARY: frozenset({Permission.READ}),
    Role.COUNCIL_MEMBER: frozenset({Permission.READ}),
    Role.VIEWER: frozenset({Permission.READ}),
}
_ROLE_LABELS = {
    Role.ADMINISTRATOR: "quản trị hệ thống",
    Role.AUTHORITY_OFFICER: "cán bộ cơ quan chủ trì (Phòng Kinh tế)",
    Role.COMMUNE_OFFICER: "cán bộ cấp xã",
    Role.COUNCIL_SECRETARY: "thư ký Hội đồng",
    Role.COUNCIL_MEMBER: "thành viên Hội đồng",
    Role.VIEWER: "người xem (lãnh đạo, thanh tra)",
}
_SCOPE_LABELS = {
    Scope.FEED: "đọc lịch",
    Scope.READ: "xem",
    Scope.ACT: "xem và thao tác",
    Scope.ADMINISTER: "quản trị",
}
_PERMISSION_LABELS = {
    Permission.READ: "xem",
    Permission.EDIT_PRODUCTS: "thêm, sửa sản phẩm",
    Permission.ACKNOWLEDGE: "ghi nhận quá hạn",
    Permission.HANDLE_LETTERS: "gửi lại, giữ lại thư",
    Permission.CHANGE_PLANS: "nạp, thay đổi kế hoạch",
    Permission.SWEEP: "quét thời hạn",
    Permission.MANAGE_OFFICERS: "quản lý cán bộ",
    Permission.MANAGE_UNITS: "quản lý địa phương",
    Permission.READ_AUDIT: "xem nhật ký kiểm tra",
}
