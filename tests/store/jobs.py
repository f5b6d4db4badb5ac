"""What other processes do in the tests: top-level functions, so that a fork server can run them."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import create_engine, text

from ledgerhq_ext import LedgerHQ, TokenStore
from ledgerhq_ext.store import OutboxSettings, Store
from ledgerhq_ext.store import _faultpoints as faultpoints
from tests.support.outbox import OPTIONS
from tests.support.places import sqlalchemy_url
from tests.support.waiting import PATIENCE

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["ledgerhq_ext.store", "cryptography.fernet", "httpx", "psycopg"])
SETTINGS = OutboxSettings(lease_margin=5)


def run(job: Callable[..., None], *arguments: Any) -> int:
    """Run a job in a process of its own; gives its exit code."""
    process = CONTEXT.Process(target=job, args=arguments)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None, "the job hangs"
    return process.exitcode


def die_at(number: int) -> None:
    """Let this process be killed at the n-th moment that it reaches (from 0)."""
    left = iter(range(number))

    def hook(_: str) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    faultpoints.hook = hook


def add_and_drain(
    place: str, url: str, token: str, organization: str, request: Any, source: tuple[str, str]
) -> None:
    with Store(place) as store, LedgerHQ(base_url=url, access_token=token, **OPTIONS) as hq:
        outbox = store.outbox(SETTINGS)
        outbox.add(organization, request, source=source)
        outbox.drain(hq, wait=1)


def record(told: Connection, *arguments: Any) -> None:
    """Add and drain, and tell which moments were reached."""
    names: list[str] = []
    faultpoints.hook = names.append
    add_and_drain(*arguments)
    told.send(names)


def killed(number: int, *arguments: Any) -> None:
    """Add and drain, and be killed at a moment."""
    die_at(number)
    add_and_drain(*arguments)


def sell_and_die(
    place: str, organization: str, request: Any, source: tuple[str, str], moment: str
) -> None:
    """Write a sale and its posting down in one transaction of the app's, and be killed around its
    commit.
    """
    connection = create_engine(sqlalchemy_url(place)).connect()
    connection.execute(text("INSERT INTO sales (number) VALUES (1)"))
    Store(place).outbox(SETTINGS).add(organization, request, source=source, transaction=connection)
    if moment == "after the commit":
        connection.commit()
    os.kill(os.getpid(), signal.SIGKILL)


def now() -> dt.datetime:
    """Return the moment."""
    return dt.datetime.now(dt.UTC)


def stopped(told: Connection, place: str, url: str, token: str) -> None:
    """Drain, and stop (SIGSTOP) between the claim and the send; then tell what came of it."""

    def hook(name: str) -> None:
        if name == "send: before the request":
            faultpoints.hook = None
            told.send(os.getpid())
            os.kill(os.getpid(), signal.SIGSTOP)

    with Store(place) as store, LedgerHQ(base_url=url, access_token=token, **OPTIONS) as hq:
        store.outbox(SETTINGS).status()
        faultpoints.hook = hook
        drained = store.outbox(SETTINGS).drain(hq, wait=0)
        told.send(drained.posted)


def refresh(kill_at: str | None, store_of: Callable[[], TokenStore], url: str) -> None:
    """One call with a stored connection, whose token must be refreshed; perhaps killed at a moment."""

    def hook(name: str) -> None:
        if name == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    store = store_of()
    store.read()
    faultpoints.hook = hook
    with LedgerHQ(base_url=url, token_store=store, **OPTIONS) as hq:
        next(iter(hq.organizations()))


def _refresh_and_die(store: TokenStore, url: str, when: str) -> None:
    writes: list[str] = []

    def hook(name: str) -> None:
        # The writes of a refresh: the probe, its removal, and the new pair.
        writes.append(name)
        if name == when and writes.count(when) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    store.read()
    faultpoints.hook = hook
    with LedgerHQ(base_url=url, token_store=store, **OPTIONS) as hq:
        next(iter(hq.organizations()))


def refresh_and_die_before_keeping(store_of: Callable[[], TokenStore], url: str) -> None:
    """Refresh, and be killed with the new pair in hand, before it is kept."""
    _refresh_and_die(store_of(), url, "token: before the commit")


def refresh_and_die_after_keeping(store_of: Callable[[], TokenStore], url: str) -> None:
    """Refresh, and be killed as soon as the new pair is kept."""
    _refresh_and_die(store_of(), url, "token: after the commit")


def serve(place: str, url: str, deadline: float) -> None:
    """Be a worker until SIGTERM, whose calls have so many seconds."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with Store(place) as store:
        tokens = store.token_store(plaintext=True)
        with LedgerHQ(base_url=url, token_store=tokens, timeout=deadline, deadline=deadline) as hq:
            store.outbox(SETTINGS).run(lambda _: hq, stop=stop.is_set)
