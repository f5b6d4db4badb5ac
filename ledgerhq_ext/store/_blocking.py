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
from ledgerhq_ext.models import Account, BankAccount, Entry, OrganizationRecord, Receipt
from ledgerhq_ext.postings import Posting
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.store._audit import Audit
from ledgerhq_ext.store._drain import OnProgress
from ledgerhq_ext.store._links import AccountLink, ClientLink
from ledgerhq_ext.store._mapping import AsyncAccountLinks, AsyncClients
from ledgerhq_ext.store._moving import Adoption
from ledgerhq_ext.store._outbox import AsyncOutbox
from ledgerhq_ext.store._owner import AnyOrganization
from ledgerhq_ext.store._rows import Doubt, Drained, Pause, State, Status, StoredPosting
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._transactions import AnyTransaction
from ledgerhq_ext.store._worker import ClientFor


class Outbox(Handle[AsyncOutbox]):
    """The outbox of a store, for threads and processes; made by ``Store.outbox``."""

    def adopt(
        self, hq: LedgerHQ, *, organizations: Collection[AnyOrganization] | None = None
    ) -> Adoption:
        """Bind what is nobody's in particular to the connection and the service of a client.

        These are postings and links of clients that were added by a plain id, or by an older
        release: until then any client's ``drain`` sends them. ``organizations``: only theirs. What
        may have been sent to another service is left alone. Return how many were bound.
        """
        return run(self._core.adopt(core_of(hq, "hq"), organizations=organizations))

    def post(
        self, organization: Organization, posting: Posting, *, source: tuple[str, str]
    ) -> Receipt:
        """Write a posting down, send it now, store its receipt, and return it.

        For a source transaction that is posted already this is the stored receipt (``replayed``),
        without a request. One that was rejected is sent again. Raises what ``Organization.post``
        does, and ``StoreError``; after an ``unknown`` outcome ``drain`` goes on with it.
        """
        return run(self._core.post(core_of(organization, "organization"), posting, source=source))

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
    ) -> Drained:
        """Send what is pending of this client, by so many workers; any number of processes may do
        so together.

        Postings that are bound to another connection or service are left alone (see ``add``).
        Returns when nothing is left that is due within ``wait`` seconds, or after ``seconds``, and
        says why. ``organizations``: only theirs. ``on_progress`` is called after every attempt, one
        call at a time, perhaps from another thread; ``stop`` is asked between attempts. A worker
        ends the attempt it is in, then returns. Raises ``StoreError`` when the database cannot be
        used, and ``InputError`` when the store has moved to another host than the client's; every
        posting stays what it was.
        """
        return run(
            self._core.drain(
                core_of(hq, "hq"),
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
        """Serve every connection of the store until ``stop`` returns true: send what is due, then
        wait for more.

        ``client_for`` returns the client of a connection, by its name (``"default"`` for postings
        that are nobody's in particular), each time the same; None, or an exception, lets that
        connection rest for a minute. Connections take turns, so that none waits for the others, and
        one that has nothing to send or no grant costs them nothing. Any number of processes may
        run.

        ``stop`` is asked between attempts and while waiting: what is being sent ends first. Every
        outcome is a line of the logger ``ledgerhq_ext.store``. Raises ``StoreError`` when the
        database cannot be used.
        """
        run(self._core.run(client_for, workers=workers, stop=stop))

    def status(self, hq: LedgerHQ | None = None) -> Status:
        """Return how many postings are in each state: all of the store, or those of a client."""
        return run(self._core.status(None if hq is None else core_of(hq, "hq")))

    def postings(
        self,
        state: State | None = None,
        *,
        organization: AnyOrganization | None = None,
        hq: LedgerHQ | None = None,
    ) -> tuple[StoredPosting, ...]:
        """Return the postings of a state, of an organization, of a client, or all, in the order of
        adding.
        """
        return run(
            self._core.postings(
                state, organization=organization, hq=None if hq is None else core_of(hq, "hq")
            )
        )

    def posting(self, id: int) -> StoredPosting:
        """Return one posting by its id in the store. Raises ``InputError`` when there is none."""
        return run(self._core.posting(id))

    def receipts(
        self, *, organization: AnyOrganization | None = None, hq: LedgerHQ | None = None
    ) -> tuple[StoredPosting, ...]:
        """Return the postings that are posted; each has its ``receipt``."""
        return run(
            self._core.receipts(
                organization=organization, hq=None if hq is None else core_of(hq, "hq")
            )
        )

    def audit(
        self,
        hq: LedgerHQ,
        period: Period,
        *,
        organizations: Collection[AnyOrganization] | None = None,
    ) -> Audit:
        """Hold the receipts of this client against the ledger, and return what was found.

        Looks at the postings whose day is in the period, and at the entries of that period, company
        by company; ``organizations``: only theirs. Nothing is changed. A company that cannot be
        read does not stop the others: it is ``unchecked``, and the audit not ``ok``. Reads ``GET
        /api/v1/entries`` and ``/entries/{id}``. Raises ``InputError`` for what is no ``Period``.
        """
        return run(self._core.audit(core_of(hq, "hq"), period, organizations=organizations))

    def retry_rejected(
        self, *, organization: AnyOrganization | None = None, code: str | None = None
    ) -> int:
        """Make rejected postings pending again, all or those with a code of the service.

        Return how many.
        """
        return run(self._core.retry_rejected(organization=organization, code=code))

    def pauses(self, hq: LedgerHQ | None = None) -> tuple[Pause, ...]:
        """Return what is left alone for a while, and why: of a client, or all.

        LedgerHQ asked to slow down, does not let the firm into an organization, or refused its
        token.
        """
        return run(self._core.pauses(None if hq is None else core_of(hq, "hq")))

    def resume(self, organization: AnyOrganization | None = None) -> int:
        """Lift the pauses of an organization, or all, and make its postings due at once.

        Return how many pauses. Call it when the cause is mended: the firm connected again, or has
        the company.
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
        """Write a posting down, to be sent by ``drain``. Nothing is posted; on return it is on
        disk.

        ``source`` is (source system, source id). The same source transaction again is a no-op; with
        another payload, key or order it is an ``InputError`` that names what differs (``correct``
        changes one that was rejected). What is added ``in_order`` is sent
        only when everything that was added in order before it, for the same organization, is
        settled. The handle of an organization binds the posting to its connection and service: no
        other client sends it. Raises ``StoreError``.

        ``check``: look first, by the reads of ``books.check``, whether the service would refuse it;
        an ``InputError`` names every problem, and nothing is written down. A source transaction
        that is there already is not checked again.

        ``transaction``: write it in the app's own open transaction, which then decides whether and
        when it is there, and how durable it is. That is a SQLAlchemy ``Connection`` or ``Session``
        (one that is awaited goes with the outbox that is awaited), a connection of ``sqlite3`` or
        ``psycopg`` (3), or Django's within ``atomic``. It is not committed, and can go on after an
        ``InputError``. Raises ``InputError`` when it is in another database than the store, and for
        a connection that commits every statement at once; ``StoreError`` when it cannot go on, or
        the store was never opened. With ``check`` it stays open while the books are read.
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

        It answers what ``add`` would do with these arguments, and writes nothing: ``InputError``
        names what differs where the source transaction was added on other terms, or with another
        payload. Raises ``StoreError``.
        """
        return run(
            self._core.find(organization, posting, source=source, key=key, in_order=in_order)
        )

    @property
    def settings(self) -> OutboxSettings:
        """The patience and the care of the outbox."""
        return self._core.settings

    def candidates(
        self, hq: LedgerHQ, postings: Iterable[StoredPosting] | None = None
    ) -> list[Doubt]:
        """Return postings of this client with the posted entries that could be each of them.

        ``postings``: these; else all that need attention. Entries agree by date, accounts and
        amount; those that settle other postings are left out. A person looks, and calls
        ``resolve``. Where a company, or a posting itself, cannot be read, the posting comes without
        candidates, and with the ``problem``. Reads ``GET /api/v1/entries``. Raises ``InputError``
        for the postings of another client.
        """
        return run(self._core.candidates(core_of(hq, "hq"), postings))

    def resolve(
        self, posting: StoredPosting, *, stands_as: Entry | None, force: bool = False
    ) -> StoredPosting:
        """Record a person's decision on a posting that needs attention, and return the posting.

        ``stands_as`` an entry: it is posted, with a receipt made from the entry (which names no
        bank rows). An entry settles one posting; one that differs from the posting in date, amount
        or accounts needs ``force=True``. None: it certainly does not stand; it is sent again, under
        its old key. Raises ``InputError`` in any other state.
        """
        return run(self._core.resolve(posting, stands_as=stands_as, force=force))

    def correct(self, posting: StoredPosting, correction: Posting) -> StoredPosting:
        """Give a posting that certainly does not stand another payload, and return it, pending.

        That is one that was rejected, never sent, or changed in the database before it was sent.
        Its source stays; where a request may have used its key, it gets another one, which is the
        same whenever this posting is corrected. Raises ``InputError`` for a posting that may stand,
        and for a correction of another kind.
        """
        return run(self._core.correct(posting, correction))

    def discard(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Lay a posting to rest, and return it: it is never sent again, and stays for the audit.

        That is one in conflict, rejected, never sent, or in need of attention. ``reason``: what
        somebody reads who asks for it in a year. Raises ``InputError`` in any other state.
        """
        return run(self._core.discard(posting, reason=reason))

    def acknowledge(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Close the alarm of a posting, and return the posting.

        A person has looked, and says why it may be as it is. Alarm and ``reason`` stay on the
        posting, and it is counted no more; another alarm opens it again, behind both. Raises
        ``InputError`` for a posting without an open alarm, and for one whose alarm is another since
        it was read.
        """
        return run(self._core.acknowledge(posting, reason=reason))

    def prune(self, *, before: dt.datetime, archive: str | os.PathLike[str] | None) -> int:
        """Remove the payloads of what was settled ``before`` a moment, and return of how many
        postings.

        They are written into ``archive`` before, a new file of JSON lines for its owner only; None:
        they are lost. Of a pruned posting source, key, digest and receipt stay, and day, accounts
        and amounts: adding its source again is a no-op, ``post`` returns its receipt, and the audit
        compares it. What may still be needed is never pruned: what is not settled, is in conflict,
        was discarded although it may stand, has an open alarm or is damaged. With an archive that
        is there already, a prune that was broken off is finished, and nothing newer is pruned.

        Raises ``InputError`` for a moment that is not a day longer ago than a key lives (see
        ``OutboxSettings``), while the store is distrusted, and for a file that is no archive, is
        damaged, or is finished.
        """
        return run(self._core.prune(before=before, archive=archive))

    def distrust(self, *, since: dt.datetime) -> int:
        """Declare that the store was restored from a backup, and does not know what it sent
        ``since``.

        Call it before anything is drained or added. Every posting that is not settled needs
        attention then, and so does every one that is added until ``trust`` is called: it may have
        been added and posted before. ``candidates`` names the entries that could be them,
        ``resolve`` decides. Return how many postings of the store need attention by it. Raises
        ``InputError`` for a moment without a time zone, or in the future.
        """
        return run(self._core.distrust(since=since))

    def trust(self) -> bool:
        """End what ``distrust`` began: everything from before is added again, what comes now is
        new.

        Postings that need attention still do. Return False when the store was not distrusted.
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
        """Remember which organization a client of yours is. The same again is a no-op.

        Raises ``InputError`` when the client is linked to another organization, or the organization
        to another client (unless ``shared``): postings would go to the wrong books. The handle of
        an organization binds the link to its connection and service.

        ``transaction``: write it in the app's own open transaction, as ``Outbox.add`` does.
        """
        return run(
            self._core.link(partner_id, organization, shared=shared, transaction=transaction)
        )

    def unlink(self, partner_id: str) -> bool:
        """Forget the link of a client; return False when there was none. Postings stay."""
        return run(self._core.unlink(partner_id))

    def organization_of(self, partner_id: str) -> str:
        """Return the organization's id; ``RecordLookupError`` for a client that is not linked."""
        return run(self._core.organization_of(partner_id))

    def links(self) -> tuple[ClientLink, ...]:
        """Return all links, by partner id."""
        return run(self._core.links())

    def unlinked(self, hq: LedgerHQ) -> tuple[OrganizationRecord, ...]:
        """Return the client companies of the firm that no client of yours is linked to.

        Reads ``GET /api/v1/organizations``.
        """
        return run(self._core.unlinked(core_of(hq, "hq")))

    def vanished(self, hq: LedgerHQ) -> tuple[ClientLink, ...]:
        """Return the links of this client whose organization the firm does not have any more.

        Reads ``GET /api/v1/organizations``.
        """
        return run(self._core.vanished(core_of(hq, "hq")))


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
        """Remember which account, of the chart or a bank account, an account of yours is.

        The same again is a no-op. Raises ``InputError`` for another account, or one of another
        organization.

        ``transaction``: write it in the app's own open transaction, as ``Outbox.add`` does.
        """
        return run(self._core.link(partner_id, account, transaction=transaction))

    def unlink(self, partner_id: str) -> bool:
        """Forget a link; return False when there was none."""
        return run(self._core.unlink(partner_id))

    def of(self, partner_id: str) -> AccountLink:
        """Return what an account of yours is linked to; ``RecordLookupError`` when it is not."""
        return run(self._core.of(partner_id))

    def links(self) -> tuple[AccountLink, ...]:
        """Return all links of the organization, by partner id."""
        return run(self._core.links())

    def unlinked(
        self, accounts: Iterable[Account | BankAccount]
    ) -> tuple[Account | BankAccount, ...]:
        """Return those of these accounts that nothing is linked to.

        Pass ``books.accounts()`` or ``books.bank_accounts()``.
        """
        return run(self._core.unlinked(accounts))

    def vanished(self, accounts: Iterable[Account | BankAccount]) -> tuple[AccountLink, ...]:
        """Return the links whose account is not among these: pass all of both kinds."""
        return run(self._core.vanished(accounts))
