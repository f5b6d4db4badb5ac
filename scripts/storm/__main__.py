"""`python -m scripts.storm`: every storm in full size. Exits 1 if one figure is off by one."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scripts.storm import firms, interruptions, malformed, postings, scopes, tokens
from scripts.storm.figures import Figures
from scripts.storm.servers import Postgres, postgres


def storms(
    folder: Path, server: Postgres, count: int, seconds: float
) -> dict[str, Callable[[], Figures]]:
    """Every storm, by name. What is posted to both ledgers is half to each of them."""
    half = count // 2
    return {
        "sqlite": lambda: postings.storm(
            f"{half} postings to the sandbox, SQLite",
            str(folder / "sandbox" / "books.db"),
            count=half,
        ),
        "sqlite-second": lambda: postings.storm(
            f"{half} postings to the second ledger, SQLite",
            str(folder / "second" / "books.db"),
            count=half,
            ledger="second",
        ),
        "postgres": lambda: postings.storm(
            f"{half} postings to the sandbox, PostgreSQL",
            server.new_database(),
            count=half,
            crash=server.crash_and_restart,
        ),
        "postgres-second": lambda: postings.storm(
            f"{half} postings to the second ledger, PostgreSQL",
            server.new_database(),
            count=half,
            ledger="second",
            crash=server.crash_and_restart,
        ),
        "firms": lambda: firms.storm(
            f"two firms with {count // 10} postings each, a host that leaves, SQLite",
            str(folder / "firms" / "books.db"),
            count=count // 10,
            keys_moved=False,
        ),
        "firms-postgres": lambda: firms.storm(
            f"two firms with {count // 10} postings each, a host that redirects, PostgreSQL",
            server.new_database(),
            count=count // 10,
            keys_moved=True,
        ),
        "tokens-sqlite": lambda: tokens.storm(
            "one connection, SQLite", str(folder / "tokens" / "books.db"), seconds=seconds
        ),
        "tokens-postgres": lambda: tokens.storm(
            "one connection, PostgreSQL", server.new_database(), seconds=seconds
        ),
        "scopes": scopes.storm,
        "interruptions": lambda: interruptions.storm(count=500),
        "interruptions-second": lambda: interruptions.storm(count=500, ledger="second"),
        "malformed": lambda: malformed.storm(count=count),
        "malformed-async": lambda: malformed.storm(count=count, surface="awaiting"),
    }


def main() -> int:
    """Run the storms that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m scripts.storm", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of storms; all when left out")
    parser.add_argument(
        "--count", type=int, default=10_000, help="postings to both ledgers, and malformed answers"
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="of the token storms")
    asked = parser.parse_args()
    wrong: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lhq-storm-") as folder, postgres() as server:
        known = storms(Path(folder), server, asked.count, asked.seconds)
        unknown = set(asked.only) - known.keys()
        if unknown:
            parser.error(f"no storm is called {', '.join(sorted(unknown))}")
        for name, run in known.items():
            if not asked.only or name in asked.only:
                figures = run()
                print("\n".join(figures.lines()), flush=True)
                wrong += [f"{figures.name}: {problem}" for problem in figures.wrong]
    print(f"{time.monotonic() - began:.0f} seconds in all")
    for problem in wrong:
        print(f"WRONG {problem}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
