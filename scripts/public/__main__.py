"""Take public OpenAPI documents through the generator, and compare every request it sends with one
of a foreign tool.

Run as `python -m scripts.public FILE… --swagger-client FOLDER`.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from scripts.contract.errors import StepError
from scripts.contract.pointers import Object
from scripts.output import accept_any_text, say

from . import foreign
from .cases import Case
from .report import examine


def requests_file(document: Path) -> Path:
    """Return where the foreign tool's requests of a document are written down."""
    return document.with_name(f"{document.name}.requests.json")


def _requests(tool: Path, document: Path | None, cases: list[Case]) -> list[Object]:
    """Return the foreign tool's requests; write them down beside a document."""
    built = foreign.build(cases, tool)
    if document is not None:
        foreign.record(cases, built, tool, requests_file(document))
    return built


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 when every document came out and all requests agreed, else 1."""
    parser = argparse.ArgumentParser(prog="python -m scripts.public", description=__doc__)
    parser.add_argument("documents", nargs="+", help="OpenAPI documents, in JSON or YAML")
    parser.add_argument(
        "--swagger-client",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="where `npm install swagger-client` was run",
    )
    parser.add_argument("--no-types", action="store_true", help="leave mypy out")
    parser.add_argument(
        "--record",
        action="store_true",
        help="write the foreign tool's requests beside each document, as FILE.requests.json",
    )
    options = parser.parse_args(arguments)
    accept_any_text()
    try:
        foreign.find_node(options.swagger_client)
    except foreign.ForeignToolError as error:
        say(str(error))
        return 1
    status = 0
    for source in options.documents:
        try:
            build = partial(
                _requests, options.swagger_client, Path(source) if options.record else None
            )
            report = examine(source, build, types=not options.no_types)
        except (StepError, RuntimeError, foreign.ForeignToolError) as error:
            say(f"{source}: FAILED\n{error}")
            status = 1
            continue
        say(f"{source}: {report.line()}")
        for what in ("left_out", "complaints", "faults", "lost"):
            for line in getattr(report, what):
                say(f"  {what.replace('_', ' ')}: {line}")
        if report.complaints or report.faults or report.lost:
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
