"""Credentials: the key or token of the caller, or the store that holds his tokens."""

from __future__ import annotations

import os

from ledgerhq_ext._auth.secrets import check_secret
from ledgerhq_ext._auth.sections import TokenStore
from ledgerhq_ext._checks import check_id, is_coroutine_function
from ledgerhq_ext._http.session import DEFAULT_NAME, Authorizer, Session
from ledgerhq_ext._idempotency import check_text
from ledgerhq_ext.errors import InputError

_NAME_LENGTH = 200


def _store_of(store: TokenStore | str | os.PathLike[str], name: str) -> TokenStore:
    """Return a token store, for a path a ``FileTokenStore``; ``InputError`` names the argument."""
    if isinstance(store, str | os.PathLike):
        from ledgerhq_ext._auth.stores import FileTokenStore, check_path

        return FileTokenStore(check_path(store, name))
    for method in ("read", "try_lock"):
        function = getattr(store, method, None)
        if isinstance(store, type) or not callable(function):
            raise InputError(
                f"{name} must be a path or a token store such as FileTokenStore, not {store!r}."
            )
        if is_coroutine_function(function):
            raise InputError(
                f"{name} must be a token store whose {method}() is a regular function, not a "
                "coroutine function, also for AsyncLedgerHQ."
            )
    return store


def _name_of(store: TokenStore, name: str | None) -> str:
    """Return the name of a connection: the store's own, or the one that was given."""
    if name is not None:
        check_text(name, "name", length=_NAME_LENGTH)
    own = getattr(store, "name", None)
    if not isinstance(own, str):
        return name or DEFAULT_NAME

    if name not in (None, own):
        raise InputError(
            f"the token store is named {own!r}; omit name={name!r}, or give the store that name."
        )
    return own


class OAuth:
    """A firm's OAuth connection, in a token store (a path means a ``FileTokenStore``).

    ``client_id`` is an OAuth client that was registered elsewhere; without it, a client is
    registered when a firm connects. ``name`` distinguishes the connections of several firms if the
    token store has no name of its own, so that an outbox keeps the postings of each firm apart.
    Raises ``InputError`` if ``store`` is not a token store, or ``name`` is not the store's name.
    """

    def __init__(
        self,
        store: TokenStore | str | os.PathLike[str],
        *,
        client_id: str | None = None,
        name: str | None = None,
    ) -> None:
        self.store: TokenStore = _store_of(store, "store")
        if client_id is not None:
            check_id(client_id, "client_id")
        self.client_id = client_id
        self.name: str = _name_of(self.store, name)

    def __repr__(self) -> str:
        return f"OAuth({self.store!r})"


class ApiKey:
    """A server-to-server key (``dk_live_…``), which belongs to one organization.

    ``organization_id`` is that organization; by default it is the first one that is used. ``repr``
    does not show the key.
    """

    def __init__(self, key: str, *, organization_id: str | None = None) -> None:
        self.key: str = check_secret(key, "key")
        if organization_id is not None:
            check_id(organization_id, "organization_id")
        self.organization_id = organization_id

    def __repr__(self) -> str:
        return f"ApiKey('…', organization_id={self.organization_id!r})"


class AccessToken:
    """A bare access token, for a short run on any organization. It is never refreshed.

    ``repr`` does not show the token.
    """

    def __init__(self, token: str) -> None:
        self.token: str = check_secret(token, "token")

    def __repr__(self) -> str:
        return "AccessToken('…')"


Credentials = OAuth | ApiKey | AccessToken


def credentials_from(
    credentials: Credentials | str | os.PathLike[str] | None,
    *,
    api_key: str | None,
    access_token: str | None,
    token_store: TokenStore | str | os.PathLike[str] | None,
) -> Credentials | None:
    """Return the one value that was given, whichever way; None when none was.

    A plain string is an API key when it begins with ``dk_``, else an access token; a path is a
    token file. Raises ``InputError`` for several, for the name of a file, and for anything else.
    """
    values: dict[str, Credentials] = {}
    if credentials is not None:
        values["credentials"] = _credentials_of(credentials)
    if api_key is not None:
        values["api_key"] = ApiKey(check_secret(api_key, "api_key"))
    if access_token is not None:
        values["access_token"] = AccessToken(check_secret(access_token, "access_token"))
    if token_store is not None:
        values["token_store"] = OAuth(_store_of(token_store, "token_store"))
    if len(values) > 1:
        raise InputError(f"Pass only one of {', '.join(values)}.")
    return next(iter(values.values()), None)


def _credentials_of(credentials: Credentials | str | os.PathLike[str]) -> Credentials:
    if isinstance(credentials, OAuth | ApiKey | AccessToken):
        return credentials
    if isinstance(credentials, str):
        check_secret(credentials, "credentials")
        # As a token it would be sent, and answered with 401.
        if credentials.endswith(".json"):
            raise InputError(
                "credentials: a string is a key or token, and this one is the name of a file. Pass "
                "OAuth(path) for a token file."
            )
        is_key = credentials.startswith("dk_")
        return ApiKey(credentials) if is_key else AccessToken(credentials)
    if isinstance(credentials, os.PathLike):
        return OAuth(_store_of(credentials, "credentials"))
    raise InputError(
        "credentials must be OAuth(store), ApiKey(key), AccessToken(token), a key or token as "
        f"a string, or the path of a token file, not {type(credentials).__name__}."
    )


def authorizer_of(credentials: Credentials | None) -> Authorizer:
    """Return the authorizer that gives the requests of these credentials their bearer token."""
    if credentials is None:
        return NotConnected()
    if isinstance(credentials, OAuth):
        # Who has a key or a token needs nothing of what follows.
        from ledgerhq_ext._auth.refresh import OAuthConnection

        return OAuthConnection(credentials.store, credentials.client_id, credentials.name)
    if isinstance(credentials, ApiKey):
        return KeyAuthorizer(credentials)
    return TokenAuthorizer(credentials)


class NotConnected:
    """For clients without credentials: every call but the public ones is refused."""

    connection = DEFAULT_NAME

    async def token(
        self,
        _: Session,
        __: float,
        /,
        rejected: str | None = None,  # noqa: ARG002 - every authorizer takes it
    ) -> str | None:
        """Raise ``InputError``."""
        raise InputError("Not connected. Pass credentials, such as OAuth(store) or an api_key.")

    def check_organization(self, organization_id: str) -> None:
        """Allow any organization."""


class KeyAuthorizer:
    """Speaks by an API key, which cannot be renewed, for its one organization."""

    connection = DEFAULT_NAME

    def __init__(self, credentials: ApiKey) -> None:
        self._key = credentials.key
        self._organizations: dict[str, str] = {}
        if credentials.organization_id is not None:
            self.check_organization(credentials.organization_id)

    async def token(self, _: Session, __: float, /, rejected: str | None = None) -> str | None:
        """Return the key; None once it was rejected."""
        return self._key if rejected is None else None

    def check_organization(self, organization_id: str) -> None:
        """Raise ``InputError`` for another organization than the first one."""
        # In one step, for threads, and without a lock, which a fork might copy while it is held.
        first = self._organizations.setdefault("first", organization_id)
        if first != organization_id:
            raise InputError(
                f"An API key belongs to one organization, and this one is used for {first}, not "
                f"{organization_id}. Connect by OAuth, or create a client for each key."
            )


class TokenAuthorizer:
    """Speaks by a bare access token."""

    connection = DEFAULT_NAME

    def __init__(self, credentials: AccessToken) -> None:
        self._token = credentials.token

    async def token(self, _: Session, __: float, /, rejected: str | None = None) -> str | None:
        """Return the token; None once it was rejected."""
        return self._token if rejected is None else None

    def check_organization(self, organization_id: str) -> None:
        """Allow any organization."""
