"""Fail unless the generated client is what the vendored contract gives.

Run as `python -m scripts.check_generated`.
"""

import hashlib
import sys
import tempfile
from datetime import date
from pathlib import Path

from .contract.errors import StepError, listed
from .contract.layout import ROOT, Layout
from .contract.lock import ContractLock, new_lock, read_lock
from .contract.pipeline import make_candidate
from .contract.seam import load_needs
from .contract.source import Fetched
from .contract.swap import contents

_PARTS = {
    "generator": "openapi-python-client",
    "ruff": "ruff",
    "templates": "the templates or generator.yml",
}


def differences(layout: Layout) -> list[str]:
    """Return what does not belong together, in words; an empty list when all is well."""
    if not layout.contract.exists():
        return ["openapi/openapi.json does not exist"]
    lock = read_lock(layout)
    if lock is None:
        return ["openapi/contract.lock.json does not exist"]

    contract = Fetched(layout.contract.read_bytes(), "local")
    day = date.fromisoformat(lock.date)
    problems = _of_lock(lock, contract, layout)
    with tempfile.TemporaryDirectory(prefix="check-generated-") as folder:
        candidate = Layout(Path(folder) / "candidate")
        needs = load_needs() or ()
        make_candidate(contract, layout, candidate, day, needs, _silent)
        return problems + _of_files(contents(layout), contents(candidate))


def _silent(_: str) -> None:
    """Print nothing of what a step reports."""


def _of_lock(lock: ContractLock, contract: Fetched, layout: Layout) -> list[str]:
    problems = []
    if hashlib.sha256(contract.content).hexdigest() != lock.sha256:
        problems.append(
            "openapi/openapi.json is not the document that openapi/contract.lock.json names"
        )

    now = new_lock(contract, layout, date.fromisoformat(lock.date))
    for key, name in _PARTS.items():
        old = getattr(lock, key)
        new = getattr(now, key)
        if old != new:
            problems.append(
                f"generated from a different state of {name}: {old[:12]} then, {new[:12]} now"
            )
    return problems


def _of_files(committed: dict[str, bytes], fresh: dict[str, bytes]) -> list[str]:
    problems = []
    for name in sorted(committed.keys() | fresh.keys()):
        if name not in fresh:
            problems.append(f"{name}: should not be there")
        elif name not in committed:
            problems.append(f"{name}: is missing")
        elif committed[name] != fresh[name]:
            problems.append(f"{name}: differs")
    return problems


def main(root: Path = ROOT) -> int:
    """Print what differs, and return the exit status: 0 when nothing does, else 1."""
    try:
        problems = differences(Layout(root))
    except (StepError, OSError) as error:
        print(f"check-generated could not regenerate\n{error}", file=sys.stderr)
        return 1
    if problems:
        print(
            f"the generated client is not what the vendored contract gives:{listed(problems, 20)}",
            file=sys.stderr,
        )
        print(
            "to do: make regenerate CONTRACT=openapi/openapi.json, and commit what it changes",
            file=sys.stderr,
        )
        return 1
    print("check-generated: contract, locks, templates and generated code belong together")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
