"""HTTP/2: an answer that breaks the rules, after the request was carried out. Case t12. And what
the logs show.
"""

from __future__ import annotations

import json
import logging
from socket import socket
from typing import Any

import httpx
import pytest

from ledgerhq_ext import DraftEntry, JournalLine, LedgerHQError

from .wire_support import DAY, MOMENT, LoopbackServer, bank_row, client

WHY = "h2 is not installed: it comes with httpx[http2]"
h2_connection: Any = pytest.importorskip("h2.connection", reason=WHY)
h2_config: Any = pytest.importorskip("h2.config", reason=WHY)
h2_events: Any = pytest.importorskip("h2.events", reason=WHY)

ENTRY = {
    "id": "je_1",
    "entryNumber": 1,
    "date": DAY,
    "description": "Accrual",
    "status": "draft",
    "createdAt": MOMENT,
    "lines": [],
}


class Http2Server(LoopbackServer):
    """A row that `exclude` toggles, and draft entries. `broken`: the answers to a POST lie."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__()
        self.status = "unreconciled"
        self.toggles = 0
        self.drafts = 0
        self._broken = broken

    def serve(self, connection: socket) -> None:
        """Answer what comes on one connection."""
        lenient = h2_config.H2Configuration(
            client_side=False,
            header_encoding="utf-8",
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        protocol = h2_connection.H2Connection(lenient)
        protocol.initiate_connection()
        connection.sendall(protocol.data_to_send())

        requests: dict[int, dict[str, str]] = {}
        while data := connection.recv(65_535):
            for event in protocol.receive_data(data):
                if isinstance(event, h2_events.RequestReceived):
                    requests[event.stream_id] = dict(event.headers)
                if isinstance(event, h2_events.StreamEnded):
                    self._answer(protocol, event.stream_id, requests[event.stream_id])
            connection.sendall(protocol.data_to_send())

    def _answer(self, protocol: Any, stream: int, request: dict[str, str]) -> None:
        posted = request[":method"] == "POST"
        document = self._carry_out(request[":path"]) if posted else self._row()
        headers = [(":status", "200"), ("content-type", "application/json")]
        if posted and self._broken:
            headers.append(("content-length", "5"))

        protocol.send_headers(stream, headers)
        protocol.send_data(stream, json.dumps(document).encode(), end_stream=True)

    def _carry_out(self, path: str) -> dict[str, Any]:
        if path.endswith("/entries"):
            self.drafts += 1
            return {"entry": ENTRY}

        self.toggles += 1
        self.status = "excluded" if self.status == "unreconciled" else "unreconciled"
        return self._row()

    def _row(self) -> dict[str, Any]:
        return {"transaction": bank_row(self.status)}


BROKEN = pytest.param(True, id="wrong-content-length")


@pytest.mark.parametrize("broken", [pytest.param(False, id="right"), BROKEN])
def test_a_row_is_excluded_once(broken: bool) -> None:
    with (
        Http2Server(broken=broken) as server,
        httpx.Client(http1=False, http2=True) as http,
        client(server.url, deadline=5, http_client=http) as hq,
    ):
        row = hq.organization("org_1").exclude("r1")
        assert (row.status, server.status, server.toggles) == ("excluded", "excluded", 1)


@pytest.mark.parametrize("broken", [pytest.param(False, id="right"), BROKEN])
def test_a_draft_is_made_once(broken: bool) -> None:
    lines = [
        JournalLine(account_id="acc_1", debit_amount=5),
        JournalLine(account_id="acc_2", credit_amount=5),
    ]
    with (
        Http2Server(broken=broken) as server,
        httpx.Client(http1=False, http2=True) as http,
        client(server.url, deadline=5, http_client=http) as hq,
    ):
        outcome = "made"
        try:
            hq.organization("org_1").create_entry(
                DraftEntry(date=DAY, description="Accrual", lines=lines),
            )
        except LedgerHQError as error:
            outcome = error.outcome
        assert (outcome, server.drafts) == ("unknown" if broken else "made", 1)


def test_no_log_shows_the_token(caplog: pytest.LogCaptureFixture) -> None:
    token = "0.AXoA" + "r" * 40
    caplog.set_level(logging.DEBUG)
    with (
        Http2Server(broken=False) as server,
        httpx.Client(http1=False, http2=True) as http,
        client(server.url, deadline=5, http_client=http, access_token=token) as hq,
    ):
        hq.organization("org_1").exclude("r1")
    # The server decodes the same headers, in threads of its own.
    texts = [record.getMessage() for record in caplog.records if record.threadName == "MainThread"]
    assert any("authorization" in text for text in texts)
    assert [text for text in texts if token in text] == []
