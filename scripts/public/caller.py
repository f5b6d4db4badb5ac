"""Calls of a generated package, in a process of their own: this package has the name of ours.

Run as a file: `python caller.py FOLDER describe` prints every operation of the package in FOLDER;
`python caller.py FOLDER call URL < cases` calls those of the cases by their blocking functions,
`python caller.py FOLDER await URL < cases` by their awaiting ones, and
`python caller.py FOLDER read < cases` reads their answers.
"""

import asyncio
import importlib
import io
import json
import pkgutil
import sys
import typing
from typing import Any

BYTES = "$bytes"
_SECONDS = 30


def describe() -> list[dict[str, Any]]:
    """Import every module; return what each operation takes."""
    package = importlib.import_module("ledgerhq_api")
    operations = []
    for info in pkgutil.walk_packages(package.__path__, "ledgerhq_api."):
        module = importlib.import_module(info.name)
        operation = getattr(module, "OPERATION", None)
        if operation is None:
            continue
        places = ("path", "query", "header", "cookie")
        operations.append(
            {
                "module": info.name,
                "method": operation.method,
                "route": operation.route,
                "body": operation.body[1] if operation.body else None,
                **{
                    place: {arg: _wire(at) for arg, at in getattr(operation, place).items()}
                    for place in places
                },
            }
        )
    return operations


def _wire(parameter: Any) -> str:
    return str(getattr(parameter, "name", parameter))


def call(url: str, cases: list[dict[str, Any]]) -> dict[int, str]:
    """Call the blocking function of each case; return what was raised, by the case's number."""
    import httpx

    errors = {}
    with httpx.Client(base_url=url, trust_env=False, timeout=_SECONDS) as http:
        client = _client(url)
        client.set_httpx_client(http)
        for case in cases:
            http.headers["x-case"] = str(case["number"])
            try:
                module, arguments = _call(case)
                module.sync_detailed(client=client, **arguments)
            except Exception as error:
                errors[case["number"]] = f"{type(error).__name__}: {error}"
    return errors


async def call_awaiting(url: str, cases: list[dict[str, Any]]) -> dict[int, str]:
    """Call the awaiting function of each case; return what was raised, by the case's number."""
    import httpx

    errors = {}
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=_SECONDS) as http:
        client = _client(url)
        client.set_async_httpx_client(http)
        for case in cases:
            http.headers["x-case"] = str(case["number"])
            try:
                module, arguments = _call(case)
                await module.asyncio_detailed(client=client, **arguments)
            except Exception as error:
                errors[case["number"]] = f"{type(error).__name__}: {error}"
    return errors


def _client(url: str) -> Any:
    from ledgerhq_api.client import AuthenticatedClient

    return AuthenticatedClient(url, "token", raise_on_unexpected_status=False)


def read_answers(cases: list[dict[str, Any]]) -> dict[int, str]:
    """Read the answers of each case; return what is lost of them, by the case's number."""
    import httpx
    from ledgerhq_api.records import json_value

    faults = {}
    for case in cases:
        operation = importlib.import_module(case["module"]).OPERATION
        for status, document in case["answers"].items():
            response = httpx.Response(int(status.replace("X", "0")), json=document)
            try:
                record = operation.parse(response)
                odd = [*_odd(record)]
            except Exception as error:
                faults[case["number"]] = f"{status} {type(error).__name__}: {error}"
                continue
            again = json.loads(json.dumps(json_value(record)))
            if _without_nulls(again) != _without_nulls(document) or odd:
                faults[case["number"]] = f"{status} is another one when it is read {odd}"
    return faults


def _odd(value: Any) -> list[str]:
    """Return the fields of a record, and of those inside it, whose values were not read."""
    import attrs
    from ledgerhq_api.fields import fields

    names: list[str] = []
    if isinstance(value, tuple | list):
        for item in value:
            names += _odd(item)
        return names
    cls: Any = type(value)
    if not attrs.has(cls):
        return []

    extra = getattr(value, "extra", {})
    for field in fields(cls):
        if field.wire in extra:
            names.append(f"{cls.__name__}.{field.wire}")
        names += _odd(getattr(value, field.attribute))
    return names


def _without_nulls(value: Any) -> Any:
    """Return a JSON value in which null and nothing are the same, as they are in a record."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value

    present = {name: item for name, item in value.items() if item is not None}
    return {name: _without_nulls(item) for name, item in present.items()}


def _call(case: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the module of a case, and the arguments that its functions are called with."""
    module: Any = importlib.import_module(case["module"])
    hints = typing.get_type_hints(module.sync_detailed, include_extras=True)
    arguments = {name: _value(hints[name], value) for name, value in case["arguments"].items()}
    media_type = module.OPERATION.body[1] if module.OPERATION.body else ""
    if "*" in media_type and hasattr(arguments.get("body"), "mime_type"):
        # A file of a range of media types names its own.
        arguments["body"].mime_type = media_type.partition(";")[0].replace("*", "x-any")
    return module, arguments


def _value(hint: Any, value: Any) -> Any:
    """Return a JSON value as a caller would give it: objects of the generated classes, files."""
    import attrs
    from ledgerhq_api.reading import read
    from ledgerhq_api.types import Unset
    from ledgerhq_api.values import Reading

    if isinstance(value, dict) and BYTES in value:
        return _file(value)
    options = [each for each in _options(hint) if each not in (Unset, type(None))]

    if Any in options:
        return _any(value)
    if type(value) is int and float in options:
        # As a caller writes it: read from JSON it would be 5.0.
        return value

    if isinstance(value, list):
        lists = [each for each in options if typing.get_origin(each) in (list, tuple)]
        if lists:
            container = typing.get_origin(lists[0])
            inner = typing.get_args(lists[0])[0]
            return container(_value(inner, item) for item in value)
    if isinstance(value, dict):
        classes = [each for each in options if attrs.has(each)]
        if classes:
            return _one_of(classes, value)
    return read(hint, value, Reading(complete=True))


def _any(value: Any) -> Any:
    """Return a value that has no type, with its files."""
    if isinstance(value, list):
        return [_any(item) for item in value]
    if not isinstance(value, dict):
        return value

    if BYTES in value:
        return _file(value)
    return {name: _any(each) for name, each in value.items()}


def _file(value: dict[str, Any]) -> Any:
    from ledgerhq_api.types import File

    return File(io.BytesIO(value[BYTES].encode()), "file.bin", "application/octet-stream")


def _options(hint: Any) -> list[Any]:
    import types

    # Both spellings: `X | Y`, and `Optional[X]`.
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return list(typing.get_args(hint)) if is_union else [hint]


def _one_of(classes: list[Any], document: dict[str, Any]) -> Any:
    """Return an instance of the first class that has a field for everything in a document."""
    from ledgerhq_api.values import Misfit

    for cls in classes[:-1]:
        try:
            return _instance(cls, document)
        except (TypeError, ValueError, Misfit):
            continue
    return _instance(classes[-1], document)


def _instance(cls: Any, document: dict[str, Any]) -> Any:
    """Return an instance of a generated class. Raises ValueError for what it has no field for."""
    from ledgerhq_api.fields import fields

    by_name = {field.wire: field for field in fields(cls)}
    values: dict[str, Any] = {}
    strange: list[str] = []
    for name, value in document.items():
        if name in by_name:
            field = by_name[name]
            values[field.name] = _value(field.hint, value)
        else:
            strange.append(name)

    if not strange:
        return cls(**values)
    if values:
        raise ValueError(f"{cls.__name__} has no field for {', '.join(strange)}")
    # A map of names that nobody knows beforehand.
    return cls.from_dict(document)


def main() -> None:
    """Do what the arguments say, and print the result as JSON on the last line."""
    sys.path.insert(0, sys.argv[1])
    if sys.argv[2] == "describe":
        print(json.dumps(describe()))
    elif sys.argv[2] == "read":
        print(json.dumps(read_answers(json.load(sys.stdin))))
    elif sys.argv[2] == "await":
        print(json.dumps(asyncio.run(call_awaiting(sys.argv[3], json.load(sys.stdin)))))
    else:
        print(json.dumps(call(sys.argv[3], json.load(sys.stdin))))


if __name__ == "__main__":
    main()
