"""Stores that somebody else wrote: whatever they raise is an error of our tree, and no pair is lost
for it.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from ledgerhq_ext import Connection, InputError, LedgerHQ, MemoryTokenStore
from tests.support.authorization import BACK, HOUR, MakeClient, Service, ask
from tests.support.clocks import FakeClock
from tests.support.surfaces import resolve

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


class DatabaseError(Exception):
    """What a driver raises."""


class ForeignStore(MemoryTokenStore):
    """A store whose operations fail as a database does: `failures` by the operation's name."""

    def __init__(self, connection: Connection | None = None) -> None:
        super().__init__(connection)
        self.failures: dict[str, Callable[[], BaseException]] = {}

    def read(self) -> Connection | None:
        """Return the connection."""
        self._fail("read")
        return super().read()

    def try_lock(self) -> Any:
        """Return the section, whose functions fail too."""
        self._fail("lock")
        section: Any = super().try_lock()
        if section is not None:
            section.check_writable = lambda: self._fail("check")
        return section

    def _write(self, connection: Connection | None) -> None:
        self._fail("write")
        super()._write(connection)

    def _fail(self, operation: str) -> None:
        failure = self.failures.get(operation)
        if failure is not None:
            raise failure()


@pytest.mark.parametrize("operation", ["read", "lock", "check", "write"])
@pytest.mark.parametrize(
    "error", [RuntimeError("no route"), KeyError("content"), DatabaseError("server gone")], ids=repr
)
async def test_its_exceptions_are_errors_of_our_tree(
    make_client: MakeClient, service: Service, clock: FakeClock, operation: str, error: Exception
) -> None:
    store = ForeignStore(service.connection())
    client = make_client(store)
    clock.advance(HOUR)
    store.failures[operation] = lambda: error
    with pytest.raises(InputError, match="ForeignStore failed") as caught:
        await ask(client)
    assert f"{type(error).__name__}: {error}" in caught.value.message
    assert caught.value.__cause__ is error
    assert caught.value.outcome == "not_sent"
    assert service.bearers == []

    store.failures.clear()
    await ask(client)
    assert service.presented == ["mcp_rt_refresh0"], (
        "the pair that could not be written is not asked for again"
    )
    assert service.bearers == ["mcp_at_access1"]


@pytest.mark.parametrize("function", ["read", "check_writable", "write"])
async def test_a_section_without_a_function_fails_as_one_whose_function_fails(
    make_client: MakeClient, service: Service, clock: FakeClock, function: str
) -> None:
    class Unfinished(MemoryTokenStore):
        def try_lock(self) -> Any:
            section = super().try_lock()
            delattr(section, function)
            return section

    client = make_client(Unfinished(service.connection()))
    clock.advance(HOUR)
    with pytest.raises(InputError, match="Unfinished failed: AttributeError"):
        await ask(client)


@pytest.mark.sample
@pytest.mark.parametrize("operation", ["read", "lock", "check", "write"])
async def test_connecting_ends_in_an_error_of_our_tree(
    make_client: MakeClient, service: Service, operation: str
) -> None:
    store = ForeignStore()
    client = make_client(store)
    request = await resolve(client.authorization_request(BACK))
    store.failures[operation] = lambda: DatabaseError("server gone")
    with pytest.raises(InputError, match="DatabaseError: server gone"):
        await resolve(client.connect(f"{BACK}?code=good-code&state={request.state}", request))
    assert len(service.forms) == (1 if operation == "write" else 0)


async def test_a_living_token_serves_while_the_store_fails(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = ForeignStore(service.connection())
    clock.advance(HOUR - 30)
    store.failures["check"] = lambda: RuntimeError("no route")
    await ask(make_client(store))
    assert service.bearers == ["mcp_at_access0"]


LEAKS: dict[str, Callable[[str], Exception]] = {
    "in its text": lambda token: DatabaseError(f"[parameters: ('{token}',)]"),
    "in what it carries": lambda token: json.JSONDecodeError("Expecting value", token, 0),
    "in its bytes": lambda token: UnicodeDecodeError("utf-8", token.encode(), 0, 1, "bad"),
    "in an attribute": lambda token: _with_parameters(token),
}


def _with_parameters(token: str) -> Exception:
    error: Any = DatabaseError("the statement failed")
    error.parameters = {"content": token}
    return error  # type: ignore[no-any-return]


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("token", ["mcp_rt_refresh0", "opaque/Token+0"])
async def test_no_token_shows_through_its_exception(
    make_client: MakeClient,
    service: Service,
    clock: FakeClock,
    leak: Callable[[str], Exception],
    token: str,
) -> None:
    """Also where its shape says nothing: the store's own tokens are known."""
    store = ForeignStore(service.connection(refresh_token=token))
    client = make_client(store)
    await ask(client)
    clock.advance(HOUR)
    store.failures["check"] = lambda: leak(token)
    with pytest.raises(InputError, match="ForeignStore failed") as caught:
        await ask(client)
    error = caught.value
    assert token not in "".join(traceback.format_exception(error)) + repr(vars(error))
    assert error.__cause__ is None
    assert error.__context__ is None


async def test_its_cause_brings_no_frames(make_client: MakeClient, service: Service) -> None:
    """Their locals hold what the store read or was about to write."""
    store = ForeignStore(service.connection())
    store.failures["read"] = lambda: RuntimeError("no route")
    with pytest.raises(InputError) as caught:
        await ask(make_client(store))
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__traceback__ is None


async def test_what_is_no_connection_is_refused(make_client: MakeClient) -> None:
    store: Any = MemoryTokenStore()
    store._connection = {"access_token": "mcp_at_secret"}
    with pytest.raises(InputError, match="contains no Connection, but a value of the type dict"):
        await ask(make_client(store))


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_passes(service: Service, error: type[BaseException]) -> None:
    store = ForeignStore(service.connection())
    store.failures["read"] = error
    with pytest.raises(error), LedgerHQ(base_url="https://ledger.test", token_store=store) as hq:
        hq.request("GET", "/api/v1/organizations")
