"""`ledgerhq post` with a long file: how long it takes, in how much memory, and every cent of it.

`python -m scripts.bench.posting_run 10000 100000` serves a sandbox from a process of its own for
each number of rows, posts a CSV file of so many with an SQLite store, and accounts for it: every
row is posted, each as an entry of its own, and the trial balance has changed by the sums of the
file. Then it posts the file again, which has to post nothing. Exits 1 if anything is off by one.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from attrs import define, field, frozen

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.store import Store
from scripts.bench.memory import peak_memory

COMPANY = "Maple Street Coffee"
BANK = "1010"
SUPPLIES = "6100"
SALES = "4000"
COLUMNS = ("id", "kind", "company", "date", "payee", "bank", "account", "amount", "memo")
PERIOD = ("2026-01-01", "2026-05-31")
POLL = 0.25
PROGRAM = [sys.executable, "-m", "scripts.bench.posting_run", "--command"]


@frozen
class Row:
    """One row of the file; ``change`` is that of the bank account, in cents."""

    number: int

    @property
    def is_purchase(self) -> bool:
        """Whether money is spent: every other row; the others are deposits."""
        return self.number % 2 == 1

    @property
    def cents(self) -> int:
        """The amount."""
        return 100 * (1 + self.number % 977) + self.number % 100

    @property
    def account(self) -> str:
        """The code of the account on the other side."""
        return SUPPLIES if self.is_purchase else SALES

    @property
    def change(self) -> int:
        """What the bank account gets, in cents."""
        return -self.cents if self.is_purchase else self.cents

    def cells(self) -> tuple[str, ...]:
        """Return the row as it stands in the file."""
        day = f"2026-{1 + self.number % 5:02}-{1 + self.number % 28:02}"
        kind, payee = ("purchase", "Office Depot") if self.is_purchase else ("deposit", "")
        amount = f"{self.cents // 100}.{self.cents % 100:02}"
        return (
            f"T{self.number:07}",
            kind,
            COMPANY,
            day,
            payee,
            BANK,
            self.account,
            amount,
            f"Row {self.number}",
        )


@frozen
class Service:
    """A sandbox in a process of its own, and a key for a company of it."""

    base_url: str
    key: str

    def balances(self) -> dict[str, int]:
        """Return what the trial balance says of every account, by its code; debits positive."""
        with LedgerHQ(self.key, base_url=self.base_url) as hq:
            trial = hq.organization(hq.company(COMPANY)).trial_balance(*PERIOD)
        return {line.code: line.debit_balance - line.credit_balance for line in trial.accounts}

    def count(self, what: str) -> int:
        """Return the number of ``postings`` or ``entries`` of all companies."""
        state = httpx.get(f"{self.base_url}/_sandbox/state", timeout=60).json()
        return sum(state[what].values())


@contextmanager
def service() -> Iterator[Service]:
    """Serve a sandbox until the end of the block."""
    command = [sys.executable, "-m", "ledgerhq_ext", "sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            text = ""
            while "LEDGERHQ_API_KEY" not in text:
                text += process.stdout.readline()
            [base_url] = re.findall(r"sandbox at (\S+)", text)
            [key] = re.findall(rf"{COMPANY} .*\n.*API key (\S+)", text)
            yield Service(base_url, key)
        finally:
            process.terminate()


@define
class Run:
    """One run of the command: what it printed, and what it took.

    ``reading``: seconds until the first posting was sent, or until its end where none was. ``cpu``:
    seconds of CPU time; ``memory``: MB at the most.
    """

    result: dict[str, Any] = field(factory=dict)
    reading: float = 0.0
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


def post(service: Service, folder: Path, workers: int) -> Run:
    """Post the file once more, with the store of this folder."""
    before = service.count("postings")
    environment = {
        **os.environ,
        "LEDGERHQ_API_KEY": service.key,
        "LEDGERHQ_BASE_URL": service.base_url,
        "LEDGERHQ_STORE": str(folder / "books.db"),
    }
    words = ["post", str(folder / "month.csv"), "--json", "--workers", str(workers)]
    run = Run()
    start = time.monotonic()
    with subprocess.Popen(
        [*PROGRAM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    ) as process:
        while process.poll() is None:
            if not run.reading and service.count("postings") > before:
                run.reading = time.monotonic() - start
            time.sleep(POLL)
        out, err = process.communicate()
    run.seconds = time.monotonic() - start
    run.reading = run.reading or run.seconds
    run.result = json.loads(out)
    run.cpu, run.memory = json.loads(err)
    return run


def write_file(file: Path, count: int) -> Counter[str]:
    """Write a file of so many rows; return by how many cents it changes every account."""
    changes: Counter[str] = Counter()
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(1, count + 1):
            row = Row(number)
            writer.writerow(row.cells())
            changes[BANK] += row.change
            changes[row.account] -= row.change
    return changes


def problems_of(count: int, workers: int) -> list[str]:
    """Post a file of so many rows, twice, and print what it took; return what is wrong."""
    problems: list[str] = []

    def check(what: str, value: object, expected: object) -> None:
        """Note what is not as it has to be."""
        if value != expected:
            problems.append(f"{count} rows: {what}: {value}, not {expected}")

    with tempfile.TemporaryDirectory(prefix="lhq-run-") as name, service() as box:
        folder = Path(name)
        changes = write_file(folder / "month.csv", count)
        before = Counter(box.balances())
        entries = box.count("entries")

        first = post(box, folder, workers)
        check("posted", first.result["posted"], count)
        check("reported", first.result["not_posted"], [])
        _print(f"{count:>8} rows", first, count)

        again = post(box, folder, workers)
        check("posted again", again.result["posted"], 0)
        check("known", again.result["known"], count)
        _print("   once more", again, count)

        check("keys at the service", box.count("postings"), count)
        check("entries", box.count("entries") - entries, count)
        before.update(changes)
        check("trial balance", {k: v for k, v in box.balances().items() if v}, _nonzero(before))
        with Store(folder / "books.db") as store:
            status = store.outbox().status()
        check("outbox", (status.posted, status.total), (count, count))
    return problems


def _nonzero(balances: Counter[str]) -> dict[str, int]:
    return {code: cents for code, cents in balances.items() if cents}


def _print(what: str, run: Run, count: int) -> None:
    sending = run.seconds - run.reading
    parts = [f"{what}: read in {run.reading:.0f} s"]
    if run.result["posted"]:
        parts.append(f"posted in {sending:.0f} s ({count / sending:.0f} a second)")
    parts.append(f"{run.cpu:.0f} s of CPU time, {run.memory} MB at the most")
    print(", ".join(parts), flush=True)


def main(arguments: Sequence[str]) -> int:
    """Measure every number of rows; with ``--command`` be the command that is measured."""
    if arguments and arguments[0] == "--command":
        return _command(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.posting_run")
    parser.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    problems: list[str] = []
    for count in options.rows:
        problems += problems_of(count, options.workers)
    for problem in problems:
        print(f"WRONG {problem}", file=sys.stderr)
    return 1 if problems else 0


def _command(words: Sequence[str]) -> int:
    from ledgerhq_ext.cli import main as command

    status = command(words)
    print(json.dumps([time.process_time(), peak_memory()]), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
