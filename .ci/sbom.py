"""Say what the environment is made of in which this runs, as a CycloneDX bill of materials."""

from __future__ import annotations

import json
import sys
from importlib.metadata import distributions


def main() -> None:
    """Print it: every package by name, version and licence, in the order of their names."""
    found = {dist.metadata["Name"].lower(): dist for dist in distributions()}
    components = [
        {
            "type": "library",
            "name": name,
            "version": dist.version,
            "purl": f"pkg:pypi/{name}@{dist.version}",
            "licenses": [{"license": {"name": _licence(dist.metadata)}}],
        }
        for name, dist in sorted(found.items())
    ]
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}
    json.dump(bill, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _licence(metadata: object) -> str:
    """Return the licence that a package declares, in whichever of the three places it does."""
    told = metadata.get("License-Expression")  # type: ignore[attr-defined]  # of the standard library's message
    if told:
        return str(told)
    classifiers = metadata.get_all("Classifier") or []  # type: ignore[attr-defined]  # likewise
    named = [item.rsplit(" :: ", 1)[-1] for item in classifiers if item.startswith("License ::")]
    return ", ".join(named) or str(metadata.get("License") or "unknown").splitlines()[0]  # type: ignore[attr-defined]  # likewise


if __name__ == "__main__":
    main()
