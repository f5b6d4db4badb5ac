"""Reading a request as the contract declares it. What does not fit is a 400 that names the place."""

from __future__ import annotations

import json
import math
import re
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from ledgerhq_ext.sandbox._contract import Operation, Parameter
from ledgerhq_ext.sandbox._currencies import MINOR_DIGITS
from ledgerhq_ext.sandbox._errors import bad_request
from ledgerhq_ext.sandbox._routes import JSON

MAX_BODY = 4_000_000
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?\Z")


def read_query(operation: Operation, raw: bytes) -> JSON:
    """The declared query parameters, typed and checked."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise bad_request(f"query: cannot be read ({error})") from error
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return _read(operation, "query", given)


def read_headers(operation: Operation, raw: list[tuple[bytes, bytes]]) -> JSON:
    """The declared header parameters, by lower-case name, typed and checked."""
    given = {name.decode("latin-1").lower(): [value.decode("latin-1")] for name, value in raw}
    return {name.lower(): value for name, value in _read(operation, "header", given).items()}


def read_path(operation: Operation, values: tuple[str, ...]) -> None:
    """Check the path's own parameters."""
    names = re.findall(r"\{([^/}]*)\}", operation.path)
    _read(operation, "path", {name: [value] for name, value in zip(names, values, strict=True)})


def read_body(operation: Operation, content_type: str, raw: bytes) -> Any:
    """The body, parsed and checked; None where the operation has none."""
    if not operation.bodies or (not raw and not operation.body_required):
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
    """Refuse a code that the contract's pattern allows and ISO 4217 does not: nobody knows its digits."""
    code = body.get("currencyCode") if isinstance(body, dict) else None
    if code is not None and code not in MINOR_DIGITS:
        raise bad_request(f"body.currencyCode: {code!r} is not a currency of ISO 4217")


def first_error(validator: jsonschema_rs.Validator, value: Any) -> str | None:
    """Where a value does not fit, and why."""
    if validator.is_valid(value):
        return None
    error = next(iter(validator.iter_errors(value)))
    place = "".join(f".{step}" for step in error.instance_path)
    return f"{place}: {error.message[:300]}"


def _read(operation: Operation, place: str, given: dict[str, list[str]]) -> JSON:
    values: JSON = {}
    for parameter in operation.parameters:
        if parameter.place != place:
            continue
        texts = given.get(parameter.name.lower() if place == "header" else parameter.name)
        if texts is None and parameter.required:
            raise bad_request(f"{place} {parameter.name}: is required")
        if texts is not None:
            values[parameter.name] = _parameter_value(parameter, texts)
    return values


def _parameter_value(parameter: Parameter, texts: list[str]) -> Any:
    value = texts if "array" in parameter.kinds else _typed(parameter, texts[0])
    complaint = first_error(parameter.schema.validator, value)
    if complaint:
        raise bad_request(f"{parameter.place} {parameter.name}{complaint}")
    return value


def _typed(parameter: Parameter, text: str) -> Any:
    if "integer" in parameter.kinds and _INTEGER.match(text):
        return int(text)
    if "number" in parameter.kinds and _NUMBER.match(text):
        return float(text)
    if "boolean" in parameter.kinds and text in ("true", "false"):
        return text == "true"
    return text


def _form(raw: bytes) -> JSON:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise bad_request(f"body: not a form ({error})") from error
    if len({name for name, _ in pairs}) < len(pairs):
        raise bad_request("body: a field is given twice")
    return dict(pairs)


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
    if not math.isfinite(value):
        raise ValueError(text)
    # 10.0 is an integer in JSON Schema; as a float it would go into the ledger.
    return int(value) if value.is_integer() else value


def _constant(text: str) -> Any:
    raise ValueError(text)
