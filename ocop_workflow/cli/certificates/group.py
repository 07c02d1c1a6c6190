"""The group of commands about certificates, and how one is named."""

from __future__ import annotations

from typing import Annotated

import typer

certificates = typer.Typer(no_args_is_help=True, help="Giấy chứng nhận. / Certificates.")

Number = Annotated[
    int, typer.Argument(metavar="SỐ", min=1, max=2**31 - 1, help="Số trong danh sách. / Its id in the list.")
]
