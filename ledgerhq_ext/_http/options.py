"""The patience of calls, and the clock they go by."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from types import CodeType
from typing import Protocol, TypedDict

from attrs import field, frozen

from ledgerhq_ext._checks import number
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext._http.retries import RetryPolicy, retry_policy
from ledgerhq_ext.errors import InputError

_DAY = 86_400.0
_RESERVED = frozenset(
    {
        # A body in an encoding that we do not read would be no answer, after a posting too.
        "accept-encoding",
        "authorization",
        SCOPE_HEADER.lower(),
        KEY_HEADER.lower(),
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
    }
)
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"


def _check_headers(headers: Mapping[str, str] | None) -> Mapping[str, str]:
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise InputError(
            f"headers must be a mapping of names to values, not {type(headers).__name__}."
        )
    for name, value in headers.items():
        _check_header(name, value)
    return dict(headers)


def _check_header(name: object, value: object) -> None:
    if not isinstance(name, str) or not re.fullmatch(_HEADER_NAME, name):
        raise InputError(f"headers: {name!r} is not a valid header name.")
    # Gateways of CGI's kind take "_" for "-".
    if name.lower().replace("_", "-") in _RESERVED:
        raise InputError(f"headers: {name} is set by this package and cannot be overridden.")
    if not _is_header_value(value):
        # The value is not shown: it may be a secret.
        raise InputError(
            f"headers: the value of {name} must be printable ASCII text without leading or "
            "trailing spaces."
        )


def _is_header_value(value: object) -> bool:
    if not isinstance(value, str) or value != value.strip():
        return False
    return value.isascii() and value.isprintable()


@frozen(kw_only=True)
class Options:
    """The options of calls. ``timeout`` limits each wait for the network, ``deadline`` the whole
    call.

    Both are in seconds; neither can be disabled. ``retries`` is a number of retries or a
    ``RetryPolicy``. ``headers`` are sent in addition to the client's own.
    """

    timeout: float = field(default=30.0, validator=number(0.001, _DAY))
    deadline: float = field(default=90.0, validator=number(0.001, _DAY))
    retries: RetryPolicy = field(factory=RetryPolicy, converter=retry_policy)
    headers: Mapping[str, str] = field(factory=dict, converter=_check_headers, repr=False)


class CallOptions(TypedDict, total=False):
    """The options that every method which sends takes as arguments, for that one call.

    ``books.accounts(deadline=10, headers={"X-Trace": "7"})``. ``timeout`` bounds each wait for the
    network and ``deadline`` a request with its retries, in seconds; ``retries`` is a number of
    repetitions or a ``RetryPolicy``; ``headers`` are sent in addition. None leaves an option as it
    is. ``with_options`` sets the same for many calls. The endpoints of OAuth are asked again when
    they say so themselves, within the deadline, whatever ``retries`` is.
    """

    timeout: float | None
    deadline: float | None
    retries: int | RetryPolicy | None
    headers: Mapping[str, str] | None


def check_names(options: CallOptions, method: CodeType) -> None:
    """Raise ``TypeError``, as Python does, for an argument that is no option of a call.

    ``method`` is the code of the method that took the options beside its own arguments.
    """
    for name in options:
        if name not in CallOptions.__annotations__:
            raise TypeError(
                f"{name!r} is not an argument of {method.co_name}. {_hint(name, method)}"
            )


def _hint(name: str, method: CodeType) -> str:
    # Not at the top: hardly any process needs it.
    from difflib import get_close_matches

    count = method.co_argcount + method.co_kwonlyargcount
    own = [own for own in method.co_varnames[:count] if own != "self"]
    names = [*own, *CallOptions.__annotations__]
    for near in get_close_matches(name, names, n=1):
        return f"Did you mean {near}?"
    return f"Its arguments are {', '.join(names)}."


class Clock(Protocol):
    """The time, injectable for tests."""

    def now(self) -> float:
        """Return seconds since the epoch."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""


class SystemClock:
    """The clock of the machine."""

    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)
