"""How long `make regenerate` takes for a large contract: 200 schemas, 160 operations.

Run as `python -m scripts.bench.regenerate`. 1 when it takes longer than the aim.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ..contract import generate as generating
from ..contract.layout import ROOT, Layout
from ..contract.pointers import Object
from ..regenerate import regenerate

RESOURCES, SECONDS = 40, 60.0
_DAY = date(2026, 6, 8)
_SPENT: dict[str, float] = {}


def main() -> int:
    """Regenerate twice and print where the time goes."""
    document = large()
    print(f"{len(document['components']['schemas'])} schemas, {4 * RESOURCES} operations")
    with tempfile.TemporaryDirectory() as name:
        here, source = Layout(Path(name) / "checkout"), Path(name) / "large.json"
        shutil.copytree(Layout(ROOT).templates, here.templates)
        shutil.copy(Layout(ROOT).config, here.config)
        source.write_text(json.dumps(document), encoding="utf-8")
        generating._run = _timed(generating._run)
        total = _seconds(lambda: regenerate(str(source), here, needs=(), today=_DAY, say=lambda _: None))
        first = {file: file.read_bytes() for file in here.package.rglob("*.py")}
        print(f"regenerate            {total:6.1f} s")
        for module, seconds in _SPENT.items():
            print(f"  {module:<20}{seconds:6.1f} s  ({seconds / total:.0%})")
        print(f"  our own steps       {total - sum(_SPENT.values()):6.1f} s")
        again = _seconds(lambda: regenerate(str(source), here, needs=(), today=_DAY, say=lambda _: None))
        same = first == {file: file.read_bytes() for file in here.package.rglob("*.py")}
        print(f"the second time       {again:6.1f} s, {'the same bytes' if same else 'OTHER BYTES'}")
    print(f"Aim: under {SECONDS:.0f} s: {'kept' if total < SECONDS and same else 'MISSED'}")
    return 0 if total < SECONDS and same else 1


def _timed(run: Callable[..., None]) -> Callable[..., None]:
    def timed(module: str, *arguments: str, **options: Any) -> None:
        seconds = _seconds(lambda: run(module, *arguments, **options))
        _SPENT[module] = _SPENT.get(module, 0.0) + seconds

    return timed


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def large(resources: int = RESOURCES) -> Object:
    """A contract of so many resources, each with five schemas and four operations."""
    document: Object = {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "paths": {},
        "components": {"schemas": {}},
    }
    for number in range(resources):
        _add(document, f"Resource{number:02}", f"/api/v1/resource{number:02}s")
    return document


def _add(document: Object, name: str, path: str) -> None:
    text, money = {"type": "string"}, {"type": "integer", "format": "int64"}
    fields: Object = {f"{name.lower()}Field{index}": [text, money][index % 2] for index in range(12)}
    line = {**_object(accountId=text, amount=money, **fields), "required": ["accountId"]}
    schemas = {
        f"{name}Status": {"type": "string", "enum": [f"{name.lower()}_open", f"{name.lower()}_done"]},
        f"{name}Line": line,
        name: _object(id=text, status=_ref(f"{name}Status"), lines=_many(_ref(f"{name}Line")), **fields),
        f"{name}Create": _object(lines=_many(_ref(f"{name}Line")), **fields),
        f"{name}Page": _object(data=_many(_ref(name)), total={"type": "integer"}),
    }
    document["components"]["schemas"] |= schemas
    one = [{"name": "id", "in": "path", "required": True, "schema": text}]
    body = {"required": True, "content": {"application/json": {"schema": _ref(f"{name}Create")}}}
    document["paths"][path] = {
        "get": {"responses": _answer(_ref(f"{name}Page"))},
        "post": {"requestBody": body, "responses": _answer(_ref(name))},
    }
    document["paths"][f"{path}/{{id}}"] = {
        "get": {"parameters": one, "responses": _answer(_ref(name))},
        "patch": {"parameters": one, "requestBody": body, "responses": _answer(_ref(name))},
    }


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(items: Object) -> Object:
    return {"type": "array", "items": items}


def _object(**properties: Object) -> Object:
    return {"type": "object", "properties": properties}


def _answer(schema: Object) -> Object:
    return {"200": {"description": "Done.", "content": {"application/json": {"schema": schema}}}}


if __name__ == "__main__":
    sys.exit(main())
