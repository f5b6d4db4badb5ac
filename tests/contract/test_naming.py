import copy
from collections.abc import Callable
from typing import Any

import pytest

from scripts.contract.names import Names
from scripts.contract.naming import assign_names
from scripts.contract.normalise import normalise
from scripts.contract.view import generator_view
from tests.support.contracts import (
    INTEGER,
    STRING,
    answer,
    document,
    obj,
    one,
    ref,
    shuffled,
    small,
)

Contract = dict[str, Any]


def named(contract: Contract, lock: Names | None = None) -> tuple[Contract, Names]:
    return assign_names(generator_view(normalise(contract)), lock or Names())


def resolved(value: Any, contract: Contract, levels: int = 6) -> Any:
    """A value with its references written out, as far as it matters here."""
    if isinstance(value, list):
        return [resolved(item, contract, levels) for item in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("$ref", "")).startswith("#/components/schemas/") and levels:
        return resolved(
            copy.deepcopy(contract["components"]["schemas"][value["$ref"].split("/")[-1]]),
            contract,
            levels - 1,
        )
    return {key: resolved(item, contract, levels) for key, item in value.items()}


def renamed(contract: Contract) -> Contract:
    """Every component under another name."""
    text = {name: f"X{number}" for number, name in enumerate(contract["components"]["schemas"])}
    contract["components"]["schemas"] = {
        text[name]: each for name, each in contract["components"]["schemas"].items()
    }
    _aim(contract, text)
    return contract


def _aim(value: Any, text: dict[str, str]) -> None:
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _aim(item, text)
    if isinstance(value, dict) and str(value.get("$ref", "")).startswith("#/components/schemas/"):
        value["$ref"] = "#/components/schemas/" + text[value["$ref"].split("/")[-1]]


def inlined(contract: Contract) -> Contract:
    """References written out wherever that ends."""
    contract["paths"] = resolved(contract["paths"], contract, levels=2)
    return contract


def extracted(contract: Contract) -> Contract:
    """An inline object and an inline enum made components."""
    answers = contract["paths"]["/api/v1/accounts"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]
    contract["components"]["schemas"]["AccountList"] = answers["schema"]
    answers["schema"] = ref("AccountList")
    account = contract["components"]["schemas"]["Account"]["properties"]
    contract["components"]["schemas"]["Kind"] = account["kind"]
    account["kind"] = ref("Kind")
    return contract


def test_components_keep_their_names_and_inline_ones_are_called_after_their_place() -> None:
    document, names = named(small())
    assert set(names.shapes) == {
        "Account",
        "AccountCreate",
        "AccountKind",
        "AccountType",
        "Envelope",
        "GetAccountsResponse",
        "Grant",
        "PostOauthTokenResponse",
    }
    assert set(document["components"]["schemas"]) == set(names.shapes)


def test_nothing_is_left_inline() -> None:
    document, _ = named(inlined(small()))
    for schema in document["components"]["schemas"].values():
        for each in schema.get("properties", {}).values():
            assert each.get("type") != "object"
            assert "enum" not in each


@pytest.mark.parametrize(
    "change", [renamed, inlined, extracted, shuffled, lambda contract: renamed(extracted(contract))]
)
def test_the_lock_gives_the_old_names_back(change: Callable[[Contract], Contract]) -> None:
    document, names = named(small())
    assert named(change(small()), names) == (document, names)


def test_naming_again_changes_nothing() -> None:
    for contract in (small(), inlined(small()), renamed(small())):
        document, names = named(contract)
        assert named(contract, names) == (document, names)
        assert Names.from_json(names.to_json()) == names


def test_a_changed_and_renamed_schema_is_known_by_its_place() -> None:
    _, names = named(small())
    contract = small()
    contract["components"]["schemas"]["Account"]["properties"]["fresh"] = STRING
    _, again = named(renamed(contract), names)
    assert set(again.shapes) == set(names.shapes)
    assert again.shapes["Account"] != names.shapes["Account"]


def test_a_new_value_in_an_enum_renames_nothing() -> None:
    _, names = named(small())
    contract = small()
    contract["components"]["schemas"]["AccountType"]["enum"].append("equity")
    assert set(named(contract, names)[1].shapes) == set(names.shapes)


def test_two_components_of_one_shape_stay_two_also_when_written_out() -> None:
    line = obj(["amount"], amount=INTEGER)
    contract = one(
        obj(a=ref("Purchase"), b=ref("Deposit")), Purchase=line, Deposit=copy.deepcopy(line)
    )
    document, names = named(contract)
    assert {"Purchase", "Deposit"} <= set(names.shapes)
    assert named(inlined(contract), names) == (document, names)


def test_one_shape_written_twice_gives_one_class() -> None:
    page = obj(["page"], page=INTEGER)
    contract = one(obj(first=page, second=copy.deepcopy(page)))
    assert list(named(contract)[1].shapes) == ["GetThingsResponse", "GetThingsResponseFirst"]


def test_a_name_of_the_lock_is_not_given_to_another_shape() -> None:
    thing = obj(id=STRING)
    _, names = named(one(ref("Thing"), Thing=thing))
    document, again = named(
        one(obj(a=ref("Thing"), b=ref("Old")), Thing=obj(other=INTEGER), Old=thing), names
    )
    assert again.shapes["Thing"] == names.shapes["Thing"]
    assert document["components"]["schemas"]["Thing"]["properties"] == {"id": STRING}
    assert len(again.shapes) == 3


def test_two_answers_of_different_shapes_get_different_names() -> None:
    contract = document(
        {"/x": {"get": {"responses": {**answer(obj(a=STRING)), **answer(obj(b=STRING), "201")}}}}
    )
    assert list(named(contract)[1].shapes) == ["GetXResponse", "GetXResponse201"]


@pytest.mark.parametrize(
    "name", ["Response", "Client", "Any", "Unset", "File", "list", "1099 Form", "ein-zwei", "é"]
)
def test_class_names_are_python_and_do_not_hide_what_generated_modules_use(name: str) -> None:
    [made] = named(one(ref(name), **{name: obj(a=STRING)}))[1].shapes
    assert made.isidentifier()
    assert made not in {"Response", "Client", "Any", "Unset", "File", "list"}


def test_names_that_would_share_a_module_are_kept_apart() -> None:
    contract = one(
        obj(a=ref("FooBar"), b=ref("Foo_bar"), c=ref("fooBar")),
        FooBar=obj(x=STRING),
        Foo_bar=obj(y=STRING),
        fooBar=obj(z=STRING),
    )
    assert len(named(contract)[1].shapes) == 4


def test_recursion_under_a_name_that_is_taken_comes_to_an_end() -> None:
    trees = {name: obj(up=ref(name), **{name: STRING}) for name in ("Tree", "tree")}
    contract = one(obj(a=ref("Tree"), b=ref("tree")), **trees)
    document, names = named(contract)
    assert len(names.shapes) == 3
    assert named(contract, names) == (document, names)


def test_enums_that_are_joined_late_still_have_different_names_for_their_values() -> None:
    union = {
        "anyOf": [
            {"type": "string", "enum": ["b c", "b-c"]},
            {"type": "string", "enum": ["é"], "maxLength": 1},
        ]
    }
    document, _ = named(one(obj(a=union)))
    [enum] = [each for each in document["components"]["schemas"].values() if "enum" in each]
    assert len(set(enum["x-enum-varnames"])) == len(enum["enum"]) == 3


def test_a_class_is_not_called_like_its_own_property() -> None:
    assert "Payment" not in named(one(ref("Payment"), Payment=obj(payment=STRING)))[1].shapes


def test_recursion_is_safe_and_told_apart() -> None:
    tree = obj(children={"type": "array", "items": ref("Tree")}, name=STRING)
    other = obj(children={"type": "array", "items": ref("Other")}, name=INTEGER)
    contract = one(obj(a=ref("Tree"), b=ref("Other")), Tree=tree, Other=other)
    document, names = named(contract)
    assert names.shapes["Tree"] != names.shapes["Other"]
    assert named(renamed(contract), names) == (document, names)
