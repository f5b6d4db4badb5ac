"""Take public OpenAPI documents through the generator, and compare every request it sends with one
of a foreign tool.

Run as `python -m scripts.public FILE… --swagger-client FOLDER`.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.contract.errors import StepError
from scripts.contract.source import fetch, parse
from scripts.output import accept_any_text, say

from . import foreign
from .candidate import make_package
from .cases import Case, cases, operations
from .wire import Sent, differences


@dataclass
class Report:
    """What one document gave."""

    operations: int = 0
    left_out: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    called: int = 0
    equal: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    generating: float = 0.0

    def line(self) -> str:
        """Return the report as a line of figures."""
        return (
            f"{self.operations} operations, {len(self.left_out)} left out, "
            f"{len(self.complaints)} complaints of mypy, {self.called} called, {self.equal} equal, "
            f"{len(self.faults)} different; {self.generating:.0f} s to generate, "
            f"{self.seconds:.0f} s in all"
        )


def examine(source: str, tool: Path, *, types: bool = True) -> Report:
    """Return what a document gives: generated, imported, type-checked, called, compared."""
    start = time.monotonic()
    fetched = fetch(source)
    document = parse(fetched.content)
    report = Report(operations=sum(1 for _ in operations(document)))
    with tempfile.TemporaryDirectory(prefix="public-") as folder:
        package = make_package(fetched, Path(folder))
        report.generating = package.seconds
        report.left_out = package.left_out()
        if types:
            report.complaints = package.complaints()
        calls = cases(document, package.operations())
        sent, errors = package.call(calls)
    built = foreign.build(calls, tool)
    for case, theirs in zip(calls, built, strict=True):
        _judge(report, case, sent.get(case.number), theirs, errors.get(case.number))
    report.seconds = time.monotonic() - start
    return report


def _judge(
    report: Report, case: Case, ours: Sent | None, theirs: Sent | str, error: str | None
) -> None:
    """Count one call, and say what is wrong with it."""
    said = [*case.lacks]
    if ours is None:
        said.append(f"not called: {error}")
    else:
        report.called += 1
    if isinstance(theirs, str):
        said.append(f"the foreign tool fails: {theirs}")
    elif ours is not None:
        said += differences(ours, theirs, case.headers)
    if not said:
        report.equal += 1
        return
    report.faults.append(f"{case.route}: {'; '.join(said)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 0 when every document came out and every request was equal, else 1."""
    parser = argparse.ArgumentParser(prog="python -m scripts.public", description=__doc__)
    parser.add_argument("documents", nargs="+", help="OpenAPI documents, in JSON or YAML")
    parser.add_argument(
        "--swagger-client",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="where `npm install swagger-client` was run",
    )
    parser.add_argument("--no-types", action="store_true", help="leave mypy out")
    options = parser.parse_args(arguments)
    accept_any_text()
    status = 0
    for source in options.documents:
        try:
            report = examine(source, options.swagger_client, types=not options.no_types)
        except (StepError, RuntimeError, foreign.ForeignToolError) as error:
            say(f"{source}: FAILED\n{error}")
            status = 1
            continue
        say(f"{source}: {report.line()}")
        for what in ("left_out", "complaints", "faults"):
            for line in getattr(report, what):
                say(f"  {what.replace('_', ' ')}: {line}")
        if report.complaints or report.faults:
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
