"""Errors of the service: the exception for an answer that is not a success."""

from __future__ import annotations

import json
from typing import Any

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext.errors import (
    APIError,
    AuthenticationError,
    ConflictError,
    IdempotencyConflictError,
    LedgerHQError,
    NotFoundError,
    PeriodLockedError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    ValidationError,
)

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


def error_from(response: Response) -> APIError:
    """Return the exception for a response that is not a success, read from either error shape."""
    facts = _error_facts(response)
    if 300 <= response.status < 400:
        # Never followed: the token would go to whoever is named there.
        location = response.headers.get("location", "nowhere")
        facts["message"] = (
            f"redirected to {location}; redirects are not followed, so set base_url to the "
            "service's own address"
        )
    return _class_of(response.status, facts["code"])(
        **facts,
        status=response.status,
        headers=response.headers,
        # As JSON is read: in UTF-16, no token would be recognized for what it is.
        body=response.content[:8_000].decode(json.detect_encoding(response.content), "replace"),
    )


def _error_facts(response: Response) -> dict[str, Any]:
    """Return what the service says of an error: a text (older routes), or an object.

    What stands between us and the service says it in other ways, which are read for their text.
    """
    try:
        document = response.json()
    except LedgerHQError:
        document = _plain_text(response)
    if not isinstance(document, dict):
        document = {"error": document}

    error = document.get("error")
    if not isinstance(error, dict):
        error = {**document, "message": _reason(document)}

    message = error.get("message")
    code = error.get("code")
    retryable = error.get("retryable")
    request_id = error.get("requestId")
    if not isinstance(message, str) or not message:
        message = f"the service responded with status {response.status}"

    # Anything of another type is left out: an odd error must not hide that there was one.
    return {
        "message": message,
        "code": code if isinstance(code, str) else None,
        "retryable": retryable if isinstance(retryable, bool) else None,
        "request_id": request_id if isinstance(request_id, str) else response.request_id,
    }


def _plain_text(response: Response) -> str:
    """Return a body of plain text in one line; nothing of any other body."""
    if not response.headers.get("content-type", "").startswith("text/plain"):
        return ""
    return " ".join(response.content.decode("utf-8", "replace").split())


def _reason(document: dict[str, Any]) -> str:
    """Return the texts of an error beside each other: frameworks give a title and a message, RFC
    9457 a title and a detail.
    """
    texts = [document.get(name) for name in ("error", "title", "message", "detail")]
    # A title that is the message, too, is one text.
    return ": ".join(dict.fromkeys(text for text in texts if isinstance(text, str) and text))


def _class_of(status: int, code: str | None) -> type[APIError]:
    """Return the class for a status and a code.

    The code counts only where it refines the status's own class.
    """
    if status >= 500:
        return ServerError
    of_status = _BY_STATUS.get(status, APIError)
    of_code = _BY_CODE.get(code or "", of_status)
    # A 409 that says PERIOD_LOCKED is a conflict all the same: statuses are promised, codes are
    # not.
    if not issubclass(of_code, of_status):
        return of_status
    return of_code
