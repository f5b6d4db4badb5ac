"""Requests that swagger-client (npm) builds from the same document and the same values."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scripts.contract.pointers import Object, pretty

from .cases import Case
from .wire import Part, Sent

_SCRIPT = Path(__file__).with_name("foreign.mjs")
_SECONDS = 600


class ForeignToolError(Exception):
    """The foreign tool is not there, or did not run."""


def find_node(folder: Path) -> str:
    """Return the path of node. ``folder`` is where ``npm install swagger-client`` was run.

    Raises ``ForeignToolError`` where one of the two is missing.
    """
    node = shutil.which("node")
    if node is None or not (folder / "node_modules" / "swagger-client").is_dir():
        raise ForeignToolError(
            f"There is no node, or no swagger-client in {folder}: run `npm install swagger-client` "
            "in a folder and give it as --swagger-client."
        )
    return node


def build(cases: Sequence[Case], folder: Path) -> list[Object]:
    """Return the request of each case as the tool says it, or its error."""
    node = find_node(folder)
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
    built: list[Object] = json.loads(done.stdout)
    return built


def record(cases: Sequence[Case], built: Sequence[Object], folder: Path, file: Path) -> None:
    """Write the requests of a small document down, for tests that have neither node nor npm."""
    package = folder / "node_modules" / "swagger-client" / "package.json"
    version = json.loads(package.read_text(encoding="utf-8"))["version"]
    requests = {case.route: each for case, each in zip(cases, built, strict=True)}
    file.write_bytes(pretty({"tool": f"swagger-client {version}", "requests": requests}))


def recorded(cases: Sequence[Case], file: Path) -> list[Object]:
    """Return the requests of a document as they were written down."""
    requests = json.loads(file.read_text(encoding="utf-8"))["requests"]
    nothing = {"error": "no request of this operation is recorded"}
    return [requests.get(case.route, nothing) for case in cases]


def sent(built: Object) -> Sent | str:
    """Return a request of the tool as what is on the wire, or what the tool says against it."""
    if "error" in built:
        return str(built["error"])

    address = urlsplit(built["url"])
    target = address.path
    if address.query:
        target += f"?{address.query}"
    headers = [(name.lower(), str(value)) for name, value in built["headers"].items()]
    content = (built.get("body") or "").encode()
    parts = None
    if "parts" in built:
        parts = tuple(_part(each) for each in built["parts"])
    return Sent(built["method"], target, headers, content, parts)


def _part(part: Object) -> Part:
    return Part(
        name=part["name"],
        file_name=part["fileName"],
        media_type=part["mediaType"],
        content=part["content"].encode(),
    )
