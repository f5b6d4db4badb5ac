import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts import regenerate as command
from scripts.contract import culprits, pipeline
from scripts.contract.errors import StepError
from scripts.contract.generate import GeneratorError, generate
from scripts.contract.layout import Layout
from tests.support.checkouts import DAY, Checkout, FakeNeed
from tests.support.contracts import INTEGER, STRING, answer, document, obj, ref, shuffled, small

LATER = date(2027, 1, 1)
SIMPLE = {"get": {"responses": answer(STRING)}}
MISSING = FakeNeed("GET", "/api/v1/gone", operation="Organization.gone")


def changed() -> dict[str, Any]:
    """The small contract after an additive change."""
    contract = small()
    contract["components"]["schemas"]["Account"]["properties"]["fresh"] = STRING
    contract["paths"]["/api/v1/fresh"] = {"get": {"responses": answer(ref("Account"))}}
    return contract


def test_a_contract_becomes_a_client_with_its_locks(pristine: Checkout) -> None:
    layout = pristine.layout
    assert json.loads(layout.contract.read_bytes()) == small()
    lock = json.loads(layout.contract_lock.read_bytes())
    assert (lock["source"], lock["date"]) == ("local", DAY.isoformat())
    assert {"sha256", "generator", "ruff", "templates"} <= set(lock)
    assert str(layout.root) not in layout.contract_lock.read_text()
    assert json.loads(layout.names_lock.read_bytes())["Account"]["shape"]
    modules = {file.stem for file in (layout.package / "api").rglob("*.py")}
    assert {
        "get_accounts",
        "post_accounts",
        "get_accounts_by_id",
        "delete_accounts_by_id",
        "post_oauth_token",
    } <= modules
    assert list(layout.build.iterdir()) == []


def test_the_document_is_kept_as_it_was_fetched(checkout: Checkout) -> None:
    raw = json.dumps(changed(), indent=7) + "\n\n"
    assert checkout.run(raw) == 0
    assert checkout.layout.contract.read_text() == raw


def test_the_same_contract_again_changes_nothing_also_on_another_day(checkout: Checkout) -> None:
    before = checkout.files()
    assert checkout.run_source(str(checkout.layout.contract), today=LATER) == 0
    assert checkout.files() == before
    assert "nothing to change" in checkout.said[-1]


def test_what_means_the_same_gives_the_same_code(checkout: Checkout) -> None:
    before = checkout.files()
    contract = shuffled(small(), 3)
    for item in contract["paths"].values():
        item.get("get", {}).pop("operationId", None)
    schemas = contract["components"]["schemas"]
    schemas["Ledgered"] = schemas.pop("Envelope")
    text = json.dumps(contract).replace(
        "#/components/schemas/Envelope", "#/components/schemas/Ledgered"
    )
    assert checkout.run_source(checkout.contract(text), today=LATER) == 0
    after = checkout.files()
    differing = {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    assert differing == {"openapi/openapi.json", "openapi/contract.lock.json"}
    assert json.loads(after["openapi/contract.lock.json"])["date"] == LATER.isoformat()


def test_a_change_is_taken_and_what_is_gone_is_removed(checkout: Checkout) -> None:
    contract = changed()
    del contract["paths"]["/api/oauth/token"]
    assert checkout.run(contract) == 0
    assert (checkout.layout.package / "api" / "fresh" / "get_fresh.py").exists()
    assert not (checkout.layout.package / "api" / "oauth").exists()
    checkout.python(
        "from ledgerhq_api.models import Account\nassert 'fresh' in Account.__annotations__"
    )


def test_repairs_are_made_before_anything_else(checkout: Checkout) -> None:
    rows = [
        {
            "pointer": "/components/schemas/Account/properties/mended",
            "value": STRING,
            "reason": "forgotten",
        }
    ]
    checkout.layout.repairs.write_text(json.dumps(rows))
    assert checkout.run(small()) == 0
    assert "mended: str" in (checkout.layout.package / "models" / "account.py").read_text()
    assert json.loads(checkout.layout.contract.read_bytes()) == small()


@pytest.mark.parametrize(
    ("contract", "step"),
    [
        ("<html>", "read"),
        ("[]", "read"),
        ({"swagger": "2.0"}, "read"),
        (small() | {"openapi": "3.2.0"}, "read"),
        (document({"/api/v1/a": {"get": []}}), "normalise"),
    ],
)
def test_a_contract_that_will_not_do_changes_nothing(
    checkout: Checkout, contract: Any, step: str
) -> None:
    before = checkout.files()
    with pytest.raises(StepError) as caught:
        checkout.run(contract)
    assert caught.value.step == step
    assert checkout.files() == before
    assert _leftovers(checkout) == []


def _odd_spots() -> dict[str, Any]:
    """The small contract with much that cannot be read or generated beside it."""
    contract = small()
    odd = {
        "/api/v1/no-such-schema": SIMPLE | {"put": {"responses": answer(ref("Gone"))}},
        "/api/v1/no-operation": {"get": []},
        "/api/v1/no-parameter": {
            "get": {"parameters": [{"in": "query"}], "responses": answer(STRING)}
        },
        "/api/v1/no-type": {"get": {"responses": answer(ref("NoType"))}},
        "/api/v1/hid\u200bden": SIMPLE,
        "/accounts": SIMPLE,
    }
    contract["paths"] |= odd
    contract["components"]["schemas"]["NoType"] = obj(a={"type": "strnig"})
    return contract


def test_odd_spots_do_not_block_the_rest(checkout: Checkout) -> None:
    assert checkout.run(_odd_spots()) == 0
    said = "\n".join(checkout.said)
    for place in (
        "/paths/~1api~1v1~1no-operation/get",
        "/paths/~1api~1v1~1no-parameter/get",
        "#/components/schemas/Gone",
    ):
        assert place in said
    modules = {file.stem for file in (checkout.layout.package / "api").rglob("*.py")}
    assert {"get_accounts", "get_accounts_2", "get_no_type", "put_no_such_schema"} <= modules
    assert not {"get_no_operation", "get_no_parameter"} & modules


ONE_ACCOUNT = """
from ledgerhq_api.api.accounts.get_accounts_by_id import OPERATION
sent = OPERATION.request(id="acc_1", x_organization_id="org_1", id_query="a", x_organization_id_query="b")
print(sent["url"], sent["params"], sent["headers"])
"""


def test_a_filter_called_like_what_is_in_the_path_or_a_header(checkout: Checkout) -> None:
    contract = small()
    parameters = contract["paths"]["/api/v1/accounts/{accountId}"]["get"].setdefault(
        "parameters", []
    )
    for name in ("id", "x_organization_id"):
        parameters.append({"name": name, "in": "query", "schema": STRING})
    assert checkout.run(contract) == 0
    url, rest = checkout.python(ONE_ACCOUNT).split(" ", 1)
    assert url == "/api/v1/accounts/acc_1"
    assert rest == "{'id': 'a', 'x_organization_id': 'b'} {'x-organization-id': 'org_1'}"


def test_components_may_be_called_anything(checkout: Checkout) -> None:
    contract = small()
    names = ["Page[Account]", "Seite«Konto»", "名前", "a/b", "100%"]
    for name in names:
        contract["components"]["schemas"][name] = obj(value=INTEGER)
        pointer = name.replace("/", "~1").replace("%", "%25")
        path = f"/api/v1/things-{names.index(name)}"
        response = answer({"$ref": f"#/components/schemas/{pointer}"})
        contract["paths"][path] = {"get": {"responses": response}}
    assert checkout.run(contract) == 0
    modules = {file.stem for file in (checkout.layout.package / "api").rglob("*.py")}
    assert {f"get_things_{number}" for number in range(len(names))} <= modules


def test_a_route_keeps_its_name_when_a_shorter_one_of_that_name_appears(checkout: Checkout) -> None:
    assert checkout.run(_odd_spots()) == 0
    module = (checkout.layout.package / "api" / "accounts" / "get_accounts.py").read_text()
    assert '"/api/v1/accounts"' in module


def test_what_is_left_out_stops_the_swap_when_the_layer_needs_it(checkout: Checkout) -> None:
    need = FakeNeed("GET", "/api/v1/no-parameter", operation="Organization.odd")
    before = checkout.files()
    assert checkout.run(_odd_spots(), needs=[need]) == command.MISFIT
    assert any("Organization.odd" in line and "usable 'name'" in line for line in checkout.said)
    assert checkout.files() == before


def test_an_operation_that_the_generator_fails_on_is_found_and_left_out(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = generate

    def failing(document: Any, layout: Layout, folder: Path) -> Path:
        if "/api/oauth/token" in document["paths"]:
            raise GeneratorError("generate", "openapi-python-client failed", why="a crash")
        return whole(document, layout, folder)

    monkeypatch.setattr(pipeline, "generate", failing)
    monkeypatch.setattr(culprits, "generate", failing)
    assert checkout.run(changed()) == 0
    assert any(
        "/paths/~1api~1oauth~1token/post" in line and "a crash" in line for line in checkout.said
    )
    assert not (checkout.layout.package / "api" / "oauth").exists()


def test_a_class_whose_types_cannot_be_evaluated_costs_the_operation_that_reads_it(
    checkout: Checkout,
) -> None:
    template = checkout.layout.templates / "model.py.jinja"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace('in ("Any", "None")', '== "Any"'), encoding="utf-8")
    contract = small()
    nothing = answer(obj(nothing={"type": "null"}))
    contract["paths"]["/api/v1/nothing"] = {"get": {"responses": nothing}}
    assert checkout.run(contract) == 0
    assert any("/paths/~1api~1v1~1nothing/get: " in line for line in checkout.said)
    assert not (checkout.layout.package / "api" / "nothing").exists()


def _leftovers(checkout: Checkout) -> list[str]:
    build = checkout.layout.build
    return [path.name for path in build.iterdir()] if build.exists() else []


def test_no_network_changes_nothing(checkout: Checkout) -> None:
    before = checkout.files()
    with pytest.raises(StepError, match="read"):
        checkout.run_source("http://127.0.0.1:9/openapi.json")
    assert checkout.files() == before


STEPS = [
    "repair",
    "normalise",
    "lint",
    "generator_view",
    "assign_names",
    "hazards",
    "generate",
    "lost",
    "misfits",
]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError("disk full")])
@pytest.mark.parametrize("step", STEPS)
def test_a_fault_at_any_step_changes_nothing(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, step: str, fault: Any
) -> None:
    def fail(*_: object) -> None:
        raise fault

    if STEPS.index(step) > STEPS.index("generate"):
        monkeypatch.setattr(pipeline, "generate", lambda *_: checkout.layout.package)
    if step == "misfits":
        monkeypatch.setattr(pipeline, "lost", lambda *_: {})
    monkeypatch.setattr(pipeline, step, fail)
    before = checkout.files()
    with pytest.raises((KeyboardInterrupt, OSError)):
        checkout.run(changed())
    assert checkout.files() == before
    assert _leftovers(checkout) == []


@pytest.mark.parametrize("number", range(10))
def test_lost_or_broken_code_is_noticed(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = checkout.files()

    def lossy(_document: object, _layout: object, folder: Path) -> Path:
        package = shutil.copytree(checkout.layout.package, folder / "ledgerhq_api")
        _DAMAGES[number](package)
        return package

    monkeypatch.setattr(pipeline, "generate", lossy)
    with pytest.raises(StepError) as caught:
        checkout.run(small())
    assert caught.value.step == "check"
    assert checkout.files() == before


def test_a_generator_that_fails_says_why(checkout: Checkout) -> None:
    (checkout.layout.templates / "model.py.jinja").write_text("{{ nothing.at.all }}")
    before = checkout.files()
    with pytest.raises(StepError) as caught:
        checkout.run(small())
    assert caught.value.step == "generate"
    assert "nothing" in caught.value.why
    assert checkout.files() == before


def _edit(name: str, old: str, new: str) -> Any:
    def damage(package: Path) -> None:
        text = (package / name).read_text()
        assert old in text
        (package / name).write_text(text.replace(old, new, 1))

    return damage


_DAMAGES = [
    lambda package: (package / "api" / "accounts" / "get_accounts.py").unlink(),
    lambda package: (package / "models" / "account.py").unlink(),
    lambda package: (package / "models" / "stranger.py").touch(),
    _edit("models/account.py", "    balance: int | None = None\n", ""),
    _edit("models/account_type.py", '    ASSET = "asset"\n', ""),
    _edit("api/accounts/get_accounts.py", "/api/v1/accounts", "/api/v1/other"),
    _edit("api/accounts/get_accounts.py", "    x_organization_id: str,\n", ""),
    _edit("api/accounts/get_accounts.py", "def sync_detailed(", "def sync_detailed(("),
    _edit("models/account.py", '"""', '"""\\N '),
    _edit("client.py", "import httpx", "import httpx_is_not_here"),
]


def test_a_misfit_leaves_the_candidate_with_a_table_and_changes_nothing(checkout: Checkout) -> None:
    before = checkout.files()
    assert checkout.run(changed(), needs=[MISSING]) == command.MISFIT
    assert checkout.files() == before
    assert any("Organization.gone" in line and "no such route" in line for line in checkout.said)
    left = Layout(checkout.layout.build / "regenerate")
    assert json.loads(left.contract.read_bytes()) == changed()
    assert left.names_lock.exists()
    assert left.contract_lock.exists()
    assert (left.package / "api" / "fresh" / "get_fresh.py").exists()


def test_an_optional_operation_that_is_not_there_is_told_and_stops_nothing(
    checkout: Checkout,
) -> None:
    optional = replace(MISSING, is_optional=True)
    assert checkout.run(changed(), needs=[optional]) == 0
    assert json.loads(checkout.layout.contract.read_bytes()) == changed()
    line = f"not in the contract: {MISSING.operation} ({MISSING.method} {MISSING.path})"
    assert any(line in each for each in checkout.said)


def test_a_misfit_can_be_accepted_from_the_candidate(checkout: Checkout) -> None:
    assert checkout.run(changed(), needs=[MISSING]) == command.MISFIT
    left = checkout.layout.build / "regenerate" / "openapi" / "openapi.json"
    assert checkout.run_source(str(left), needs=[MISSING], accept_misfit=True) == 0
    assert any("Organization.gone" in line for line in checkout.said)
    assert json.loads(checkout.layout.contract.read_bytes()) == changed()
    assert _leftovers(checkout) == []


def test_accepting_covers_misfits_only(checkout: Checkout) -> None:
    before = checkout.files()
    with pytest.raises(StepError):
        checkout.run(document({"/api/v1/a": {"get": []}}), needs=[MISSING], accept_misfit=True)
    assert checkout.files() == before


class TestCommand:
    @pytest.fixture(autouse=True)
    def _here(self, checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        self.checkout = checkout
        monkeypatch.setattr(command, "load_needs", lambda: None)
        monkeypatch.setattr(signal, "signal", lambda *_: None)

    def test_it_succeeds(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert command.main([self.checkout.contract(small())], self.checkout.root) == 0
        assert "nothing to change" in capsys.readouterr().out

    def test_a_reader_who_has_seen_enough_changes_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w", encoding="utf-8") as output, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", output)
            assert command.main([self.checkout.contract(changed())], self.checkout.root) == 0
        assert "/api/v1/fresh" in self.checkout.layout.contract.read_text(encoding="utf-8")

    def test_it_says_what_failed_without_a_traceback(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert command.main(["no/such/file.json"], self.checkout.root) == 1
        said = capsys.readouterr().err
        assert "read" in said
        assert "no/such/file.json" in said
        assert "Traceback" not in said

    def test_it_can_be_interrupted(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(command, "fetch", interrupt)
        assert command.main([], self.checkout.root) == 130
        assert "nothing was changed" in capsys.readouterr().err

    def test_it_does_not_say_that_nothing_was_changed_after_the_swap(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(text: str) -> None:
            if text.startswith("swap "):
                raise KeyboardInterrupt

        monkeypatch.setattr(command, "say", interrupted)
        assert command.main([self.checkout.contract(changed())], self.checkout.root) == 130
        assert "/api/v1/fresh" in self.checkout.layout.contract.read_text(encoding="utf-8")
        assert "but the files have changed: run it again" in capsys.readouterr().err

    def test_two_at_once_do_not_take_each_other_s_files_away(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The folder is there while another one moves files, or was killed there."""
        (self.checkout.layout.build / "aside").mkdir(parents=True)
        before = self.checkout.files()
        assert command.main([self.checkout.contract(changed())], self.checkout.root) == 1
        assert self.checkout.files() == before
        said = capsys.readouterr().err
        assert "nothing was changed\nstep swap: another run is replacing the files" in said
        (self.checkout.layout.build / "aside").rmdir()

    def test_it_goes_to_the_live_contract_by_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []

        def fetch(source: str) -> None:
            asked.append(source)
            raise StepError("read", "enough")

        monkeypatch.setattr(command, "fetch", fetch)
        assert command.main([], self.checkout.root) == 1
        assert asked == ["https://app.ledgerhq.pro/api/openapi.json"]


def test_of_two_routes_the_one_that_fits_is_taken_and_the_other_one_written_down(
    checkout: Checkout,
) -> None:
    below = "/api/v1/companies/{companyId}/things"
    need = FakeNeed("GET", "/api/v1/things", instead=(FakeNeed("GET", below),))
    region = {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
    broken = {"get": {"parameters": [region], "responses": answer(STRING)}}
    whole = {"get": {"responses": answer(STRING)}}

    def told() -> str:
        return checkout.python("from ledgerhq_api.detours import DETOURS; print(*DETOURS)")

    def with_routes(header: Any, company: Any) -> Any:
        contract = small()
        contract["paths"].update({"/api/v1/things": header, below: company})
        return contract

    assert checkout.run(with_routes(whole, broken), needs=[need]) == 0
    assert told() == f"GET {below}"
    said = "\n".join(checkout.said)
    assert "routes that do not fit: 1" in said
    assert "required query parameter region" in said
    assert "GET /api/v1/things is taken" in said

    assert checkout.run(with_routes(broken, whole), needs=[need]) == 0
    assert told() == "GET /api/v1/things"
    assert checkout.run(with_routes(whole, whole), needs=[need]) == 0
    assert told() == ""
    assert checkout.run(with_routes(broken, broken), needs=[need]) == command.MISFIT
    assert told() == ""
