"""What a fresh process costs until its first response, beside bare httpx: pair by pair.

`python -m scripts.bench.start` prints medians and quartiles of the ratios of processor time, which
other load changes less than the time on the clock. Both sides run as where only the core is
installed: where click, trio or h2 are there, httpx imports them too, which hides what we add.
Both find their bytecode, as installed packages do, also where the environment has none written.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from scripts.bench.ratios import Ratio, ratio_of
from scripts.bench.service import ORGANIZATION, service

AIM = 1.10
PAIRS = 12

_EXTRAS_OF_HTTPX = ("click", "trio", "h2", "socksio", "brotli", "brotlicffi", "zstandard")
_CORE_ALONE = f"import sys; sys.modules.update(dict.fromkeys({_EXTRAS_OF_HTTPX!r}))\n"
_IMPORTS = {"ours": "from ledgerhq_ext import LedgerHQ", "other": "import httpx"}
FIRST_RESPONSE = {
    "ours": f"""
from ledgerhq_ext import LedgerHQ
with LedgerHQ(access_token="bench", base_url=sys.argv[1]) as hq:
    hq.organization({ORGANIZATION!r}).bank_transaction("bt_0")
""",
    "other": """
import httpx
with httpx.Client(base_url=sys.argv[1], headers={"authorization": "Bearer bench"}) as client:
    client.get("/api/v1/bank-transactions/bt_0").json()
""",
}
_MEASURES = {"import": _IMPORTS, "start to first response": FIRST_RESPONSE}


def seconds(code: str, base_url: str, bytecode: str) -> float:
    """Return the seconds of a processor that a fresh process needs for some code.

    ``bytecode`` is the folder that has its bytecode, from the second time on.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", _CORE_ALONE + code, base_url]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONPYCACHEPREFIX": bytecode,
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratios() -> Iterator[Ratio]:
    """Yield the ratios of an import and of a first response."""
    with service() as base_url, tempfile.TemporaryDirectory() as bytecode:
        for name, codes in _MEASURES.items():
            yield ratio_of_codes(name, AIM, codes, base_url, bytecode)


def ratio_of_codes(
    name: str, aim: float | None, codes: dict[str, str], base_url: str, bytecode: str
) -> Ratio:
    """Return how a process that runs our code relates to one that runs the other."""

    def ours() -> float:
        """Return the seconds that a process with the layer takes."""
        return seconds(codes["ours"], base_url, bytecode)

    def other() -> float:
        """Return the seconds of the process that it is compared with."""
        return seconds(codes["other"], base_url, bytecode)

    # The first time, bytecode is written.
    ours()
    other()
    return ratio_of(name, aim, ours, other, pairs=PAIRS)


def report() -> bool:
    """Print the ratios; return whether they are within their aims."""
    print("\nStart: processor time of a fresh process to that of bare httpx (1.00)")
    holds = True
    for each in ratios():
        print(each, flush=True)
        holds = holds and each.holds
    return holds


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
