"""The time that `make regenerate` takes for a large contract: 200 schemas, 160 operations.

Run as `python -m scripts.bench.regenerate`. The exit status is 1 when it takes longer than the aim.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ..contract import generate as generating
from ..contract.layout import ROOT, Layout
from ..contract.pointers import Object
from ..regenerate import regenerate

RESOURCES = 40
SECONDS = 60.0
_DAY = date(2026, 6, 8)
_SECONDS_OF: dict[str, float] = {}
"""The seconds of each program that regenerating runs, by its module."""


def main() -> int:
    """Regenerate twice, print where the time goes, and return the exit status."""
    document = large()
    print(f"{len(document['components']['schemas'])} schemas, {4 * RESOURCES} operations")
    with tempfile.TemporaryDirectory() as name:
        here = Layout(Path(name) / "checkout")
        source = Path(name) / "large.json"
        shutil.copytree(Layout(ROOT).templates, here.templates)
        shutil.copy(Layout(ROOT).config, here.config)
        source.write_text(json.dumps(document), encoding="utf-8")
        generating._run = _timed(generating._run)

        def run() -> None:
            """Regenerate the large contract."""
            regenerate(str(source), here, needs=(), today=_DAY, say=_silent)

        total = _seconds(run)
        first = _code(here)
        print(f"regenerate            {total:6.1f} s")
        for module, seconds in _SECONDS_OF.items():
            print(f"  {module:<20}{seconds:6.1f} s  ({seconds / total:.0%})")
        print(f"  our own steps       {total - sum(_SECONDS_OF.values()):6.1f} s")

        again = _seconds(run)
        is_same = first == _code(here)
        print(
            f"the second time       {again:6.1f} s, "
            f"{'the same bytes' if is_same else 'OTHER BYTES'}"
        )

    holds = total < SECONDS and is_same
    print(f"Aim: under {SECONDS:.0f} s: {'kept' if holds else 'MISSED'}")
    return 0 if holds else 1


def _code(layout: Layout) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in layout.package.rglob("*.py")}


def _silent(_: str) -> None:
    """Print nothing of what a step reports."""


def _timed(run: Callable[..., None]) -> Callable[..., None]:
    def timed(module: str, *arguments: str, **options: Any) -> None:
        """Run a step of the generator, and add its seconds to those of its module."""
        seconds = _seconds(partial(run, module, *arguments, **options))
        _SECONDS_OF[module] = _SECONDS_OF.get(module, 0.0) + seconds

    return timed


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def large() -> Object:
    """Return a contract of many resources, each with five schemas and four operations."""
    document: Object = {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "paths": {},
        "components": {"schemas": {}},
    }
    for number in range(RESOURCES):
        _add(document, f"Resource{number:02}", f"/api/v1/resource{number:02}s")
    return document


def _add(document: Object, name: str, path: str) -> None:
    text = {"type": "string"}
    money = {"type": "integer", "format": "int64"}
    fields: Object = {}
    for index in range(12):
        fields[f"{name.lower()}Field{index}"] = money if index % 2 else text

    line = {**_object(accountId=text, amount=money, **fields), "required": ["accountId"]}
    schemas = {
        f"{name}Status": {
            "type": "string",
            "enum": [f"{name.lower()}_open", f"{name.lower()}_done"],
        },
        f"{name}Line": line,
        name: _object(
            id=text, status=_ref(f"{name}Status"), lines=_many(_ref(f"{name}Line")), **fields
        ),
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
