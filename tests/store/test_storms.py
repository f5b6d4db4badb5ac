"""Each storm in small: the same code as `make storm`, whose figures must be exact."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import LedgerHQError
from scripts.storm import firms, interruptions, malformed, postings, scopes, tokens
from scripts.storm.calls import CALLS
from scripts.storm.figures import Figures
from scripts.storm.ledger import Books, Keys
from scripts.storm.nonsense import CANARY
from scripts.storm.servers import Postgres
from scripts.storm.services import Ledger

SMALL: Any = {"count": 60, "workers": 3, "kill_every": 1.0, "rare": 1, "margin": 1.0, "limit": 240}


def calm(figures: Figures) -> None:
    assert figures.checks
    assert figures.wrong == []


def test_a_figure_that_is_off_by_one_is_wrong() -> None:
    figures = Figures("a storm")
    figures.check("entries", 9_999, 10_000)
    assert figures.wrong == ["entries: 9999, not 10000"]
    assert "WRONG, must be 10000" in figures.lines()[-1]


@pytest.mark.parametrize("ledger", ["sandbox", "second"])
def test_postings_on_sqlite(tmp_path: Path, ledger: Ledger) -> None:
    place = str(tmp_path / "store" / "books.db")
    calm(postings.storm("small", place, **SMALL, ledger=ledger))


@pytest.mark.parametrize("ledger", ["sandbox", "second"])
def test_postings_on_postgres(pg: Postgres, ledger: Ledger) -> None:
    figures = postings.storm(
        "small", pg.new_database(), **SMALL, ledger=ledger, crash=pg.crash_and_restart
    )
    calm(figures)
    assert figures.facts["database crashes"] == 1


@pytest.mark.parametrize("ledger", ["sandbox", "second"])
# What an exception cuts off between two lines is closed by the garbage collector, which warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interruptions(ledger: Ledger) -> None:
    calm(interruptions.storm(count=20, ledger=ledger))
    # Here, and not in the middle of the next test.
    gc.collect()


def test_a_storm_that_does_not_end_in_time_is_wrong(tmp_path: Path) -> None:
    figures = postings.storm(
        "none", str(tmp_path / "books.db"), count=5, workers=1, rare=0, limit=0
    )
    assert any("source transactions posted" in problem for problem in figures.wrong)


@pytest.mark.parametrize(
    "keys_moved", [False, True], ids=["the-old-host-leaves", "the-old-host-redirects"]
)
def test_two_firms_and_a_host_that_moves(tmp_path: Path, keys_moved: bool) -> None:
    calm(
        firms.storm("small", str(tmp_path / "books.db"), count=40, keys_moved=keys_moved, workers=2)
    )


@pytest.mark.parametrize("name", ["firms", "postings"])
def test_a_ledger_that_forgets_keys_is_seen(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post: Any = Books._post
    place = str(tmp_path / "books.db")

    def forget(books: Books, _: Keys, *request: Any) -> Any:
        return post(books, {}, *request)

    monkeypatch.setattr(Books, "_post", forget)
    if name == "firms":
        figures = firms.storm("small", place, count=20, keys_moved=True, workers=1)
    else:
        figures = postings.storm("small", place, **SMALL, ledger="second")
    assert any("entries made" in problem for problem in figures.wrong)


def test_one_connection(place: str) -> None:
    calm(tokens.storm("small", place, processes=4, seconds=7))


def test_scopes() -> None:
    calm(scopes.storm(threads=8, tasks=8, rounds=2))


def test_malformed_answers() -> None:
    calm(malformed.storm(count=len(CALLS) * 4, processes=1))


@pytest.mark.parametrize("where", ["message", "attribute", "pickle"])
def test_a_leak_would_be_seen(where: str) -> None:
    error = LedgerHQError("harmless")
    assert not malformed.shows(error)
    if where == "message":
        error.args = (CANARY,)
    elif where == "attribute":
        error.__dict__["note"] = CANARY
    else:
        error.__dict__["note"] = [CANARY.encode()]
    assert malformed.shows(error)
