"""Compare a contract, the live one by default, with the vendored one, or with another one.

Run as `python -m scripts.drift [PATH_OR_URL] [--base PATH_OR_URL] [--format FORMAT]`, where the
format is `text`, `markdown`, `json` or `github`. Exit status: 0 the same, 1 only additive or
doubtful changes, 2 breaking changes, 3 could not compare, 4 changes that break the releases that
are installed, and that regenerating heals.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from ..contract.errors import StepError
from ..contract.layout import ROOT, Layout
from ..contract.seam import Need, load_needs
from ..contract.source import LIVE_CONTRACT, Fetched, fetch
from ..files import write_text
from ..output import accept_any_text, discard_output
from .compare import compare
from .documents import Document, read_document
from .escape import plain
from .locate import located
from .promises import with_promises
from .report import FORMATS, Report, as_json, as_markdown
from .use import uses

FAILED = 3
_VENDORED = "openapi/openapi.json"


class _UsageError(Exception):
    pass


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise an error: argparse's own status 2 would say that something breaks."""
        raise _UsageError(f"{message}; {' '.join(self.format_usage().split())}")


def drift(source: str, layout: Layout, base: str | None = None) -> Report:
    """Compare the contract at `source` with the vendored one, or with the one at `base`.

    Raises `StepError` and others when it cannot.
    """
    needs = load_needs() or ()
    old = _vendored(layout, needs) if base is None else read_document(fetch(base), layout, needs)
    new = read_document(fetch(source), layout, needs)
    changes = compare(old, new, uses(), needs)
    if base is None:
        changes = with_promises(changes, new, layout)
    else:
        # Of two documents of others, what the layer never fitted is no news.
        changes = replace(changes, misfits=changes.fresh)
    return Report(located(changes, old, new), old, new)


def _vendored(layout: Layout, needs: Sequence[Need]) -> Document:
    if not layout.contract.exists():
        raise StepError("read", f"there is no {_VENDORED} to compare with")
    try:
        return read_document(Fetched(layout.contract.read_bytes(), _VENDORED), layout, needs)
    except StepError as error:
        what = f"{_VENDORED} itself: {error.what}"
        raise StepError(error.step, what, why=error.why, todo=error.todo) from error


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return its exit status."""
    folder = Layout(root).build / "drift"
    accept_any_text()
    try:
        options = _options(arguments)
        report = drift(options.source, Layout(root), options.base)
        _write(folder, as_json(report), as_markdown(report))
        _print(FORMATS[options.format](report))
        return report.status
    except (Exception, KeyboardInterrupt) as error:
        return _failed(folder, error)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m scripts.drift", description=__doc__)
    parser.add_argument(
        "source", nargs="?", default=LIVE_CONTRACT, help="path or URL of the contract"
    )
    parser.add_argument(
        "--base", help="path or URL of the contract to compare with; the vendored one by default"
    )
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="what to print")
    return parser.parse_args(arguments)


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Who reads it has seen enough.
        discard_output()


def _failed(folder: Path, error: BaseException) -> int:
    verdict = f"drift: could not compare: {_one_line(error)}"
    print(verdict, file=sys.stderr)
    try:
        # A report of an earlier run must not be taken for this one's.
        failed: dict[str, Any] = {
            "status": FAILED,
            "level": "failed",
            "verdict": verdict,
            "findings": [],
            "misfits": [],
        }
        _write(folder, json.dumps(failed, indent=2), "")
    except OSError:
        pass
    return FAILED


def _one_line(error: BaseException) -> str:
    if isinstance(error, StepError):
        parts = (f"{error.step}: {error.what}", error.why, error.todo)
        text = "; ".join(filter(None, parts))
    elif isinstance(error, _UsageError | OSError):
        text = str(error)
    else:
        why = "drift itself failed, which says nothing about the contract"
        text = f"{why}: {type(error).__name__}: {error}"
    return plain(" ".join(text.split()))


def _write(folder: Path, report: str, markdown: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "report.json", f"{report}\n")
    write_text(folder / "report.md", f"{markdown}\n" if markdown else "")


if __name__ == "__main__":
    raise SystemExit(main())
