"""The child that reads a file of tables: `python -m ocop_workflow.fence.text_child`.

`toml` or `json` and the text come in on standard input, one behind the other; `true` goes out once the text
has been read, with faults or without: what is wrong with its words is for others to say.
"""

from __future__ import annotations

import json
import sys
import tomllib
from contextlib import suppress
from typing import Final

from ocop_workflow.fence.child import limit_process

MEMORY: Final = 256 * 1024 * 1024
CPU_SECONDS: Final = 5


def main() -> None:
    """Read standard input under limits and say that it can be read."""
    limit_process(MEMORY, CPU_SECONDS)
    form, _, text = sys.stdin.buffer.read().partition(b"\n")
    with suppress(ValueError):
        (tomllib.loads if form == b"toml" else json.loads)(text.decode())
    json.dump(True, sys.stdout)  # noqa: FBT003 - the answer


if __name__ == "__main__":
    main()
