"""What a comparison finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Protocol

from ..contract.pointers import canonical_json
from ..contract.schemas import is_annotation
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


class Level(IntEnum):
    """How bad it is for a client: nothing, additive, doubtful, breaking until it is regenerated,
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


INFO, WARNING, HEALED, BREAKING = Level.INFO, Level.WARNING, Level.HEALED, Level.BREAKING


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
        """What `report.json` holds."""
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


class Note(Protocol):
    """How a comparison says what it found."""

    def __call__(
        self,
        level: Level,
        rule: str,
        pointer: str,
        before: Any,
        after: Any,
        use: Use | None,
        *,
        lost: bool = False,
        path: str = "",
    ) -> None:
        """`lost`: it has disappeared, which is breaking when the layer uses it, whatever the rule
        says.

        `path` is where in the operation it is: `request.lines[].amount`.
        """


def noting(found: list[Finding], route: str) -> Note:
    """A `Note` that adds to `found` for one operation."""

    def note(
        level: Level,
        rule: str,
        pointer: str,
        before: Any,
        after: Any,
        use: Use | None,
        *,
        lost: bool = False,
        path: str = "",
    ) -> None:
        touches = use.touches() if use else ()
        level = BREAKING if lost and touches else level
        routes = (route,) if route else ()
        places = (f"{route} {path}",) if route and path else ()
        found.append(
            Finding(level, rule, routes, pointer, brief(before), brief(after), touches, places)
        )

    return note


def brief(value: Any) -> str:
    """A value of the contract in one short line; nothing for None."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical_json(_quiet(value))
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _quiet(value: Any) -> Any:
    if isinstance(value, list):
        return [_quiet(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _quiet(item)
        for key, item in value.items()
        if not is_annotation(key) or isinstance(item, bool)
    }


def merged(found: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each change, however many operations it is seen from; the worst first.

    What is less bad for the layer than for others is a finding of its own.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for each in found:
        wide = each.rule.startswith(_WIDE) and each.pointer.startswith("/paths/")
        key = (each.rule, "" if wide else each.pointer, each.before, each.after)
        groups.setdefault(key, []).append(each)

    together: list[Finding] = []
    for group in groups.values():
        worst = max(each.level for each in group)
        milder = [each for each in group if each.level < worst and each.touches]
        together.append(_one([each for each in group if each not in milder]))
        if milder:
            together.append(_one(milder))
    return sorted(together, key=_rank)


def _rank(finding: Finding) -> tuple[int, bool, str, str]:
    """Return the place of a finding in a list: the worst first, and what the layer uses."""
    return -finding.level, not finding.touches, finding.pointer, finding.rule


def _one(views: Sequence[Finding]) -> Finding:
    """Return one change with all that is known of it from several operations."""
    return replace(
        views[0],
        level=max(each.level for each in views),
        routes=_once(route for each in views for route in each.routes),
        touches=_once(touch for each in views for touch in each.touches),
        places=_once(place for each in views for place in each.places),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each text once, in the order of their first appearance."""
    return tuple(dict.fromkeys(texts))
