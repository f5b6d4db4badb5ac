"""A till that posts its sales to LedgerHQ: FastAPI, one database, the outbox's worker inside.

Settings come from the environment: DATABASE (a file), LEDGERHQ_STORE_KEYS (Fernet keys), PUBLIC_URL
(where browsers reach this app) and, for a sandbox, LEDGERHQ_BASE_URL.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from ledgerhq_ext import (
    AsyncLedgerHQ,
    AuthorizationRequest,
    Deposit,
    DepositLine,
    InputError,
    LedgerHQError,
    OAuthError,
    RecordLookupError,
    Transfer,
)
from ledgerhq_ext.store import Store

PUBLIC_URL = os.environ["PUBLIC_URL"]
DATABASE = os.environ["DATABASE"]

store = Store(DATABASE)
outbox = store.async_outbox()
tokens = store.token_store(os.environ["LEDGERHQ_STORE_KEYS"].split(","))
hq = AsyncLedgerHQ.from_env(token_store=tokens, app_name="acme-till")
engine = create_async_engine(f"sqlite+aiosqlite:///{DATABASE}")

TABLES = [
    "CREATE TABLE IF NOT EXISTS consents (session TEXT PRIMARY KEY, request TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sales (number TEXT PRIMARY KEY, amount INTEGER NOT NULL)",
]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open one client and one worker for as long as the app runs."""
    await outbox.status()  # makes the store's tables, in a file that only we may read
    async with engine.begin() as db:
        for table in TABLES:
            await db.execute(text(table))

    stop = asyncio.Event()
    async with hq:
        app.state.worker = asyncio.create_task(outbox.run(lambda _: hq, stop=stop.is_set))
        yield
        # What is being sent ends first, and its receipt is stored.
        stop.set()
        await app.state.worker
    await engine.dispose()
    store.close()


app = FastAPI(lifespan=lifespan)


# --- connecting


@app.get("/connect")
async def connect() -> Response:
    """Send the owner of the firm to LedgerHQ's consent page."""
    request = await hq.authorization_request(f"{PUBLIC_URL}/callback")
    session = secrets.token_urlsafe(32)
    async with engine.begin() as db:
        row = {"session": session, "request": request.to_json()}
        await db.execute(text("INSERT INTO consents VALUES (:session, :request)"), row)

    answer = RedirectResponse(request.url, status_code=303)
    is_https = PUBLIC_URL.startswith("https:")
    # Lax and not strict: the browser comes back from another site.
    answer.set_cookie("consent", session, httponly=True, samesite="lax", secure=is_https)
    return answer


@app.get("/callback")
async def callback(request: Request) -> dict[str, list[str]]:
    """Take the browser back, and store the tokens of the firm."""
    session = {"session": request.cookies.get("consent", "")}
    async with engine.begin() as db:
        # Deleted as it is read: a consent serves once.
        query = "DELETE FROM consents WHERE session = :session RETURNING request"
        consent = (await db.execute(text(query), session)).scalar()
    if consent is None:
        raise HTTPException(400, "Nobody asked for this consent. Begin again at /connect.")

    await hq.connect(str(request.url), AuthorizationRequest.from_json(consent))
    return {"companies": [company.name async for company in hq.organizations(type="client")]}


# --- whose books, and which accounts


class Books(BaseModel):
    """What a shop's sales are posted to: a client company, and accounts by their codes."""

    company: str
    bank: str
    cash: str
    sales: str


@app.put("/shops/{shop}", status_code=204)
async def link(shop: str, chosen: Books) -> None:
    """Remember whose books a shop has. From here on, a sale needs no answer from LedgerHQ."""
    companies = {company.name: company async for company in hq.organizations(type="client")}
    if chosen.company not in companies:
        raise HTTPException(404, f"The firm has no client company named {chosen.company!r}.")

    books = hq.organization(companies[chosen.company])
    accounts = await books.accounts()
    links = store.async_accounts(books)
    await links.link("bank", accounts.by_code(chosen.bank))
    await links.link("cash", accounts.by_code(chosen.cash))
    await links.link("sales", accounts.by_code(chosen.sales))
    await store.async_clients.link(shop, books)


# --- posting, by the outbox


class Sale(BaseModel):
    """A sale of the till: its number there, and its amount in cents."""

    number: str
    day: dt.date
    amount: int


@app.post("/shops/{shop}/sales", status_code=202)
async def sell(shop: str, sale: Sale) -> dict[str, str]:
    """Keep a sale and its posting, both or neither. The worker posts it."""
    books = hq.organization(await store.async_clients.organization_of(shop))
    links = store.async_accounts(books)
    cash = await links.of("cash")
    income = await links.of("sales")
    deposit = Deposit(
        txn_date=sale.day,
        destination_account_id=cash.account_id,
        lines=[DepositLine(account_id=income.account_id, amount=sale.amount)],
    )

    async with engine.begin() as db:
        row = {"number": sale.number, "amount": sale.amount}
        query = "INSERT INTO sales VALUES (:number, :amount) ON CONFLICT DO NOTHING"
        await db.execute(text(query), row)
        await outbox.add(books, deposit, source=("acme-till", sale.number), transaction=db)
    return {"number": sale.number}


# --- posting, at once


class Banking(BaseModel):
    """Cash that was taken to the bank: the number of its slip, and its amount in cents."""

    slip: str
    day: dt.date
    amount: int


@app.post("/shops/{shop}/bankings")
async def bank(shop: str, banking: Banking) -> dict[str, str]:
    """Post a transfer while the caller waits. The same slip again gives the same entry."""
    books = hq.organization(await store.async_clients.organization_of(shop))
    links = store.async_accounts(books)
    from_cash = await links.of("cash")
    to_bank = await links.of("bank")
    transfer = Transfer(
        txn_date=banking.day,
        from_account_id=from_cash.account_id,
        to_account_id=to_bank.account_id,
        amount=banking.amount,
    )
    # Twenty seconds are shorter than the caller's own patience.
    source = ("acme-till-slips", banking.slip)
    receipt = await books.post(transfer, source=source, deadline=20)
    return {"journal_entry": receipt.journal_entry_id}


# --- errors, and health


@app.exception_handler(LedgerHQError)
async def explain(_: Request, error: LedgerHQError) -> JSONResponse:
    """Tell the caller whether to correct the request, or to send the same one again."""
    if isinstance(error, OAuthError):
        return JSONResponse({"detail": "Connect the firm again, at /connect."}, 503)
    if isinstance(error, RecordLookupError):
        return JSONResponse({"detail": error.message}, 404)
    if isinstance(error, InputError) or error.outcome == "rejected":
        return JSONResponse({"detail": error.message, "request_id": error.request_id}, 422)
    # It may be in the books, or was never sent. Either way the same request is safe.
    again = {"Retry-After": "5"}
    return JSONResponse({"detail": "Send the same request again."}, 503, headers=again)


@app.get("/health")
async def health() -> JSONResponse:
    """Answer 503 when the worker has died, or a posting waits for a person."""
    status = await outbox.status()
    is_alive = not app.state.worker.done()
    figures = {
        "worker": is_alive,
        "pending": status.pending + status.leased,
        "posted": status.posted,
        "needs_attention": status.needs_attention + status.rejected + status.conflict,
    }
    is_well = is_alive and figures["needs_attention"] == 0
    return JSONResponse(figures, 200 if is_well else 503)
