"""`python -m scripts.release_check v1.2.3`: fail unless a tag may be released.

The tag is ``v`` and the version of the package, and the changelog has a section for that version.
It needs nothing that is not in Python itself, since it runs first.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def problems(tag: str, root: Path = ROOT) -> list[str]:
    """Return why a tag may not be released, a sentence each; empty when it may."""
    source = (root / "ledgerhq_ext" / "_version.py").read_text(encoding="utf-8")
    version = source.partition('"')[2].partition('"')[0]
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (\S+)(.*)$", changelog, re.MULTILINE)
    dates = {name: rest.strip(" -") for name, rest in sections}

    faults: list[str] = []
    if tag != f"v{version}":
        faults.append(f"The tag is {tag}, and the version is {version}: tag v{version}.")
    if version not in dates:
        faults.append(f"CHANGELOG.md has no section for {version}: name the one of Unreleased so.")
    elif not re.fullmatch(r"\d{4}-\d{2}-\d{2}", dates[version]):
        faults.append(
            f"The section for {version} in CHANGELOG.md has no date: ## {version} - DATE."
        )
    return faults


def main(arguments: list[str]) -> int:
    """Print what is wrong with the tag, and return the exit status."""
    if len(arguments) != 1:
        print("usage: python -m scripts.release_check TAG")
        return 2
    faults = problems(arguments[0])
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
