"""How the package is imported, with and without its extra."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ledgerhq_ext.sandbox

ROOT = Path(__file__).parents[2]


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )


_WITHOUT = """
import sys
for missing in ("starlette", "uvicorn", "jsonschema_rs"):
    for name in [name for name in sys.modules if name.startswith("ledgerhq_ext.sandbox")]:
        del sys.modules[name]
    sys.modules[missing] = None
    try:
        from ledgerhq_ext.sandbox import Sandbox
    except ModuleNotFoundError as error:
        print(error)
    del sys.modules[missing]
"""


def test_without_the_extra_the_message_names_it() -> None:
    assert python(_WITHOUT).stdout.splitlines() == [
        f"the sandbox needs {missing}: pip install 'ledgerhq-ext[sandbox]'"
        for missing in ("starlette", "uvicorn", "jsonschema_rs")
    ]


def test_the_plugin_brings_nothing_heavy_with_it() -> None:
    code = """
import sys, ledgerhq_ext.sandbox.pytest_plugin
print([name for name in ("starlette", "uvicorn", "jsonschema_rs") if name in sys.modules])
"""
    assert python(code).stdout.strip() == "[]"


def test_the_package_has_its_two_names() -> None:
    assert ledgerhq_ext.sandbox.__all__ == ["Clock", "Sandbox"]
    with pytest.raises(AttributeError, match="Nothing"):
        _ = ledgerhq_ext.sandbox.Nothing
