"""The wheel without extras: it takes the seven steps of the README, and says what to install for
more.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from ledgerhq_ext.sandbox import Sandbox
from tests.package.conftest import Installation, install
from tests.support.companies import World

STEPS = Path(__file__).with_name("seven_steps.py")
BESIDE = {"babel", "cryptography", "defusedxml", "jinja2", "jsonschema_rs", "keyring", "openpyxl", "orjson",
          "psycopg", "sqlalchemy", "starlette", "typst", "uvicorn", "xlsxwriter", "pytest"}  # fmt: skip
"""What the extras bring."""


@pytest.fixture(scope="module")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel in a fresh environment, without extras."""
    return install(wheel, tmp_path_factory.mktemp("core") / "venv")


def test_what_the_core_asks_for(core: Installation) -> None:
    """Or the tests below would show nothing."""
    assert {"attrs", "httpx", "python-dateutil", "sniffio"} <= core.distributions
    assert not {name.replace("-", "_") for name in core.distributions} & BESIDE
    names = {path.name for path in core.packages.iterdir()}
    assert {"ledgerhq_ext", "ledgerhq_api"} <= names
    assert not names & BESIDE
    assert (core.packages / "ledgerhq_ext" / "py.typed").is_file()


@pytest.mark.parametrize("surface", ["blocking", "awaiting"])
def test_the_seven_steps(core: Installation, box: Sandbox, surface: str, tmp_path: Path) -> None:
    result = core.run(str(STEPS), surface, box.url, str(tmp_path))
    assert result.returncode == 0, result.stderr
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert Path(report["origin"]).is_relative_to(core.packages)
    assert not set(report["modules"]) & BESIDE

    maple = World(box)
    postings = maple.postings()
    assert len({posting["receipt"]["resourceType"] for posting in postings}) == 5
    assert {posting["receipt"]["journalEntryId"] for posting in postings} == set(report["entries"])
    assert report["replayed"] == [False] * 5 + [True]
    assert report["again"] == report["entries"][0]
    assert len(report["connections"]) == 3
    assert list(report["reviewed"].values()) == [
        "reconciled",
        "reconciled",
        "excluded",
        "reconciled",
    ]
    assert {id: maple.row(id=id)["status"] for id in report["reviewed"]} == report["reviewed"]
    assert isinstance(report["net_income"], int)
    assert report["problems"] == []


# --- beside the core


_MISSING = """
from ledgerhq_ext import InputError, MissingExtraError

def message(use):
    try:
        exec(use, {})
    except MissingExtraError as error:
        assert isinstance(error, (InputError, ModuleNotFoundError))
        assert error.name and error.name in error.message, error.name
        assert error.outcome == "not_sent"
        return str(error)
    raise SystemExit(f"{use} works without its extra")

import sys
print(message(sys.argv[1]))
"""

_EMPTY_TABLE = """
from ledgerhq_ext import review
table = review.table([])
assert table.text() is not None
table.html()
"""

_EMPTY_WORKBOOK = """
from ledgerhq_ext import review
table = review.table([])
assert table.decisions() is not None
table.workbook()
"""

_REVIEWED_WORKBOOK = """
import io
from ledgerhq_ext import review
review.read_decisions(io.BytesIO(b"PK\x03\x04"))
"""

USES = {
    "import ledgerhq_ext.store": "store",
    "from ledgerhq_ext import store": "store",
    "from ledgerhq_ext.store import Store": "store",
    "from ledgerhq_ext.store import KeyringTokenStore": "store",
    "import ledgerhq_ext.render": "render",
    "from ledgerhq_ext.render import write_pdf": "render",
    "from ledgerhq_ext.sandbox import Sandbox": "sandbox",
    "import ledgerhq_ext.sandbox as sandbox; sandbox.Clock": "sandbox",
    _EMPTY_TABLE: "render",
    _EMPTY_WORKBOOK: "review",
    _REVIEWED_WORKBOOK: "review",
}


@pytest.mark.parametrize("use", USES, ids=lambda use: str(use).strip().replace("\n", "; "))
def test_a_missing_extra_says_what_to_install(core: Installation, use: str) -> None:
    result = core.run("-c", _MISSING, use)
    assert result.returncode == 0, result.stderr
    # Said alike everywhere: who needs what, and the command.
    what, _, command = result.stdout.strip().partition(": ")
    assert " needs " in what
    assert command == f"pip install 'ledgerhq-ext[{USES[use]}]'"


@pytest.mark.parametrize("module", ["ledgerhq_ext.sandbox"])
def test_a_command_of_a_missing_extra_says_what_to_install(core: Installation, module: str) -> None:
    result = core.run("-m", module)
    assert result.returncode != 0
    assert result.stderr.strip().endswith("pip install 'ledgerhq-ext[sandbox]'")


def test_review_needs_no_extra(core: Installation) -> None:
    result = core.run("-c", "from ledgerhq_ext import review; print(len(review.table([]).rows))")
    assert (result.stdout.strip(), result.stderr) == ("0", "")


def test_the_wheel_has_the_catalogs_of_documents(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    folder = "ledgerhq_ext/render/catalogs"
    assert {f"{folder}/{name}" for name in ("es.po", "fr.po", "messages.pot")} <= names
