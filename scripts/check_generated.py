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

_PARTS = {"generator": "openapi-python-client", "ruff": "ruff", "templates": "the templates or generator.yml"}


def differences(layout: Layout) -> list[str]:
    """What does not belong together, in words; nothing when all is well."""
    if not layout.contract.exists():
        return ["there is no openapi/openapi.json"]
    lock, fetched = read_lock(layout), Fetched(layout.contract.read_bytes(), "local")
    if lock is None:
        return ["there is no openapi/contract.lock.json"]
    found = _of_lock(lock, fetched, layout)
    with tempfile.TemporaryDirectory(prefix="check-generated-") as folder:
        candidate = Layout(Path(folder) / "candidate")
        make_candidate(fetched, layout, candidate, date.fromisoformat(lock.date), load_needs() or (), lambda _: None)
        return found + _of_files(contents(layout), contents(candidate))


def _of_lock(lock: ContractLock, fetched: Fetched, layout: Layout) -> list[str]:
    found = []
    if hashlib.sha256(fetched.content).hexdigest() != lock.sha256:
        found.append("openapi/openapi.json is not the document that openapi/contract.lock.json names")
    now = new_lock(fetched, layout, date.fromisoformat(lock.date))
    for key, name in _PARTS.items():
        was, is_now = getattr(lock, key), getattr(now, key)
        if was != is_now:
            found.append(f"generated with another state of {name}: {was[:12]} then, {is_now[:12]} now")
    return found


def _of_files(committed: dict[str, bytes], fresh: dict[str, bytes]) -> list[str]:
    found = []
    for name in sorted(committed.keys() | fresh.keys()):
        if name not in fresh:
            found.append(f"{name}: should not be there")
        elif name not in committed:
            found.append(f"{name}: is missing")
        elif committed[name] != fresh[name]:
            found.append(f"{name}: differs")
    return found


def main(root: Path = ROOT) -> int:
    """The command. Gives the exit status."""
    try:
        found = differences(Layout(root))
    except (StepError, OSError) as error:
        print(f"check-generated could not regenerate\n{error}", file=sys.stderr)
        return 1
    if found:
        print(
            f"the generated client is not what the vendored contract gives:{listed(found, 20)}",
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
