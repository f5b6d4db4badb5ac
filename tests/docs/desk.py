"""What the examples of the command line find: an outbox with postings in every state, and files."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from ledgerhq_ext import LedgerHQ, Purchase, PurchaseLine
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store

MONTH = """id,kind,date,payee,bank,account,amount
1001,purchase,2026-06-08,Office Depot,1010,6100,42.99
"""


def prepare(box: Sandbox, folder: Path) -> None:
    """Write the files, and four postings: the second and third are rejected, the first has an
    alarm, the fourth is of another company.
    """
    (folder / "month.csv").write_text(MONTH, encoding="utf-8")
    place = folder / "books.db"
    with LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq, Store(place) as store:
        maple = hq.organization(hq.company("Maple Street Coffee"))
        harbor = hq.organization(hq.company("Harbor Bike Repair"))
        supplies = maple.accounts().by_code("6100").id
        accounts = [supplies, "no-such-account", "no-such-account", ""]
        for number, account in enumerate(accounts, 1):
            books = maple if account else harbor
            line = PurchaseLine(account_id=account or harbor.accounts().by_code("6100"), amount=700)
            purchase = Purchase(
                txn_date="2026-06-08",
                payee_name="Office Depot",
                source_account_id=books.accounts().by_code("1010"),
                lines=[line],
            )
            store.outbox().add(books, purchase, source=("acme-pos", str(number)))
        request = store.outbox().posting(2).request
        request["lines"][0]["accountId"] = supplies
        (folder / "2.json").write_text(json.dumps(request), encoding="utf-8")

    with sqlite3.connect(place) as database:
        database.execute(
            "UPDATE ledgerhq_postings SET alarm = 'a second receipt differs' WHERE id = 1"
        )
    database.close()
