"""The second storm: many processes share one stored connection whose access tokens live five
seconds.
"""

from __future__ import annotations

import time
from typing import Any

from cryptography.fernet import Fernet

from ledgerhq_ext import Connection, LedgerHQ, LedgerHQError
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store
from scripts.storm.figures import CONTEXT, Figures

LIFETIME = 5.0
"""Seconds that an access token lives."""
MARGIN = LIFETIME / 5
"""Seconds before its end in which a token is renewed: a request must not be longer on its way, also
on a busy machine.
"""


def storm(name: str, place: str, *, processes: int = 16, seconds: float = 30.0) -> Figures:
    """Let so many processes call for so many seconds, and count what came of it."""
    figures = Figures(name)
    key = Fernet.generate_key()
    with Sandbox(access_token_lifetime=LIFETIME) as box, Store(place) as store:
        _connect(box, store, key)
        reports, sender = CONTEXT.Pipe()
        go = CONTEXT.Barrier(processes + 1)
        running = [
            CONTEXT.Process(
                target=_call, args=(sender, go, place, key, box.url, seconds), daemon=True
            )
            for _ in range(processes)
        ]
        for process in running:
            process.start()
        began = time.monotonic()
        go.wait(60)
        counts = [reports.recv() for _ in running]
        elapsed = time.monotonic() - began
        for process in running:
            process.join()
        outcomes = [event["outcome"] for event in box.oauth_log if event["event"] == "refresh"]
        most = int(elapsed / (LIFETIME - MARGIN)) + 2
        figures.facts |= {
            "seconds": round(elapsed, 1),
            "processes": processes,
            "calls": sum(n for n, _ in counts),
        }
        figures.facts |= {"refreshes": len(outcomes), "refreshes at the most": most}
        figures.check("refreshes beyond that", max(len(outcomes) - most, 0), 0)
        figures.check("processes that called to the end", sum(n > 0 for n, _ in counts), processes)
        figures.check("calls that failed", [error for _, errors in counts for error in errors], [])
        figures.check("refresh tokens presented twice", len(box.refresh_tokens_presented_twice), 0)
        figures.check("invalid_grant", outcomes.count("invalid_grant"), 0)
        figures.check("connections that are gone", int(store.token_store(key).read() is None), 0)
    return figures


def _connect(box: Sandbox, store: Store, key: bytes) -> None:
    tokens = box.token_response()
    now = time.time()
    connection = Connection(
        issuer=origin(box.url),
        client_id="sandbox",
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
        obtained_at=now,
        expires_at=now + LIFETIME,
    )
    section = store.token_store(key).try_lock()
    assert section is not None
    with section:
        section.write(connection)


def _call(sender: Any, go: Any, place: str, key: bytes, url: str, seconds: float) -> None:
    calls = 0
    errors = []
    with (
        Store(place) as store,
        LedgerHQ(base_url=url, token_store=store.token_store(key), timeout=10, deadline=30) as hq,
    ):
        store.token_store(key).read()
        go.wait(60)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                next(iter(hq.organizations(page_size=1)))
                calls += 1
            except LedgerHQError as error:
                errors.append(repr(error))
            time.sleep(0.05)
    sender.send((calls, errors[:3]))
