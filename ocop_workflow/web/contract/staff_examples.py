"""What the document shows as answers about officers, tokens and addresses."""

from __future__ import annotations

from typing import Any

HELD: dict[str, Any] = {
    "role": "commune_officer",
    "role_label": "cán bộ cấp xã",
    "unit": "pho-an",
    "level": "commune",
    "remark": None,
}
OFFICER: dict[str, Any] = {
    "login": "lan",
    "name": "Cán bộ xã Phổ An",
    "disabled": False,
    "created_at": "2024-04-22T23:00:00Z",
    "roles": [HELD],
    "etag": '"6e0e9c7cf8ff2b1a"',
}
TOKEN: dict[str, Any] = {
    "prefix": "ocop_a1B2c3D",
    "officer": "lan",
    "scope": "act",
    "scope_label": "xem và thao tác",
    "label": "máy bàn",
    "unit": None,
    "created_at": "2024-04-22T23:00:00Z",
    "expires_at": "2024-07-21T23:00:00Z",
    "revoked_at": None,
    "last_used_at": "2024-04-23T01:00:00Z",
    "status": "active",
}
NEW_TOKEN: dict[str, Any] = {
    **TOKEN,
    "last_used_at": None,
    "token": "ocop_a1B2c3D…",
    "days": 90,
    "address": None,
}
ME: dict[str, Any] = {
    "login": "lan",
    "name": "Cán bộ xã Phổ An",
    "roles": [HELD],
    "permissions": ["read", "edit_products", "read_homes"],
    "token": TOKEN,
}
CONTACT: dict[str, Any] = {
    "id": 7,
    "unit": "pho-an",
    "address": "ocop.pho-an@duc-pho.example",
    "valid_from": "2024-05-01",
    "valid_to": None,
}
