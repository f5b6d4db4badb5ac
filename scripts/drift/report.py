"""A drift in words: for people, for pull requests, for programs, for a workflow's annotations."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..contract.detours import detour_rows
from ..contract.misfit_table import table
from .compare import Drift
from .documents import Document
from .escape import code, command_property, command_text, plain
from .findings import BREAKING, HEALED, INFO, WARNING, Finding, Level

# GitHub takes 65,536 characters.
MOST_MARKDOWN = 60_000
MOST_PLACES = 3
_COMMANDS = {INFO: "notice", WARNING: "warning", HEALED: "error", BREAKING: "error"}
_WORST_FIRST = (BREAKING, HEALED, WARNING, INFO)
_VERDICTS = {
    Level.SAME: "the same: nothing that a client would notice",
    INFO: "additive changes only",
    WARNING: "nothing breaking, but look at the warnings",
    HEALED: "breaking for installed releases, and healed by make regenerate",
    BREAKING: "breaking",
}


@dataclass(frozen=True)
class Report:
    """A drift, and between which documents."""

    drift: Drift
    old: Document
    new: Document

    @property
    def status(self) -> int:
        """The exit status: 0 the same, 1 additive or doubtful, 2 breaking, 4 breaking and healed by
        regenerating.
        """
        return {Level.SAME: 0, HEALED: 4, BREAKING: 2}.get(self.drift.level, 1)

    @property
    def verdict(self) -> str:
        """The level in words, with the numbers of findings."""
        words = _VERDICTS[self.drift.level]
        counts = [f"{number} {level.word}" for level, number in self.counts.items() if number]
        return f"{words} ({', '.join(counts)})" if counts else words

    @property
    def counts(self) -> dict[Level, int]:
        """The number of findings of each level."""
        levels = [finding.level for finding in self.drift.findings]
        return {level: levels.count(level) for level in _WORST_FIRST}

    def to_json(self) -> dict[str, Any]:
        """Return what `report.json` holds."""
        return {
            "status": self.status,
            "level": self.drift.level.word,
            "verdict": self.verdict,
            "counts": {level.word: number for level, number in self.counts.items()},
            "vendored": _named(self.old),
            "new": _named(self.new),
            "repairs": list(self.new.warnings),
            "findings": [finding.to_json() for finding in self.drift.findings],
            "misfits": [asdict(row) for row in self.drift.misfits],
            "detours": [asdict(each) for each in self.drift.detours],
        }


def _named(document: Document) -> dict[str, str]:
    return {"source": document.origin, "sha256": document.sha256}


def as_text(report: Report) -> str:
    """Return a report for a terminal."""
    lines = [
        f"drift: {report.verdict}",
        f"  vendored  {report.old.sha256[:12]}  {plain(report.old.origin)}",
        f"  new       {report.new.sha256[:12]}  {plain(report.new.origin)}",
        *(f"  repair    {plain(warning)}" for warning in report.new.warnings),
    ]
    for finding in report.drift.findings:
        lines += ["", *_block(finding)]
    if report.drift.misfits:
        lines += [
            "",
            "where the layer does not fit the new contract:",
            "",
            *map(plain, _misfits(report)),
        ]
    if report.drift.detours:
        lines += ["", "where a regenerated client goes by the other route:", ""]
        lines += map(plain, table(detour_rows(report.drift.detours)).splitlines())
    return "\n".join(lines)


def _block(finding: Finding) -> list[str]:
    title = f"{finding.level.word.upper():<9} {finding.rule}  {plain(_routes(finding.routes))}"
    places = [f"    in       {plain(_places(finding.places))}"] if finding.places else []
    return [
        title.rstrip(),
        *places,
        f"    at       {plain(finding.pointer)}",
        f"    before   {plain(finding.before) or '(nothing)'}",
        f"    after    {plain(finding.after) or '(nothing)'}",
        f"    touches  {_listed(finding.touches)}",
    ]


def _routes(routes: tuple[str, ...]) -> str:
    if not routes:
        return ""
    return routes[0] + _more(routes)


def _more(routes: tuple[str, ...]) -> str:
    return f" and {len(routes) - 1} more" if len(routes) > 1 else ""


def _places(places: tuple[str, ...]) -> str:
    more = f", and in {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return ", ".join(places[:MOST_PLACES]) + more


def _listed(touches: Iterable[str]) -> str:
    return ", ".join(touches) or "nothing used here"


def _misfits(report: Report) -> list[str]:
    return table(report.drift.misfits).splitlines()


def as_markdown(report: Report) -> str:
    """Return a report for a pull request or an issue. Whatever comes from the contract stands in
    code spans.
    """
    lines = [
        "## Contract drift",
        "",
        f"**{report.verdict}**",
        "",
        f"From {code(report.old.sha256[:12])} to {code(report.new.sha256[:12])}, "
        f"{code(report.new.origin)}",
    ]
    lines += [f"- repair: {code(warning)}" for warning in report.new.warnings]
    for level in _WORST_FIRST:
        findings = [finding for finding in report.drift.findings if finding.level == level]
        if findings:
            lines += ["", f"### {level.word.title()} ({len(findings)})", ""]
        for finding in findings:
            lines += _item(finding)
    if report.drift.misfits:
        lines += ["", "### Where the layer does not fit", ""]
    for row in report.drift.misfits:
        cells = map(code, asdict(row).values())
        lines.append(f"- {' · '.join(cells)}")
    if report.drift.detours:
        lines += ["", "### Where a regenerated client goes by the other route", ""]
    lines += [f"- {code(str(each))}" for each in report.drift.detours]
    return _cut(lines)


def _item(finding: Finding) -> list[str]:
    where = f" in {code(finding.routes[0])}" if finding.routes else ""
    places = [f"  - in {code(_places(finding.places))}"] if finding.places else []
    touches = ", ".join(map(code, finding.touches))
    return [
        f"- **{finding.rule}**{where}{_more(finding.routes)}",
        *places,
        f"  - at {code(finding.pointer)}",
        f"  - before {code(finding.before)}, after {code(finding.after)}",
        f"  - touches {touches or 'nothing used here'}",
    ]


def _cut(lines: list[str]) -> str:
    """Return the lines as a text that GitHub takes, the last ones left out where it is too long."""
    total = 0
    for number, line in enumerate(lines):
        total += len(line.encode()) + 1
        if total > MOST_MARKDOWN:
            rest = f"{len(lines) - number} more lines are in report.json."
            return "\n".join([*lines[:number], "", rest])
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """Return a report for programs."""
    return json.dumps(report.to_json(), indent=2)


def as_github(report: Report) -> str:
    """Return workflow commands that annotate a run."""
    commands = [_command(finding) for finding in report.drift.findings]
    return "\n".join([*commands, f"drift: {report.verdict}"])


def _command(finding: Finding) -> str:
    title = command_property(f"{finding.rule} {_routes(finding.routes)}".strip())
    line = f"{finding.pointer}: {finding.before or 'nothing'} -> {finding.after or 'nothing'}; "
    text = command_text(line + f"touches {_listed(finding.touches)}")
    return f"::{_COMMANDS[finding.level]} file=openapi/openapi.json,title={title}::{text}"


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "github": as_github,
}
