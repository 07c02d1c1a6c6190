"""The parts of an address that name something: how each is written, said once for all routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

_SLUG = r"^[a-z0-9][a-z0-9-]{0,59}$"

ProductCode = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9.-]{1,40}$",
        examples=["DP24-002"],
        description="Mã sản phẩm, chữ hoa hay thường. / A product's code, in capitals or not.",
    ),
]
Number = Annotated[
    int,
    Path(
        ge=1,
        le=2**31 - 1,
        examples=[1],
        description="`id` như trong danh sách. / The `id` that the list shows.",
    ),
]
UnitId = Annotated[str, Path(pattern=_SLUG, examples=["pho-an"], description="Mã địa phương. / A unit's id.")]
PlanId = Annotated[
    str, Path(pattern=_SLUG, examples=["duc-pho-2024"], description="Mã kế hoạch. / A plan's id.")
]
ActivityId = Annotated[
    str,
    Path(
        pattern=_SLUG,
        examples=["training"],
        description="Mã hoạt động trong kế hoạch. / An activity's id in its plan.",
    ),
]
FormId = Annotated[
    str,
    Path(
        pattern=r"^mau-[0-9]{2}$",
        examples=["mau-01"],
        description="Mẫu của hồ sơ: mau-01, mau-02, mau-03. / A form of a dossier.",
    ),
]
Year = Annotated[int, Path(ge=2000, le=2099, examples=[2024], description="Năm. / A year.")]
Login = Annotated[
    str,
    Path(
        pattern=r"^[a-z][a-z0-9._-]{1,59}$",
        examples=["lan"],
        description="Tên đăng nhập của cán bộ. / An officer's login.",
    ),
]
TokenPrefix = Annotated[
    str,
    Path(
        pattern=r"^ocop_[A-Za-z0-9_-]{7}$",
        examples=["ocop_a1B2c3D"],
        description="Phần đầu của mã, như trong danh sách. / What it begins with, as the list shows it.",
    ),
]
