"""The blocking outbox and mappings: every method runs its asynchronous twin.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``store._mapping``, ``store._outbox``.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Collection, Iterable

from ledgerhq_ext._handle import Handle, core_of
from ledgerhq_ext._http.io import run
from ledgerhq_ext.blocking import LedgerHQ, Organization
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Account, BankAccount, Entry, OrganizationRecord, Receipt
from ledgerhq_ext.postings import Posting
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.store._audit import Audit
from ledgerhq_ext.store._bulk import AddResult
from ledgerhq_ext.store._drain import OnProgress
from ledgerhq_ext.store._links import AccountLink, ClientLink
from ledgerhq_ext.store._mapping import AsyncAccountLinks, AsyncClients
from ledgerhq_ext.store._moving import Adoption
from ledgerhq_ext.store._outbox import AsyncOutbox
from ledgerhq_ext.store._owner import AnyOrganization
from ledgerhq_ext.store._rows import Doubt, DrainResult, Pause, State, Status, StoredPosting
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._transactions import AnyTransaction
from ledgerhq_ext.store._worker import ClientFor


class Outbox(Handle[AsyncOutbox]):
    """The outbox of a store, for threads and processes; made by ``Store.outbox``."""

    def adopt(
        self, hq: LedgerHQ, *, organizations: Collection[AnyOrganization] | None = None
    ) -> Adoption:
        """Bind postings and client links without an owner to the connection and service of a
        client.

        These were added by a plain organization id, or by an older release; until they are bound,
        the ``drain`` of any client sends them. ``organizations`` limits this to the ones named.
        Postings that may have been sent to another service are left alone. Return the numbers that
        were bound.
        """
        return run(self._core.adopt(core_of(hq, LedgerHQ, "hq"), organizations=organizations))

    def post(
        self, organization: Organization, posting: Posting, *, source: tuple[str, str]
    ) -> Receipt:
        """Store a posting, send it now, store its receipt, and return the receipt.

        For a source transaction that is already posted, return the stored receipt (``replayed``)
        without a request. A rejected posting is sent again. Raises the same errors as
        ``Organization.post``, and ``StoreError``. After an ``unknown`` outcome, ``drain`` will
        retry the posting.
        """
        return run(
            self._core.post(
                core_of(organization, Organization, "organization"), posting, source=source
            )
        )

    def drain(
        self,
        hq: LedgerHQ,
        *,
        workers: int = 1,
        wait: float = 60.0,
        seconds: float | None = None,
        organizations: Collection[AnyOrganization] | None = None,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> DrainResult:
        """Send this client's pending postings with this many workers. Any number of processes may
        drain at the same time.

        Postings that are bound to another connection or service are left alone (see ``add``).
        Returns when nothing more is due within ``wait`` seconds, or after ``seconds``; the result
        says why. While the service cannot be reached, all postings wait for its next attempt.
        ``organizations`` limits this to the ones named. ``on_progress`` is called after
        every attempt, one call at a time, possibly from another thread; ``stop`` is called between
        attempts. A worker finishes its current attempt, then returns. Raises ``StoreError`` if the
        database cannot be used, and ``InputError`` if the store was moved to a host other than the
        client's; postings are unchanged.
        """
        return run(
            self._core.drain(
                core_of(hq, LedgerHQ, "hq"),
                workers=workers,
                wait=wait,
                seconds=seconds,
                organizations=organizations,
                on_progress=on_progress,
                stop=stop,
            )
        )

    def run(
        self, client_for: ClientFor, *, workers: int = 1, stop: Callable[[], bool] | None = None
    ) -> None:
        """Serve every connection in the store until ``stop`` returns true: send due postings, then
        wait for more.

        ``client_for`` returns the client of a connection, by its name (``"default"`` for postings
        without an owner), and must return the same one each time. If it returns None or raises,
        that connection is skipped for a minute. Connections take turns, so that none waits for the
        others, and one that has nothing to send or no grant does not slow them down. Any number of
        processes may run.

        ``stop`` is called between attempts and while waiting; attempts in progress finish first.
        Every outcome is logged to ``ledgerhq_ext.store``. Raises ``StoreError`` if the database
        cannot be used.
        """
        run(self._core.run(client_for, workers=workers, stop=stop))

    def status(self, hq: LedgerHQ | None = None) -> Status:
        """Return the number of postings in each state, for the whole store or for one client."""
        return run(self._core.status(None if hq is None else core_of(hq, LedgerHQ, "hq")))

    def postings(
        self,
        state: State | None = None,
        *,
        organization: AnyOrganization | None = None,
        hq: LedgerHQ | None = None,
        source: tuple[str, str] | None = None,
    ) -> tuple[StoredPosting, ...]:
        """Return postings in the order they were added: all, or those in a state, of an
        organization, of a client, or of a ``source`` (source system, source id).

        A source has one posting for each organization and kind that it was added for.
        """
        return run(
            self._core.postings(
                state,
                organization=organization,
                hq=None if hq is None else core_of(hq, LedgerHQ, "hq"),
                source=source,
            )
        )

    def posting(self, id: int) -> StoredPosting:
        """Return one posting by its id in the store. Raises ``InputError`` if it does not exist."""
        return run(self._core.posting(id))

    def receipts(
        self, *, organization: AnyOrganization | None = None, hq: LedgerHQ | None = None
    ) -> tuple[StoredPosting, ...]:
        """Return the postings that were posted; each has a ``receipt``."""
        return run(
            self._core.receipts(
                organization=organization, hq=None if hq is None else core_of(hq, LedgerHQ, "hq")
            )
        )

    def audit(
        self,
        hq: LedgerHQ,
        period: Period,
        *,
        organizations: Collection[AnyOrganization] | None = None,
    ) -> Audit:
        """Compare this client's receipts with the ledger, and return the findings.

        Examines the postings dated within the period and the entries of that period, company by
        company: those with postings, or the ``organizations`` named, with postings or without.
        Nothing is changed. A company that cannot be read does not stop the others: it is listed in
        ``unchecked``, and the audit is not ``ok``. Reads ``GET /api/v1/entries`` and
        ``/entries/{id}``. Raises ``InputError`` if ``period`` is not a ``Period``.
        """
        return run(
            self._core.audit(core_of(hq, LedgerHQ, "hq"), period, organizations=organizations)
        )

    def retry_rejected(
        self, *, organization: AnyOrganization | None = None, code: str | None = None
    ) -> int:
        """Make rejected postings pending again: all, or those rejected with this error code.

        Return how many.
        """
        return run(self._core.retry_rejected(organization=organization, code=code))

    def pauses(self, hq: LedgerHQ | None = None) -> tuple[Pause, ...]:
        """Return the organizations and connections that are paused, and why: of one client, or all.

        A pause begins when LedgerHQ asks to slow down, denies the firm access to an organization,
        or refuses its token.
        """
        return run(self._core.pauses(None if hq is None else core_of(hq, LedgerHQ, "hq")))

    def resume(self, organization: AnyOrganization | None = None) -> int:
        """Lift the pauses of an organization, or all pauses, and make the postings due immediately.

        Return the number of pauses lifted. Call this once the cause is fixed: the firm has
        reconnected, or has access to the company.
        """
        return run(self._core.resume(organization))

    def add(
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
        return run(
            self._core.add(
                organization,
                posting,
                source=source,
                key=key,
                in_order=in_order,
                check=check,
                transaction=transaction,
            )
        )

    def add_all(
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
        return run(
            self._core.add_all(organization, postings, in_order=in_order, transaction=transaction)
        )

    def find(
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
        return run(
            self._core.find(organization, posting, source=source, key=key, in_order=in_order)
        )

    def find_all(
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
        return run(self._core.find_all(organization, postings, in_order=in_order))

    @property
    def settings(self) -> OutboxSettings:
        """The patience and the care of the outbox."""
        return self._core.settings

    def candidates(
        self, hq: LedgerHQ, postings: Iterable[StoredPosting] | None = None
    ) -> list[Doubt]:
        """Return this client's postings, each with the posted entries that could match it.

        Without ``postings``, covers all postings that need attention. Entries match by date,
        accounts and amount; those that settle other postings are left out. A person reviews them
        and calls ``resolve``. If a company, or the posting itself, cannot be read, the posting has
        no candidates, and ``problem`` says why. Reads ``GET /api/v1/entries``. Raises
        ``InputError`` for postings of another client.
        """
        return run(self._core.candidates(core_of(hq, LedgerHQ, "hq"), postings))

    def resolve(
        self, posting: StoredPosting, *, stands_as: Entry | None, force: bool = False
    ) -> StoredPosting:
        """Record a person's decision about a posting that needs attention, and return the posting.

        With ``stands_as=entry``, the posting is recorded as posted, with a receipt made from the
        entry (without bank transactions). An entry settles only one posting; if its date, amount or
        accounts differ from the posting, pass ``force=True``. With ``stands_as=None``, the posting
        is certainly not in the books, and is sent again with its original key. Raises
        ``InputError`` if the posting does not need attention, or was tried again or corrected after
        it was read.
        """
        return run(self._core.resolve(posting, stands_as=stands_as, force=force))

    def correct(self, posting: StoredPosting, correction: Posting) -> StoredPosting:
        """Replace the payload of a posting that is certainly not in the books, and return the
        posting, pending.

        This applies to a posting that was rejected, never sent, or changed in the database before
        it was sent. It keeps its source. If a request may have used its key, it gets a new key,
        which is the same every time this posting is corrected. Raises ``InputError`` for a posting
        that may be in the books, and for a correction of a different kind.
        """
        return run(self._core.correct(posting, correction))

    def discard(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Discard a posting and return it. It is never sent again, but stays in the store for the
        audit.

        This applies to a posting that is in conflict, is rejected, was never sent, or needs
        attention. ``reason`` is the note that someone will read a year from now. Raises
        ``InputError`` in any other state, and for a posting that was corrected or tried after it
        was read.
        """
        return run(self._core.discard(posting, reason=reason))

    def acknowledge(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Close the alarm of a posting, and return the posting.

        ``reason`` says why the posting is acceptable as it is. The alarm and the ``reason`` stay on
        the posting, which is no longer counted in ``Status.alarms``; a new alarm is appended and
        reopens it. Raises ``InputError`` if the posting has no open alarm, or if the alarm changed
        after the posting was read.
        """
        return run(self._core.acknowledge(posting, reason=reason))

    def prune(self, *, before: dt.datetime, archive: str | os.PathLike[str] | None) -> int:
        """Remove the payloads of postings settled ``before`` a moment, and return the number of
        postings.

        The payloads are first written to ``archive``, a new JSON Lines file that only its owner can
        read; with None, they are lost. A pruned posting keeps its source, key, digest and receipt,
        and its date, accounts and amounts: adding its source again is a no-op, ``post`` returns its
        receipt, and the audit still compares it. Postings that may still be needed are never
        pruned: those that are not settled, are in conflict, were discarded although they may be in
        the books, have an open alarm, or are damaged. If the archive already exists, an interrupted
        prune is completed, and nothing newer is pruned.

        Raises ``InputError`` if ``before`` is more recent than ``key_lifetime`` (see
        ``OutboxSettings``) plus one day, while the store is distrusted, and if the file is not an
        archive, is damaged, or is already pruned.
        """
        return run(self._core.prune(before=before, archive=archive))

    def distrust(self, *, since: dt.datetime) -> int:
        """Declare that the store was restored from a backup, and has no record of what it sent
        ``since`` then.

        Call this before anything is drained or added. Every unsettled posting then needs attention,
        and so does every posting added until ``trust`` is called, because it may have been added
        and posted before. ``candidates`` lists the entries that could match, and ``resolve``
        records the decision. Return the number of postings that need attention as a result. Raises
        ``InputError`` for a datetime without a time zone, or in the future.
        """
        return run(self._core.distrust(since=since))

    def trust(self) -> bool:
        """End what ``distrust`` began: everything from before the restore has been added again, and
        later postings are new.

        Postings that need attention still do. Return False if the store was not distrusted.
        """
        return run(self._core.trust())


class Clients(Handle[AsyncClients]):
    """The partner's clients and their organizations; ``Store.clients``."""

    def link(
        self,
        partner_id: str,
        organization: AnyOrganization,
        *,
        shared: bool = False,
        transaction: AnyTransaction | None = None,
    ) -> ClientLink:
        """Link one of your clients to its organization. Linking the same pair again is a no-op.

        Raises ``InputError`` if the client is linked to another organization, or the organization
        to another client (unless ``shared``), because postings would go to the wrong books. Pass
        the handle of an organization to bind the link to its connection and service.

        ``transaction``: store the link within the app's own open transaction, as ``Outbox.add``
        does.
        """
        return run(
            self._core.link(partner_id, organization, shared=shared, transaction=transaction)
        )

    def unlink(self, partner_id: str) -> bool:
        """Remove the link of a client; return False if there was none. Its postings stay."""
        return run(self._core.unlink(partner_id))

    def organization_of(self, partner_id: str) -> str:
        """Return the id of a client's organization. Raises ``RecordLookupError`` if the client is
        not linked.
        """
        return run(self._core.organization_of(partner_id))

    def links(self) -> tuple[ClientLink, ...]:
        """Return all links, sorted by partner id."""
        return run(self._core.links())

    def unlinked(self, hq: LedgerHQ) -> tuple[OrganizationRecord, ...]:
        """Return the firm's client companies that none of your clients is linked to.

        Reads ``GET /api/v1/organizations``.
        """
        return run(self._core.unlinked(core_of(hq, LedgerHQ, "hq")))

    def vanished(self, hq: LedgerHQ) -> tuple[ClientLink, ...]:
        """Return the links of this connection whose organization no longer belongs to the firm.

        Reads ``GET /api/v1/organizations``.
        """
        return run(self._core.vanished(core_of(hq, LedgerHQ, "hq")))


class AccountLinks(Handle[AsyncAccountLinks]):
    """The partner's accounts in one organization; ``Store.accounts``."""

    @property
    def organization_id(self) -> str:
        """The organization whose accounts these are."""
        return self._core.organization_id

    def link(
        self,
        partner_id: str,
        account: Account | BankAccount,
        *,
        transaction: AnyTransaction | None = None,
    ) -> AccountLink:
        """Link one of your accounts to an account of the chart, or to a bank account.

        For postings, link an account of the chart (see ``AccountLink``). Linking the same pair
        again is a no-op. Raises ``InputError`` if your account is linked to another one, or if the
        account belongs to another organization.

        ``transaction``: store the link within the app's own open transaction, as ``Outbox.add``
        does.
        """
        return run(self._core.link(partner_id, account, transaction=transaction))

    def unlink(self, partner_id: str) -> bool:
        """Remove a link; return False if there was none."""
        return run(self._core.unlink(partner_id))

    def of(self, partner_id: str) -> AccountLink:
        """Return the link of one of your accounts. Raises ``RecordLookupError`` if it is not
        linked.
        """
        return run(self._core.of(partner_id))

    def links(self) -> tuple[AccountLink, ...]:
        """Return all links of the organization, sorted by partner id."""
        return run(self._core.links())

    def unlinked(
        self, accounts: Iterable[Account | BankAccount]
    ) -> tuple[Account | BankAccount, ...]:
        """Return the accounts in this list that nothing is linked to.

        Pass ``books.accounts()`` or ``books.bank_accounts()``.
        """
        return run(self._core.unlinked(accounts))

    def vanished(self, accounts: Iterable[Account | BankAccount]) -> tuple[AccountLink, ...]:
        """Return the links whose account is not in this list. Pass all accounts of both kinds."""
        return run(self._core.vanished(accounts))
