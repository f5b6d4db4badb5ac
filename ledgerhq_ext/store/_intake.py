"""Adding to the outbox: checks a posting and stores it, in a transaction of the store's own or of
the app's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledgerhq_ext._http.io import Work, in_place
from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext._plain import counted
from ledgerhq_ext._resources.posting import content_of, key_of
from ledgerhq_ext._resources.preflight_reads import check_postings
from ledgerhq_ext.client import AsyncOrganization
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.postings import Posting
from ledgerhq_ext.store._adding import add_row, has_row
from ledgerhq_ext.store._app_transaction import AppTransaction
from ledgerhq_ext.store._bulk import AddResult, Written, add_rows, parts
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._owner import AnyOrganization, handle_of, id_of, owner_of_organization
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import StoredPosting
from ledgerhq_ext.store._statements import Intent
from ledgerhq_ext.store._transactions import AnyTransaction
from ledgerhq_ext.store._worker import awaits


class Intake:
    """Adds postings to a store."""

    _database: Database
    _rows: Postings
    _work: Work

    async def add(
        self,
        organization: AnyOrganization,
        posting: Posting,
        *,
        source: tuple[str, str],
        key: str | None = None,
        in_order: bool = False,
        check: bool = False,
        transaction: AnyTransaction | None = None,
    ) -> StoredPosting:
        """Store a posting, to be sent by ``drain``. Nothing is sent yet; on return the posting is
        on disk.

        ``source`` is (source system, source id), from which the idempotency key is derived; ``key``
        overrides it. Adding the same source transaction again is a no-op; with a different payload,
        key or order it raises an ``InputError`` that names the differences (use ``correct`` to
        change a rejected posting). A posting added with ``in_order`` is sent only after everything
        added in order before it, for the same organization, is settled. Pass the handle of an
        organization to bind the posting to its connection and service, so that no other client
        sends it. Raises ``StoreError``.

        ``check``: first run ``books.check``, which reads what the posting refers to; an
        ``InputError`` names every problem, and nothing is stored. A source transaction that is
        already in the store is not checked again.

        ``transaction``: store the posting within the app's own open transaction, whose commit then
        decides whether it is stored, and how durably. Pass a SQLAlchemy ``Connection`` or
        ``Session`` (an asynchronous one with the asynchronous outbox), a connection of ``sqlite3``
        or ``psycopg`` (3), or Django's connection within ``atomic``. The transaction is not
        committed, and remains usable after an ``InputError``. Raises ``InputError`` if it is in a
        database other than the store's, and for a connection in autocommit mode; ``StoreError`` if
        the transaction can no longer be used, or the store was never opened. With ``check``, it
        stays open while the books are read.
        """
        intent = _intent(organization, posting, source, key, in_order)
        app: AppTransaction | None = None
        if transaction is not None:
            app = AppTransaction(transaction, self._database, self._work)

        if check:
            books = self._books_of(organization)
            if not await self._has(intent, app):
                report = await check_postings(books, (posting,))
                report.raise_for_problems()

        if app is not None:
            return await app.write(add_row, intent)
        return await self._work(self._rows.add, intent)

    async def add_all(
        self,
        organization: AnyOrganization,
        postings: Iterable[tuple[Posting, tuple[str, str]]],
        *,
        in_order: bool = False,
        transaction: AnyTransaction | None = None,
    ) -> AddResult:
        """Write many postings of an organization down, each as ``add`` does; return how many are
        new, and how many were added before.

        ``postings``: pairs of a posting and its source (source system, source id), from any
        iterable. It is read as it is written down, 250 postings at a time, so that a hundred
        thousand need no more memory than a few hundred. Each part is on disk before the next is
        read. With ``transaction`` all of it is written in the app's own transaction (see ``add``).

        It stops at the first posting that ``add`` would refuse: an ``InputError`` says which it is
        and why. What stands before it is written down, and stays; so it is when the iterable itself
        raises, or the process dies, up to the last part. Call it again with all of the postings,
        once that one is mended, or with the rest: what is there already is a no-op. Raises
        ``StoreError`` when the database cannot be used.
        """
        app: AppTransaction | None = None
        if transaction is not None:
            app = AppTransaction(transaction, self._database, self._work)

        new = 0
        known = 0
        for part, failure in parts(_intents(organization, postings, in_order)):
            written = Written(new=0, known=0)
            if part and app is not None:
                written = await app.write(add_rows, part)
            elif part:
                written = await self._work(self._rows.add_rows, part)
            new += written.new
            known += written.known
            error = written.error or failure
            if isinstance(error, InputError):
                raise _refusal(error, new + known)
            if error is not None:
                raise error
        return AddResult(new=new, known=known)

    async def find(
        self,
        organization: AnyOrganization,
        posting: Posting,
        *,
        source: tuple[str, str],
        key: str | None = None,
        in_order: bool = False,
    ) -> StoredPosting | None:
        """Return the posting of a source transaction that was added before, or None.

        It tells what ``add`` would do with these arguments, and writes nothing. Raises
        ``InputError``, which names the differences, if the source transaction was added with a
        different payload, key or order, or if its key belongs to another one; and ``StoreError``.
        """
        intent = _intent(organization, posting, source, key, in_order)
        return await self._work(self._rows.find, intent)

    async def find_all(
        self,
        organization: AnyOrganization,
        postings: Iterable[tuple[Posting, tuple[str, str]]],
        *,
        in_order: bool = False,
    ) -> tuple[StoredPosting | InputError | None, ...]:
        """Return what ``find`` says of many postings of an organization, in their order.

        ``postings``: pairs of a posting and its source (source system, source id). Where ``find``
        would raise an ``InputError``, the error itself stands in that place, so that one posting
        does not hide the others. Some hundred are read by one statement. Raises ``InputError`` for
        what is no pair, and ``StoreError``.
        """
        checked: list[Intent | InputError] = []
        for pair in postings:
            checked.append(_checked_intent(organization, *_pair_of(pair), in_order))

        intents = [each for each in checked if isinstance(each, Intent)]
        standings = iter(await self._work(self._rows.find_rows, intents) if intents else ())
        results: list[StoredPosting | InputError | None] = []
        for each in checked:
            results.append(each if isinstance(each, InputError) else next(standings))
        return tuple(results)

    async def _has(self, intent: Intent, app: AppTransaction | None) -> bool:
        """Return whether a source transaction was added before, in the app's transaction too."""
        if app is not None:
            return await app.read(has_row, intent)
        return await self._work(self._rows.has, intent)

    def _books_of(self, organization: AnyOrganization) -> AsyncOrganization:
        """Return the handle of an organization that waits as this outbox does."""
        books = handle_of(organization)
        blocks = self._work is in_place
        if books is None or awaits(books._session) == blocks:
            maker = "LedgerHQ" if blocks else "AsyncLedgerHQ"
            raise InputError(
                "check=True reads the company's books; pass the handle that "
                f"{maker}.organization(…) returns."
            )
        return books


def _intents(
    organization: AnyOrganization,
    postings: Iterable[tuple[Posting, tuple[str, str]]],
    in_order: bool,
) -> Iterator[Intent]:
    """Yield what ``add_all`` writes down."""
    for pair in postings:
        posting, source = _pair_of(pair)
        yield _intent(organization, posting, source, None, in_order)


def _pair_of(pair: Any) -> tuple[Posting, tuple[str, str]]:
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise InputError("Give pairs of a posting and its source (source system, source id).")
    posting, source = pair
    return posting, source


def _checked_intent(
    organization: AnyOrganization, posting: Posting, source: tuple[str, str], in_order: bool
) -> Intent | InputError:
    """Return what would be written down, or why it cannot be."""
    try:
        return _intent(organization, posting, source, None, in_order)
    except InputError as error:
        return error.with_traceback(None)


def _refusal(error: InputError, count: int) -> InputError:
    """Return an error that says where ``add_all`` stopped, behind so many postings."""
    before = counted(count, "posting before it is", "postings before it are")
    return InputError(
        f"Posting number {count + 1} was not added: {error.message} The {before} written "
        "down; mend this one, and call add_all again with all of them or with the rest."
    )


def check_source(source: object) -> None:
    """Raise ``InputError`` for what is no pair. What its parts may be, the key says."""
    if not isinstance(source, tuple) or len(source) != 2:
        raise InputError("Give source=(source system, source id).")


def _intent(
    organization: AnyOrganization,
    posting: Posting,
    source: tuple[str, str],
    key: str | None,
    in_order: bool,
) -> Intent:
    organization_id = id_of(organization)
    content = content_of(posting, organization_id)
    check_source(source)
    return Intent(
        organization_id=organization_id,
        resource=posting.resource,
        source=source,
        key=key_of(organization_id, posting, source, key),
        key_is_explicit=key is not None,
        request=content,
        digest=fingerprint(content),
        in_order=in_order,
        owner=owner_of_organization(organization),
    )
