"""The extra ``cli``: the console script is there, and lists the companies of a firm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ledgerhq_ext import Connection, FileTokenStore

now = time.time()
connection = Connection(
    issuer=sys.argv[1],
    client_id="smoke",
    access_token=sys.argv[2],
    obtained_at=now,
    expires_at=now + 3_600,
)
script = Path(sys.executable).with_name("ledgerhq")
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "tokens.json"
    section = FileTokenStore(path).try_lock()
    assert section is not None
    with section:
        section.write(connection)
    run = subprocess.run(
        [str(script), "companies", "--json"],
        env={**os.environ, "LEDGERHQ_TOKEN_FILE": str(path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
assert run.returncode == 0, run.stderr
assert len(json.loads(run.stdout)["companies"]) == 4
