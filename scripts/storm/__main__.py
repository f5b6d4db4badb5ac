"""`python -m scripts.storm`: every storm in full size. Exits 1 if one figure is off by one."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from scripts.storm import firms, interruptions, malformed, postings, scopes, tokens
from scripts.storm.figures import Figures
from scripts.storm.servers import Postgres, postgres


def storms(
    folder: Path, server: Postgres, count: int, seconds: float
) -> dict[str, Callable[[], Figures]]:
    """Return every storm, by name.

    ``count``: postings, half of them to each ledger, and malformed answers to each surface.
    ``seconds``: how long the token storms last.
    """
    half = count // 2
    firm_share = count // 10
    return {
        "sqlite": partial(
            postings.storm,
            f"{half} postings to the sandbox, SQLite",
            str(folder / "sandbox" / "books.db"),
            count=half,
        ),
        "sqlite-second": partial(
            postings.storm,
            f"{half} postings to the second ledger, SQLite",
            str(folder / "second" / "books.db"),
            count=half,
            ledger="second",
        ),
        "postgres": partial(
            postings.storm,
            f"{half} postings to the sandbox, PostgreSQL",
            server.new_database(),
            count=half,
            crash=server.crash_and_restart,
        ),
        "postgres-second": partial(
            postings.storm,
            f"{half} postings to the second ledger, PostgreSQL",
            server.new_database(),
            count=half,
            ledger="second",
            crash=server.crash_and_restart,
        ),
        "firms": partial(
            firms.storm,
            f"two firms with {firm_share} postings each, a host that leaves, SQLite",
            str(folder / "firms" / "books.db"),
            count=firm_share,
            keys_moved=False,
        ),
        "firms-postgres": partial(
            firms.storm,
            f"two firms with {firm_share} postings each, a host that redirects, PostgreSQL",
            server.new_database(),
            count=firm_share,
            keys_moved=True,
        ),
        "tokens-sqlite": partial(
            tokens.storm,
            "one connection, SQLite",
            str(folder / "tokens" / "books.db"),
            seconds=seconds,
        ),
        "tokens-postgres": partial(
            tokens.storm, "one connection, PostgreSQL", server.new_database(), seconds=seconds
        ),
        "scopes": scopes.storm,
        "interruptions": partial(interruptions.storm, count=500),
        "interruptions-second": partial(interruptions.storm, count=500, ledger="second"),
        "malformed": partial(malformed.storm, count=count),
        "malformed-async": partial(malformed.storm, count=count, surface="awaiting"),
    }


def main() -> int:
    """Run the storms of the command line, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.storm", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of storms; all when left out")
    parser.add_argument(
        "--count", type=int, default=10_000, help="postings to both ledgers, and malformed answers"
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="of the token storms")
    arguments = parser.parse_args()
    problems: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lhq-storm-") as folder, postgres() as server:
        every = storms(Path(folder), server, arguments.count, arguments.seconds)
        unknown = set(arguments.only) - every.keys()
        if unknown:
            parser.error(f"no storm is called {', '.join(sorted(unknown))}")
        for name in arguments.only or every:
            figures = every[name]()
            print("\n".join(figures.lines()), flush=True)
            problems += [f"{figures.name}: {problem}" for problem in figures.wrong]
    print(f"{time.monotonic() - began:.0f} seconds in all")
    for problem in problems:
        print(f"WRONG {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
