"""`reliability.json`: what was injected, what came of it, from which seeds, in which share, at which commit.

`python -m tests.reliability.report` writes the README's table anew from it.
"""

from __future__ import annotations

import json
import platform
import sqlite3
import subprocess
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ocop_workflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.reliability.outcome import Outcome

ROOT = Path(__file__).parents[2]
FILE = ROOT / "reliability.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- reliability.json -->", "<!-- /reliability.json -->"

#: the ordeals in words, in the order of the table
WORDS = {
    "users": "`kill -9` lệnh và máy chủ của người dùng, cả năm: hộp thư, bước đã báo xong, cờ",
    "kills": "`kill -9` lúc bất kỳ, một tiến trình",
    "kills of two": "`kill -9` lúc bất kỳ, hai tiến trình",
    "deeds": "`kill -9` ở từng bước: nhập, thao tác, đổi kế hoạch, gia hạn, nâng cấp, sao lưu, khôi phục",
    "system calls": "lỗi ở lời gọi hệ thống thứ n (giết, hết đĩa, lỗi đọc ghi, đứt mạng)",
    "server stops": "PostgreSQL bị ngắt như mất điện",
    "lost commits of days": "mất trả lời của COMMIT khi quét, gửi thư",
    "lost commits of steps": "mất trả lời của COMMIT khi cán bộ thao tác",
    "two officers": "hai cán bộ cùng lúc trên một sản phẩm",
    "schedulers": "2 đến 8 bộ lập lịch cùng lúc",
    "relay": "máy chủ thư từ chối, ngắt lời, trả lỗi",
    "clock": "đồng hồ nhảy tới, lui (1 ngày đến 1 năm)",
    "stateful": "bước ngẫu nhiên: nhập, thao tác, đồng hồ, gửi, sập, sao lưu, khôi phục",
    "mutants": "lỗi cấy vào mã, bị bắt",
}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_ADDED = ("faults", "checked", "lost", "copies", "duplicated")
_SHOWN = ("faults", "checked", "lost", "duplicated", "copies")


@dataclass(frozen=True)
class Share:
    """One of so many equal shares of each ordeal's number."""

    which: int
    of_all: int

    @classmethod
    def read(cls, words: str) -> Share:
        """Read `3/20`.

        Raises:
            ValueError: it is no share.
        """
        which, _, of_all = words.partition("/")
        share = cls(int(which), int(of_all))
        if not 1 <= share.which <= share.of_all:
            raise ValueError(words)
        return share

    def of(self, number: int) -> int:
        """Return how many of a number fall into this share; all shares together have them all."""
        return number * self.which // self.of_all - number * (self.which - 1) // self.of_all

    def __str__(self) -> str:
        """Return `3/20`."""
        return f"{self.which}/{self.of_all}"


#: what one share has found of an ordeal on one database
Part = dict[str, Any]


@dataclass
class Report:
    """The content of `reliability.json`: by ordeal and database the parts, a share each."""

    versions: dict[str, str] = field(default_factory=dict)
    ordeals: dict[str, dict[str, list[Part]]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Report:
        """Read the file; there may be none yet."""
        return cls(**json.loads(FILE.read_text("utf-8"))) if FILE.exists() else cls()

    def write(self) -> None:
        """Write the file, and the README's table from it."""
        content = {"versions": self.versions, "ordeals": self.ordeals}
        FILE.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
        put_between(README, BEGIN, END, self.table())

    def begin(self, names: Sequence[str], share: Share, postgresql: str) -> None:
        """Forget what this share has found of these ordeals before, as it begins anew."""
        self.versions = versions(postgresql)
        self.ordeals = {name: self.ordeals.get(name, {}) for name in WORDS if name in (*self.ordeals, *names)}
        for name in names:
            for parts in self.ordeals[name].values():
                parts[:] = [part for part in parts if part["share"] != str(share)]
        self._commit = commit()

    def add(self, name: str, on: str, share: Share, seed: int, outcome: Outcome, seconds: float) -> None:
        """Add what came of a piece."""
        parts = self.ordeals[name].setdefault(on, [])
        part = next((one for one in parts if one["share"] == str(share)), None)
        if part is None:
            nothing = {**dict.fromkeys(_ADDED, 0), "wrong": [], "seconds": 0, "seeds": []}
            part = {"share": str(share), "commit": self._commit, **nothing}
            parts.append(part)
        part |= {key: part[key] + getattr(outcome, key) for key in _ADDED}
        part["wrong"] = [*part["wrong"], *outcome.wrong]
        part["seconds"] = round(part["seconds"] + seconds)
        part["seeds"] = [*part["seeds"], seed]

    def table(self) -> str:
        """Return the README's table: what was injected, on which database, in what, and what came of it."""
        lines = [
            (
                "| lỗi gây ra | cơ sở dữ liệu | số lần | thư, bước đã xét | mất | thừa | bản sao giống hệt "
                "| phần: mã đã thử |"
            ),
            "|---|---|--:|--:|--:|--:|--:|---|",
        ]
        for name, by_database in self.ordeals.items():
            for on, parts in sorted(by_database.items(), reverse=True):
                sums = (sum(part[key] for part in parts) for key in _SHOWN)
                figures = " | ".join(map(grouped, sums))
                if parts:
                    lines.append(f"| {WORDS[name]} | {DATABASES[on]} | {figures} | {_tried(parts)} |")
        return "\n".join(lines)


def _tried(parts: Sequence[Part]) -> str:
    """Return which shares have tried which commit."""
    shares: dict[str, list[str]] = {}
    for part in parts:
        shares.setdefault(part["commit"], []).append(part["share"])
    return "; ".join(f"{', '.join(those)}: {known}" for known, those in shares.items())


def put_between(page: Path, begin: str, end: str, table: str) -> None:
    """Put a table between two marks of a page, in the place of what stands there."""
    before, _, rest = page.read_text("utf-8").partition(begin)
    page.write_text(f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}", "utf-8")


def grouped(number: int) -> str:
    """Write a figure as it is written in Việt Nam."""
    return f"{number:,}".replace(",", ".")


def versions(postgresql: str) -> dict[str, str]:
    """Return with which versions of everything an ordeal is gone through."""
    return {
        "ocop-workflow": ocop_workflow.__version__,
        "python": platform.python_version(),
        "sqlalchemy": version("sqlalchemy"),
        "psycopg": version("psycopg"),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgresql,
        "system": f"{platform.system()} {platform.machine()}",
    }


def commit() -> str:
    """Return the last commit that has changed the service, with a mark if it was changed since."""
    last = _git("log", "-1", "--format=%h", "--", "ocop_workflow")
    return f"{last}-dirty" if _git("status", "--porcelain", "--", "ocop_workflow") else last


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], check=False, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    Report.read().write()
