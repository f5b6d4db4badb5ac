"""Every exception this package raises.

    LedgerHQError                   outcome: not_sent | rejected | unknown
    ├── APIError                    the service answered, and the answer is not a success
    │   ├── AuthenticationError     401
    │   ├── PermissionDeniedError   403
    │   ├── NotFoundError           404
    │   ├── RateLimitError          429
    │   ├── ServerError             5xx
    │   ├── ValidationError         400, 422
    │   │   └── PeriodLockedError   422: the period is locked, or its fiscal year closed
    │   └── ConflictError           409, or a state that contradicts what was asked
    │       └── IdempotencyConflictError   the key stands for another payload; never retried
    ├── TransportError              no answer, or half of one: timeouts, resets
    ├── ContractError               the answer does not fit the contract
    ├── OAuthError                  the OAuth endpoints refused
    │   └── ReconnectRequired       the grant is gone: somebody has to connect again
    └── InputError                  refused here, before anything was sent
        ├── RecordLookupError       a lookup found none, or several
        └── MissingExtraError       an extra is not installed (a ModuleNotFoundError too)

``outcome`` says what is known of a call that changes something: ``not_sent`` (it never left),
``rejected`` (the service refused it) or ``unknown`` (it may have been carried out: repeat it with the
same idempotency key, or read the state again, before anything else). Every exception can be pickled and
none carries a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Outcome = Literal["not_sent", "rejected", "unknown"]

BODY_LIMIT = 2_000
_WORD_LIMIT = 200
_SECRET = re.compile(r"(mcp_[ar]t_|dk_[a-z]+_|\bBearer\s+)[^\s\"'&,;<>]+", re.IGNORECASE)
_QUIET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})


def redact(text: str) -> str:
    """The text without anything that looks like a LedgerHQ token."""
    return _SECRET.sub(lambda found: f"{found[1]}…", text)


class LedgerHQError(Exception):
    """The root of the tree. ``outcome`` is ``not_sent``, ``rejected`` or ``unknown``."""

    outcome: Outcome = "not_sent"

    def __init__(self, message: str, *, outcome: Outcome | None = None) -> None:
        super().__init__(redact(message))
        self.message: str = redact(message)
        if outcome is not None:
            self.outcome = outcome

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


def _rebuild(cls: type[LedgerHQError], args: tuple[Any, ...], state: dict[str, Any]) -> LedgerHQError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(LedgerHQError):
    """Refused here, before anything was sent. The message says what to change."""


class RecordLookupError(InputError):
    """A lookup that must give one record found none, or several.

    ``candidates`` lists what came near; ``more`` says how many came near beside them.
    """

    def __init__(self, message: str, *, candidates: Sequence[str] = (), more: int = 0) -> None:
        lines = [f"\n  - {candidate}" for candidate in candidates]
        if more:
            lines.append(f"\n  and {more} more")
        listed = "".join(lines)
        super().__init__(message + (f" Candidates:{listed}" if listed else ""))
        self.candidates: tuple[str, ...] = tuple(candidates)
        self.more = more


class MissingExtraError(InputError, ModuleNotFoundError):
    """A package beside the core was imported without its extra: the message says what to install."""

    def __init__(self, message: str, *, name: str | None = None) -> None:
        super().__init__(message)
        self.name = name


class TransportError(LedgerHQError):
    """No answer, or half of one. ``outcome`` is ``not_sent`` or ``unknown``."""


class ContractError(LedgerHQError):
    """The answer does not fit the contract; ``pointer`` says where, as a JSON pointer into the body."""

    outcome: Outcome = "unknown"

    def __init__(self, message: str, *, pointer: str = "", outcome: Outcome | None = None) -> None:
        super().__init__(f"{message} (at {pointer or 'the whole answer'})", outcome=outcome)
        self.pointer = pointer


class OAuthError(LedgerHQError):
    """The OAuth endpoints refused. ``error`` is an RFC 6749 code; bodies are never kept."""

    def __init__(self, error: str, description: str = "", *, outcome: Outcome | None = None) -> None:
        super().__init__(f"{error}: {description}" if description else error, outcome=outcome)
        self.error: str = redact(error)
        self.error_description: str = redact(description)


class ReconnectRequired(OAuthError):  # noqa: N818 - a demand, not a fault
    """The grant is gone, or there is none yet: a firm owner or admin has to connect again."""


class APIError(LedgerHQError):
    """The service answered with something else than success.

    ``status`` is the HTTP status (None when the answer itself was fine but its state contradicts the call),
    ``code`` the service's error code, ``retryable`` what the service says of itself, ``body`` the first
    2,000 characters of the answer.
    """

    outcome: Outcome = "rejected"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retryable: bool | None = None,
        outcome: Outcome | None = None,
        idempotency_key: str | None = None,
        method: str = "",
        path: str = "",
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        super().__init__(message[:BODY_LIMIT], outcome=outcome)
        self.status = status
        self.code: str | None = code and redact(code)[:_WORD_LIMIT]
        self.request_id: str | None = request_id and redact(request_id)[:_WORD_LIMIT]
        self.retryable = retryable
        self.idempotency_key = idempotency_key
        self.method = method
        self.path = path
        self.headers: dict[str, str] = {
            name: redact(value) for name, value in (headers or {}).items() if name.lower() not in _QUIET_HEADERS
        }
        self.body: str = redact(body)[:BODY_LIMIT]

    def __str__(self) -> str:
        where = f"{self.method} {self.path}: " if self.path else ""
        facts = [str(self.status) if self.status is not None else "", self.code or ""]
        told = " ".join(fact for fact in facts if fact)
        trace = f" (request {self.request_id})" if self.request_id else ""
        return f"{where}{told + ': ' if told else ''}{self.message}{trace} [outcome: {self.outcome}]"


class AuthenticationError(APIError):
    """401: the token or key is missing, invalid or expired, and could not be renewed."""


class PermissionDeniedError(APIError):
    """403: not a member, or the role or plan does not allow it."""


class NotFoundError(APIError):
    """404: not found in this organization."""


class RateLimitError(APIError):
    """429: too many requests, and waiting longer does not fit the deadline."""


class ServerError(APIError):
    """5xx: the service failed. For a call that changes something the outcome is ``unknown``."""


class ValidationError(APIError):
    """400 or 422: the service refused the request as it stands."""


class PeriodLockedError(ValidationError):
    """422: the period is locked, or its fiscal year closed."""


class ConflictError(APIError):
    """409, or a state that contradicts what was asked."""


class IdempotencyConflictError(ConflictError):
    """The idempotency key already stands for another payload. Never retried, never given another key."""


IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"
_BY_STATUS: dict[int, type[APIError]] = {
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: RateLimitError,
}
_BY_CODE: dict[str, type[APIError]] = {
    "IDEMPOTENCY_CONFLICT": IdempotencyConflictError,
    "PERIOD_LOCKED": PeriodLockedError,
}


def error_class(status: int, code: str | None) -> type[APIError]:
    """The class for a status and a code; the code counts only where it refines the status's own class."""
    if status >= 500:
        return ServerError
    base = _BY_STATUS.get(status, APIError)
    refined = _BY_CODE.get(code or "", base)
    return refined if issubclass(refined, base) else base
