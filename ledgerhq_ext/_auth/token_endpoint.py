"""The token endpoint: asking it for a grant, and what its answers say."""

from __future__ import annotations

from attrs import evolve

from ledgerhq_ext import _calls, _seam
from ledgerhq_ext._auth.answers import Grant, grant_of, tokens_of
from ledgerhq_ext._auth.busy import Busy
from ledgerhq_ext._bodies import TokenRequest
from ledgerhq_ext._http.call import send, with_headers
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.errors import TransportError


async def request_token(session: Session, until: float, body: TokenRequest, busy: Busy) -> Grant:
    """Ask for a token (``POST /api/oauth/token``), and return what was granted.

    Raises ``OAuthError`` with the RFC 6749 code, and never shows the body. A ``TransportError``
    whose outcome is ``unknown`` means that the grant may be spent. ``busy`` notices that the
    endpoint asks to wait.
    """
    request = with_headers(session, _calls.build(_seam.TOKEN, body=body), token=None)
    request = evolve(request, keeps_part=True)
    budget = until - session.clock.monotonic()
    if budget <= 0:
        raise TransportError(
            "The deadline passed before a token could be requested.", outcome="not_sent"
        )

    session.secrets.add(body.code, body.code_verifier, body.refresh_token)
    response = await send(session, request, timeout=budget, budget=budget)
    if 200 <= response.status < 300:
        grant = grant_of(response)
        session.secrets.add(grant.access_token, grant.refresh_token)
        if response.problem is None or not grant.is_empty:
            return grant
    if response.problem is not None:
        raise response.problem
    # Its description may name them.
    session.secrets.add(*tokens_of(response))
    raise busy.refusal(session, response)
