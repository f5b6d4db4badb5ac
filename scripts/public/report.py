"""What one document gives: generated, imported, type-checked, called, compared."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.contract.pointers import Object
from scripts.contract.source import fetch, parse

from . import foreign
from .candidate import SURFACES, make_package
from .cases import Case, cases, operations
from .wire import Sent, differences

Theirs = Callable[[list[Case]], list[Object]]
"""What gives the foreign tool's requests of some cases."""


@dataclass
class Report:
    """The result of one document."""

    operations: int = 0
    left_out: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    called: int = 0
    equal: int = 0
    faults: list[str] = field(default_factory=list)
    answers: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0
    generating: float = 0.0

    def line(self) -> str:
        """Return the report as a line of figures."""
        return (
            f"{self.operations} operations, {len(self.left_out)} left out, "
            f"{len(self.complaints)} complaints of mypy, {self.called} called, {self.equal} equal, "
            f"{len(self.faults)} different; {self.answers} answers, {len(self.lost)} lost; "
            f"{self.generating:.0f} s to generate, "
            f"{self.seconds:.0f} s in all"
        )


def examine(source: str, build: Theirs, *, types: bool = True, cache: Path | None = None) -> Report:
    """Return the report of a document. Raises ``StepError`` where it gives no candidate.

    ``cache``: a folder for what mypy knows of the libraries, where several documents follow.
    """
    start = time.monotonic()
    fetched = fetch(source)
    document = parse(fetched.content)
    report = Report(operations=sum(1 for _ in operations(document)))
    with tempfile.TemporaryDirectory(prefix="public-") as folder:
        package = make_package(fetched, Path(folder))
        report.generating = package.seconds
        report.left_out = package.left_out()
        if types:
            report.complaints = package.complaints(cache)
        calls = cases(document, package.operations())
        surfaces = [package.call(calls, surface) for surface in SURFACES]
        lost = package.read(calls)
    for case, built in zip(calls, build(calls), strict=True):
        own = [(sent.get(case.number), errors.get(case.number, "")) for sent, errors in surfaces]
        _judge(report, case, own, foreign.sent(built))
    report.answers = sum(len(case.answers) for case in calls)
    report.lost = [f"{case.route}: {lost[case.number]}" for case in calls if case.number in lost]
    report.seconds = time.monotonic() - start
    return report


def _judge(
    report: Report,
    case: Case,
    surfaces: list[tuple[Sent | None, str]],
    tool_request: Sent | str,
) -> None:
    """Count one call, and say what is wrong with it: what each surface sent, or raised."""
    faults = [*case.lacks]
    report.called += all(own is not None for own, _ in surfaces)
    if isinstance(tool_request, str):
        faults.append(f"the foreign tool fails: {tool_request}")
    for name, (own, error) in zip(SURFACES, surfaces, strict=True):
        said = [f"not called: {error}"] if own is None else []
        if own is not None and not isinstance(tool_request, str):
            said = differences(own, tool_request, case.headers, case.undefined)
        faults += [f"{name}: {each}" for each in said]
    if not faults:
        report.equal += 1
        return
    report.faults.append(f"{case.route}: {'; '.join(faults)}")
