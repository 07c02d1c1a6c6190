"""Roles of officers on units, and what each may do there. What does not stand here is refused."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from ocop_workflow.errors import Text
from ocop_workflow.regulations import Level


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
        return self.text.vi

    @property
    def text(self) -> Text:
        """The role's name in both languages."""
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
        return self.text.vi

    @property
    def text(self) -> Text:
        """The scope's name in both languages."""
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
    READ_HOMES = "read_homes"
    MANAGE_PEOPLE = "manage_people"
    RUN_SESSIONS = "run_sessions"
    SCORE = "score"
    READ_SHEETS = "read_sheets"

    @property
    def scope(self) -> Scope:
        """The scope that a token needs for it."""
        return _SCOPES.get(self, Scope.ACT)

    @property
    def label(self) -> str:
        """What it lets one do, in Vietnamese."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """What it lets one do, in both languages."""
        return _PERMISSION_LABELS[self]


def misplaced(role: Role, level: Level) -> Text | None:
    """Say what a role on a unit of this level will not do, though its name promises it; none: nothing."""
    if role is not Role.AUTHORITY_OFFICER or level is not Level.COMMUNE:
        return None
    return Text(
        "Vai trò authority_officer là của cơ quan chủ trì kế hoạch (huyện, tỉnh); giao cho một xã thì không "
        "lựa chọn, tư vấn, đổi kế hoạch được. Cán bộ xã cần commune_officer.",
        "authority_officer is the role of a plan's authority (district, province); on a commune it neither "
        "selects nor changes plans. A commune's officer needs commune_officer.",
    )


@cache  # each request asks it, each product of a list once more
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
    Permission.READ_HOMES: Scope.READ,
    Permission.READ_SHEETS: Scope.READ,
    Permission.MANAGE_PEOPLE: Scope.ADMINISTER,
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
            Permission.READ_HOMES,
            Permission.MANAGE_PEOPLE,
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
            Permission.READ_HOMES,
            Permission.RUN_SESSIONS,
            Permission.READ_SHEETS,
        }
    ),
    Role.COMMUNE_OFFICER: frozenset({Permission.READ, Permission.EDIT_PRODUCTS, Permission.READ_HOMES}),
    Role.COUNCIL_SECRETARY: frozenset(
        {
            Permission.READ,
            Permission.READ_HOMES,
            Permission.RUN_SESSIONS,
            Permission.SCORE,
            Permission.READ_SHEETS,
        }
    ),
    Role.COUNCIL_MEMBER: frozenset({Permission.READ, Permission.READ_HOMES, Permission.SCORE}),
    Role.VIEWER: frozenset({Permission.READ}),
}
_ROLE_LABELS = {
    Role.ADMINISTRATOR: Text("quản trị hệ thống", "administrator"),
    Role.AUTHORITY_OFFICER: Text("cán bộ cơ quan chủ trì (Phòng Kinh tế)", "officer of the authority"),
    Role.COMMUNE_OFFICER: Text("cán bộ cấp xã", "officer of the commune"),
    Role.COUNCIL_SECRETARY: Text("thư ký Hội đồng", "secretary of the council"),
    Role.COUNCIL_MEMBER: Text("thành viên Hội đồng", "member of the council"),
    Role.VIEWER: Text("người xem (lãnh đạo, thanh tra)", "viewer (leadership, inspection)"),
}
_SCOPE_LABELS = {
    Scope.FEED: Text("đọc lịch", "read a calendar"),
    Scope.READ: Text("xem", "look"),
    Scope.ACT: Text("xem và thao tác", "look and act"),
    Scope.ADMINISTER: Text("quản trị", "administer"),
}
_PERMISSION_LABELS = {
    Permission.READ: Text("xem", "look"),
    Permission.EDIT_PRODUCTS: Text("thêm, sửa sản phẩm", "add and correct products"),
    Permission.ACKNOWLEDGE: Text("ghi nhận quá hạn", "acknowledge lateness"),
    Permission.HANDLE_LETTERS: Text("gửi lại, giữ lại thư", "resend and hold letters"),
    Permission.CHANGE_PLANS: Text("nạp, thay đổi kế hoạch", "load and change plans"),
    Permission.SWEEP: Text("quét thời hạn", "run the daily check"),
    Permission.MANAGE_OFFICERS: Text("quản lý cán bộ", "manage officers"),
    Permission.MANAGE_UNITS: Text("quản lý địa phương", "manage units"),
    Permission.READ_AUDIT: Text("xem nhật ký kiểm tra", "read the audit"),
    Permission.READ_HOMES: Text("xem địa chỉ của hộ sản xuất", "see where households live"),
    Permission.MANAGE_PEOPLE: Text("tìm, xuất, xoá dữ liệu cá nhân", "find, hand out, erase personal data"),
    Permission.RUN_SESSIONS: Text(
        "lập hội đồng, điều hành phiên họp", "found councils and run their sessions"
    ),
    Permission.READ_SHEETS: Text("đọc phiếu chấm đã đóng", "read closed score sheets"),
    Permission.SCORE: Text("chấm điểm trong hội đồng", "score in a council"),
}
