"""Post what is new in the till's database, then send all that is left: for cron, every ten minutes.

    python cron_job.py till.db

COMPANY names the client company, OUTBOX the file of the outbox, LEDGERHQ_TOKEN_FILE the file that
`ledgerhq login` wrote.

Exits with 0 when everything is in the books, 1 when a person has to look, 2 when the job failed,
and 3 when something is left for the next run.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing

from ledgerhq_ext import Deposit, DepositLine, InputError, LedgerHQ, LedgerHQError, Organization
from ledgerhq_ext.store import Outbox, Store

# Less than the time between two runs, and time to end what is being sent.
SECONDS = 300


def add_sales(till: str, outbox: Outbox, books: Organization) -> int:
    """Add every sale of the till to the outbox; return how many cannot be added as they are.

    A sale that was added before is not added again, so nobody has to remember where the last run
    ended.
    """
    accounts = books.accounts()
    cash = accounts.by_code("1050")
    income = accounts.by_code("4000")
    problems = 0
    with closing(sqlite3.connect(f"file:{till}?mode=ro", uri=True)) as db:
        for number, day, cents in db.execute("SELECT number, day, cents FROM sales"):
            try:
                line = DepositLine(account_id=income, amount=cents)
                deposit = Deposit(txn_date=day, destination_account_id=cash, lines=[line])
                outbox.add(books, deposit, source=("till", str(number)))
            except InputError as error:
                print(f"sale {number}: {error}", file=sys.stderr)
                problems += 1
    return problems


def run(till: str) -> int:
    """Add and send; return the exit status."""
    with Store(os.environ["OUTBOX"]) as store:
        outbox = store.outbox()
        with LedgerHQ.from_env() as hq:
            books = hq.organization(hq.company(os.environ["COMPANY"]))
            problems = add_sales(till, outbox, books)
            drained = outbox.drain(hq, wait=30, seconds=SECONDS)

        status = outbox.status()
        for state in ("rejected", "conflict", "needs_attention"):
            for posting in outbox.postings(state):
                reason = posting.failure.message if posting.failure else "look for its entry"
                print(f"{state}: {posting.source[1]}: {reason}", file=sys.stderr)
                problems += 1

    print(f"posted now {drained.posted}, posted in all {status.posted}, left {drained.left}")
    if problems:
        return 1
    return 3 if drained.left else 0


def main() -> int:
    """Run the job; return its exit status."""
    try:
        return run(sys.argv[1])
    except LedgerHQError as error:
        # One sentence for the mail that cron sends, with the request id where there is one.
        print(error, file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"{sys.argv[1]} cannot be read: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
