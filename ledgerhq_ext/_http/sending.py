"""One request of a client: the headers that every one carries, and no token in what comes back."""

from __future__ import annotations

from ledgerhq_ext._http.masking import IN_USE
from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext._http.session import Session

_TOKENS = 8


def with_headers(session: Session, request: Request, *, token: str | None) -> Request:
    """Return the request with the headers that every request carries."""
    headers = dict(session.headers.get(token) or _headers_of(session, token))
    for name, value in request.headers.items():
        # In lower case: two spellings of one name would be two headers.
        headers[name.lower()] = value
    return Request(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=headers,
        content=request.content,
        keeps_part=request.keeps_part,
        organization=request.organization,
    )


def _headers_of(session: Session, token: str | None) -> dict[str, str]:
    """Return the headers of every request with a token; they are made once."""
    session.secrets.add(token)
    headers = {"accept": "application/json", "user-agent": session.user_agent}
    for name, value in session.options.headers.items():
        headers[name.lower()] = value
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    # Not for ever: a firm has a new token every hour.
    if len(session.headers) > _TOKENS:
        session.headers.clear()
    session.headers[token] = headers
    return headers


async def send(session: Session, request: Request, *, timeout: float, budget: float) -> Response:
    """Send a request; neither the response's headers nor a log shows a token of this client."""
    if session.requests is not None:
        session.requests.append(request)
    secrets = IN_USE.set(session.secrets)
    try:
        response = await session.io.send(request, timeout=timeout, budget=budget)
    finally:
        IN_USE.reset(secrets)
    return session.secrets.mask_response(response)
