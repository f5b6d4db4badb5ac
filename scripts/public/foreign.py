"""Requests that swagger-client (npm) builds from the same document and the same values."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scripts.contract.pointers import Object

from .cases import Case
from .wire import Part, Sent

_SCRIPT = Path(__file__).with_name("foreign.mjs")
_SECONDS = 600


class ForeignToolError(Exception):
    """The foreign tool is not there, or did not run."""


def build(cases: Sequence[Case], folder: Path) -> list[Sent | str]:
    """Return the request of each case, or what the tool says against it.

    ``folder`` is where ``npm install swagger-client`` was run.
    """
    node = shutil.which("node")
    if node is None or not (folder / "node_modules" / "swagger-client").is_dir():
        raise ForeignToolError(
            f"there is no node, or no swagger-client in {folder}: run `npm install swagger-client` "
            "in a folder and give it as --swagger-client."
        )
    done = subprocess.run(
        [node, str(_SCRIPT)],
        cwd=folder,
        input=json.dumps([case.to_foreign() for case in cases]),
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
    )
    if done.returncode:
        raise ForeignToolError(done.stderr.strip()[-500:])
    return [_sent(each) for each in json.loads(done.stdout)]


def _sent(built: Object) -> Sent | str:
    if "error" in built:
        return str(built["error"])
    address = urlsplit(built["url"])
    target = address.path + (f"?{address.query}" if address.query else "")
    headers = [(name.lower(), str(value)) for name, value in built["headers"].items()]
    parts = None
    if "parts" in built:
        parts = tuple(_part(each) for each in built["parts"])
    return Sent(built["method"], target, headers, (built.get("body") or "").encode(), parts)


def _part(part: Object) -> Part:
    return Part(
        name=part["name"],
        file_name=part["fileName"],
        media_type=part["mediaType"],
        content=part["content"].encode(),
    )
