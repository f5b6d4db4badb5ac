"""Reading a request as the contract declares it.

What does not fit is a 400 that names the place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from ledgerhq_ext.sandbox._contract import Operation, Parameter
from ledgerhq_ext.sandbox._currencies import MINOR_DIGITS
from ledgerhq_ext.sandbox._errors import bad_request
from ledgerhq_ext.sandbox._routes import JSON

MAX_BODY = 4_000_000
"""Bytes."""


def read_query(operation: Operation, raw: bytes) -> JSON:
    """Return the declared query parameters, typed and checked."""
    try:
        pairs = _pairs(raw)
    except ValueError as error:
        raise bad_request(f"query: cannot be read ({error})") from error

    texts: dict[str, list[str]] = {}
    for name, value in pairs:
        texts.setdefault(name, []).append(value)
    return _read(operation, "query", texts)


def read_headers(operation: Operation, raw: list[tuple[bytes, bytes]]) -> JSON:
    """Return the declared header parameters, by lower-case name, typed and checked."""
    # Header bytes are Latin-1 (RFC 9110); every byte is a character there.
    texts = {name.decode("latin-1").lower(): [value.decode("latin-1")] for name, value in raw}
    headers = _read(operation, "header", texts)
    return {name.lower(): value for name, value in headers.items()}


def read_path(operation: Operation, values: tuple[str, ...]) -> None:
    """Check the path's own parameters."""
    names = re.findall(r"\{([^/}]*)\}", operation.path)
    _read(operation, "path", {name: [value] for name, value in zip(names, values, strict=True)})


def read_body(operation: Operation, content_type: str, raw: bytes) -> Any:
    """Return the body, parsed and checked; None where the operation has none."""
    if not operation.bodies:
        return None
    if not raw and not operation.body_required:
        return None

    media = content_type.split(";")[0].strip().lower()
    if media not in operation.bodies:
        expected = " or ".join(operation.bodies)
        raise bad_request(f"header Content-Type: {media[:100] or 'missing'!r}, expected {expected}")
    if len(raw) > MAX_BODY:
        raise bad_request(f"body: more than {MAX_BODY} bytes")

    value = _form(raw) if media == "application/x-www-form-urlencoded" else _json(raw)
    complaint = first_error(operation.bodies[media].validator, value)
    if complaint:
        raise bad_request("body" + complaint)
    _check_currency(value)
    return value


def _check_currency(body: Any) -> None:
    """Refuse a code that the contract allows and ISO 4217 does not: nobody knows its digits."""
    if not isinstance(body, dict):
        return

    code = body.get("currencyCode")
    if code is None or code in MINOR_DIGITS:
        return
    raise bad_request(f"body.currencyCode: {code!r} is not a currency of ISO 4217")


def first_error(validator: jsonschema_rs.Validator, value: Any) -> str | None:
    """Return where a value does not fit and why, such as ".lines.0.amount: …".

    None where it fits.
    """
    if validator.is_valid(value):
        return None
    # One is enough: the client mends one place after the other anyway.
    error = next(iter(validator.iter_errors(value)))
    place = "".join(f".{step}" for step in error.instance_path)
    return f"{place}: {error.message[:300]}"


def _read(operation: Operation, place: str, texts: dict[str, list[str]]) -> JSON:
    """Return the values of the parameters of one place.

    `texts` has those of a header in lower case.
    """
    values: JSON = {}
    for parameter in operation.parameters:
        if parameter.place != place:
            continue
        name = parameter.name.lower() if place == "header" else parameter.name

        if name in texts:
            values[parameter.name] = _parameter_value(parameter, texts[name])

        elif parameter.required:
            raise bad_request(f"{place} {parameter.name}: is required")
    return values


def _parameter_value(parameter: Parameter, texts: list[str]) -> Any:
    # A name that comes twice is a list where one is declared, and else counts once.
    value = texts if "array" in parameter.kinds else _typed(parameter, texts[0])
    if parameter.schema is None:
        return value
    complaint = first_error(parameter.schema.validator, value)
    if complaint:
        raise bad_request(f"{parameter.place} {parameter.name}{complaint}")
    return value


def _typed(parameter: Parameter, text: str) -> Any:
    """Return the value of a text of a query, a header or a path, by the declared types."""
    for kind, spelling, read in _READERS:
        if kind not in parameter.kinds:
            continue
        if spelling.match(text):
            return read(text)
    # A text that spells no such value stays as it is, and the schema refuses it.
    return text


def _boolean(text: str) -> bool:
    return text == "true"


_READERS: tuple[tuple[str, re.Pattern[str], Callable[[str], Any]], ...] = (
    ("integer", re.compile(r"-?[0-9]{1,18}\Z"), int),
    ("number", re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?\Z"), float),
    ("boolean", re.compile(r"(true|false)\Z"), _boolean),
)
"""The types of parameters that are no texts: how each is spelled, and how it is read."""


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    text = raw.decode("ascii")
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)


def _form(raw: bytes) -> JSON:
    try:
        pairs = _pairs(raw)
    except ValueError as error:
        raise bad_request(f"body: not a form ({error})") from error
    fields = dict(pairs)
    # Which of the two counts would be a guess (RFC 6749 forbids it).
    if len(fields) < len(pairs):
        raise bad_request("body: a field is given twice")
    return fields


def _json(raw: bytes) -> Any:
    try:
        value = json.loads(raw.decode("utf-8"), parse_float=_number, parse_constant=_constant)
        # A lone surrogate is legal in JSON and nowhere else.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise bad_request(f"body: not JSON ({type(error).__name__})") from error
    return value


def _number(text: str) -> float | int:
    value = float(text)
    # "1e999" is a number in JSON, and infinity to Python.
    if not math.isfinite(value):
        raise ValueError(text)
    # 10.0 is an integer in JSON Schema; as a float it would go into the ledger.
    return int(value) if value.is_integer() else value


def _constant(text: str) -> Any:
    # NaN and Infinity, which Python reads and JSON does not have.
    raise ValueError(text)
