"""Who may call: security requirements compared by what their schemes are, not by their names."""

import json
from collections.abc import Iterator
from typing import Any

from ..contract.pointers import Object, canonical_json, join
from ..contract.schemas import is_annotation
from .findings import BREAKING, INFO, WARNING, Note
from .unions import Place
from .use import Use

# What a caller must show: pairs of a scheme and a scope, the empty one for the scheme itself.
Ticket = frozenset[tuple[str, str]]
_SAID = {"bearerFormat", "flows"}


class Schemes:
    """The security schemes of one document."""

    def __init__(self, schemes: Object) -> None:
        self._schemes = schemes

    def tickets(self, requirements: list[Object]) -> list[Ticket]:
        """The ways to be let in, each as what has to be shown; nothing at all for everybody."""
        return [self._ticket(requirement) for requirement in requirements] or [frozenset()]

    def _ticket(self, requirement: Object) -> Ticket:
        shown = {
            (self._kind(name), scope)
            for name, scopes in requirement.items()
            for scope in ("", *scopes)
        }
        return frozenset(shown)

    def _kind(self, name: str) -> str:
        """A scheme by what it is: its type, and where the credential goes."""
        scheme = self._schemes.get(name, {"unknown": name})
        kept = {
            key: value
            for key, value in scheme.items()
            if key not in _SAID and not is_annotation(key)
        }
        if kept.get("type") == "http":
            kept["scheme"] = str(kept.get("scheme", "")).lower()
        return canonical_json(kept)

    def described(self) -> Iterator[tuple[str, str, Any]]:
        """(kind, part, value) of everything that is said about the flows."""
        for name, scheme in self._schemes.items():
            for flow, content in scheme.get("flows", {}).items():
                yield from (
                    (self._kind(name), f"{flow} {key}", value) for key, value in content.items()
                )


def compare_security(
    old: Place, new: Place, schemes: tuple[Schemes, Schemes], use: Use | None, note: Note
) -> None:
    """Tell whether those who got in still get in, and who else does."""
    was, now = (place.schema["security"] for place in (old, new))
    before, after = schemes[0].tickets(was), schemes[1].tickets(now)
    shut = [ticket for ticket in before if not any(other <= ticket for other in after)]
    opened = [ticket for ticket in after if not any(other <= ticket for other in before)]
    pointer = join(old.pointer, "security")
    if shut:
        rule = "security-added" if frozenset() in shut else "security-changed"
        note(BREAKING, rule, pointer, _words(before), _words(after), use)
    elif opened or set(before) != set(after):
        note(INFO, "security-loosened", pointer, _words(before), _words(after), use)


def compare_flows(schemes: tuple[Schemes, Schemes], note: Note) -> None:
    """Tell what has changed in how a token is got."""
    before, after = (
        {(kind, part): value for kind, part, value in each.described()} for each in schemes
    )
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if canonical_json(was) != canonical_json(now):
            level = INFO if _only_more(was, now) else WARNING
            note(
                level,
                "oauth-flow-changed",
                "/components/securitySchemes",
                f"{key[1]}: {was}",
                f"{key[1]}: {now}",
                None,
            )


def _only_more(was: Any, now: Any) -> bool:
    return isinstance(now, dict) and (
        was is None or (isinstance(was, dict) and was.keys() <= now.keys())
    )


def _words(tickets: list[Ticket]) -> str:
    return " or ".join(sorted({_ticket_words(ticket) for ticket in tickets}))


def _ticket_words(ticket: Ticket) -> str:
    scopes: dict[str, list[str]] = {}
    for kind, scope in sorted(ticket):
        scopes.setdefault(kind, []).extend([scope] if scope else [])
    parts = [
        f"{_kind_words(kind)} ({', '.join(found)})" if found else _kind_words(kind)
        for kind, found in scopes.items()
    ]
    return " and ".join(parts) or "everybody"


def _kind_words(kind: str) -> str:
    scheme = json.loads(kind)
    return " ".join(
        str(scheme[key]) for key in ("type", "scheme", "in", "name", "unknown") if key in scheme
    )
