"""The places of tokens, links and outbox, unless somebody names others."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

import typer

DEFAULT_FIRM = "default"
"""The name of the connection of those who have one firm only."""


def config_folder() -> Path:
    """Return the folder of this command in the platform's folder for configuration."""
    return Path(typer.get_app_dir("ledgerhq"))


def token_file(firm: str) -> Path:
    """Return the file with the tokens of one firm, by the name that its user gave it."""
    if firm == DEFAULT_FIRM:
        return config_folder() / "tokens.json"
    # A name may hold a slash, and the name of a file must not.
    return config_folder() / f"tokens-{quote(firm, safe='', errors='replace')}.json"


def firms_with_tokens() -> list[str]:
    """Return the names of the firms that have a file with tokens."""
    names: list[str] = []
    for file in sorted(config_folder().glob("tokens*.json")):
        name = unquote(file.stem.removeprefix("tokens").removeprefix("-"))
        names.append(name or DEFAULT_FIRM)
    return names


def default_store() -> Path:
    """Return the database with links and outbox."""
    return config_folder() / "ledgerhq.db"
