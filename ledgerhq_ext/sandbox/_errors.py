"""Errors as the API answers them, in its two shapes, and in the one of OAuth."""

from __future__ import annotations

from typing import Any, Literal

Shape = Literal["plain", "structured", "oauth"]

_CODES = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
}
_OAUTH_CODES = {401: "invalid_client", 404: "invalid_request", 500: "server_error"}


class Problem(Exception):  # noqa: N818
    """A request that cannot be served; undoes what its transaction did."""

    def __init__(
        self, status: int, message: str, code: str | None = None, *, retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or _CODES.get(status, "INTERNAL_ERROR")
        self.retryable = retryable


def bad_request(message: str, code: str = "VALIDATION_ERROR") -> Problem:
    """Return the problem of input that breaks a rule (400)."""
    return Problem(400, message, code)


def not_found(what: str) -> Problem:
    """Return the problem of an object that is not in this organization (404)."""
    return Problem(404, f"{what} not found")


def conflict(message: str, code: str = "CONFLICT", *, retryable: bool = False) -> Problem:
    """Return the problem of a state that does not allow the request (409)."""
    return Problem(409, message, code, retryable=retryable)


def error_body(problem: Problem, shape: Shape, request_id: str) -> dict[str, Any]:
    """Return the problem as JSON, in the shape of the endpoint."""
    if shape == "oauth":
        code = _OAUTH_CODES.get(problem.status, "invalid_request")
        return {"error": code, "error_description": problem.message}
    if shape == "plain":
        return {"error": problem.message}
    return {
        "error": {
            "code": problem.code,
            "message": problem.message,
            "retryable": problem.retryable,
            "requestId": request_id,
        }
    }
