"""Calls that return their response too: ``with_raw_response``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import evolve

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._resources.configurable import Configurable
from ledgerhq_ext._resources.open_door import RawResponse, raw_response

T = TypeVar("T")
H = TypeVar("H", bound=Configurable)


async def with_response(handle: H, call: Callable[[H], Awaitable[T]]) -> RawResponse[T]:
    """Return what a call returns, together with the last response it read."""
    # Every attempt and every page adds its response; the last one holds the answer.
    responses: list[Response] = []
    session = evolve(handle._session, responses=responses)
    value = await call(handle._with_session(session))
    return raw_response(value, responses[-1])
