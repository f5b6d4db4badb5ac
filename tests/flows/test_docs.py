"""Documents say what is true of the repository, and the examples of module docstrings run.

`tests/docs` runs the examples of the documents.
"""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import ledgerhq_ext
from ledgerhq_ext import LedgerHQ, Purchase, PurchaseLine, ValidationError
from ledgerhq_ext.sandbox import Sandbox
from tests.docs.blocks import blocks_of, pages, text_of

ROOT = Path(__file__).parents[2]
DOCUMENTS = [page for page in pages() if page != "CHANGELOG.md"]
"""The changelog names what is gone."""
MADE_LATER = {"build/demo/", "build/drift/report.json"}
"""Paths that a command writes."""

# Names of earlier releases, and words of the house that say nothing to a reader.
OLD_NAMES = [
    "AccountShare",
    "DocumentShare",
    "GeneralLedgerLine",
    "OrganizationInfo",
    r"\.info\(",
    r"outbox\.reconcile",
    r"(?<!\.)\bsplit\(",
    r"(?<!render\.)\bOptions\(",
    r"Licence|colour|behaviour|honours|normalis",
]
MODULES = [
    "ledgerhq_ext",
    "ledgerhq_ext.cli",
    "ledgerhq_ext.render",
    "ledgerhq_ext.review",
    "ledgerhq_ext.sandbox",
    "ledgerhq_ext.store",
]
SPAN = {
    "http.request.method": "POST",
    "url.path": "/api/v1/purchases",
    "ledgerhq.organization": "org_1",
    "ledgerhq.idempotency_key": "k-1",
    "ledgerhq.attempts": 1,
    "ledgerhq.outcome": "rejected",
}
"""What a span says of a call that was refused."""

PATH = r"`((?:\.github|build|docs|generated|ledgerhq_ext|openapi|scripts|tests)/[\w./-]*)`"
STEP = r"^\| \d+ \| `([\w.]+)` \| `([\w./]+)\.py` \|"


def example_in(module: str) -> str:
    """Return the indented lines of a module's docstring."""
    path = ROOT / module.replace(".", "/") / "__init__.py"
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    lines = [line for line in docstring.splitlines() if not line or line.startswith("    ")]
    return textwrap.dedent("\n".join(lines))


@pytest.fixture
def hq(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerHQ]:
    """A connected client, by the environment, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEDGERHQ_API_KEY", raising=False)
    monkeypatch.setenv("LEDGERHQ_BASE_URL", box.url)
    monkeypatch.setenv("LEDGERHQ_TOKEN_FILE", "tokens.json")
    with LedgerHQ.from_env() as client:
        request = client.authorization_request("http://127.0.0.1:8400/callback")
        client.connect(httpx.get(request.url).headers["location"], request)
        yield client


@pytest.mark.parametrize("module", MODULES)
def test_the_example_of_a_module_runs(module: str, hq: LedgerHQ) -> None:
    books = hq.organization(next(iter(hq.organizations(type="client"))))
    accounts = books.accounts()
    purchase = Purchase(
        txn_date="2026-06-08",
        payee_name="Office Depot",
        source_account_id=accounts.by_code("1010"),
        lines=[PurchaseLine(account_id=accounts.by_code("6100"), amount=4299)],
    )
    example = example_in(module)
    assert example.strip()
    names: dict[str, Any] = {"hq": hq, "books": books, "purchase": purchase}
    exec(compile(example, module, "exec"), names)


def test_the_hooks_for_opentelemetry_make_spans(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    monkeypatch.chdir(tmp_path)
    [example] = [block for block in blocks_of("docs/options.md") if "Tracing" in block.code]
    names: dict[str, Any] = {"LedgerHQ": LedgerHQ}
    exec(compile(example.source, str(example), "exec"), names)

    answers = iter(
        [httpx.Response(200, json={"accounts": []}), httpx.Response(422, json={"error": "No."})]
    )
    transport = httpx.MockTransport(lambda _: next(answers))
    hooks = [names["Tracing"]()]
    with LedgerHQ(
        base_url="https://ledger.test", access_token="mcp_at_x", transport=transport, hooks=hooks
    ) as hq:
        books = hq.organization("org_1")
        books.accounts()
        with pytest.raises(ValidationError):
            books.request("POST", "/api/v1/purchases", json={}, idempotency_key="k-1")

    read, posting = exporter.get_finished_spans()
    assert (read.name, read.status.is_ok) == ("Organization.accounts", True)
    assert (posting.name, posting.status.is_ok) == ("Organization.request", False)
    assert posting.attributes is not None
    assert {name: posting.attributes[name] for name in SPAN} == SPAN
    assert [event.name for event in posting.events] == ["exception"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_and_links_lead_somewhere(document: str) -> None:
    text = text_of(document)
    folder = (ROOT / document).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [link for link in links if not (folder / link).exists()] == []
    paths = set(re.findall(PATH, text)) - MADE_LATER
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    text = text_of(document)
    names = set(re.findall(r"(?:^(?:\$ )?|`)make ([a-z-]+)", text, re.MULTILINE))
    assert names <= targets


@pytest.mark.parametrize("old_name", OLD_NAMES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_uses_an_old_name(document: str, old_name: str) -> None:
    assert re.findall(old_name, text_of(document)) == []


def test_the_walk_of_a_posting_names_functions_that_exist() -> None:
    steps = re.findall(STEP, text_of("ARCHITECTURE.md"), re.MULTILINE)
    assert len(steps) == 13
    for function, path in steps:
        module = importlib.import_module(path.replace("/", "."))
        assert callable(reduce(getattr, function.split("."), module)), function


CUSTOMERS = {"cli", "testkit"}
"""What uses the library as an app does, by its public names."""


def rows_of_the_drawing() -> dict[str, int]:
    """Return for every module or package of the layer the row of the drawing that it stands in."""
    drawing = text_of("ARCHITECTURE.md").split("```")[1]
    rows: dict[str, int] = {}
    for row, line in enumerate(drawing.strip().splitlines()):
        for name in line.partition(" -- ")[0].split():
            rows[name.removesuffix("/").removesuffix(".py")] = row
    return rows


def imports_of(path: Path) -> Iterator[str]:
    """Yield the modules and packages of the layer that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        package, _, rest = node.module.partition(".")
        if package == "ledgerhq_ext":
            names = [rest] if rest else [alias.name for alias in node.names]
            yield from (name.partition(".")[0] for name in names)


def test_the_drawing_shows_every_module_and_the_way_of_imports() -> None:
    rows = rows_of_the_drawing()
    layer = ROOT / "ledgerhq_ext"
    for path in layer.rglob("*.py"):
        own = path.relative_to(layer).with_suffix("").parts[0]
        if own == "__init__":
            continue
        assert own in rows
        for imported in imports_of(path):
            if imported in ledgerhq_ext.__all__:
                assert own in CUSTOMERS, f"{path} imports {imported} from the root"
                continue
            assert rows[own] <= rows[imported], f"{path} imports {imported}"
            assert own != "sandbox" or imported in ("sandbox", "_extras"), path
