"""docs/command-line.md: its examples run, one after the other, and its fields are those of the
JSON.
"""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from ledgerhq_ext import LedgerHQ, Purchase, PurchaseLine
from ledgerhq_ext.cli import main
from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.store import Store
from tests.cli.conftest import APPROVE, ROOT

pytestmark = pytest.mark.slow

DOCUMENT = ROOT / "docs" / "command-line.md"
NOT_RUN_HERE = {"move-host", "outbox run", "sandbox", "drift"}
"""Commands that are run by tests of their own."""


@frozen
class Example:
    """A line of the document, and the exit status that it promises."""

    words: tuple[str, ...]
    status: int

    def __str__(self) -> str:
        return shlex.join(self.words)


def examples() -> list[Example]:
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = re.findall(r"^\$ ledgerhq (.+?)(?:    # exits with (\d))?$", text, re.MULTILINE)
    return [Example(tuple(shlex.split(line)), int(status or 0)) for line, status in lines]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with what the examples speak of: a sandbox, an outbox, files."""
    browser = tmp_path / "browser.py"
    browser.write_text(APPROVE, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(
        "code,name,type,parent\n6100,Office supplies,expense,\n6106,Paper,expense,6100\n",
        encoding="utf-8",
    )
    (tmp_path / "month.csv").write_text(
        "id,kind,date,payee,bank,account,amount\n"
        "1001,purchase,2026-06-08,Office Depot,1010,6100,42.99\n",
        encoding="utf-8",
    )
    for name in ("LEDGERHQ_API_KEY", "LEDGERHQ_TOKEN_FILE", "LEDGERHQ_STORE_KEYS", "LEDGERHQ_FIRM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("BROWSER", f"{sys.executable} {browser} %s")
    monkeypatch.setenv("LEDGERHQ_STORE", str(tmp_path / "books.db"))
    monkeypatch.chdir(tmp_path)
    with Sandbox(auto_approve=True) as box:
        monkeypatch.setenv("LEDGERHQ_BASE_URL", box.url)
        fill_outbox(box, tmp_path)
        yield tmp_path
        assert box.contract_violations == []


def fill_outbox(box: Sandbox, folder: Path) -> None:
    """Write four postings down: the second and third are rejected, the first has an alarm, the
    fourth is of another company.
    """
    with (
        LedgerHQ(base_url=box.url, access_token=box.access_token()) as hq,
        Store(folder / "books.db") as store,
    ):
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
    with sqlite3.connect(folder / "books.db") as database:
        database.execute(
            "UPDATE ledgerhq_postings SET alarm = 'a second receipt differs' WHERE id = 1"
        )
    database.close()


def test_the_examples_run_one_after_the_other(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for example in examples():
        status = main(example.words)
        said = capsys.readouterr()
        assert status == example.status, f"{example}: {said.err}{said.out}"
        assert "Traceback" not in said.err, example
        if "--json" in example.words:
            json.loads(said.out)
    assert (desk / "maple-street-coffee-2026-05-packet.pdf").read_bytes().startswith(b"%PDF")
    assert (desk / "may" / "general-ledger.csv").is_file()


def test_every_command_is_in_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    shown = {commands_of(example.words) for example in examples()}
    assert set(every_command(capsys)) - NOT_RUN_HERE - shown == set()


@pytest.mark.parametrize("words", ["", "accounts", "bank", "review", "outbox"])
def test_every_help_has_an_example(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in subcommands(words.split(), capsys):
        command = [*words.split(), name]
        if name in ("accounts", "bank", "review", "outbox", "sandbox"):
            continue
        main([*command, "--help"])
        assert f"ledgerhq {' '.join(command)}" in capsys.readouterr().out.partition("Examples:")[2]


def commands_of(words: tuple[str, ...]) -> str:
    is_group = words[0] in ("accounts", "bank", "review", "outbox")
    return " ".join(words[: 2 if is_group else 1])


def every_command(capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    for name in subcommands([], capsys):
        if name in ("accounts", "bank", "review", "outbox"):
            for inner in subcommands([name], capsys):
                yield f"{name} {inner}"
        else:
            yield name


def subcommands(group: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main([*group, "--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:")[2]
    return re.findall(r"^  ([a-z-]+) ", listed, re.MULTILINE)
