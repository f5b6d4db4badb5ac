"""The parts in which `ledgerhq post` takes a file: what their edges must not change.

The command runs in this process, with parts of four transactions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from ledgerhq_ext.cli import _posting_run as posting_run
from ledgerhq_ext.cli import main
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Outbox, Store
from ledgerhq_ext.store._schema import now, postings

pytestmark = pytest.mark.slow

COMPANY = "Maple Street Coffee"
HEADER = "id,kind,company,date,payee,bank,account,amount,contact,bill"
PART = 4
Post = Callable[..., Any]


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Serve a LedgerHQ of the test's own, since postings stay."""
    with Sandbox() as box:
        yield box
        assert box.contract_violations == []


@pytest.fixture
def company(box: Sandbox) -> str:
    """Return the id of the company of the files."""
    [company] = [client["id"] for client in box.clients if client["name"] == COMPANY]
    return str(company)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return where the store is."""
    return tmp_path / "books.db"


@pytest.fixture
def post(
    box: Sandbox,
    company: str,
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Post:
    """Return a function that posts rows, and returns what the command printed."""
    monkeypatch.setattr(posting_run, "_TOGETHER", PART)
    for name, value in {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "LEDGERHQ_API_KEY": box.api_key(company),
        "LEDGERHQ_BASE_URL": box.url,
        "LEDGERHQ_STORE": str(place),
    }.items():
        monkeypatch.setenv(name, value)

    def run(rows: list[str], *words: str) -> Any:
        """Post a file of these rows."""
        file = tmp_path / "month.csv"
        file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        main(["post", str(file), "--json", *words])
        return json.loads(capsys.readouterr().out)

    return run


def row(id: int | str, amount: str = "1.00", account: str = "4000", **fields: str) -> str:
    """Return a deposit."""
    contact = fields.get("contact", "")
    company = fields.get("company", COMPANY)
    return f"{id},deposit,{company},2026-06-02,,1010,{account},{amount},{contact},"


def lines_of(result: Any) -> dict[int, str]:
    """Return the reason for every line that was not posted."""
    return {problem["line"]: problem["reason"] for problem in result["not_posted"]}


@pytest.mark.parametrize("words", [["--dry-run"], []], ids=["dry", "posted"])
def test_bad_rows_at_the_edges_of_parts_are_reported_with_their_lines(
    words: list[str], post: Post, box: Sandbox
) -> None:
    rows = [row(number) for number in range(1, 3 * PART + 1)]
    # The first and the last of a part, by each of the ways to find something wrong.
    rows[0] = row(1, account="9999")
    rows[3] = row(4, "1.005")
    rows[4] = f"5,purchase,{COMPANY},2026-06-02,Shop,4000,6100,1.00,,"
    rows[7] = row("", "1.00")
    rows[8] = row("9 ")
    rows[11] = "12,refund,,,,,,,,"
    result = post(rows, *words)
    reasons = lines_of(result)
    assert list(reasons) == [2, 5, 6, 9, 13]
    assert "account '9999'" in reasons[2]
    assert "more decimal places" in reasons[5]
    assert "not a bank, cash" in reasons[6]
    assert "no source id" in reasons[9]
    assert "kind 'refund' is unknown" in reasons[13]
    good = 3 * PART - len(reasons)
    assert result["would_be_posted" if words else "posted"] == good
    assert len(box.postings()) == (0 if words else good)


@pytest.mark.parametrize("words", [["--dry-run"], []], ids=["dry", "posted"])
def test_equal_ids_within_a_part_and_across_two(words: list[str], post: Post, box: Sandbox) -> None:
    rows = [
        row(1),
        row(1),
        row(2),
        row(2, "2.00"),
        # The next part.
        row(1),
        row(2, "3.00"),
        row(3),
        row(3),
    ]
    result = post(rows, *words)
    reasons = lines_of(result)
    assert list(reasons) == [5, 7]
    assert "lines[0].amount was 100, not 200" in reasons[5]
    assert "lines[0].amount was 100, not 300" in reasons[7]
    assert result["would_be_posted" if words else "posted"] == 3
    assert result["known"] == 3
    assert len(box.postings()) == (0 if words else 3)

    again = post(rows, *words)
    posted_before = 0 if words else 3
    assert again["would_be_posted" if words else "posted"] == 3 - posted_before
    assert len(again["not_posted"]) == 2


@pytest.mark.sample
def test_a_bad_row_does_not_take_the_place_of_its_namesake(post: Post, box: Sandbox) -> None:
    """The service would refuse the first, and the second with its id is another posting."""
    rows = [f"1,purchase,{COMPANY},2026-06-02,Shop,4000,6100,1.00,,", row(2)]
    rows.append(f"1,purchase,{COMPANY},2026-06-02,Shop,1010,6100,1.00,,")
    result = post(rows)
    assert list(lines_of(result)) == [2]
    assert result["posted"] == len(box.postings()) == 2


def test_what_waits_since_an_earlier_run_is_counted_once(
    post: Post, box: Sandbox, company: str
) -> None:
    rows = [row(number) for number in (1, 2, 1, 2, 1, 2, 3)]
    box.lock_period(company, "2026-06-30")
    first = post(rows)
    assert (first["posted"], first["known"], sorted(lines_of(first))) == (0, 4, [2, 3, 8])
    box.unlock_period(company)
    again = post(rows)
    assert (again["posted"], again["known"], again["not_posted"]) == (3, 4, [])
    assert len(box.postings()) == 3


@pytest.mark.parametrize("moment", ["before", "within", "after"])
def test_a_part_that_is_interrupted_is_taken_whole_or_not_at_all(
    moment: str, post: Post, box: Sandbox, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(number) for number in range(1, 3 * PART + 1)]
    add_all = Outbox.add_all
    calls: list[int] = []

    def interrupted(pairs: Any) -> Iterator[Any]:
        """Yield two of a part, and then press Ctrl-C."""
        yield from pairs[:2]
        raise KeyboardInterrupt

    def add_all_but_once(outbox: Outbox, books: Any, pairs: Any) -> Any:
        """Add the first part, and be interrupted in the second."""
        calls.append(1)
        if len(calls) != 2:
            return add_all(outbox, books, pairs)
        if moment == "before":
            raise KeyboardInterrupt
        result = add_all(outbox, books, interrupted(pairs) if moment == "within" else pairs)
        raise KeyboardInterrupt(result)

    monkeypatch.setattr(Outbox, "add_all", add_all_but_once)
    with pytest.raises(json.JSONDecodeError, match="Expecting value"):
        post(rows)
    with Store(place) as store:
        status = store.outbox().status()
    assert status.total == status.pending == (2 * PART if moment == "after" else PART)
    assert box.postings() == []

    result = post(rows)
    assert (result["posted"], result["not_posted"]) == (3 * PART, [])
    assert len(box.postings()) == 3 * PART


def test_a_table_that_breaks_off_is_refused_whole(
    post: Post, box: Sandbox, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(number) for number in range(1, PART + 2)]
    with pytest.raises(json.JSONDecodeError, match="Expecting value"):
        post([*rows, 'x,"y'])
    # What it printed was read there: once more, then.
    assert main(["post", str(tmp_path / "month.csv")]) == 2
    assert "is not valid CSV" in capsys.readouterr().err
    with Store(place) as store:
        assert store.outbox().status().total == 0
    assert box.postings() == []

    result = post(rows)
    assert (result["posted"], result["not_posted"]) == (len(rows), [])


def test_a_file_that_breaks_off_says_what_waits_and_sends_nothing(
    post: Post, box: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = HEADER.split(",")
    rows = [row(number) for number in range(1, PART + 2)]
    lines = [json.dumps(dict(zip(names, each.split(","), strict=True))) for each in rows]
    file = tmp_path / "month.jsonl"
    # The character in another encoding is far behind: decoders read ahead.
    padding = "\n" * 100_000
    file.write_bytes("\n".join([*lines, padding]).encode() + "caf\u00e9\n".encode("latin-1"))
    assert main(["post", str(file)]) == 2
    printed = capsys.readouterr()
    assert f"{PART} transactions before that are in the outbox, and were not sent" in printed.err
    assert "is not UTF-8" in printed.err
    assert box.postings() == []

    result = post(rows)
    assert (result["posted"], result["not_posted"]) == (len(rows), [])


def test_another_process_adds_one_of_a_part_at_the_last_moment(
    post: Post, box: Sandbox, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_all = Outbox.add_all
    others = iter([True])

    def add_all_late(outbox: Outbox, books: Any, pairs: Any) -> Any:
        """Let another process add one with another amount first."""
        if next(others, False):
            with Store(place) as store:
                [posting, *_] = [pairs[3][0]]
                store.outbox().add(books, posting, source=pairs[1][1])
        return add_all(outbox, books, pairs)

    monkeypatch.setattr(Outbox, "add_all", add_all_late)
    result = post([row(number, f"{number}.00") for number in range(1, PART + 1)])
    reasons = lines_of(result)
    assert list(reasons) == [3]
    assert "lines[0].amount was 400, not 200" in reasons[3]
    assert result["posted"] == PART - 1
    assert len(box.postings()) == PART


@pytest.mark.usefixtures("post")
def test_a_store_that_fills_up_row_by_row_is_no_fault_of_the_file(
    place: Path,
    tmp_path: Path,
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add_all = Outbox.add_all

    def add_all_late(outbox: Outbox, books: Any, pairs: Any) -> Any:
        """Let another process add the second with another amount, and the disk have no room."""
        with Store(place) as store:
            store.outbox().add(books, pairs[3][0], source=pairs[1][1])
        with closing(sqlite3.connect(place)) as db:
            db.execute(
                "CREATE TRIGGER full BEFORE INSERT ON ledgerhq_postings "
                f"WHEN NEW.source_id = '{pairs[2][1][1]}' "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        return add_all(outbox, books, pairs)

    monkeypatch.setattr(Outbox, "add_all", add_all_late)
    file = tmp_path / "month.csv"
    file.write_text(
        "\n".join([HEADER, *[row(number, f"{number}.00") for number in range(1, PART + 1)], ""]),
        encoding="utf-8",
    )

    status = main(["post", str(file)])

    printed = capsys.readouterr()
    assert (status, printed.out) == (3, "")
    assert printed.err.count("disk is full") == 1
    assert box.postings() == []


@pytest.mark.usefixtures("post")
def test_a_store_that_takes_nothing_is_no_fault_of_the_file(
    place: Path, tmp_path: Path, box: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store(place) as store:
        store.outbox().status()
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON ledgerhq_postings "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    file = tmp_path / "month.csv"
    file.write_text(
        "\n".join([HEADER, *[row(number) for number in range(1, 4)], ""]), encoding="utf-8"
    )

    status = main(["post", str(file)])

    printed = capsys.readouterr()
    assert (status, printed.out) == (3, "")
    assert printed.err.count("disk is full") == 1
    assert box.postings() == []


def test_what_another_process_holds_is_not_called_posted(post: Post, place: Path) -> None:
    assert post([row(1)])["posted"] == 1
    with Store(place) as store:

        def hold(db: Any) -> None:
            """Leave the posting as somebody does who is sending it."""
            held = {"state": "leased", "lease": "x", "due_at": now() + 600}
            db.execute(update(postings).values({**held, "receipt": None, "journal_entry_id": None}))

        store._database.write("test", hold)
    result = post([row(1)])
    assert result["posted"] == 0
    assert "leased: another process sends it" in lines_of(result)[2]


@pytest.mark.parametrize("words", [["--dry-run"], []], ids=["new", "known"])
def test_a_part_takes_few_statements_however_many_rows_it_has(
    words: list[str], post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting_run, "_TOGETHER", 50)
    rows = [row(number) for number in range(1, 151)]
    # Afterwards the tables are there, and in the second case the rows.
    result = post(rows, *words)
    assert result["would_be_posted" if words else "posted"] == len(rows)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Note a statement."""
        statements.append(statement)

    def count(rows: list[str]) -> int:
        """Return the number of statements for a file of these rows."""
        statements.clear()
        result = post(rows, *words)
        assert result["would_be_posted" if words else "known"] == len(rows)
        return len(statements)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        more = count(rows) - count(rows[:50])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    # Two parts more. A known one is one read; a new one is looked up, and written down by one
    # transaction.
    assert more <= 2 * (8 if words else 2)


def test_what_stands_for_nothing_is_asked_for_once(post: Post, box: Sandbox) -> None:
    rows: list[str] = []
    for number in range(1, 2 * PART + 1):
        rows.append(row(number, contact="Nobody"))
        rows.append(row(100 + number, company="Nowhere"))
        rows.append(f"{200 + number},bill_payment,{COMPANY},2026-06-20,,1010,,1.00,,None")
    before = len(box.requests)
    result = post(rows)
    assert len(result["not_posted"]) == len(rows)
    paths = [request["path"] for request in box.requests][before:]
    assert paths.count("/api/v1/contacts") == 1
    assert paths.count("/api/v1/bills") == 1
    # By the company's name, and for the candidates.
    assert paths.count("/api/v1/organizations") == 2


def test_lists_are_read_once_for_a_part(post: Post, box: Sandbox) -> None:
    def reads(count: int) -> int:
        """Return the number of requests for a file of so many rows."""
        before = len(box.requests)
        post([row(number) for number in range(1, count + 1)], "--dry-run")
        return len(box.requests) - before

    # Accounts, bank accounts and the currency of the books, for the checks of two parts more.
    assert reads(3 * PART) - reads(PART) <= 2 * 3
