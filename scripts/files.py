"""Files that scripts write: whole or not at all.

Scripts that judge the layer do not import it for that.
"""

from __future__ import annotations

import secrets
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8 beside its place, and move it there in one step. Raises ``OSError``."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
