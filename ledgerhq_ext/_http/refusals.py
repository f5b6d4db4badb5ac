"""Errors of the service: the exception for an answer that is not a success."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext.errors import APIError, LedgerHQError, error_class


def error_from(response: Response) -> APIError:
    """Return the exception for a response that is not a success, read from either error shape."""
    facts = _error_facts(response)
    if 300 <= response.status < 400:
        location = response.headers.get("location", "nowhere")
        facts["message"] = (
            f"redirected to {location}; redirects are not followed, so set base_url to the "
            "service's own address"
        )
    return error_class(response.status, facts["code"])(
        **facts,
        status=response.status,
        headers=response.headers,
        body=response.content[:8_000].decode("utf-8", "replace"),
    )


def _error_facts(response: Response) -> dict[str, Any]:
    """Return what the service says of an error: a text (older routes), or an object."""
    try:
        document = response.json()
    except LedgerHQError:
        document = None
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        error = {"message": error}

    message = error.get("message")
    code = error.get("code")
    retryable = error.get("retryable")
    request_id = error.get("requestId")
    if not isinstance(message, str) or not message:
        message = f"the service responded with status {response.status}"
    return {
        "message": message,
        "code": code if isinstance(code, str) else None,
        "retryable": retryable if isinstance(retryable, bool) else None,
        "request_id": request_id if isinstance(request_id, str) else response.request_id,
    }
