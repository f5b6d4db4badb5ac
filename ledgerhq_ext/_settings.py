"""A session from the arguments of a client: each is checked, and named when it is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from ledgerhq_ext._auth.credentials import (
    ApiKey,
    Credentials,
    OAuth,
    authorizer_of,
    credentials_from,
)
from ledgerhq_ext._auth.sections import TokenStore
from ledgerhq_ext._checks import check_running, is_coroutine_function
from ledgerhq_ext._http.clients import check_client
from ledgerhq_ext._http.hooks import CallHook, EventHook, Hook, is_call_hook
from ledgerhq_ext._http.io import BlockingIO, Wiring
from ledgerhq_ext._http.log_output import show_log
from ledgerhq_ext._http.masking import filter_logs
from ledgerhq_ext._http.messages import Carrier
from ledgerhq_ext._http.options import Clock, Options, SystemClock
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._http.session import IO, Session
from ledgerhq_ext._http.urls import check_base_url, refuse_api_path
from ledgerhq_ext._plain import brief
from ledgerhq_ext._version import __version__
from ledgerhq_ext.errors import InputError

if TYPE_CHECKING:
    from ledgerhq_ext._http.awaiting import AwaitingIO

_APP_NAME_LENGTH = 200


def new_session(
    io_class: type[AwaitingIO] | type[BlockingIO],
    credentials: Credentials | str | os.PathLike[str] | None,
    *,
    api_key: str | None,
    access_token: str | None,
    token_store: TokenStore | str | os.PathLike[str] | None,
    base_url: str,
    timeout: float,
    deadline: float,
    retries: int | RetryPolicy,
    headers: Mapping[str, str] | None,
    app_name: str | None,
    carrier: Carrier,
    http_client: object,
    transport: object,
    proxy: Any,
    verify: Any,
    clock: Clock | None,
    sleep: Any,
    hooks: Iterable[Hook],
) -> Session:
    """Return a session over one of the two ways of waiting; see ``AsyncLedgerHQ.__init__``."""
    check_running()
    chosen = credentials_from(
        credentials, api_key=api_key, access_token=access_token, token_store=token_store
    )
    url = check_base_url(base_url)
    refuse_api_path(url)
    is_blocking = io_class is BlockingIO
    check_client(http_client, transport, proxy, verify, is_blocking=is_blocking)
    _check_sleep(sleep, is_blocking=is_blocking)
    wiring = Wiring(
        base_url=url, http_client=http_client, transport=transport, proxy=proxy, verify=verify
    )
    event_hooks, call_hooks = _check_hooks(hooks)
    # Before anything is sent: other libraries log headers and addresses.
    filter_logs()
    show_log()
    io = io_class(wiring, sleep=sleep)
    return Session(
        base_url=url,
        io=io,
        exchange_io=_exchange_io(io, wiring),
        authorizer=authorizer_of(chosen),
        options=Options(timeout=timeout, deadline=deadline, retries=retries, headers=headers),
        clock=_check_clock(clock),
        app_name=app_name,
        carrier=_check_carrier(carrier),
        user_agent=_user_agent(app_name),
        hooks=event_hooks,
        call_hooks=call_hooks,
    )


def _check_sleep(sleep: object, *, is_blocking: bool) -> None:
    if sleep is not None:
        _check_function(sleep, "sleep must be a function that takes seconds")
    if is_blocking and is_coroutine_function(sleep):
        raise InputError("sleep must not be a coroutine function in a blocking client.")


def _exchange_io(io: IO, wiring: Wiring) -> Callable[[], IO] | None:
    """Return a function that gives the connections of an exchange of tokens.

    They are the exchange's own, which no caller closes. A client or transport that was handed in is
    used as it is: in the exchange's thread if it blocks, else on the caller's loop, which None
    stands for.
    """

    def own_io() -> IO:
        """Return new connections."""
        return BlockingIO(wiring)

    def same_io() -> IO:
        """Return the connections of the client."""
        return io

    is_handed_in = wiring.http_client is not None or wiring.transport is not None
    if not is_handed_in:
        return own_io
    return same_io if isinstance(io, BlockingIO) else None


def _check_carrier(carrier: Carrier) -> Carrier:
    if not isinstance(carrier, str) or carrier not in get_args(Carrier):
        raise InputError(f"carrier must be 'header' or 'path', not {carrier!r}.")
    return carrier


def _check_clock(clock: Clock | None) -> Clock:
    if clock is None:
        return SystemClock()
    methods = (getattr(clock, "now", None), getattr(clock, "monotonic", None))
    is_class = isinstance(clock, type)
    if is_class or not all(_is_plain_function(method) for method in methods):
        raise InputError(
            f"clock must be an object with the methods now() and monotonic(), not {clock!r}."
        )
    return clock


def _is_plain_function(function: object) -> bool:
    return callable(function) and not is_coroutine_function(function)


def _check_function(function: object, problem: str) -> None:
    """Raise ``InputError`` unless it can be called; for a class an instance was meant."""
    if not callable(function) or isinstance(function, type):
        raise InputError(f"{problem}, not {function!r}.")


def _check_hooks(hooks: Iterable[Hook]) -> tuple[tuple[EventHook, ...], tuple[CallHook, ...]]:
    """Return the functions among the hooks, and the pairs."""
    # A text and a mapping can be walked over too, and hold no hooks.
    if not isinstance(hooks, Iterable) or isinstance(hooks, str | bytes | Mapping):
        raise InputError(
            f"hooks must be a list of functions that take an Event, or of CallHooks, not {hooks!r}."
        )

    functions: list[Any] = []
    pairs: list[Any] = []
    for hook in hooks:
        if not isinstance(hook, type) and is_call_hook(hook):
            _check_call_hook(hook)
            pairs.append(hook)
            continue
        _check_function(
            hook, "hooks must be functions that take an Event, or objects with start and end"
        )
        if is_coroutine_function(hook):
            raise InputError(
                f"hooks are called, not awaited, so {hook!r} must not be a coroutine function."
            )
        functions.append(hook)
    return tuple(functions), tuple(pairs)


def _check_call_hook(hook: Any) -> None:
    for name in ("start", "end"):
        if is_coroutine_function(getattr(hook, name)):
            raise InputError(
                f"hooks are called, not awaited, so {name} of {hook!r} must not be a coroutine "
                "function."
            )


def _user_agent(app_name: str | None) -> str:
    # What "platform" says as well, without its import.
    python_version = ".".join(map(str, sys.version_info[:3]))
    user_agent = f"ledgerhq-ext/{__version__} python/{python_version}"
    if app_name is None:
        return user_agent
    if not _is_app_name(app_name):
        raise InputError(
            f"app_name must be printable ASCII text of at most {_APP_NAME_LENGTH} characters, "
            "without leading or trailing spaces, not "
            f"{brief(repr(app_name), 2 * _APP_NAME_LENGTH)}."
        )
    return f"{app_name} {user_agent}"


def _is_app_name(name: object) -> bool:
    # It stands in a header.
    if not isinstance(name, str) or not name.isascii() or not name.isprintable():
        return False
    return name == name.strip() and 1 <= len(name) <= _APP_NAME_LENGTH


def settings_from_env(
    credentials: Credentials | str | os.PathLike[str] | None, overrides: dict[str, Any]
) -> dict[str, Any]:
    """Return the arguments of a client from the environment; what was passed goes first.

    Raises ``InputError`` for no credentials, or for two kinds of them.
    """
    settings = dict(overrides)
    for name, variable in (("base_url", "LEDGERHQ_BASE_URL"), ("app_name", "LEDGERHQ_APP_NAME")):
        value = os.environ.get(variable)
        if value:
            settings.setdefault(name, value)

    chosen = credentials_from(
        credentials,
        api_key=settings.pop("api_key", None),
        access_token=settings.pop("access_token", None),
        token_store=settings.pop("token_store", None),
    )
    chosen = chosen or _credentials_from_env()
    client_id = os.environ.get("LEDGERHQ_CLIENT_ID")
    if client_id and isinstance(chosen, OAuth) and chosen.client_id is None:
        chosen = OAuth(chosen.store, client_id=client_id, name=chosen.name)
    return {**settings, "credentials": chosen}


def _credentials_from_env() -> Credentials:
    token_file = os.environ.get("LEDGERHQ_TOKEN_FILE")
    api_key = os.environ.get("LEDGERHQ_API_KEY")
    if token_file and api_key:
        raise InputError("Set LEDGERHQ_TOKEN_FILE or LEDGERHQ_API_KEY, not both.")
    if token_file:
        return OAuth(token_file)
    if api_key:
        organization_id = os.environ.get("LEDGERHQ_ORGANIZATION_ID") or None
        return ApiKey(api_key, organization_id=organization_id)
    raise InputError("Set LEDGERHQ_TOKEN_FILE (OAuth) or LEDGERHQ_API_KEY.")
