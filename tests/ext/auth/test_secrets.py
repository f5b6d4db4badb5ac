"""A canary: no token shows in a log record, repr, exception, traceback with locals, pickle or
event.
"""

from __future__ import annotations

import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import Event, FileTokenStore, LedgerHQError, OAuth, RetryPolicy
from tests.support.authorization import BACK, HOUR, MakeClient, Service, answer, ask, fail
from tests.support.clocks import FakeClock
from tests.support.surfaces import resolve

pytestmark = pytest.mark.anyio
PACKAGE = "ledgerhq_ext"
SECRETS = ("mcp_at_access", "mcp_rt_refresh")


def shown(error: BaseException) -> str:
    """The exception as an error tracker shows it: with the locals of the package's own frames."""
    report: traceback.TracebackException | None
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    text: list[str] = [*report.format_exception_only()]
    while report is not None:
        frames = [
            frame for frame in report.stack if f"{PACKAGE}/" in Path(frame.filename).as_posix()
        ]
        text += [f"{frame.name}: {frame.locals}" for frame in frames]
        following = report.__cause__
        if following is None and not report.__suppress_context__:
            following = report.__context__
        report = following
    return "\n".join(text)


class Canary:
    """Collects everything that anybody may see."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.secrets = list(SECRETS)
        self.errors = 0

    def hook(self, event: Event) -> None:
        self.seen.append(repr(event))

    async def provoke(self, call: Any) -> None:
        """Await a call that fails, and keep all that the failure shows."""
        try:
            await call
        except LedgerHQError as error:
            self.errors += 1
            self.seen += [repr(error), str(error), shown(error), str(vars(error))]
            self.seen += [repr(pickle.dumps(error)), str(vars(pickle.loads(pickle.dumps(error))))]
        else:
            pytest.fail("this was meant to fail")


async def journey(
    make_client: MakeClient,
    service: Service,
    clock: FakeClock,
    store: FileTokenStore,
    canary: Canary,
) -> None:
    """Connect, work, refresh, fail in every way, end."""
    client = make_client(store, hooks=[canary.hook]).with_options(retries=RetryPolicy(attempts=2))
    request = await resolve(client.authorization_request(BACK))
    await canary.provoke(connect(client, f"{BACK}?state=forged&code=good-code", request))
    await canary.provoke(connect(client, f"{BACK}?state={request.state}&code=bad-code", request))
    request = await resolve(client.authorization_request(BACK))
    # A code is of no use without the verifier.
    canary.secrets.append(request.code_verifier)
    await connect(client, f"{BACK}?state={request.state}&code=good-code", request)
    await ask(client)
    connection = store.read()
    canary.seen += [
        repr(thing) for thing in (client, store, connection, request, vars(client), OAuth(store))
    ]
    lost = fail(httpx.ReadTimeout(f"lost {service.refresh_token}"))
    service.before_api = refuse
    await canary.provoke(ask(client))
    service.before_api = lambda _: service.living.clear()
    await canary.provoke(ask(client))
    service.living.clear()
    told = answer(400, error="invalid_client", error_description=f"who is {service.refresh_token}?")
    for scripts in (
        [lost, lost],
        [told],
        [answer(200, access_token="mcp_at_access 9", token_type="Bearer")] * 2,
    ):
        service.token_scripts = scripts
        await canary.provoke(ask(client))
    clock.advance(HOUR)
    service.token_scripts = [service.lose]
    await canary.provoke(ask(client))
    store.path.write_text(store.path.read_text(encoding="utf-8")[:-2], encoding="utf-8")
    await canary.provoke(ask(client))
    assert canary.errors == 9


async def connect(client: Any, address: str, request: Any) -> None:
    await resolve(client.connect(address, request))


def refuse(bearer: str) -> None:
    raise httpx.ReadError(f"cut while {bearer} was sent")


async def test_no_token_shows_anywhere(
    make_client: MakeClient,
    service: Service,
    clock: FakeClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    canary = Canary()
    with caplog.at_level(logging.DEBUG):
        await journey(make_client, service, clock, FileTokenStore(tmp_path / "tokens.json"), canary)
    assert any(record.name == PACKAGE for record in caplog.records)
    everything = canary.seen + [
        f"{record.getMessage()} {vars(record)}" for record in caplog.records
    ]
    for text in everything:
        assert not [secret for secret in canary.secrets if secret in text], text
    used = {*service.bearers, *service.presented}
    assert len(used) > 3, "the canary must have been in the air"
