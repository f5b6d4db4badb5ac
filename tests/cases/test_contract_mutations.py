"""Small changes of the vendored contract, and what `make drift` and `make regenerate` say of each.

The 15 mutations of issue 12; on 80c6499 one of the two at least judged each of them wrongly.
A regeneration takes seconds: `make test` takes two of them, `make survival` (SURVIVAL=all) takes
all, and type-checks what is accepted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts.contract.errors import StepError
from scripts.contract.layout import PACKAGE, ROOT, Layout
from scripts.contract.seam import load_needs
from scripts.drift.__main__ import main as drift
from scripts.regenerate import MISFIT, regenerate
from tests.support.warm_generator import warm_generator

Json = dict[str, Any]
Mutation = Callable[[Json], None]

VENDORED = Layout(ROOT).contract.read_bytes()
TODAY = date(2026, 6, 8)
ALL = os.environ.get("SURVIVAL") == "all"
SLOW = pytest.mark.skipif(not ALL, reason="a regeneration takes seconds: make survival")


# --- the mutations


def answers(schema: Json) -> Json:
    """Return the answers of an operation that succeeds with a document."""
    content = {"application/json": {"schema": schema}}
    return {"200": {"description": "OK", "content": content}}


def accepts(media_type: str, schema: Json) -> Json:
    """Return a required request body."""
    return {"required": True, "content": {media_type: {"schema": schema}}}


def add(contract: Json, method: str, path: str, schema: Json, **more: Any) -> None:
    """Add an operation that answers a document."""
    contract["paths"][path] = {method: {**more, "responses": answers(schema)}}


def each_object(node: Any, visit: Callable[[Json], object]) -> None:
    """Visit every object of a document."""
    if isinstance(node, dict):
        visit(node)
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            each_object(inner, visit)


def dates_become_moments(contract: Json) -> None:
    """Spell every date as a moment: every bank row would be a misfit."""

    def change(node: Json) -> None:
        if node.get("format") == "date":
            node["format"] = "date-time"

    each_object(contract, change)


def key_is_a_uuid(contract: Json) -> None:
    """Take only UUIDs for idempotency keys: ours are longer, and none."""

    def change(node: Json) -> None:
        if node.get("in") == "header" and str(node.get("name")).lower() == "idempotency-key":
            node["schema"] = {"type": "string", "format": "uuid", "maxLength": 36}

    each_object(contract, change)


def either_name_or_code(contract: Json) -> None:
    """Ask for one of two properties, by an `anyOf` of `required` alone."""
    schemas = contract["components"]["schemas"]
    name = next(name for name in schemas if "name" in schemas[name].get("properties", {}))
    schemas[name]["anyOf"] = [{"required": ["name"]}, {"required": ["id"]}]


def second_health_route(contract: Json) -> None:
    """Add a route that would be called like another one."""
    add(contract, "get", "/api/v1/health", {"type": "object"})


def second_health_route_and_no_purchases(contract: Json) -> None:
    """Do the same, and take away an operation that the layer needs, whatever carries the company."""
    second_health_route(contract)
    del contract["paths"]["/api/v1/purchases"]
    del contract["paths"]["/api/v1/companies/{companyId}/purchases"]


def tagged_union(contract: Json) -> None:
    """Answer one of two objects, told apart by a constant."""

    def kind(tag: str, **properties: Json) -> Json:
        constant = {"type": "string", "const": tag}
        members = {"kind": constant, **properties}
        return {"type": "object", "required": ["kind"], "properties": members}

    transfer = kind("ach", trace={"type": "string"})
    wire = kind("wire", swift={"type": "string"}, fee={"type": "integer"})
    add(contract, "get", "/api/v1/methods", {"oneOf": [transfer, wire]})


def upload(contract: Json) -> None:
    """Take a file."""
    file = {"type": "string", "format": "binary"}
    body = {"type": "object", "required": ["file"], "properties": {"file": file}}
    form = accepts("multipart/form-data", body)
    add(contract, "post", "/api/v1/attachments", {"type": "object"}, requestBody=form)


def csv_upload(contract: Json) -> None:
    """Take a document that is no JSON."""
    table = accepts("text/csv", {"type": "string"})
    add(contract, "post", "/api/v1/imports", {"type": "object"}, requestBody=table)


def segment_with_a_digit(contract: Json) -> None:
    """Begin a segment of a path with a digit."""
    add(contract, "get", "/api/v1/1099-forms", {"type": "object"})


def component_with_digits(contract: Json) -> None:
    """Put digits into the name of a component."""
    form = {"type": "object", "properties": {"box1": {"type": "integer"}}}
    contract["components"]["schemas"]["form-1099nec"] = form
    add(contract, "get", "/api/v1/tax-forms", {"$ref": "#/components/schemas/form-1099nec"})


def parameter_with_content(contract: Json) -> None:
    """Describe a parameter by its content."""
    content = {"application/json": {"schema": {"type": "object"}}}
    parameter = {"name": "filter", "in": "query", "content": content}
    add(contract, "get", "/api/v1/search", {"type": "object"}, parameters=[parameter])


def property_called_d(contract: Json) -> None:
    """Name properties like what the generated code uses itself."""
    properties = {
        "d": {"type": "string"},
        "lines": {"type": "array", "items": {"type": "string"}},
        "linesItem": {"type": "string"},
    }
    add(contract, "get", "/api/v1/odd", {"type": "object", "properties": properties})


def sandbox_server_first(contract: Json) -> None:
    """Name another server first."""
    sandbox = {"url": "https://sandbox.ledgerhq.pro/sandbox"}
    contract["servers"] = [sandbox, *contract.get("servers", [])]


def integers_as_whole_numbers(contract: Json) -> None:
    """Spell every integer as a number that is whole."""

    def change(node: Json) -> None:
        if node.get("type") == "integer":
            node.update(type="number", multipleOf=1)
            node.pop("format", None)

    each_object(contract["components"], change)


def openapi_3_2(contract: Json) -> None:
    """Be of OpenAPI 3.2, with an operation of a method that is new there."""
    contract["openapi"] = "3.2.0"
    query = {"responses": answers({"type": "object"})}
    contract["paths"]["/api/v1/accounts"]["query"] = query


# --- a checkout to try them in


class Checkout:
    """A copy of the contract's folder, to compare with and to regenerate in."""

    def __init__(self, root: Path, types: Path) -> None:
        self.layout = Layout(root)
        self.types = types
        self.said: list[str] = []
        shutil.copytree(Layout(ROOT).openapi, self.layout.openapi)

    def write(self, mutation: Mutation) -> Path:
        """Write the mutated contract to a file of its own."""
        contract = json.loads(VENDORED)
        mutation(contract)
        assert contract != json.loads(VENDORED)
        file = self.layout.root / "mutated.json"
        file.write_text(json.dumps(contract), encoding="utf-8")
        return file

    def drift(self, mutation: Mutation) -> Json:
        """Return the report of `make drift`."""
        drift([str(self.write(mutation)), "--format", "json"], root=self.layout.root)
        report: Json = json.loads((self.layout.build / "drift" / "report.json").read_bytes())
        return report

    def regenerate(self, mutation: Mutation) -> int:
        """Return the exit status of `make regenerate`; a refusal is a `StepError`."""
        needs = load_needs()
        assert needs
        source = str(self.write(mutation))
        say = self.said.append
        return regenerate(source, self.layout, needs=needs, today=TODAY, say=say)

    def run(self, *arguments: str) -> str:
        """Return what a Python of its own says that sees the regenerated client first."""
        path = os.pathsep.join([str(self.layout.package.parent), str(ROOT)])
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.layout.root,
            env={**os.environ, "PYTHONPATH": path, "MYPYPATH": path},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, types_of_libraries: Path) -> Checkout:
    """Return a checkout of the vendored contract."""
    return Checkout(tmp_path, types_of_libraries)


@pytest.fixture(scope="module", autouse=True)
def _warm_generator() -> Iterator[None]:
    with warm_generator():
        yield


# --- make drift


@pytest.mark.parametrize(
    ("mutation", "level"),
    [
        (dates_become_moments, "breaking"),
        (key_is_a_uuid, "breaking"),
        (either_name_or_code, "info or warning"),
        (second_health_route, "info"),
        (second_health_route_and_no_purchases, "breaking"),
        (tagged_union, "info"),
        (upload, "info"),
        (csv_upload, "info"),
        (segment_with_a_digit, "info"),
        (component_with_digits, "info"),
        (parameter_with_content, "info"),
        (property_called_d, "info"),
        (sandbox_server_first, "warning"),
        (integers_as_whole_numbers, "same"),
    ],
)
def test_drift_has_the_right_level(mutation: Mutation, level: str, checkout: Checkout) -> None:
    assert checkout.drift(mutation)["level"] in level.split(" or ")


def test_drift_names_the_route_that_is_gone_beside_an_odd_one(checkout: Checkout) -> None:
    report = checkout.drift(second_health_route_and_no_purchases)
    assert "/api/v1/purchases" in json.dumps(report["findings"])


# --- make regenerate: refused with a table that names the call


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mutation", "call"),
    [
        (dates_become_moments, "Organization.bank_transactions"),
        pytest.param(key_is_a_uuid, "Organization.post(Purchase)", marks=SLOW),
        pytest.param(
            second_health_route_and_no_purchases,
            "Organization.post(Purchase)",
            marks=SLOW,
        ),
    ],
)
def test_a_misfit_names_the_call(mutation: Mutation, call: str, checkout: Checkout) -> None:
    assert checkout.regenerate(mutation) == MISFIT
    assert call in "\n".join(checkout.said)
    assert checkout.layout.contract.read_bytes() == VENDORED


# --- make regenerate: accepted

IMPORT_ALL = f"""
import importlib, pkgutil, {PACKAGE}
for module in pkgutil.walk_packages({PACKAGE}.__path__, "{PACKAGE}."):
    importlib.import_module(module.name)
import ledgerhq_ext
"""


def assert_accepted(checkout: Checkout, mutation: Mutation) -> None:
    """Assert that the mutated contract is swapped in, and that its client works."""
    assert checkout.regenerate(mutation) == 0, "\n".join(checkout.said)[:1000]
    mutated = checkout.layout.root / "mutated.json"
    assert checkout.layout.contract.read_bytes() == mutated.read_bytes()
    checkout.run("-W", "error", "-c", IMPORT_ALL)
    if ALL:
        types = ["--config-file=", "--cache-dir", str(checkout.types)]
        checkout.run("-m", "mypy", "--strict", *types, "-p", PACKAGE)


@pytest.mark.slow
@pytest.mark.parametrize(
    "mutation",
    [
        either_name_or_code,
        pytest.param(second_health_route, marks=SLOW),
        pytest.param(csv_upload, marks=SLOW),
        pytest.param(segment_with_a_digit, marks=SLOW),
        pytest.param(component_with_digits, marks=SLOW),
        pytest.param(parameter_with_content, marks=SLOW),
        pytest.param(property_called_d, marks=SLOW),
        pytest.param(sandbox_server_first, marks=SLOW),
        pytest.param(integers_as_whole_numbers, marks=SLOW),
    ],
)
def test_what_still_fits_is_accepted(mutation: Mutation, checkout: Checkout) -> None:
    assert_accepted(checkout, mutation)


READ_BOTH_KINDS = f"""
import httpx
from {PACKAGE} import AuthenticatedClient
from {PACKAGE}.api.methods import get_methods

def read(document):
    service = httpx.MockTransport(lambda request: httpx.Response(200, json=document))
    settings = {{"transport": service}}
    client = AuthenticatedClient(
        base_url="https://ledger.test",
        token="x",
        httpx_args=settings,
    )
    return get_methods.sync(client=client)

wire = read({{"kind": "wire", "swift": "BIRCHUS33", "fee": 5}})
print(wire.kind, wire.swift, wire.fee)
ach = read({{"kind": "ach", "trace": "0910"}})
print(ach.kind, ach.trace)
"""


@SLOW
def test_a_union_is_read_by_its_constant(checkout: Checkout) -> None:
    assert_accepted(checkout, tagged_union)
    assert checkout.run("-c", READ_BOTH_KINDS) == "wire BIRCHUS33 5\nach 0910"


SEND_A_FILE = f"""
import io
import httpx
from ledgerhq_ext import LedgerHQ
from {PACKAGE}.api.attachments import post_attachments
from {PACKAGE}.models import PostAttachmentsRequest
from {PACKAGE}.types import File

def serve(request):
    print(b"the bytes of the file" in request.content)
    return httpx.Response(200, json={{}})

service = httpx.MockTransport(serve)
with LedgerHQ(base_url="https://ledger.test", access_token="x", transport=service) as hq:
    file = File(payload=io.BytesIO(b"the bytes of the file"), file_name="bill.pdf")
    hq.organization("org_1").call(post_attachments, body=PostAttachmentsRequest(file=file))
"""


@SLOW
def test_an_upload_sends_its_file(checkout: Checkout) -> None:
    assert_accepted(checkout, upload)
    assert checkout.run("-c", SEND_A_FILE) == "True"


# --- OpenAPI 3.2: refused by name, or read whole


def test_drift_does_not_overlook_openapi_3_2(checkout: Checkout) -> None:
    report = checkout.drift(openapi_3_2)
    refused = report["level"] == "failed" and "3.2" in report["verdict"]
    assert refused or report["level"] == "info"


@SLOW
def test_regenerate_does_not_drop_what_openapi_3_2_has_more(checkout: Checkout) -> None:
    try:
        status = checkout.regenerate(openapi_3_2)
    except StepError as error:
        refusal = str(error)
        assert "3.2" in refusal
        return

    assert status == 0
    operations = checkout.layout.package / "api" / "accounts"
    names = [file.stem for file in operations.glob("*.py")]
    assert [name for name in names if name.startswith("query")] != []
