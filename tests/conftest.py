"""The canary of the whole run: no token may show in a log record, in an exception that leaves the
layer, or in a file.

Token stores, and what a test writes to see that the search finds it, are the files that may hold
tokens.
"""

from __future__ import annotations

import functools
import gc
import logging
import pickle
import re
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import LedgerHQError, blocking
from ledgerhq_ext._auth import connecting, oauth
from ledgerhq_ext._resources import listing, open_door, organizations, pages, posting, scope
from ledgerhq_ext.store import _blocking as store

pytest_plugins = ["tests.support.fixtures"]

_TOKEN = re.compile(r"(?:mcp_[ar]t_|dk_live_)[A-Za-z0-9_-]{12,}")
_STORE = re.compile(
    r"tokens?[^/]*$|/ring/|/store/books\.db|test_plain_text|test_the_search_would_find_it"
)
# Where exceptions leave the layer: blocking methods, and the calls below the awaiting ones.
_RUNS = (blocking, pages, store)
_CALLS = [(module, "perform") for module in (open_door, organizations, posting, scope, listing)]
_CALLS += [(oauth, name) for name in ("authorization_request", "disconnect", "register_client")]
_CALLS += [(connecting, "connect")]
_LOGGERS = ("ledgerhq_ext", "httpx", "httpcore")
_shown: list[str] = []


def _look(where: str, text: str) -> None:
    if found := _TOKEN.search(text):
        _shown.append(f"{where}: …{text[max(found.start() - 60, 0) : found.start() + 10]}…")


def _look_at(error: LedgerHQError) -> None:
    _look("str", str(error))
    _look("repr", repr(error))
    _look("traceback", "".join(traceback.format_exception(error)))
    _look("pickle", pickle.dumps(error).decode("latin-1"))


class _Listener(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _look(f"log {record.name}", self.format(record))


def pytest_configure() -> None:
    """Listen from the first test on, and look at every exception that leaves the layer."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts its background jobs so; processes of the tests inherit it, and would not
        # notice Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    listener = _Listener(logging.DEBUG)
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(listener)
        logging.getLogger(name).setLevel(logging.DEBUG)
    for module in _RUNS:
        setattr(module, "run", _watched_run(getattr(module, "run")))  # noqa: B009, B010 - not exported there
    for module, name in _CALLS:
        setattr(module, name, _watched(getattr(module, name)))


def pytest_collection() -> None:
    """Look for no garbage while thousands of tests are made, none of which is."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage: it stays to the end."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the type checkers: at the end, one that takes long would leave a core idle."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/type_checks/"))


def _watched_run(run: Any) -> Any:
    """The function that brings a coroutine to its end, its exceptions looked at."""

    @functools.wraps(run)
    def watched(coroutine: Any) -> Any:
        try:
            return run(coroutine)
        except LedgerHQError as error:
            _look_at(error)
            raise

    return watched


def _watched(call: Any) -> Any:
    """The call, whose exceptions are looked at."""

    @functools.wraps(call)
    async def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return await call(*args, **kwargs)
        except LedgerHQError as error:
            _look_at(error)
            raise

    return watched


def _files_that_show(folder: Path) -> list[str]:
    files = (
        path for path in folder.rglob("*") if path.is_file() and not _STORE.search(path.as_posix())
    )
    return [str(path) for path in files if _TOKEN.search(path.read_bytes().decode("latin-1"))]


@pytest.fixture(scope="session", autouse=True)
def _no_file_holds_a_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    yield
    assert _files_that_show(tmp_path_factory.getbasetemp()) == []


@pytest.fixture(autouse=True)
def _no_token_shows() -> Iterator[None]:
    _shown.clear()
    yield
    assert _shown == []
