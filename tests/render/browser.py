"""A real browser for tests: chromium without a window, without a network, with a fresh profile each
time.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)
needed = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")


def run(page: str | Path, *flags: str, size: tuple[int, int] = (1280, 1000)) -> str:
    """Open a page, or HTML text, and give what chromium prints."""
    assert CHROMIUM
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "page.html" if isinstance(page, str) else page
        if isinstance(page, str):
            path.write_text(page, encoding="utf-8")
        window = f"--window-size={size[0]},{size[1]}"
        command = [
            CHROMIUM,
            *_FLAGS,
            f"--user-data-dir={folder}/profile",
            window,
            *flags,
            path.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def screenshot(page: str | Path, target: Path, size: tuple[int, int]) -> Path:
    """The top of the page as a PNG."""
    run(page, f"--screenshot={target}", size=size)
    return target


def printed(page: str | Path, target: Path) -> Path:
    """The page on paper, as PDF."""
    run(page, "--no-pdf-header-footer", f"--print-to-pdf={target}")
    return target


def without_policy(page: str) -> str:
    """The page without its content security policy, which forbids scripts and any change of its
    style.
    """
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)


def ask(page: str, script: str, size: tuple[int, int] = (1280, 1000)) -> Any:
    """What an (async) script says about the page. Its policy forbids scripts, so a copy without it
    is asked.
    """
    asked = (
        f"<script>(async () => {{ {script} }})().then(said => {{"
        "const told = document.createElement('pre'); told.id = 'told';"
        "told.textContent = JSON.stringify(said); document.body.replaceChildren(told) })</script>"
    )
    printed = run(
        without_policy(page).replace("</body>", f"{asked}</body>"),
        "--dump-dom",
        "--virtual-time-budget=60000",
        size=size,
    )
    found = re.search(r'<pre id="told">(.*?)</pre>', printed, re.DOTALL)
    assert found, printed[-2000:]
    return json.loads(html.unescape(found[1]))


def axe(page: str, size: tuple[int, int] = (1280, 1000)) -> list[dict[str, Any]]:
    """What axe-core complains about."""
    source = (
        (files("axe_core_python") / "axe.min.js")
        .read_text(encoding="utf-8")
        .replace("</script", "<\\/script")
    )
    with_axe = page.replace("</body>", f"<script>{source}</script></body>")
    script = """
        const found = await axe.run(document, { resultTypes: ["violations"] });
        return found.violations.map(v => ({
            id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary)
        }));
    """
    violations: list[dict[str, Any]] = ask(with_axe, script, size)
    return violations
