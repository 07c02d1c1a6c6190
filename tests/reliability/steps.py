"""Counts the steps of a process, which is gone at one of them.

Each transaction, each statement, each commit, each letter and each look at a file is a step. What counts is
found, not listed, so a new step is a new place to die. The process must be one that nobody needs
afterwards: Python's audit hooks stay until its end.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.notifications import Mailer

#: what the interpreter tells about files and other programs, if the deed's own folder is meant
FILE_STEPS = frozenset(
    {"open", "os.link", "os.remove", "os.rename", "os.truncate", "shutil.copyfile", "sqlite3.connect"}
)
PROGRAM = "subprocess.Popen"


@dataclass
class Steps:
    """Counts steps; at the last one the process is gone, having said which step that was.

    Attributes:
        last: at which step.
        says: the file to say it in.
        every: of the statements, only each so-manieth counts; the other steps all do.
    """

    last: int
    says: Path
    every: int = 1
    done: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, name: str) -> None:
        self.seen[name] += 1
        if name == "statement" and self.seen[name] % self.every:
            return
        self.done += 1
        if self.done == self.last:
            self.says.write_text(name, "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)


def watch_transactions(step: Steps) -> None:
    """Let each transaction of this process be a step, and each commit."""
    event.listen(Engine, "begin", lambda _: step("begin"), insert=True)
    event.listen(Engine, "commit", lambda _: step("commit"))


def watch_statements(step: Steps) -> None:
    """Let each statement be a step, but for those that go straight to the driver."""
    event.listen(Engine, "before_cursor_execute", lambda *_: step("statement"))


def watch_files(step: Steps, folder: Path) -> None:
    """Let each look at a file of a folder be a step, and each program that is started."""
    place = str(folder)

    def heard(name: str, given: tuple[object, ...]) -> None:
        path = str(given[0]) if name in FILE_STEPS else ""
        if name == PROGRAM or (place in path and step.says.name not in path):
            step(name)

    sys.addaudithook(heard)


@dataclass
class SteppingMailer:
    """Sends letters, and makes a step before and after each."""

    mailer: Mailer
    step: Steps

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self.step("before sending")
        reply = self.mailer.send(sender, recipient, message)
        self.step("after sending")
        return reply

    def close(self) -> None:
        self.mailer.close()
