"""`ocop officer …`: who may do what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ocop_workflow.cli.options import Json, application, the_operator
from ocop_workflow.cli.output import remark, say, show_json, show_table
from ocop_workflow.errors import WrongUse

if TYPE_CHECKING:
    from ocop_workflow.access import Grant, Role
    from ocop_workflow.errors import Text

officer = typer.Typer(no_args_is_help=True, help="Cán bộ và vai trò. / Officers and their roles.")


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `ocop`."""
    app.add_typer(officer, name="officer")


Login = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập, ví dụ lan. / A login.")]
RoleName = Annotated[
    str,
    typer.Option(
        "--role",
        metavar="VAI TRÒ",
        help="administrator, authority_officer, commune_officer, council_secretary, council_member, viewer.",
    ),
]
UnitId = Annotated[
    str, typer.Option("--unit", metavar="MÃ", help="Địa phương; vai trò gồm cả cấp dưới. / A unit's id.")
]


def _role(name: str) -> Role:
    from ocop_workflow.access import Role

    try:
        return Role(name)
    except ValueError:
        known = ", ".join(Role)
        raise WrongUse(
            f"Không có vai trò {name}; có: {known}.", f"No role is called {name}; there are: {known}."
        ) from None


def _remark_on(doubt: Text | None) -> None:
    if doubt is not None:
        remark(doubt.vi, doubt.en)


@officer.command()
def add(
    login: Login,
    role: RoleName,
    unit: UnitId,
    name: Annotated[str, typer.Option(metavar="HỌ TÊN", help="Họ tên. / The full name.")] = "",
    email: Annotated[
        str | None, typer.Option(metavar="ĐỊA CHỈ", help="Địa chỉ thư riêng. / The officer's own address.")
    ] = None,
    json: Json = False,
) -> None:
    """Thêm cán bộ với một vai trò; người đầu tiên là quản trị. / Add an officer with a role."""
    from ocop_workflow.access import misplaced
    from ocop_workflow.people.officer_addresses import set_officer_address
    from ocop_workflow.people.officers import add_officer, find_unit

    app = application()
    now, today = app.clock.now(), app.clock.today()
    with app.database.write() as tx:
        add_officer(tx, the_operator(), login, name, _role(role), unit, now=now)
        if email is not None:
            set_officer_address(tx, the_operator(), login, email, today=today, now=now)
        doubt = misplaced(_role(role), find_unit(tx, unit).level)
    _remark_on(doubt)
    if json:
        show_json({"login": login, "role": role, "unit": unit})
    say(f"Đã thêm cán bộ {login}: {_role(role).label}, {unit}.")
    say(f"Đặt mật khẩu:\n  ocop officer password {login}\nTạo mã truy cập:\n  ocop token create {login}")


@officer.command("list")
def list_officers(json: Json = False) -> None:
    """Liệt kê cán bộ và vai trò. / List officers and their roles."""
    from ocop_workflow.people import officer_queries as officers
    from ocop_workflow.people.staff import Member
    from ocop_workflow.people.views import OfficerView

    app = application()
    with app.database.read() as tx:
        found = officers.all_officers(tx)
    if json:
        show_json([OfficerView.of(Member(officer, roles)) for officer, roles in found])
        return
    rows = [
        (r.login, r.name, _roles(held), "đã vô hiệu hóa" if r.disabled_at else "đang hoạt động")
        for r, held in found
    ]
    show_table("Cán bộ", ["Tên đăng nhập", "Họ tên", "Vai trò", "Tình trạng"], rows)


def _roles(held: tuple[Grant, ...]) -> str:
    return "; ".join(f"{grant.role.label} ({grant.unit})" for grant in held) or "không có"


@officer.command()
def grant(login: Login, role: RoleName, unit: UnitId, json: Json = False) -> None:
    """Giao thêm một vai trò. / Give an officer one more role."""
    from ocop_workflow.access import misplaced
    from ocop_workflow.people.officers import find_unit, grant_role

    app = application()
    with app.database.write() as tx:
        grant_role(tx, the_operator(), login, _role(role), unit, now=app.clock.now())
        doubt = misplaced(_role(role), find_unit(tx, unit).level)
    _remark_on(doubt)
    if json:
        show_json({"login": login, "role": role, "unit": unit})
    say(f"Đã giao cho {login}: {_role(role).label}, {unit}.")


@officer.command()
def revoke(login: Login, role: RoleName, unit: UnitId, json: Json = False) -> None:
    """Thôi giao một vai trò, có hiệu lực ngay. / Take a role back, at once."""
    from ocop_workflow.people.officers import revoke_role

    app = application()
    with app.database.write() as tx:
        revoke_role(tx, the_operator(), login, _role(role), unit, now=app.clock.now())
    if json:
        show_json({"login": login, "role": role, "unit": unit})
    say(f"{login} thôi giữ vai trò {_role(role).label}, {unit}.")


@officer.command()
def disable(login: Login, json: Json = False) -> None:
    """Vô hiệu hóa cán bộ; lịch sử giữ nguyên. / Disable an officer."""
    from ocop_workflow.people.officers import disable_officer

    app = application()
    with app.database.write() as tx:
        disable_officer(tx, the_operator(), login, now=app.clock.now())
    if json:
        show_json({"login": login, "disabled": True})
    say(f"Đã vô hiệu hóa {login}; mọi mã truy cập của người này hết hiệu lực.")


@officer.command("email")
def mail_to(
    login: Login,
    address: Annotated[
        str | None, typer.Argument(metavar="[ĐỊA CHỈ]", help="Bỏ trống: chỉ xem. / None: only look.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Thôi gửi thư riêng. / Send none.")] = False,
    json: Json = False,
) -> None:
    """Xem, đặt, bỏ địa chỉ thư riêng của cán bộ. / An officer's own address: look, set, remove."""
    from ocop_workflow.people.officer_addresses import officer_address, set_officer_address
    from ocop_workflow.people.views import OfficerEmailView

    if remove and address is not None:
        raise WrongUse("Nêu địa chỉ mới hoặc --remove, không cả hai.", "An address or --remove, not both.")
    app = application()
    if remove or address is not None:
        now, today = app.clock.now(), app.clock.today()
        with app.database.write() as tx:
            found = set_officer_address(tx, the_operator(), login, address, today=today, now=now)
    else:
        with app.database.read() as tx:
            found = officer_address(tx, the_operator(), login)
    if json:
        show_json(OfficerEmailView.of(login, found))
        return
    say(
        f"{login}: {found.address} (từ {found.valid_from:%d/%m/%Y})."
        if found
        else f"{login}: không có địa chỉ thư riêng."
    )


@officer.command()
def password(login: Login, json: Json = False) -> None:
    """Đặt mật khẩu: hỏi trên màn hình, hoặc đọc một dòng từ đầu vào. / Set a password."""
    from ocop_workflow.people.sign_in.passwords import set_password
    from ocop_workflow.people.views import PasswordSetView

    app = application()
    given = _ask_password()
    with app.database.write() as tx:
        set_password(tx, the_operator(), login, given, now=app.clock.now())
    if json:
        show_json(PasswordSetView(login, password_set=True))
    say(f"Đã đặt mật khẩu cho {login}.")


def _ask_password() -> str:
    """Read a password where nobody sees it; it is never an argument, which the whole host could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    first = getpass("Mật khẩu: ")
    if getpass("Nhập lại: ") != first:
        raise WrongUse("Hai lần nhập không giống nhau.", "The two entries differ.")
    return first


@officer.command()
def link(login: Login, json: Json = False) -> None:
    """Tạo liên kết dùng một lần để đặt mật khẩu: lần đầu, hoặc khi mất. / Make a one-time sign-in link."""
    from ocop_workflow.people.sign_in.coming_in import LINK_LASTS, make_link

    app = application()
    with app.database.write() as tx:
        made = make_link(tx, the_operator(), login, now=app.clock.now())
    address = f"{app.settings.public_url.rstrip('/')}/once/{made}"
    if json:
        show_json({"login": login, "address": address, "hours": int(LINK_LASTS.total_seconds()) // 3600})
    say(f"Liên kết cho {login}, dùng một lần, trong 24 giờ; chỉ hiện lần này:")
    say(f"  {address}")
