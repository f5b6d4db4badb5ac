"""Who imports whom, and what importing the package brings."""

import ast
import graphlib
import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ledgerhq_ext
from ledgerhq_ext._public_names import MODULES

pytestmark = pytest.mark.slow

ROOT = Path(ledgerhq_ext.__file__).parent
BESIDE = {"__main__.py", "cli", "testkit", "sandbox", "store", "render", "review"}
CORE = [
    path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0] not in BESIDE
]
POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
WINDOWS_ONLY = {"msvcrt", "nt", "winreg", "_winapi"}
PLAIN = {
    "_bodies.py",
    "_checks.py",
    "_filters.py",
    "_http/messages.py",
    "_http/options.py",
    "_http/retries.py",
    "_idempotency.py",
    "_files.py",
    "_plain.py",
    "_query.py",
    "_redaction.py",
    "_references.py",
    "_wire.py",
    "errors.py",
    "models.py",
    "money.py",
    "postings.py",
    "reports/comparison.py",
    "reports/packet.py",
    "reports/period_words.py",
    "reports/periods.py",
    "reports/statements.py",
}
"""Modules that know nothing of HTTP clients or of the generated operations."""
NETWORK = {
    "_http/awaiting_transport.py",
    "_http/awaiting_network.py",
    "_http/network.py",
    "_http/transports.py",
}
"""Modules below httpx, imported with the first transport."""
AWAITING = {
    "_http/awaiting.py",
    "_http/awaiting_transport.py",
    "_http/awaiting_network.py",
    "_http/inbox.py",
}
"""The only modules that know how a coroutine waits."""
ALLOWED = {"attr", "attrs", "httpx", "dateutil", "ledgerhq_api", "ledgerhq_ext"}
BY_NAME = {"_generated.py", "_lazy.py", "reports/__init__.py"}
"""The modules that import others by a name: generated operations, and what is public."""
ON_RECORDS = {
    "_generated.py",
    "_wire.py",
    "models.py",
    "money.py",
    "reports/packet.py",
    "reports/statements.py",
}
"""The modules that stand on the generated client: its operations, its reader, its records."""


def imported(tree: ast.AST) -> set[str]:
    """Dotted names of all that is imported in a tree."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide where the arrow points"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return found


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def top(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_import_arrow(path: Path) -> None:
    tree = parse(path)
    place = path.relative_to(ROOT).as_posix()
    names = imported(tree)
    assert not {
        name
        for name in names
        if set(name.split(".")[1:2]) & BESIDE and name.startswith("ledgerhq_ext.")
    }
    assert ("ledgerhq_api" in top(names)) <= (place in ON_RECORDS)
    assert place in BY_NAME or "import_module" not in path.read_text(encoding="utf-8")
    at_import = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    now = top(set().union(*(imported(node) for node in at_import))) if at_import else set()
    assert not now & (POSIX_ONLY | WINDOWS_ONLY)
    below = {"httpcore"} if place in NETWORK else set()
    assert now - set(sys.stdlib_module_names) <= ALLOWED | below
    if place in PLAIN:
        assert not top(names) & {"httpx", "anyio", "socket", "ssl"}
        assert not [
            name for name in names if name.startswith(("ledgerhq_api.api", "ledgerhq_api.client"))
        ]
    if place not in AWAITING:
        assert not top(names) & {"asyncio", "anyio", "sniffio", "trio"}


def test_the_plain_modules_are_there() -> None:
    assert {path for path in PLAIN | AWAITING if not (ROOT / path).is_file()} == set()


@pytest.mark.sample
@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_holds_no_async_generator(path: Path) -> None:
    for node in ast.walk(parse(path)):
        # This one is how an event loop says that it ends.
        if isinstance(node, ast.AsyncFunctionDef) and node.name != "_until_the_loop_ends":
            assert not [
                part for part in ast.walk(node) if isinstance(part, ast.Yield | ast.YieldFrom)
            ], node.name


def run(code: str) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.slow
def test_what_importing_the_package_brings() -> None:
    code = "import httpx, sys; before = set(sys.modules); import ledgerhq_ext; print(*set(sys.modules) - before)"
    brought = run(code)
    assert top(brought) - set(sys.stdlib_module_names) <= ALLOWED | {"six"}
    assert not {
        name
        for name in brought
        if set(name.split(".")[1:2]) & BESIDE and name.startswith("ledgerhq_ext")
    }


def test_importing_the_package_brings_nothing() -> None:
    brought = run(
        "import sys; before = set(sys.modules); import ledgerhq_ext; print(*set(sys.modules) - before)"
    )
    assert {name for name in brought if "ledgerhq" in name} == {
        "ledgerhq_ext",
        "ledgerhq_ext._version",
    }
    assert not top(brought) - set(sys.stdlib_module_names) - {"ledgerhq_ext"}


NOT_BEFORE_USE = {
    "asyncio",
    "dateutil",
    "decimal",
    "difflib",
    "html",
    "ledgerhq_api.client",
    "ledgerhq_ext._auth.authorization",
    "ledgerhq_ext._auth.oauth",
    "ledgerhq_ext._auth.refresh",
    "ledgerhq_ext._auth.stores",
    "ledgerhq_ext._bodies",
    "ledgerhq_ext._http.awaiting",
    "ledgerhq_ext._requests",
    "ledgerhq_ext._resources.arrivals",
    "ledgerhq_ext._resources.envelopes",
    "ledgerhq_ext._resources.id_sets",
    "ledgerhq_ext._resources.preflight_records",
    "ledgerhq_ext._resources.preflight_rules",
    "ledgerhq_ext._resources.walks",
    "ledgerhq_ext.postings",
    "ledgerhq_ext.reports.comparison",
    "ledgerhq_ext.reports.merging",
    "ledgerhq_ext.reports.packet",
    "ledgerhq_ext.reports.period_words",
    "ledgerhq_ext.reports.statements",
    "sqlite3",
    "tempfile",
    "uuid",
    "zoneinfo",
}
"""What a blocking read with a fixed token has no use for, beside what httpx imports itself."""
READ = """
import sys, httpx
before = set(sys.modules)
from ledgerhq_ext import LedgerHQ
answer = lambda request: httpx.Response(200, json={"accounts": []})
LedgerHQ(access_token="t", transport=httpx.MockTransport(answer)).organization("o").accounts()
print(*set(sys.modules) - before)
"""


def test_a_blocking_read_brings_only_what_it_uses() -> None:
    assert not run(READ) & NOT_BEFORE_USE


ATTRS_CLASSES = {
    "ledgerhq_api.records.Answer",
    "ledgerhq_api.records.Body",
    "ledgerhq_api.records.CompanyAnswer",
    "ledgerhq_api.types.File",
    "ledgerhq_api.types.Response",
    "ledgerhq_ext._filters.Other",
    "ledgerhq_ext._http.exchange.Exchange",
    "ledgerhq_ext._http.hooks.CallSummary",
    "ledgerhq_ext._http.hooks.Event",
    "ledgerhq_ext._http.io.Wiring",
    "ledgerhq_ext._http.messages.Request",
    "ledgerhq_ext._http.messages.Response",
    "ledgerhq_ext._http.options.Options",
    "ledgerhq_ext._http.retries.RetryPolicy",
    "ledgerhq_ext._http.session.Session",
    "ledgerhq_ext._operations.AnyOperation",
    "ledgerhq_ext._resources.listing.Page",
    "ledgerhq_ext._resources.open_door.RawResponse",
    "ledgerhq_ext.models.BankConnection",
    "ledgerhq_ext.reports.periods.Period",
}
"""What attrs makes for a first read, beside records: it compiles methods for each of them."""
ATTRS_CLASSES_OF_A_READ = f"""
import attr._make
make = attr._make._ClassBuilder.build_class
names = []

def build_class(builder):
    names.append(f"{{builder._cls.__module__}}.{{builder._cls.__qualname__}}")
    return make(builder)

attr._make._ClassBuilder.build_class = build_class
{READ.replace("print(*set(sys.modules) - before)", "print(*names)")}
"""


def test_attrs_makes_few_classes_for_a_first_read() -> None:
    names = run(ATTRS_CLASSES_OF_A_READ)
    records = {name for name in names if name.startswith("ledgerhq_api.models.")}
    assert names - records == ATTRS_CLASSES
    assert len(records) == 2, "the account, and the answer that holds it"


def test_what_a_read_has_no_use_for_is_there() -> None:
    """Each name above can be imported: a module that was renamed is no module that is missing."""
    for name in NOT_BEFORE_USE:
        assert importlib.util.find_spec(name) is not None


@pytest.mark.parametrize("name", ["errors", "models", "money", "postings", "reports", "client"])
def test_public_modules_stand_in_the_package_without_an_import(name: str) -> None:
    assert run(f"import ledgerhq_ext; print(ledgerhq_ext.{name}.__name__)") == {
        f"ledgerhq_ext.{name}"
    }


def test_a_public_name_is_the_one_of_its_module() -> None:
    assert all(
        getattr(ledgerhq_ext, name)
        is getattr(importlib.import_module(f"ledgerhq_ext.{module}"), name)
        for name, module in MODULES.items()
    )
    assert {*MODULES, "__version__"} == set(ledgerhq_ext.__all__)
    assert set(ledgerhq_ext.__all__) <= set(dir(ledgerhq_ext))


def test_every_public_name_comes_with_a_star() -> None:
    names = run("from ledgerhq_ext import *; print(*globals())")
    assert set(ledgerhq_ext.__all__) <= names


def test_a_name_with_a_mistake_is_an_error_that_says_the_near_one() -> None:
    with pytest.raises(AttributeError, match="no attribute 'LedgerHq'; did you mean 'LedgerHQ'"):
        getattr(ledgerhq_ext, "LedgerHq")  # noqa: B009 - the attribute is what is tested
    with pytest.raises(AttributeError, match=r"no attribute 'nothing_like_it'$"):
        getattr(ledgerhq_ext, "nothing_like_it")  # noqa: B009
    with pytest.raises(AttributeError, match=r"no attribute '_private'$"):
        getattr(ledgerhq_ext, "_private")  # noqa: B009


@pytest.mark.slow
def test_importing_the_package_or_the_seam_brings_no_record_and_no_operation() -> None:
    code = "import sys, ledgerhq_ext, ledgerhq_ext._seam; print(*sys.modules)"
    brought = run(code)
    assert "ledgerhq_ext.models" in brought
    assert not {
        name for name in brought if name.startswith(("ledgerhq_api.models.", "ledgerhq_api.api"))
    }
    assert not {
        name
        for name in brought
        if name.startswith(("ledgerhq_ext.reports.packet", "ledgerhq_api.client"))
    }


@pytest.mark.slow
def test_a_client_of_a_company_brings_only_the_operations_it_uses() -> None:
    code = """
import sys, httpx
from ledgerhq_ext import LedgerHQ
answer = lambda request: httpx.Response(200, json={"accounts": []})
LedgerHQ(access_token="t", transport=httpx.MockTransport(answer)).organization("o").accounts()
print(*sys.modules)
"""
    brought = run(code)
    assert "ledgerhq_api.api.accounts.get_accounts" in brought
    assert not {name for name in brought if name.startswith("ledgerhq_api.api.bank")}
    assert "ledgerhq_api.models.bill" not in brought
    assert not top(brought) & {
        "starlette",
        "uvicorn",
        "jinja2",
        "typer",
        "sqlalchemy",
        "jsonschema_rs",
        "pytest",
    }


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_names_have_docstrings(path: Path) -> None:
    tree = parse(path)
    if path.name not in ("__init__.py", "_version.py"):
        assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def modules_below(root: Path) -> dict[str, Path]:
    """Return the modules of a package by their dotted names; a package by its own name."""
    modules: dict[str, Path] = {}
    for path in root.rglob("*.py"):
        steps = path.relative_to(root.parent).with_suffix("").parts
        modules[".".join(steps).removesuffix(".__init__")] = path
    return modules


def arrows_of(path: Path, name: str, modules: dict[str, Path]) -> set[str]:
    """Return the modules that a module imports as it is imported: not later, nor for types."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    arrows: set[str] = set()
    for node in parse(path).body:
        if isinstance(node, ast.Import):
            arrows |= {alias.name for alias in node.names}
        if not isinstance(node, ast.ImportFrom):
            continue
        base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
        source = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            below = f"{source}.{alias.name}"
            arrows.add(below if below in modules else source)
    return arrows & modules.keys()


@pytest.mark.parametrize("root", [ROOT, ROOT.parent / "scripts"], ids=lambda root: root.name)
def test_no_module_imports_itself_by_way_of_others(root: Path) -> None:
    modules = modules_below(root)
    arrows = {name: arrows_of(path, name, modules) for name, path in modules.items()}
    # A circle is a graphlib.CycleError, which shows it.
    assert set(graphlib.TopologicalSorter(arrows).static_order()) == modules.keys()
    assert sum(len(targets) for targets in arrows.values()) > len(modules)
