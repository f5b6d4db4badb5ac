"""A clock that moves when somebody sleeps, clients of both flavours, and answers of the service."""

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Any

import httpx

from ledgerhq_ext import (
    AsyncLedgerHQ,
    BillPayment,
    Deposit,
    DraftEntry,
    JournalEntry,
    JournalLine,
    LedgerHQ,
    Posting,
    PostingLine,
    Purchase,
    RetryPolicy,
    Transfer,
)

BASE = "https://ledger.test"
SECRET = "Zm9vYmFyU0VDUkVU"
TOKEN = f"mcp_at_{SECRET}"
ORG = "org_8c1f"
DAY = date(2026, 6, 8)
LINE = PostingLine(account_id="acc_2", amount=4299, description="Paper and toner")
BALANCED = (JournalLine(account_id="acc_1", debit_amount=700), JournalLine(account_id="acc_2", credit_amount=700))

PURCHASE = Purchase(txn_date=DAY, payee_name="Office Depot", source_account_id="acc_1", lines=[LINE], memo="café ☕")
POSTINGS: dict[str, Posting] = {
    "purchases": PURCHASE,
    "deposits": Deposit(txn_date=DAY, destination_account_id="acc_1", lines=[LINE], payer_name="Ann"),
    "transfers": Transfer(txn_date=DAY, from_account_id="acc_1", to_account_id="acc_3", amount=100),
    "bill-payments": BillPayment(txn_date=DAY, bill_id="bill_1", source_account_id="acc_1", amount=2500),
    "journal-entries": JournalEntry(txn_date=DAY, lines=BALANCED, reference="ADJ-1"),
}
DRAFT = DraftEntry(date=DAY, description="Accrual", lines=BALANCED)


class FakeClock:
    """Time passes only when somebody sleeps, or a test says so."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return 1_780_000_000.0 + self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


def options(attempts: int = 3, **more: Any) -> dict[str, Any]:
    """Settings of a client that makes so many attempts."""
    return {"retries": RetryPolicy(attempts=attempts), **more}


def connect(flavour: str, clock: FakeClock, **settings: Any) -> Any:
    """A client of either flavour; ``await settled(…)`` what its methods give."""
    settings = {"base_url": BASE, "access_token": TOKEN, **options(), "clock": clock, **settings}
    if flavour == "sync":
        return LedgerHQ(sleep=clock.sleep, **settings)
    return AsyncLedgerHQ(sleep=clock.asleep, **settings)


def client(handler: Callable[[httpx.Request], httpx.Response], **settings: Any) -> LedgerHQ:
    """A blocking client whose service is a function."""
    settings = {"base_url": BASE, "access_token": TOKEN, **options(), "clock": FakeClock(), **settings}
    settings.setdefault("sleep", settings["clock"].sleep)
    return LedgerHQ(transport=httpx.MockTransport(handler), **settings)


def core(client: Any) -> Any:
    """The asynchronous client behind a blocking one, or the client itself."""
    return getattr(client, "_core", client)


async def settled(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


class Script:
    """Answers in turn, the last one for ever: a status, a response, an exception, or a function that makes one."""

    def __init__(self, *answers: Any) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        answer = answer(request) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(answer, json={"error": f"status {answer}"})


class CutStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends before it should."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"data": {"id'
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def cut(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=CutStream())


def not_json(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text='{"data": {"id"')


def coded(status: int, code: str, **more: Any) -> httpx.Response:
    error = {"code": code, "message": f"{code} happened", "requestId": "req_7", **more}
    return httpx.Response(status, json={"error": error})


def receipt(request: httpx.Request) -> httpx.Response:
    """The receipt of whatever was posted."""
    resource = request.url.path.rpartition("/")[2].replace("-", "_").removesuffix("s").replace("entrie", "entry")
    data = {
        "id": "post_1",
        "resourceType": resource,
        "journalEntryId": "je_1",
        "bankTransactionIds": ["btx_1"],
        "status": "posted",
        "postedAt": "2026-06-08T16:00:00.000Z",
        "idempotencyKey": request.headers["Idempotency-Key"],
    }
    return httpx.Response(201, json={"data": data})


def entry(request: httpx.Request | None = None, *, status: int = 201, **more: Any) -> httpx.Response:
    lines = [
        {"id": "l1", "accountId": "acc_1", "debitAmount": "7.00", "creditAmount": "0.00", "currencyCode": "USD"},
        {"id": "l2", "accountId": "acc_2", "debitAmount": "0.00", "creditAmount": "7.00", "currencyCode": "USD"},
    ]
    data = {"id": "je_9", "entryNumber": 9, "date": "2026-06-08", "description": "Accrual", "status": "draft"}
    return httpx.Response(status, json={"entry": {**data, "lines": lines, **more}})


def account(id: str = "acc_1", code: str = "1010") -> dict[str, Any]:
    return {
        "id": id,
        "code": code,
        "name": f"Account {code}",
        "type": "asset",
        "currencyCode": "USD",
        "isActive": True,
    }


def accounts(_: httpx.Request | None = None) -> httpx.Response:
    return httpx.Response(200, json={"accounts": [account()]})
