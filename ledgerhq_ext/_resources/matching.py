"""The one record that a text means, or those that come near."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import TypeVar

from ledgerhq_ext._texts import comparable
from ledgerhq_ext.errors import InputError, RecordLookupError

T = TypeVar("T")
_CANDIDATES = 20
_NEARNESS = 0.6
"""The likeness (0 to 1, by difflib) from which on a name is a candidate."""
_SHARE = 0.8
"""The share of the nearest one's likeness that the others need, to be candidates beside it."""
_COMPARED_LENGTH = 200
"""Characters of a name that are compared for likeness: comparing takes their square."""


def form_of(name: str, text: object) -> str:
    """Return the normal form of a text to look for; ``InputError`` for what is no such text."""
    form = comparable(text) if isinstance(text, str) else ""
    if not form:
        raise InputError(f"{name}: pass the text to look for, not {text!r}.")
    return form


def one(
    name: str,
    text: str,
    records: Iterable[T],
    value: Callable[[T], str | None],
    show: Callable[[T], str],
) -> T:
    """Return the one record with that value: exactly, or else in the normal form of ``comparable``.

    ``name`` says in messages what the value is; ``show`` writes a candidate. Raises
    ``RecordLookupError`` for none and for several, with the candidates: those that match, or the
    near ones, nearest first. Where nothing is near they are the first of all there is.
    """
    form = form_of(name, text)
    everything = list(records)
    matches = matches_of(text, form, everything, value)
    if len(matches) == 1:
        return matches[0]

    count = f"{len(matches)} records match" if matches else "no record matches"
    near = matches or _near(form, everything, value)
    candidates = near or everything
    raise RecordLookupError(
        f"{name} {text!r}: {count}.",
        candidates=[show(record) for record in candidates[:_CANDIDATES]],
        more=max(len(candidates) - _CANDIDATES, 0),
        are_near=bool(near),
    )


def matches_of(text: str, form: str, records: list[T], value: Callable[[T], str | None]) -> list[T]:
    """Return the records with exactly that value, or else those with its normal form."""
    # Names may differ in case or blanks alone: then the exact one is meant.
    exact = [record for record in records if value(record) == text]
    if exact:
        return exact
    return [record for record in records if comparable(value(record)) == form]


def _near(form: str, records: list[T], value: Callable[[T], str | None]) -> list[T]:
    """Return the records whose value contains the form or is like it, nearest first."""
    import difflib

    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(form[:_COMPARED_LENGTH])
    scored: list[tuple[bool, float, T]] = []
    for record in records:
        other = comparable(value(record))
        contains = form in other
        matcher.set_seq1(other[:_COMPARED_LENGTH])
        # The first is an upper bound that is cheap to have.
        if contains or matcher.quick_ratio() >= _NEARNESS:
            ratio = matcher.ratio()
            if contains or ratio >= _NEARNESS:
                scored.append((contains, ratio, record))
    # Records themselves have no order.
    scored.sort(key=itemgetter(0, 1), reverse=True)

    # Codes are short, so that most of a chart is a little like any of them.
    enough = _SHARE * max((ratio for _, ratio, _ in scored), default=0)
    return [record for contains, ratio, record in scored if contains or ratio >= enough]
