"""The same app on the library, with the tokens, keys and entries of the old one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from ledgerhq_ext import (
    BankTransaction,
    Connection,
    InputError,
    LedgerHQ,
    Organization,
    Purchase,
    PurchaseLine,
    Receipt,
    TokenStore,
)


def import_tokens(base_url: str, old_file: Path, tokens: TokenStore) -> None:
    """Move the grant into a token store. Stop the old app before: a refresh token serves once."""
    old = json.loads(old_file.read_text(encoding="utf-8"))
    section = tokens.try_lock()
    if section is None:
        raise InputError("Somebody uses the token store; stop it, and run this again.")
    with section:
        if section.read() is not None:
            raise InputError("The token store has a connection already; nothing was changed.")
        # Without an access token, so the first call refreshes, and keeps the new pair.
        grant = Connection(
            issuer=base_url, client_id=old["client_id"], refresh_token=old["refresh_token"]
        )
        section.write(grant)
    # Nobody must present the old refresh token again.
    old_file.rename(old_file.with_suffix(".moved"))


def old_amount(dollars: float) -> int:
    """Return the cents that the old code sent, also where it lost one. For old bills alone."""
    return int(dollars * 100)


def amount(dollars: str, books: Organization) -> int:
    """Return the cents of a new bill, whose amount is text. A fraction of a cent is refused."""
    return books.cents(Decimal(dollars))


def unreconciled(books: Organization) -> list[BankTransaction]:
    """Return the bank rows that nobody has reconciled."""
    return list(books.bank_transactions(status="unreconciled"))


def purchase(bank: str, expense: str, bill: dict[str, str], cents: int) -> Purchase:
    """Return the purchase of a bill."""
    line = PurchaseLine(account_id=expense, amount=cents)
    return Purchase(
        txn_date=bill["day"], payee_name=bill["payee"], source_account_id=bank, lines=[line]
    )


def post_old(books: Organization, bill_id: str, posting: Purchase) -> Receipt:
    """Post a bill that the old app may have posted: under its key."""
    return books.post(posting, key=f"acme-purchase-{bill_id}")


def post_new(books: Organization, bill_id: str, posting: Purchase) -> Receipt:
    """Post a bill that the old app has never seen. Its key comes from the source."""
    return books.post(posting, source=("acme", bill_id))


def client(base_url: str, tokens: TokenStore) -> LedgerHQ:
    """Return the client of the new app."""
    return LedgerHQ(token_store=tokens, base_url=base_url, app_name="acme")
