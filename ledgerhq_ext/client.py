"""The asynchronous clients, written by hand. ``blocking.py`` is made from them: see ``make
surface``.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from ledgerhq_ext import models
from ledgerhq_ext._auth.credentials import Credentials
from ledgerhq_ext._auth.sections import TokenStore
from ledgerhq_ext._checks import check_running
from ledgerhq_ext._http.hooks import Hook
from ledgerhq_ext._http.options import Clock
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._raw_responses import (
    AsyncLedgerHQWithRawResponse,
    AsyncOrganizationWithRawResponse,
)
from ledgerhq_ext._resources.amounts import AmountMethods
from ledgerhq_ext._resources.bank_feeds import BankFeedMethods
from ledgerhq_ext._resources.bank_review import BankReviewMethods
from ledgerhq_ext._resources.entries import EntryMethods
from ledgerhq_ext._resources.open_door import OpenDoorMethods
from ledgerhq_ext._resources.organizations import FirmMethods
from ledgerhq_ext._resources.posting import PostingMethods
from ledgerhq_ext._resources.preflight import PreflightMethods
from ledgerhq_ext._resources.reports import ReportMethods
from ledgerhq_ext._seam import DEFAULT_BASE_URL
from ledgerhq_ext._settings import new_session, settings_from_env


class AsyncOrganization(
    AmountMethods,
    PreflightMethods,
    PostingMethods,
    EntryMethods,
    BankFeedMethods,
    BankReviewMethods,
    ReportMethods,
    OpenDoorMethods,
):
    """One client company and everything that belongs to it. Returned by
    ``AsyncLedgerHQ.organization``.

    Every method that sends takes the options of this one call, too (``CallOptions``):
    ``books.accounts(deadline=10)``. The routes that methods name are those with the header
    ``x-organization-id``; with ``carrier="path"``, a call goes below ``/api/v1/companies`` where
    the contract has its route there.
    """

    @property
    def with_raw_response(self) -> AsyncOrganizationWithRawResponse:
        """The calls that send and have one result, each returning status, headers and request id of
        its response too.

        ``books.with_raw_response.post(…)`` returns a ``RawResponse`` whose ``value`` is the
        receipt. A list takes several responses; a hook of the client is told of each.
        """
        return AsyncOrganizationWithRawResponse(self)

    def _organization_id(self) -> str | None:
        return self.id


class AsyncLedgerHQ(FirmMethods, OpenDoorMethods):
    """The asynchronous ``LedgerHQ``, for asyncio and trio: await its methods, and iterate over
    lists with ``async for``.

    Every method that sends takes the options of this one call, too (``CallOptions``).

    One client works on any number of event loops, unless you pass an ``http_client`` or
    ``transport``. Then token exchanges run on your loop too: cancellation does not interrupt one,
    but the call's deadline (at most 20 s) and the end of the loop can, and a firm whose new tokens
    are lost that way has to connect again.
    """

    def __init__(
        self,
        credentials: Credentials | str | os.PathLike[str] | None = None,
        *,
        api_key: str | None = None,
        access_token: str | None = None,
        token_store: TokenStore | str | os.PathLike[str] | None = None,
        base_url: str = DEFAULT_BASE_URL,
        timeout: float = 30.0,
        deadline: float = 90.0,
        retries: int | RetryPolicy = 4,
        headers: Mapping[str, str] | None = None,
        app_name: str | None = None,
        carrier: Literal["header", "path"] = "header",
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | httpx.URL | httpx.Proxy | None = None,
        verify: Any = None,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[object]] | None = None,
        hooks: Iterable[Hook] = (),
    ) -> None:
        """Create a client. Nothing is sent or opened until the first call.

        ``credentials`` is ``OAuth(store)``, ``ApiKey(key)`` or ``AccessToken(token)``; a path means
        ``OAuth``, a string that begins with ``dk_`` an ``ApiKey``, any other string an
        ``AccessToken``. You can also pass ``token_store=``, ``api_key=`` or ``access_token=``.

        ``timeout`` limits each wait for the network and ``deadline`` a whole call with its retries,
        in seconds. ``retries`` is how often a call is retried when that is safe, or a
        ``RetryPolicy``. ``headers`` are sent with every request. ``app_name`` is added to the
        User-Agent.

        ``carrier`` is how a request names the client company where the contract offers both ways:
        ``"header"`` (``x-organization-id``), or ``"path"`` (``/api/v1/companies/{companyId}/…``),
        which LedgerHQ recommends to new apps. An operation that the contract has on only one of
        them is sent there. Results, errors and idempotency keys are the same. LedgerHQ does not
        promise that a key sent on one route is known on the other, so switch only when the outcome
        of every posting is known (the outbox takes care of this itself).

        ``http_client``, ``transport``, ``proxy`` and ``verify`` (an ``ssl.SSLContext``) are
        httpx's; an ``http_client`` that you pass is not closed. With an ``http_client`` or
        ``transport`` of your own, the deadline limits each wait for the network, not all of them
        together. ``clock`` and ``sleep`` are for tests. ``hooks`` are functions that are called
        with an ``Event`` for every response, failure and retry, and objects with ``start`` and
        ``end`` (``CallHook``) that are called around every call.

        Raises ``InputError`` for an invalid argument.
        """
        # Before the import, which fails while the interpreter shuts down.
        check_running()
        from ledgerhq_ext._http.awaiting import AwaitingIO

        self._session = new_session(
            AwaitingIO,
            credentials,
            api_key=api_key,
            access_token=access_token,
            token_store=token_store,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            headers=headers,
            app_name=app_name,
            carrier=carrier,
            http_client=http_client,
            transport=transport,
            proxy=proxy,
            verify=verify,
            clock=clock,
            sleep=sleep,
            hooks=hooks,
        )

    @classmethod
    def _of(cls, session: Session) -> Self:
        client = cls.__new__(cls)
        client._session = session
        return client

    @classmethod
    def from_env(
        cls,
        credentials: Credentials | str | os.PathLike[str] | None = None,
        **overrides: Any,
    ) -> Self:
        """Return a client configured from the environment. Arguments passed here take precedence.

        They are those of ``LedgerHQ(…)``. The variables are ``LEDGERHQ_BASE_URL``,
        ``LEDGERHQ_TOKEN_FILE`` (OAuth) or ``LEDGERHQ_API_KEY``, ``LEDGERHQ_CLIENT_ID`` (for OAuth,
        and for a token store passed here), ``LEDGERHQ_ORGANIZATION_ID`` (the organization
        of the API key) and ``LEDGERHQ_APP_NAME``. Raises ``InputError``.
        """
        return cls(**settings_from_env(credentials, overrides))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._session.base_url!r})"

    @property
    def with_raw_response(self) -> AsyncLedgerHQWithRawResponse:
        """The calls that send and have one result, each returning status, headers and request id of
        its response too.
        """
        return AsyncLedgerHQWithRawResponse(self)

    def organization(self, organization: str | models.OrganizationRecord) -> AsyncOrganization:
        """Return a client company by its id or record. Sends no request."""
        return AsyncOrganization(self._session, organization)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.io.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
