"""A field that the vendor adds is typed by `make regenerate` alone: nothing of the layer is edited.

A copy of the checkout is regenerated from a contract with new fields; then both type checkers say
what they are, on both surfaces and in the raw client, and a client of the copy reads them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.layout import ROOT
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

COPIED = ("ledgerhq_ext", "generated", "openapi", "scripts")
SNIPPET = """
from typing import reveal_type
from ledgerhq_api import AuthenticatedClient
from ledgerhq_api.api.accounts import get_accounts_by_id
from ledgerhq_api.models import BankAccountBranch
from ledgerhq_ext import AsyncOrganization, Organization, Purchase, PurchaseLine


def read(books: Organization, client: AuthenticatedClient) -> None:
    till = books.bank_accounts()[0]
    reveal_type(till.iban)  # is: str | None
    reveal_type(till.verified_at)  # is: datetime | None
    reveal_type(till.branch)  # is: BankAccountBranch | None
    reveal_type(till.balance)  # is: int
    if till.branch is not None:
        reveal_type(till.branch.city)  # is: str | None
    line = PurchaseLine(account_id="a", amount=1, extra={"projectId": "p"})
    reveal_type(Purchase(txn_date="2026-06-08", payee_name="x", source_account_id="b", lines=[line]))  # is: Purchase
    account = get_accounts_by_id.sync("a", client=client, x_organization_id="o")
    reveal_type(account)  # is: GetAccountsByIdResponse | None


async def read_on(books: AsyncOrganization, client: AuthenticatedClient) -> None:
    till = (await books.bank_accounts())[0]
    reveal_type(till.iban)  # is: str | None
    reveal_type(till.branch)  # is: BankAccountBranch | None
    answer = await get_accounts_by_id.asyncio("a", client=client, x_organization_id="o")
    reveal_type(answer)  # is: GetAccountsByIdResponse | None
    detailed = await get_accounts_by_id.asyncio_detailed("a", client=client, x_organization_id="o")
    reveal_type(detailed)  # is: Response[GetAccountsByIdResponse]
"""
RUN = """
import httpx
from ledgerhq_ext import LedgerHQ
raw = {"id": "b", "accountName": "Till", "accountType": "cash", "currencyCode": "EUR", "balance": 1, "isActive": True}
raw |= {"iban": "DE02", "verifiedAt": "2026-06-08T16:00:00Z", "branch": {"id": "br", "city": "Ulm"}, "later": 1}
answer = lambda request: httpx.Response(200, json={"bankAccounts": [raw]})
[till] = LedgerHQ(access_token="t", transport=httpx.MockTransport(answer)).organization("o").bank_accounts()
assert (till.iban, till.verified_at.year, till.branch.city) == ("DE02", 2026, "Ulm"), till
assert (till.branch.organization_id, till.extra) == ("o", {"later": 1}), till
"""


def newer_contract() -> dict[str, Any]:
    contract: dict[str, Any] = json.loads(
        (ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8")
    )
    schemas = contract["components"]["schemas"]
    branch = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "city": {"type": "string"}},
    }
    schemas["BankAccount"]["properties"] |= {
        "iban": {"type": "string"},
        "verifiedAt": {"type": ["string", "null"], "format": "date-time"},
        "branch": branch,
    }
    schemas["PostingLine"]["properties"]["projectId"] = {"type": "string"}
    return contract


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, regenerated from the newer contract and otherwise as it is."""
    copy = tmp_path_factory.mktemp("newer")
    for name in COPIED:
        shutil.copytree(
            ROOT / name,
            copy / name,
            ignore=shutil.ignore_patterns("__pycache__", "storm", "bench", "demo"),
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    # Who regenerates has checked types before.
    if (ROOT / ".mypy_cache").exists():
        shutil.copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
    (copy / "newer.json").write_text(json.dumps(newer_contract()), encoding="utf-8")
    said = run(copy, "-m", "scripts.regenerate", "newer.json").stdout
    assert "fits what" in said
    assert "BankAccount.iban is new: str | None" in said
    assert "additions; asks for version" in said
    (copy / "snippet.py").write_text(SNIPPET, encoding="utf-8")
    return copy


def run(
    copy: Path, *arguments: str, expected: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[str]:
    places = os.pathsep.join([str(copy), str(copy / "generated")])
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PYTHONPATH": places, "MYPYPATH": places, "PATH": programs}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command,
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=3 * PATIENCE,
    )
    assert done.returncode in expected, done.stdout + done.stderr
    return done


def wanted() -> list[str]:
    return [line.partition("# is: ")[2] for line in SNIPPET.splitlines() if "# is: " in line]


def bare(text: str) -> str:
    """A type without the modules of its names."""
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", text)


def test_mypy_knows_the_new_fields(newer: Path, types_of_libraries: Path) -> None:
    options = ("--strict", "--config-file=", f"--cache-dir={types_of_libraries}")
    done = run(newer, "-m", "mypy", *options, "snippet.py")
    assert [bare(each) for each in re.findall(r'Revealed type is "(.*)"', done.stdout)] == wanted()


def test_basedpyright_knows_the_new_fields(newer: Path) -> None:
    settings = {"typeCheckingMode": "standard", "extraPaths": ["generated", "."]}
    (newer / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    arguments = ("--pythonpath", sys.executable, "--outputjson", "snippet.py")
    report = json.loads(run(newer, "-m", "basedpyright", *arguments).stdout)
    found = [each for each in report["generalDiagnostics"] if each["file"].endswith("snippet.py")]
    assert [each["severity"] for each in found] == ["information"] * len(wanted()), found
    assert [bare(each["message"].split('"')[-2]) for each in found] == wanted()


def test_the_layer_reads_the_new_fields(newer: Path) -> None:
    run(newer, "-c", RUN)
