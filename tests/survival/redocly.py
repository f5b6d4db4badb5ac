"""A second opinion: `redocly diff` (npm, `@redocly/cli` 2.77) on every variant. Never a dependency
of anything.

`python -m tests.survival.redocly PATH/TO/redocly` says where it now differs from what is written
down here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from .breaking import BREAKING
from .harmless import ADDITIVE, SAME
from .variants import variant

_NAMES = "names here follow from routes, so an operationId means nothing"
_NULL = "it compares how a schema is written: `anyOf` with null, `nullable` and a type list are three things to it"
_ALL_OF = "it compares how a schema is written: the parts of an `allOf` are not put together"
DIFFERS = {
    # Breaking for redocly, harmless here.
    "operation_ids_renamed": _NAMES,
    "operation_ids_dropped": _NAMES,
    "written_as_3_0": _NULL,
    "nullable_in_3_1": _NULL,
    "null_as_an_alternative": _NULL,
    "references_wrapped_in_all_of": _ALL_OF,
    "components_split_into_parts": _ALL_OF,
    "parameters_hoisted": "it takes a parameter that moved to the path item for a removed one",
    "security_said_at_each_operation": "it does not see the document's own `security`, nor through a scheme's name",
    "enum_values_added": "it counts a new value in an answer as breaking; our enums are open, so here it is a warning",
    # Breaking here, harmless for redocly.
    "public_route_closed": "it does not see that without `security: []` the document's own `security` holds",
}


def opinions(redocly: str) -> dict[str, bool]:
    """Whether redocly takes each variant for breaking."""
    changes = SAME | ADDITIVE | {name: case.change for name, case in BREAKING.items()}
    found = {}
    # An empty folder: with a configuration of its own in it, redocly passes silently.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "base.json").write_text(json.dumps(variant()))
        for name, change in changes.items():
            Path(folder, "new.json").write_text(json.dumps(variant(change)))
            command = [
                redocly,
                "diff",
                "base.json",
                "new.json",
                "--format",
                "json",
                "-o",
                "out.json",
            ]
            subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
            found[name] = json.loads(Path(folder, "out.json").read_text())["summary"]["major"] > 0
            Path(folder, "out.json").unlink()
    return found


def main(redocly: str) -> int:
    """Print where the two differ, and whether that is written down."""
    told = opinions(str(Path(redocly).resolve()))
    differing = {name for name, breaks in told.items() if breaks != (name in BREAKING)}
    for name in sorted(differing | DIFFERS.keys()):
        known = DIFFERS.get(name, "NOT WRITTEN DOWN") if name in differing else "AGREES NOW"
        sys.stdout.write(f"{name}: {known}\n")
    sys.stdout.write(f"{len(told) - len(differing)} of {len(told)} agree\n")
    return int(differing != DIFFERS.keys())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
