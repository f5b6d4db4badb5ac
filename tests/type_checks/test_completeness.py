"""Every public symbol of both packages has a type that all type checkers agree on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .support import run_basedpyright

CONVERTER = re.compile(r"\.__converterDescriptor_\w+")
"""A class that the checker itself makes up, for a field with a converter."""

PUBLIC_MODULES = {
    "ledgerhq_ext",
    "ledgerhq_ext.blocking",
    "ledgerhq_ext.client",
    "ledgerhq_ext.errors",
    "ledgerhq_ext.models",
    "ledgerhq_ext.money",
    "ledgerhq_ext.postings",
    "ledgerhq_ext.render",
    "ledgerhq_ext.reports",
    "ledgerhq_ext.review",
    "ledgerhq_ext.sandbox",
    "ledgerhq_ext.store",
}


def completeness(package: str, folder: Path) -> Any:
    """Return what ``--verifytypes`` reports of a package."""
    report = run_basedpyright("--verifytypes", package, "--ignoreexternal", folder=folder)
    assert report["generalDiagnostics"] == []
    return report["typeCompleteness"]


DERIVED = re.compile(r"ledgerhq_api\.api\.\w+\.\w+\.(sync|asyncio|asyncio_detailed)")
"""Functions made from the detailed one, whose signature stands once.

`test_new_fields` holds what both type checkers make of them."""


def complaints(result: Any) -> list[str]:
    """Return what the checker says of each symbol whose type is not clear."""
    lines: list[str] = []
    for symbol in result["symbols"]:
        messages = [diagnostic["message"] for diagnostic in symbol["diagnostics"]]
        is_clear = symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"]
        if messages and not is_clear and not DERIVED.fullmatch(symbol["name"]):
            lines.append(f"{symbol['name']}: {' '.join(messages)}")
    return lines


def undocumented(result: Any) -> list[str]:
    """Return what is said of public classes and functions without a docstring."""
    lines: list[str] = []
    for symbol in result["symbols"]:
        for diagnostic in symbol["diagnostics"]:
            message = diagnostic["message"]
            if "No docstring" in message and not CONVERTER.search(message):
                lines.append(message)
    return lines


def check_all_known(result: Any, *, least: int) -> None:
    """Fail unless every type is known, of at least so many symbols."""
    assert complaints(result) == []
    derived = [symbol for symbol in result["symbols"] if DERIVED.fullmatch(symbol["name"])]
    for group in ("exportedSymbolCounts", "otherSymbolCounts"):
        assert result[group]["withAmbiguousType"] == (
            len(derived) if group == "exportedSymbolCounts" else 0
        )
        assert result[group]["withUnknownType"] == 0
    assert result["completenessScore"] == 1 or derived
    assert result["exportedSymbolCounts"]["withKnownType"] > least


@pytest.mark.slow
def test_every_type_of_the_layer_is_known(tmp_path: Path) -> None:
    result = completeness("ledgerhq_ext", tmp_path)
    assert {module["name"] for module in result["modules"]} >= PUBLIC_MODULES
    check_all_known(result, least=700)
    assert undocumented(result) == []


@pytest.mark.slow
def test_every_type_of_the_generated_client_is_known(tmp_path: Path) -> None:
    check_all_known(completeness("ledgerhq_api", tmp_path), least=1_500)
