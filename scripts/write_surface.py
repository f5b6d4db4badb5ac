"""Write the blocking surface from the asynchronous one: signature, docstring, and a line each.

    python -m scripts.write_surface            write the modules
    python -m scripts.write_surface --check    fail when one of them is not what would be written

The asynchronous classes are written by hand, or inherit what is. From them this script writes their
blocking twins, and the classes behind ``with_raw_response``. It also writes the table of public
names, from the imports of ``ledgerhq_ext/__init__.py``. Rules, by what a method is:

    async def                      run to its end
    returns an asynchronous class  its twin, over what the method returns
    returns Self                   the same class, over what the method returns
    class method                   the same lines
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import ModuleType

from scripts.files import write_text
from scripts.surface.names import NAMES_TARGET, names_text
from scripts.surface.targets import PACKAGES, TARGETS
from scripts.surface.writing import Writer

ROOT = Path(__file__).resolve().parents[1]


class _Stub(ModuleType):
    """Stands for a written module: it has every class that somebody imports from it."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def stub_written_modules() -> None:
    """Make the asynchronous classes importable, whatever state the written modules are in."""
    for name in ("ledgerhq_ext", *PACKAGES):
        package = ModuleType(name)
        package.__path__ = [str(ROOT.joinpath(*name.split(".")))]
        sys.modules[name] = package
    for target in TARGETS:
        sys.modules[f"ledgerhq_ext.{target}"] = _Stub(f"ledgerhq_ext.{target}")


def unstub(target: str) -> None:
    """Let a module that was written now be imported: other modules are written from it."""
    sys.modules.pop(f"ledgerhq_ext.{target}", None)


def write(target: str, text: str, is_check: bool) -> list[str]:
    """Write a module unless it is only a check; return its path if it was not that text."""
    path = (ROOT / "ledgerhq_ext").joinpath(*target.split(".")).with_suffix(".py")
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return []

    if not is_check:
        write_text(path, text)
    return [str(path.relative_to(ROOT))]


def main() -> int:
    """Write the modules, or check that they are what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    is_check = parser.parse_args().check

    stub_written_modules()
    package = ROOT / "ledgerhq_ext"
    stale = write(NAMES_TARGET, names_text(package), is_check)
    # In the order of TARGETS: later modules are written from earlier ones.
    for target in TARGETS:
        stale += write(target, Writer(target).text(), is_check)
        unstub(target)

    if is_check and stale:
        print(f"not what `make surface` writes: {', '.join(stale)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
