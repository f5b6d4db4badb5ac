"""The bearer token of a call: an API key, or an OAuth connection that is refreshed by one caller for all."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

from attrs import evolve

from ledgerhq_ext import operations
from ledgerhq_ext.auth.connection import Connection
from ledgerhq_ext.auth.stores import Section, TokenStore
from ledgerhq_ext.bodies import TokenRequest
from ledgerhq_ext.calls import with_headers
from ledgerhq_ext.errors import ContractError, InputError, OAuthError, ReconnectRequired, TransportError
from ledgerhq_ext.flow import Flow, Response, Send, Sleep
from ledgerhq_ext.models import TokenResponse
from ledgerhq_ext.session import Session, mark, origin
from ledgerhq_ext.wire import read

_POLL = 0.02
_TOKEN_TIMEOUT = 20.0
_REST_AFTER_FAILURE = 5.0
_LONGEST_LIFE = 10**9


def is_secret(value: object) -> bool:
    """Whether a header can carry the value as a bearer token."""
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable() and " " not in value


def check_secret(value: str, what: str) -> str:
    """The secret itself when a header can carry it; the ``InputError`` does not show it."""
    if not is_secret(value):
        raise InputError(f"{what} is empty, or holds characters that no token has.")
    return value


class NoCredentials:
    """For clients that are not connected yet: every call but the public ones is refused."""

    def token(self, _: Session, __: float, rejected: str | None = None) -> Flow[str | None]:  # noqa: ARG002
        """Raise ``InputError``."""
        raise InputError("Not connected: give an api_key or a token_store.")
        yield

    def check_scope(self, organization_id: str) -> None:
        """Any organization may be named."""


class ApiKey:
    """A server-to-server key (``dk_live_…``), which belongs to one organization and cannot be renewed."""

    def __init__(self, key: str, organization_id: str | None = None) -> None:
        self._key = check_secret(key, "the API key")
        self._organization_id = organization_id
        self._guard = threading.Lock()

    def token(self, _: Session, __: float, rejected: str | None = None) -> Flow[str | None]:
        """The key; None once it was rejected."""
        return self._key if rejected is None else None
        yield

    def check_scope(self, organization_id: str) -> None:
        """Raise ``InputError`` when asked for another organization than the first one."""
        with self._guard:
            self._organization_id = self._organization_id or organization_id
            if self._organization_id != organization_id:
                raise InputError(
                    f"an API key belongs to one organization; this one is in use for {self._organization_id}, "
                    f"not {organization_id}. Connect by OAuth, or make a client for each key."
                )


class AccessToken(ApiKey):
    """A bare access token: for one short run, any organization, never refreshed."""

    def check_scope(self, organization_id: str) -> None:
        """Any organization may be named."""


class OAuthConnection:
    """The stored connection: refreshed ahead of its end and after a 401, once for all who wait.

    The store's exclusive section makes threads, tasks and processes take turns; whoever comes second finds the
    new token. A token is only ever sent to the origin that issued it.
    """

    def __init__(self, store: TokenStore) -> None:
        self.store = store
        self._not_before = 0.0

    def check_scope(self, organization_id: str) -> None:
        """A firm's connection may name any of its client companies."""

    def token(self, session: Session, deadline: float, rejected: str | None = None) -> Flow[str | None]:
        """A token that is good now and was not ``rejected``; ``ReconnectRequired`` when there is none to be had."""
        connection = self._checked(session, self.store.read())
        if _usable(connection, session, rejected, fresh=True):
            return connection.access_token
        alive = _usable(connection, session, rejected, fresh=False)
        if alive and (connection.refresh_token is None or session.clock.monotonic() < self._not_before):
            return connection.access_token
        section = self.store.try_lock()
        if section is None and alive:
            return connection.access_token
        with section or (yield from enter(session, self.store, deadline)) as section:
            connection = self._checked(session, section.read())
            if not _usable(connection, session, rejected, fresh=True):
                connection = yield from self._refresh(session, section, connection, deadline, rejected)
        return connection.access_token

    def _checked(self, session: Session, connection: Connection | None) -> Connection:
        if connection is None or (connection.access_token is None and connection.refresh_token is None):
            cause = connection.lost if connection else None
            raise ReconnectRequired("not_connected", cause or "the token store holds no connection: connect first")
        if connection.issuer != origin(session.base_url):
            host = urlsplit(connection.issuer).netloc
            raise InputError(f"the stored tokens belong to {host}; they are not sent to {session.base_url}.")
        return connection

    def _refresh(
        self,
        session: Session,
        section: Section,
        connection: Connection,
        deadline: float,
        rejected: str | None,
    ) -> Flow[Connection]:
        """Spend the refresh token; a failure is only raised when no living token is left."""
        if connection.refresh_token is None:
            raise ReconnectRequired("connection_lost", connection.lost or "there is no refresh token")
        try:
            section.check_writable()
            renewed = yield from _spend(session, connection, section, deadline)
        except ReconnectRequired as error:
            again = section.read()
            if again and _usable(again, session, mark(connection.access_token or ""), fresh=True):
                return again
            # Written down, so that nobody presents the dead token again.
            lost = evolve(connection, refresh_token=None, lost=error.error_description)
            section.write(lost)
            if _usable(lost, session, rejected, fresh=False):
                return lost
            raise
        except (OAuthError, TransportError, InputError):
            self._not_before = session.clock.monotonic() + _REST_AFTER_FAILURE
            if _usable(connection, session, rejected, fresh=False):
                return connection
            raise
        section.write(renewed)
        return renewed


def enter(session: Session, store: TokenStore, deadline: float) -> Flow[Section]:
    """Wait for the store's exclusive section, until the deadline."""
    while (section := store.try_lock()) is None:
        if session.clock.monotonic() >= deadline:
            raise TransportError("Another user of the token store did not end in time.", outcome="not_sent")
        yield Sleep(_POLL)
    return section


def _usable(connection: Connection, session: Session, rejected: str | None, *, fresh: bool) -> bool:
    good = ("fresh",) if fresh else ("fresh", "stale")
    return connection.state(session.clock.now()) in good and mark(connection.access_token or "") != rejected


def _spend(session: Session, connection: Connection, section: Section, deadline: float) -> Flow[Connection]:
    """One refresh. An answer that is lost is asked for once more: only the service knows who was first."""
    body = TokenRequest(
        grant_type="refresh_token", client_id=connection.client_id, refresh_token=connection.refresh_token
    )
    lost = connection.lost
    for _ in range(2):
        sent_at = session.clock.now()
        try:
            tokens = yield from request_token(session, deadline, body)
        except OAuthError as error:
            if error.error != "invalid_grant":
                # Whatever call asked for the token: it was not sent.
                error.outcome = "not_sent"
                raise
            because = lost or "the service refused the refresh token"
            raise ReconnectRequired("invalid_grant", f"{because}; the firm has to connect again") from None
        except (TransportError, ContractError) as error:
            if error.outcome == "not_sent":
                raise
            lost = f"the answer to a token refresh was lost ({type(error).__name__})"
        else:
            return connection.renewed(tokens, sent_at=sent_at)
    # The grant may still stand: the next call tries again, and knows what to say when it does not.
    section.write(evolve(connection, lost=lost))
    # No TransportError: those are repeated, and the refresh token was presented often enough.
    raise OAuthError("no_answer", f"no new token: {lost}, twice")


def request_token(session: Session, deadline: float, body: TokenRequest) -> Flow[TokenResponse]:
    """``POST /api/oauth/token``. Raises ``OAuthError`` with the RFC 6749 code, and never shows the body.

    A ``TransportError`` or ``ContractError`` whose outcome is ``unknown`` means that the grant may be spent.
    """
    request = with_headers(session, operations.build(operations.TOKEN, body=body), token=None)
    budget = min(_TOKEN_TIMEOUT, deadline - session.clock.monotonic())
    if budget <= 0:
        raise TransportError("No time was left to ask for a token.", outcome="not_sent")
    response: Response = yield Send(request, min(session.options.timeout, budget), budget, spends=True)
    if 200 <= response.status < 300:
        tokens = read(TokenResponse, response.json())
        if tokens.token_type.lower() != "bearer" or not 0 < tokens.expires_in <= _LONGEST_LIFE:
            raise ContractError("the token answer is no living bearer token")
        if not is_secret(tokens.access_token):
            raise ContractError("the access token holds characters that no token has", pointer="/access_token")
        return tokens
    raise oauth_error(response)


def oauth_error(response: Response) -> OAuthError | TransportError:
    """The exception for an answer of the OAuth endpoints that is no success."""
    try:
        document = response.json()
    except ContractError:
        document = {}
    code = document.get("error") if isinstance(document, dict) else None
    description = document.get("error_description") if isinstance(document, dict) else None
    if response.status in (429, 503):
        return TransportError(f"The OAuth endpoint is busy ({response.status}).", outcome="not_sent")
    if response.status >= 500:
        return TransportError(f"The OAuth endpoint failed ({response.status}).", outcome="unknown")
    told = description if isinstance(description, str) else f"the OAuth endpoint answered {response.status}"
    return OAuthError(code if isinstance(code, str) else "server_error", told, outcome="rejected")
