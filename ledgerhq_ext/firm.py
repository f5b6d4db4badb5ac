"""The firm: settings, credentials, and the calls that concern no single client company."""

from __future__ import annotations

import copy
import os
import platform
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, Self, TypeVar

import httpx
from attrs import evolve

from ledgerhq_ext import operations
from ledgerhq_ext._version import __version__
from ledgerhq_ext.auth import connecting
from ledgerhq_ext.auth.connecting import AuthorizationRequest
from ledgerhq_ext.auth.credentials import AccessToken, ApiKey, NoCredentials, OAuthConnection
from ledgerhq_ext.auth.stores import FileTokenStore, TokenStore
from ledgerhq_ext.calls import call, perform
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.flow import Flow
from ledgerhq_ext.models import ClientRegistration, Health, OrganizationInfo
from ledgerhq_ext.operations import DEFAULT_BASE_URL
from ledgerhq_ext.pages import ORGANIZATIONS_PAGE_SIZE, Listing
from ledgerhq_ext.retries import RetryPolicy
from ledgerhq_ext.session import Clock, Hook, Options, Session, SystemClock, check_base_url

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


class Configurable:
    """What has a session whose options can be changed for some calls."""

    _session: Session

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same over the same connections, with other options: ``books.with_options(deadline=10).post(…)``.

        ``timeout`` (seconds for each wait), ``deadline`` (seconds for a call with its retries), ``retries``,
        ``headers`` (added to those set before). The original is not changed.
        """
        given = {"timeout": timeout, "deadline": deadline, "retries": retries}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if headers is not None:
            changes["headers"] = {**self._session.options.headers, **headers}
        other = copy.copy(self)
        try:
            other._session = self._session.with_options(evolve(self._session.options, **changes))
        except (ValueError, TypeError) as error:
            raise InputError(f"these options do not work: {error}") from None
        return other


class Firm(Configurable, Generic[ClientT]):
    """What ``LedgerHQ`` and ``AsyncLedgerHQ`` share."""

    def __init__(
        self,
        *,
        base_url: str = DEFAULT_BASE_URL,
        api_key: str | None = None,
        access_token: str | None = None,
        token_store: TokenStore | str | os.PathLike[str] | None = None,
        client_id: str | None = None,
        organization_id: str | None = None,
        app_name: str | None = None,
        options: Options | None = None,
        http_client: ClientT | None = None,
        transport: Any = None,
        proxy: str | None = None,
        verify: Any = None,
        clock: Clock | None = None,
        sleep: Callable[[float], Any] | None = None,
        hooks: Iterable[Hook] = (),
    ) -> None:
        """Nothing is sent or opened until the first call.

        Credentials are one of ``token_store`` (OAuth; a path means a ``FileTokenStore``), ``api_key``
        (``dk_live_…``; ``organization_id`` says whose, else the first one used does) and ``access_token`` (never
        refreshed). ``client_id`` is a client registered elsewhere. ``app_name`` stands in the User-Agent.
        ``http_client``, ``transport``, ``proxy`` and ``verify`` (an ``ssl.SSLContext``) are httpx's; an
        ``http_client`` that is handed in is not closed. ``hooks`` are called with an ``Event`` for every answer,
        failure and retry. Raises ``InputError``.
        """
        if sum(given is not None for given in (api_key, access_token, token_store)) > 1:
            raise InputError("give one of token_store, api_key and access_token, not several.")
        if http_client is not None and not (transport is proxy is verify is None):
            raise InputError("an http_client brings its own transport, proxy and verify: give it alone.")
        if organization_id is not None and api_key is None:
            raise InputError("organization_id says whose an api_key is; there is none.")
        if client_id is not None and token_store is None:
            raise InputError("client_id is for connecting, which needs a token_store.")
        store = FileTokenStore(token_store) if isinstance(token_store, str | os.PathLike) else token_store
        self._connection = OAuthConnection(store) if store is not None else None
        self._client_id = client_id
        self._app_name = app_name
        credentials = (
            ApiKey(api_key, organization_id)
            if api_key is not None
            else AccessToken(access_token)
            if access_token is not None
            else self._connection or NoCredentials()
        )
        self._session = Session(
            base_url=check_base_url(base_url),
            credentials=credentials,
            options=options or Options(),
            clock=clock or SystemClock(),
            user_agent=_user_agent(app_name),
            hooks=tuple(hooks),
        )
        self._drive(http_client, {"transport": transport, "proxy": proxy, "verify": verify}, sleep)

    def _drive(self, http_client: ClientT | None, settings: dict[str, Any], sleep: Any) -> None:
        raise NotImplementedError

    @classmethod
    def from_env(cls, **overrides: Any) -> Self:
        """A client from the environment; arguments given here go first.

        ``LEDGERHQ_BASE_URL``, ``LEDGERHQ_TOKEN_FILE`` or ``LEDGERHQ_API_KEY``, ``LEDGERHQ_CLIENT_ID``,
        ``LEDGERHQ_ORGANIZATION_ID`` (whose API key it is), ``LEDGERHQ_APP_NAME``. Raises ``InputError``.
        """
        names = {
            "base_url": "LEDGERHQ_BASE_URL",
            "api_key": "LEDGERHQ_API_KEY",
            "token_store": "LEDGERHQ_TOKEN_FILE",
            "client_id": "LEDGERHQ_CLIENT_ID",
            "organization_id": "LEDGERHQ_ORGANIZATION_ID",
            "app_name": "LEDGERHQ_APP_NAME",
        }
        found = {name: os.environ[variable] for name, variable in names.items() if os.environ.get(variable)}
        credentials = {"api_key", "token_store", "access_token"}
        if overrides.keys() & credentials:
            found = {name: value for name, value in found.items() if name not in credentials}
        # The environment may name what only other credentials use.
        used = {"organization_id": "api_key", "client_id": "token_store"}
        chosen = {**found, **overrides}
        settings = {
            name: value for name, value in chosen.items() if name in overrides or used.get(name, name) in chosen
        }
        if not settings.keys() & credentials:
            raise InputError("set LEDGERHQ_TOKEN_FILE (OAuth) or LEDGERHQ_API_KEY.")
        return cls(**settings)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._session.base_url!r})"

    def _oauth(self) -> OAuthConnection:
        if self._connection is None:
            raise InputError("connecting needs a token_store, to keep the tokens in.")
        return self._connection


def _user_agent(app_name: str | None) -> str:
    if app_name is not None and not (app_name.isascii() and app_name.isprintable() and app_name.strip()):
        raise InputError(f"app_name must be printable ASCII, not {app_name!r}.")
    own = f"ledgerhq-ext/{__version__} python/{platform.python_version()}"
    return f"{app_name} {own}" if app_name else own


# --- flows


def health(firm: Firm[Any]) -> Flow[Health]:
    """Whether the service answers (``GET /api/health``); needs no credentials."""
    found: Health = yield from perform(firm._session, call(operations.HEALTH))
    return found


def organizations(
    firm: Firm[Any],
    *,
    type: str | None = None,
    cursor: str | None = None,
    page_size: int = ORGANIZATIONS_PAGE_SIZE,
) -> Listing[OrganizationInfo]:
    """The organizations of the firm (``GET /api/v1/organizations``). ``type``: firm, client.

    ``cursor`` goes on where an earlier iteration stood (its ``cursor``).
    """
    return Listing(
        session=firm._session,
        operation=operations.ORGANIZATIONS,
        query={"type": type},
        page_size=page_size,
        cursor=cursor,
    )


def register_client(
    firm: Firm[Any], redirect_uris: list[str], client_name: str | None = None
) -> Flow[ClientRegistration]:
    """Register an OAuth client (``POST /api/oauth/register``); ``authorization_request`` does so by itself."""
    return (yield from connecting.register_client(firm._session, redirect_uris, client_name or firm._app_name))


def authorization_request(
    firm: Firm[Any], redirect_uri: str, *, scope: str | None = "mcp"
) -> Flow[AuthorizationRequest]:
    """Begin to connect: send the firm's owner or admin to the ``url`` of what this returns.

    Keep the rest (``to_json``) until the browser comes back to ``redirect_uri``; then call ``connect``. Registers
    the app when the store knows no client for this ``redirect_uri`` yet. Raises ``OAuthError``, ``InputError``,
    ``TransportError``.
    """
    return (
        yield from connecting.authorization_request(
            firm._session,
            firm._oauth(),
            redirect_uri,
            client_id=firm._client_id,
            client_name=firm._app_name,
            scope=scope,
        )
    )


def connect(firm: Firm[Any], callback_url: str, request: AuthorizationRequest) -> Flow[None]:
    """Finish connecting: check the state, exchange the code, keep the tokens in the store.

    ``callback_url`` is the whole address the browser came back to. Raises ``OAuthError`` when the user refused,
    the state is not ours or was used, or the code is not taken: then start again.
    """
    yield from connecting.connect(firm._session, firm._oauth(), callback_url, request)


def disconnect(firm: Firm[Any]) -> Flow[None]:
    """Forget the stored connection. Local only: the service has no route to revoke a grant."""
    yield from connecting.disconnect(firm._session, firm._oauth())
