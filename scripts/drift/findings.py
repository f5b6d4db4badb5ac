"""Findings of a comparison, from a remark on two schemas to a change of the contract."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from ..contract.pointers import canonical_json
from ..contract.schemas import annotations, drop
from .use import Use

LONGEST = 240
# What these find in many operations at once is one change: a header, a scheme, a status.
_WIDE = (
    "parameter-",
    "required-parameter-",
    "security-",
    "response-status-",
    "response-header-",
    "server-",
)
_MORE_ERRORS = frozenset(
    {"response-enum-value-added", "response-enum-opened", "response-variant-added"}
)


class Level(IntEnum):
    """The damage to a client: none, additive, doubtful, breaking until it is regenerated,
    breaking.
    """

    SAME = 0
    INFO = 1
    WARNING = 2
    HEALED = 3
    BREAKING = 4

    @property
    def word(self) -> str:
        """The level as reports write it."""
        return self.name.lower()


INFO = Level.INFO
WARNING = Level.WARNING
HEALED = Level.HEALED
BREAKING = Level.BREAKING


@dataclass(frozen=True)
class Finding:
    """One change: by which rule, in which operations, where, from what to what, and what it touches
    in the layer.

    The pointer leads into the vendored contract, or into the new one for what is only there.
    """

    level: Level
    rule: str
    routes: tuple[str, ...]
    pointer: str
    before: str
    after: str
    touches: tuple[str, ...]
    # Where in an operation it is seen: `POST /api/v1/purchases request.lines[].amount`.
    places: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what `report.json` holds."""
        return {
            "level": self.level.word,
            "rule": self.rule,
            "route": self.routes[0] if self.routes else "",
            "routes": list(self.routes),
            "places": list(self.places),
            "pointer": self.pointer,
            "before": self.before,
            "after": self.after,
            "touches": list(self.touches) or ["nothing used here"],
        }


@dataclass(frozen=True)
class Remark:
    """One change as a comparison sees it, before anybody knows in which operations: by which rule,
    from what to what, and what the layer makes of the place.

    What `is_lost` has disappeared, which is breaking when the layer uses it, whatever the rule
    says.
    """

    level: Level
    rule: str
    pointer: str
    before: Any
    after: Any
    use: Use | None = None
    is_lost: bool = False

    def on(self, side: str) -> "Remark":
        """Return the remark on one side of a call: `request` or `response`."""
        return replace(self, rule=f"{side}-{self.rule}")


class Notes:
    """The changes of one operation, written down among the findings of all."""

    def __init__(self, findings: list[Finding], route: str) -> None:
        self._findings = findings
        self._route = route

    def add(self, remark: Remark, *, path: str = "") -> None:
        """Write a change down. `path` is where in the operation it is: `request.lines[].amount`."""
        touches: tuple[str, ...] = ()
        if remark.use is not None:
            touches = remark.use.touches()
        # What others may do without is breaking where the layer uses it.
        level = BREAKING if remark.is_lost and touches else remark.level

        routes: tuple[str, ...] = ()
        places: tuple[str, ...] = ()
        if self._route:
            routes = (self._route,)
        if self._route and path:
            places = (f"{self._route} {path}",)

        before = brief(remark.before)
        after = brief(remark.after)
        self._findings.append(
            Finding(level, remark.rule, routes, remark.pointer, before, after, touches, places)
        )

    def say(
        self,
        level: Level,
        rule: str,
        pointer: str,
        before: Any,
        after: Any,
        use: Use | None,
        *,
        is_lost: bool = False,
    ) -> None:
        """Write a change down that is of the operation as a whole."""
        self.add(Remark(level, rule, pointer, before, after, use, is_lost))


class ErrorNotes(Notes):
    """The changes of errors: one more code or form of them is read as any other."""

    def add(self, remark: Remark, *, path: str = "") -> None:
        """Write a change down."""
        if remark.rule in _MORE_ERRORS:
            remark = replace(remark, level=INFO)
        super().add(remark, path=path)


def brief(value: Any) -> str:
    """Return a value of the contract in one short line; nothing for None."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical_json(_quiet(value))
    line = " ".join(text.split())
    if len(line) > LONGEST:
        return f"{line[: LONGEST - 1]}…"
    return line


def _quiet(value: Any) -> Any:
    """Return a value without what it says to people."""
    if isinstance(value, list):
        return [_quiet(item) for item in value]
    if not isinstance(value, dict):
        return value

    # A property may be called like an annotation; a flag such as `deprecated` says something.
    words = [key for key in annotations(value) if not isinstance(value[key], bool)]
    return {key: _quiet(item) for key, item in drop(value, *words).items()}


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each change, however many operations it is seen from; the worst first.

    What is less bad for the layer than for others is a finding of its own.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        groups.setdefault(_change_of(each), []).append(each)

    together: list[Finding] = []
    for group in groups.values():
        worst = max(each.level for each in group)
        milder: list[Finding] = []
        rest: list[Finding] = []
        for each in group:
            is_milder = each.level < worst and each.touches
            (milder if is_milder else rest).append(each)

        together.append(_one(rest))
        if milder:
            together.append(_one(milder))
    return sorted(together, key=_rank)


def _change_of(finding: Finding) -> tuple[str, ...]:
    """Return the same for findings that are one change."""
    is_wide = finding.rule.startswith(_WIDE) and finding.pointer.startswith("/paths/")
    pointer = "" if is_wide else finding.pointer
    return finding.rule, pointer, finding.before, finding.after


def _rank(finding: Finding) -> tuple[int, bool, str, str]:
    """Return the place of a finding in a list: the worst first, and what the layer uses."""
    return -finding.level, not finding.touches, finding.pointer, finding.rule


def _one(views: Sequence[Finding]) -> Finding:
    """Return one change with all that is known of it from several operations."""
    level = views[0].level
    # Dicts keep the order, and each name only once.
    routes: dict[str, None] = {}
    touches: dict[str, None] = {}
    places: dict[str, None] = {}
    for each in views:
        level = max(level, each.level)
        routes.update(dict.fromkeys(each.routes))
        touches.update(dict.fromkeys(each.touches))
        places.update(dict.fromkeys(each.places))
    return replace(
        views[0],
        level=level,
        routes=tuple(routes),
        touches=tuple(touches),
        places=tuple(places),
    )
