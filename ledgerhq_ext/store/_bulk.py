"""Writing many source transactions down: part by part, each part in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, and_, select, union_all

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._adding import (
    SEQUENCE_IS_BEHIND,
    check_same,
    check_same_intent,
    find_row,
    key_is_taken,
)
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._decisions import hold_back_if_distrusted
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._moving import check_host
from ledgerhq_ext.store._reading import stored
from ledgerhq_ext.store._rows import StoredPosting
from ledgerhq_ext.store._schema import postings
from ledgerhq_ext.store._statements import Intent, insert_row, insert_rows, row_values, same_source

PART = 250
"""Postings that are written by one transaction of the store's own."""
Standing = StoredPosting | InputError | None
"""What the store has of a source transaction: its posting; nothing; or the error that says what
differs.
"""
_P = postings.c
_Source = tuple[str, str, str]


@frozen(kw_only=True)
class AddResult:
    """The result of adding many: how many postings are ``new``, and how many were ``known``, since
    they had been added before.
    """

    new: int
    known: int


@frozen(kw_only=True)
class Written:
    """The part of some intents that was written down, in their order; ``error``: what is wrong with
    the one behind it, if any.
    """

    new: int
    known: int
    error: InputError | None = None


def parts(intents: Iterable[Intent]) -> Iterator[tuple[list[Intent], Exception | None]]:
    """Yield intents in parts. With the last comes the error that making the next intent raised."""
    part: list[Intent] = []
    error: Exception | None = None
    try:
        for intent in intents:
            part.append(intent)
            if len(part) == PART:
                yield part, None
                part = []
    except Exception as problem:
        error = problem
    yield part, error


def add_rows(db: AnyConnection, intents: Sequence[Intent]) -> Written:
    """Write source transactions of one organization down, up to the first that does not fit what is
    there.
    """
    check_host(db, intents[0].owner)
    rows, taken = _rows_of(db, intents)
    fitting, error = _fitting(intents, rows, taken)
    new: dict[_Source, Intent] = {}
    for intent in fitting:
        source = _source_of(intent)
        if source not in rows:
            new.setdefault(source, intent)

    if _insert_together(db, list(new.values())):
        return Written(new=len(new), known=len(fitting) - len(new), error=error)

    # Somebody came first with one of them just now, or with its key.
    inserted: list[Intent] = []
    for intent in new.values():
        try:
            if _insert_one(db, intent):
                inserted.append(intent)
        except InputError as problem:
            error = problem
            fitting = fitting[: fitting.index(intent)]
            break
    _hold_back(db, inserted)
    return Written(new=len(inserted), known=len(fitting) - len(inserted), error=error)


def find_rows(db: Connection, intents: Sequence[Intent]) -> list[Standing]:
    """Return what is there of each source transaction of one organization, in their order."""
    standings: list[Standing] = []
    for start in range(0, len(intents), PART):
        part = intents[start : start + PART]
        rows, taken = _rows_of(db, part)
        for intent in part:
            standings.append(_standing(rows.get(_source_of(intent)), intent, taken))
    return standings


def _standing(row: Any, intent: Intent, taken: set[str]) -> Standing:
    if row is None:
        return key_is_taken(intent) if intent.key in taken else None
    try:
        check_same(row, intent)
    except InputError as error:
        # As a value it needs no traceback, which would keep all of the rows.
        return error.with_traceback(None)
    return stored(row)


def _rows_of(db: AnyConnection, intents: Sequence[Intent]) -> tuple[dict[_Source, Any], set[str]]:
    """Return the rows of those source transactions that were added before, and the keys of these
    rows and of others that are taken.
    """
    is_of_organization = _P.organization_id == intents[0].organization_id
    is_of_source = and_(
        _P.resource.in_({intent.resource for intent in intents}),
        _P.source_system.in_({intent.source[0] for intent in intents}),
        _P.source_id.in_({intent.source[1] for intent in intents}),
    )
    has_key = _P.key.in_({intent.key for intent in intents})
    # Not by OR, for which no index would be asked.
    by_source = select(postings).where(is_of_organization, is_of_source)
    by_key = select(postings).where(is_of_organization, has_key, ~is_of_source)
    rows: dict[_Source, Any] = {}
    for row in db.execute(union_all(by_source, by_key)).all():
        rows[row.resource, row.source_system, row.source_id] = row
    return rows, {row.key for row in rows.values()}


def _fitting(
    intents: Sequence[Intent], rows: dict[_Source, Any], taken: set[str]
) -> tuple[Sequence[Intent], InputError | None]:
    """Return the intents up to the first that says something else than its row, or than an earlier
    one of the same source transaction, or has another one's key; and what is wrong with it.
    """
    first: dict[_Source, Intent] = {}
    for position, intent in enumerate(intents):
        source = _source_of(intent)
        try:
            if source in rows:
                check_same(rows[source], intent)
            elif intent.key in taken:
                raise key_is_taken(intent)
            check_same_intent(first.setdefault(source, intent), intent)
        except InputError as error:
            return intents[:position], error
    return intents, None


def _insert_together(db: AnyConnection, intents: Sequence[Intent]) -> bool:
    """Write new rows by one statement; return False, and write none, where that cannot be done, or
    one of them is there by now.
    """
    if not intents:
        return True
    if not isinstance(db, Connection):
        return False
    statement = insert_rows(db)
    values = [row_values(intent) for intent in intents]
    if db.dialect.name == "sqlite":
        # Nobody else writes between a look and what is written after it.
        db.execute(statement, values)
    else:
        savepoint = db.begin_nested()
        if db.execute(statement, values).rowcount < len(intents):
            savepoint.rollback()
            return False
        savepoint.commit()
    _hold_back(db, intents)
    return True


def _insert_one(db: AnyConnection, intent: Intent) -> bool:
    """Write a new row; return False where it is there by now, and raise ``InputError`` where it is
    on other terms, or its key is another one's.
    """
    if db.execute(insert_row(db, intent)).rowcount == 1:
        return True
    if find_row(db, intent) is None:
        raise StoreError(SEQUENCE_IS_BEHIND)
    return False


def _hold_back(db: AnyConnection, intents: Sequence[Intent]) -> None:
    """Leave rows that were just added to people where the store is distrusted."""
    for intent in intents:
        # Only now: who declares a store old, and who adds to it, see each other in this order.
        if not hold_back_if_distrusted(db, same_source(intent)):
            break


def _source_of(intent: Intent) -> _Source:
    return intent.resource, *intent.source
