"""Security requirements compared by what their schemes are, not by their names."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..contract.pointers import Object, canonical_json, join
from ..contract.schemas import bare
from .findings import BREAKING, INFO, WARNING, Level, Notes
from .unions import Place
from .use import Use

# What a caller must show: pairs of a scheme and a scope, the empty one for the scheme itself.
Ticket = frozenset[tuple[str, str]]
# By the type of a scheme, the words that say where the credential goes.
_KINDS = {"http": ("scheme",), "apiKey": ("in", "name"), "oauth2": ()}
_CODE = "authorizationCode"
_WORDS = ("type", "scheme", "in", "name", "unknown")


class Schemes:
    """The security schemes of one document."""

    def __init__(self, schemes: Object) -> None:
        self._schemes = schemes

    def tickets(self, requirements: list[Object]) -> list[Ticket]:
        """Return the ways to be let in, each as what has to be shown: nothing, for everybody."""
        if not requirements:
            return [frozenset()]
        return [self._ticket(requirement) for requirement in requirements]

    def _ticket(self, requirement: Object) -> Ticket:
        pairs: set[tuple[str, str]] = set()
        for name, scopes in requirement.items():
            scheme = self._kind(name)
            pairs.add((scheme, ""))
            pairs.update((scheme, scope) for scope in scopes)
        return frozenset(pairs)

    def _kind(self, name: str) -> str:
        """Return a scheme by what it is: its type, and where the credential goes."""
        scheme = self._schemes.get(name, {"unknown": name})
        kind = bare(scheme)
        if kind.get("type") in _KINDS:
            words = ("type", *_KINDS[kind["type"]])
            kind = {word: kind[word] for word in words if word in kind}
        if kind.get("type") == "http":
            # RFC 9110: the name of a scheme has no case.
            kind["scheme"] = str(kind.get("scheme", "")).lower()
        return canonical_json(kind)

    def flows(self) -> dict[tuple[str, str], Any]:
        """Return everything that is said about the flows, by scheme and part."""
        flows: dict[tuple[str, str], Any] = {}
        for name, scheme in self._schemes.items():
            kind = self._kind(name)
            # A flow of a scheme that only its name tells apart is the same flow.
            for flow, content in bare(scheme.get("flows", {})).items():
                parts = bare(content).items()
                flows.update({(kind, f"{flow} {key}"): value for key, value in parts})
        return flows


def compare_security(
    old: Place, new: Place, schemes: tuple[Schemes, Schemes], use: Use | None, notes: Notes
) -> None:
    """Tell whether those who got in still get in, and who else does."""
    old_schemes, new_schemes = schemes
    before = old_schemes.tickets(old.schema["security"])
    after = new_schemes.tickets(new.schema["security"])
    refused = [ticket for ticket in before if not _lets_in(after, ticket)]
    newcomers = [ticket for ticket in after if not _lets_in(before, ticket)]

    # Both ways: a ticket is what a caller shows, and each side may take more of them.
    pointer = join(old.pointer, "security")
    if refused:
        rule = "security-added" if frozenset() in refused else "security-changed"
        notes.say(BREAKING, rule, pointer, _words(before), _words(after), use)
    elif newcomers or set(before) != set(after):
        notes.say(INFO, "security-loosened", pointer, _words(before), _words(after), use)


def _lets_in(ways: Iterable[Ticket], ticket: Ticket) -> bool:
    """Return whether one who shows a ticket gets in by one of the ways."""
    return any(way <= ticket for way in ways)


def compare_flows(schemes: tuple[Schemes, Schemes], notes: Notes, use: Use | None) -> None:
    """Tell what has changed in how a token is got; `use` is that of the code of a browser."""
    old_schemes, new_schemes = schemes
    before = old_schemes.flows()
    after = new_schemes.flows()
    pointer = "/components/securitySchemes"
    if _has_code(before) and not _has_code(after):
        notes.say(BREAKING, "oauth-flow-removed", pointer, _CODE, None, use)
    for key in sorted(before.keys() | after.keys()):
        was = before.get(key)
        now = after.get(key)
        if canonical_json(was) != canonical_json(now):
            part = key[1]
            level = _level_of_flow(was, now)
            notes.say(
                level, "oauth-flow-changed", pointer, f"{part}: {was}", f"{part}: {now}", None
            )


def _has_code(flows: Mapping[tuple[str, str], Any]) -> bool:
    return any(part.startswith(_CODE) for _, part in flows)


def _level_of_flow(was: Any, now: Any) -> Level:
    """Return how bad a change of a part of a flow is: more scopes hurt nobody."""
    before = {} if was is None else was
    if not isinstance(before, dict) or not isinstance(now, dict):
        # An address, such as that of the token endpoint.
        return WARNING

    scopes_lost = before.keys() - now.keys()
    return WARNING if scopes_lost else INFO


def _words(tickets: list[Ticket]) -> str:
    return " or ".join(sorted({_ticket_words(ticket) for ticket in tickets}))


def _ticket_words(ticket: Ticket) -> str:
    """Return what a caller must show, in words."""
    scopes: dict[str, list[str]] = {}
    for kind, scope in sorted(ticket):
        # One scheme may ask for several scopes.
        names = scopes.setdefault(kind, [])
        if scope:
            names.append(scope)

    parts = [_scheme_words(kind, names) for kind, names in scopes.items()]
    return " and ".join(parts) or "everybody"


def _scheme_words(kind: str, scopes: list[str]) -> str:
    scheme = json.loads(kind)
    words = " ".join(str(scheme[key]) for key in _WORDS if key in scheme)
    return f"{words} ({', '.join(scopes)})" if scopes else words
