"""Values that the layer sends in parameters, held against the bounds, formats and words that the
contract allows.
"""

import importlib
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import jsonschema_rs

from .fitting import Gap
from .pointers import Object, join, resolve
from .refs import refs_in

_RESOURCE = "Receipt.resource_type"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_Words = dict[str, Sequence[str]]
Samples = dict[tuple[str, str], list[Any]]
FIRST_PAGE = 1
SIGNED = frozenset({"BankTransaction.amount"})
"""The amounts whose sign the layer goes by: below zero, money went out."""
LARGEST = frozenset({("header", "idempotency-key"), ("query", "limit")})
"""The parameters whose samples have the largest value that the layer sends by itself."""


def samples(operation: str) -> Samples:
    """Return what the layer sends in the parameters of an operation, by (in, name): what is
    largest, and each word.
    """
    keys = importlib.import_module("ledgerhq_ext._idempotency")
    listing = importlib.import_module("ledgerhq_ext._resources.listing")
    # A key of its own making, and the longest that it takes from a user.
    key = keys.idempotency_key("org_1", "purchase", "acme-pos", "1001")
    values: Samples = {
        ("header", "idempotency-key"): [key, key.ljust(keys.KEY_LENGTH, "0")],
        ("query", "page"): [FIRST_PAGE],
    }
    size = (
        listing.ORGANIZATIONS_PAGE_SIZE
        if operation == "LedgerHQ.organizations"
        else listing.PAGE_SIZE
    )
    # The ledger's limit is the user's own.
    if operation != "Organization.general_ledger":
        values["query", "limit"] = [size]
    return values | _words(operation)


def _words(operation: str) -> Samples:
    filters = importlib.import_module("ledgerhq_ext._filters")
    words = {
        "LedgerHQ.organizations": ("type", filters.OrganizationType),
        "Organization.contacts": ("type", filters.ContactType),
        "Organization.bills": ("status", filters.BillStatus),
        "Organization.entries": ("status", filters.EntryStatus),
        "Organization.bank_transactions": ("status", filters.BankTransactionStatus),
        "Organization.bank_account_transactions": ("status", filters.BankTransactionStatus),
    }
    if operation not in words:
        return {}
    name, literal = words[operation]
    return {("query", name): list(get_args(literal))}


def missing_words(operation: str, field: str, values: Sequence[Any]) -> list[str]:
    """Return the words that the layer goes by in a field of an operation's answers and that are not
    among the values of its enum.
    """
    words = _words_read(operation).get(field, ())
    if field != _RESOURCE:
        return [word for word in words if word not in values]

    letters = importlib.import_module("ledgerhq_ext._resources.posting").letters
    there = {letters(str(value)) for value in values}
    return [word for word in words if letters(word) not in there]


def _words_read(operation: str) -> _Words:
    filters = importlib.import_module("ledgerhq_ext._filters")
    seam = importlib.import_module("ledgerhq_ext._seam")
    row: _Words = {"BankTransaction.status": get_args(filters.BankTransactionStatus)}
    entry: _Words = {"Entry.status": get_args(filters.EntryStatus)}
    words: dict[str, _Words] = {
        "LedgerHQ.organizations": {"OrganizationRecord.type": ["client"]},
        "Organization.accounts": {"Account.type": get_args(filters.AccountType)},
        "Organization.entries": entry,
        "Organization.entry": entry,
        "Organization.bank_transactions": row,
        "Organization.bank_account_transactions": row,
        "Organization.bank_transaction": row,
        "Organization.financial_packet": {"FinancialPacket.amount_unit": ["integer_cents"]},
    }
    for resource, posting in seam.POSTINGS.items():
        words[posting.name] = {"Receipt.status": ["posted"], _RESOURCE: [resource]}
    return words.get(operation, {})


def value_gaps(
    operation: str, parameters: dict[tuple[str, str], Object], components: Object
) -> Iterator[Gap]:
    """Yield what the contract does not allow of the values that the layer sends; `parameters` by
    (in, name).
    """
    for key, values in samples(operation).items():
        place, _ = key
        parameter = parameters.get(key, {})
        if "schema" not in parameter:
            continue
        where = f"/parameters/{place}/{parameter['name']}"
        for gap in _refused(parameter["schema"], values, components):
            yield Gap(where, *gap)
        # The layer asks for page 1 first: where pages are counted from 0, rows would be missing.
        first = parameter["schema"].get("default", FIRST_PAGE)
        if key == ("query", "page") and first != FIRST_PAGE:
            yield Gap(where, f"pages counted from {FIRST_PAGE}", f"default {first}")


def _refused(schema: Object, values: list[Any], components: Object) -> Iterator[tuple[str, str]]:
    document: Object = {"$schema": _DIALECT, "allOf": [schema]}
    # Few parameters refer to a schema, and reading all of them takes long.
    if refs_in(schema):
        document["components"] = {"schemas": components}
    try:
        validator = jsonschema_rs.validator_for(document, validate_formats=True)
    except jsonschema_rs.ValidationError:
        # What cannot be read, such as a pattern of another language, is any value.
        return
    keywords: set[str] = set()
    for value in values:
        for error in validator.iter_errors(value):
            keyword = str(error.schema_path[-1])
            if keyword in keywords:
                continue
            keywords.add(keyword)
            limit = resolve(document, join("", *error.schema_path))
            yield f"takes {_brief(value)}", f"{keyword} {limit}"


def _brief(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:20]}… ({len(text)} characters)"
