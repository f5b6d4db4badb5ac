import inspect
import json
import re
from typing import Any

import pytest

from ledgerhq_ext import models
from tests.support.checkouts import Checkout, make_checkout
from tests.support.contracts import INTEGER, STRING, answer, body, document, obj, ref

HOSTILE = [
    '"""',
    '"""\nimport os\nos.abort()\n"""',
    "'''",
    "ends with a backslash \\",
    'ends with a quote "',
    "\\N{nothing} \\x \\u12 \\U0",
    "\\" * 201 + '"',
    "{braces} {{ 7 * 7 }} {% raise %} %s",
    "# type: ignore",
    "nul \x00 bell \x07 line\u2028separator \u202ereversed",
    "x" * 300,
    "\n\n    return None\n",
]


def test_importing_the_package_and_its_models_loads_nothing(pristine: Checkout) -> None:
    loaded = "print([name for name in sys.modules if name.split('.')[0] in ('ledgerhq_api', 'httpx', 'attrs')])"
    assert pristine.python(f"import ledgerhq_api, ledgerhq_api.models\n{loaded}") == str(
        ["ledgerhq_api", "ledgerhq_api.models"]
    )


def test_one_model_loads_only_what_it_needs(pristine: Checkout) -> None:
    loaded = (
        "print(sorted(name for name in sys.modules if name.startswith('ledgerhq_api.models.')))"
    )
    assert pristine.python(f"from ledgerhq_api.models import AccountType\n{loaded}") == str(
        ["ledgerhq_api.models.account_type"]
    )


def test_what_is_not_there_is_an_attribute_error_and_what_is_there_is_listed(
    pristine: Checkout,
) -> None:
    code = """
import ledgerhq_api, ledgerhq_api.models as models
assert not hasattr(models, "Nothing") and not hasattr(ledgerhq_api, "nothing")
assert set(models.__all__) <= set(dir(models)) and "Account" in models.__all__
assert ledgerhq_api.Client.__name__ == "Client"
"""
    pristine.python(code)


@pytest.mark.parametrize("name", models.__all__)
def test_a_docstring_gives_the_unit_of_the_attribute_and_says_nothing_twice(name: str) -> None:
    record = getattr(models, name)
    about, _, attributes = (inspect.getdoc(record) or "").partition("Attributes:")
    sentences = [each.strip() for each in re.split(r"\.(?:\s|$)", about) if each.strip()]
    assert len(sentences) == len(set(sentences))
    for attribute, words in re.findall(r"^    (\w+): (.*)$", attributes, re.MULTILINE):
        if record.__annotations__[attribute].startswith("Cents"):
            assert words.startswith("Integer cents")


def test_an_unknown_value_of_an_enum_is_kept(pristine: Checkout) -> None:
    code = """
import copy, json, pickle
from ledgerhq_api.models import Account, AccountType
raw = {"id": "1", "type": "novelty", "balance": 5, "later": True}
account = Account.from_dict(raw)
assert account.type_ == "novelty" and isinstance(account.type_, AccountType) and str(account.type_) == "novelty"
assert account.to_dict() == raw and account.type == account.type_ and json.dumps(account.to_dict())
assert account.additional_properties == {"later": True}
assert pickle.loads(pickle.dumps(account.type_)) == account.type_ == copy.deepcopy(account.type_)
assert pickle.loads(pickle.dumps(AccountType.ASSET)) is AccountType.ASSET
assert {account.type_: 1}["novelty"] and "novelty" in repr(account.type_)
assert AccountType("asset") is AccountType.ASSET and len(AccountType) == 2
for wrong in (7, None, True):
    try:
        AccountType(wrong)
    except ValueError:
        continue
    raise AssertionError(wrong)
"""
    pristine.python(code)


def test_an_integer_enum_is_read_as_integers_are(pristine: Checkout) -> None:
    code = """
from ledgerhq_api.enums import OpenIntEnum
from ledgerhq_api.errors import MisfitError
from ledgerhq_api.records import Answer, frozen
class Level(OpenIntEnum):
    LOW = 1
@frozen(kw_only=True, repr=False)
class Thing(Answer):
    level: Level
for whole, level in (("1", 1), ("1.0", 1), ("7", 7), ("7.0", 7), ("7e0", 7)):
    thing = Thing.from_json('{"level": ' + whole + "}")
    assert type(thing.level) is Level and thing.level == level, whole
for wrong in ("true", "1.5", '"1"', "[1]"):
    try:
        Thing.from_json('{"level": ' + wrong + "}")
    except MisfitError as error:
        assert error.complaint.startswith("expected an integer"), error
        continue
    raise AssertionError(wrong)
"""
    pristine.python(code)


def test_what_is_raised_can_be_sent_between_processes(pristine: Checkout) -> None:
    code = """
import pickle
from ledgerhq_api.errors import MisfitError, UnexpectedStatus
for error in (UnexpectedStatus(418, b"teapot"), MisfitError("Account", "expected a string", "/id")):
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error) and str(copied) == str(error) and vars(copied) == vars(error)
"""
    pristine.python(code)


def test_the_client_hides_the_token_has_a_timeout_and_stays_as_it_is(pristine: Checkout) -> None:
    code = """
from ledgerhq_api import AuthenticatedClient
client = AuthenticatedClient("https://x.example", "sekrit", headers={"x-key": "sekrit"}, cookies={"c": "sekrit"})
inner = client.get_httpx_client()
other = client.with_headers({"x-more": "1"})
assert inner.headers["authorization"] == "Bearer sekrit" and inner.headers["x-key"] == "sekrit"
assert "sekrit" not in repr(client) + str(client) + repr(other)
assert "x-more" not in inner.headers and other.get_httpx_client().headers["x-more"] == "1"
assert other.get_httpx_client().headers["authorization"] == "Bearer sekrit"
assert inner.timeout.read is not None and not inner.follow_redirects and client.raise_on_unexpected_status
inner.close(); other.get_httpx_client().close()
"""
    pristine.python(code)


def test_requests_are_built_with_quoted_paths_and_the_names_of_the_wire(pristine: Checkout) -> None:
    code = """
import json
from ledgerhq_api.api.accounts import get_accounts_by_id, post_accounts
from ledgerhq_api.models import AccountCreate, AccountType
print(json.dumps([
    get_accounts_by_id.OPERATION.request(id="a/../b", x_organization_id="org"),
    post_accounts.OPERATION.request(
        body=AccountCreate(name="Cash", type_=AccountType.ASSET), idempotency_key="k", x_organization_id="org"
    ),
]))
"""
    get, post = json.loads(pristine.python(code))
    assert (get["method"], get["url"]) == ("get", "/api/v1/accounts/a%2F..%2Fb")
    assert get["headers"] == {"x-organization-id": "org"}
    assert post["json"] == {"name": "Cash", "type": "asset"}
    assert post["headers"]["idempotency-key"] == "k"


def test_what_is_no_segment_of_a_path_leads_to_no_other_route(pristine: Checkout) -> None:
    """Without its id, the route of an account is that of the list."""
    code = """
from ledgerhq_api.api.accounts import get_accounts_by_id
for id in ("", ".", ".."):
    try:
        get_accounts_by_id.OPERATION.request(id=id, x_organization_id="org")
    except ValueError as error:
        print(error)
"""
    assert pristine.python(code).splitlines() == [
        f"id must not be {id!r}, which is no segment of a path." for id in ("", ".", "..")
    ]


def test_the_package_is_typed_and_has_nothing_else_in_it(pristine: Checkout) -> None:
    package = pristine.layout.package
    assert (package / "py.typed").exists()
    files = [
        file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    ]
    assert {file.suffix for file in files} == {".py", ".typed"}
    assert [path.name for path in package.parent.iterdir()] == ["ledgerhq_api"]


def test_a_property_that_is_always_null_is_read_and_sent(empty: Checkout) -> None:
    nothing = {"type": "null"}
    many = {"type": "array", "items": nothing}
    operation = {
        "requestBody": body(obj(["b"], a=nothing, b=nothing, c=many, more=STRING)),
        "responses": answer(obj(["b"], a=nothing, b=nothing, c=many)),
    }
    assert empty.run(document({"/api/v1/nothing": {"post": operation}})) == 0
    code = """
from ledgerhq_api.models import PostNothingRequest, PostNothingResponse
whole = {"a": None, "b": None, "c": [None]}
assert PostNothingResponse.from_dict(whole).to_dict() == {"c": [None]}
assert dict(PostNothingResponse.from_dict({"a": 5, "c": [7]}).extra) == {"a": 5, "c": (7,)}
assert PostNothingRequest.from_dict(whole).to_dict() == whole
assert PostNothingRequest(b=None, a=None).to_dict() == {"a": None, "b": None}
"""
    empty.python(code)


def test_alternatives_are_told_by_a_constant_that_is_true_or_false_or_null(empty: Checkout) -> None:
    def constant(value: object) -> dict[str, Any]:
        return {"type": "boolean", "const": value}

    schemas = {
        "Done": obj(["ok"], ok=constant(True), result=STRING, note=STRING, name={"type": "null"}),
        "Failed": obj(["ok"], ok=constant(False), result=STRING, note=STRING, name=STRING),
        "Named": obj(name=STRING, tag=STRING),
        "Nameless": obj(name={"type": "null"}, tag=STRING),
    }
    results = answer({"oneOf": [ref("Done"), ref("Failed")]})
    names = answer({"oneOf": [ref("Nameless"), ref("Named")]})
    paths = {
        "/api/v1/results": {"get": {"responses": results}},
        "/api/v1/names": {"get": {"responses": names}},
    }
    assert empty.run(document(paths, **schemas)) == 0
    code = """
import httpx
from ledgerhq_api.api.names import get_names
from ledgerhq_api.api.results import get_results
def kind(module, **document):
    record = module.OPERATION.parse(httpx.Response(200, json=document))
    assert not record.extra
    return type(record).__name__
print(kind(get_results, ok=True, result="r", note="n"), kind(get_results, ok=False, result="r", note="n"),
      kind(get_names, name="n", tag="t"))
"""
    assert empty.python(code).split() == ["Done", "Failed", "Named"]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A client made from a contract whose every text tries to break out."""
    checkout = make_checkout(tmp_path_factory.mktemp("hostile") / "checkout")
    assert checkout.run(_hostile_contract()) == 0
    return checkout


def _hostile_contract() -> dict[str, Any]:
    paths = {
        f"/api/v1/things{number}": {"post": _hostile_operation(text)}
        for number, text in enumerate(HOSTILE)
    }
    names = [
        'qu"ote',
        "back\\slash",
        "br{a}ce",
        "class",
        "self",
        "import os",
        "1st",
        "ünï",
        "_private",
        "__init__",
    ]
    names += ["types", "json", "items", "data", "field", "int", "list", "None", "x y", "$ref"]
    values = [
        '"',
        "\\",
        '""" + 1 + """',
        "{x}",
        "%s",
        "a b",
        "A b",
        "",
        "None",
        "mro",
        "name",
        "1",
        "é",
    ]
    thing = obj(
        names,
        **{
            name: {**STRING, "description": text}
            for name, text in zip(names, HOSTILE * 2, strict=False)
        },
    )
    contract = document(
        paths, Thing=thing, Odd={"type": "string", "enum": values, "description": HOSTILE[1]}
    )
    contract["info"] = {"title": HOSTILE[1], "version": HOSTILE[0], "description": HOSTILE[2]}
    return contract


def _hostile_operation(text: str) -> dict[str, Any]:
    parameter = {
        "name": 'qu"ery\\',
        "in": "query",
        "description": text,
        "schema": {**STRING, "default": text},
    }
    answered = obj(
        thing=ref("Thing"), odd=ref("Odd"), other={**INTEGER, "description": text, "example": text}
    )
    operation: dict[str, Any] = {
        "summary": text,
        "description": text,
        "operationId": text,
        "tags": [text],
        "parameters": [parameter],
    }
    operation |= {"requestBody": body({**answered, "title": text, "description": text})}
    return {
        **operation,
        "responses": {**answer({**answered, "title": text}), **answer(STRING, "400")},
    }


def test_hostile_text_stays_text(hostile: Checkout) -> None:
    # Regenerating has imported everything already; here it must also mean what it says.
    schemas = _hostile_contract()["components"]["schemas"]
    raw = {name: f"v{name}" for name in schemas["Thing"]["properties"]}
    code = f"""
import json
from ledgerhq_api.models import Odd, PostThings0Response, Thing
from ledgerhq_api.api.things0 import post_things0
raw = json.loads({json.dumps(raw)!r})
assert Thing.from_dict(raw).to_dict() == raw
assert {{member.value for member in Odd}} == set(json.loads({json.dumps(schemas["Odd"]["enum"])!r}))
print(json.dumps(post_things0.OPERATION.request(body=PostThings0Response(), query="q")["params"]))
"""
    assert json.loads(hostile.python(code)) == {'qu"ery\\': "q"}
