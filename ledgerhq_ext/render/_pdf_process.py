"""Typst in a process of its own: it keeps what it has typeset, and a process that ends frees it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import typst

from ledgerhq_ext.errors import InputError

_PANIC = "PanicException"
_INTERPRETERS = ("python", "pypy")
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows shows one for a program of an app that has none itself."""
_REFUSED = 3
_PROGRAM = f"""
import json, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
job = json.load(sys.stdin.buffer)
sys.path[:] = job["path"]
import typst
try:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=job["fonts"])
    root = job["root"]
    compiler = typst.Compiler(job["main"], root=root, font_paths=fonts, package_path=root)
    pdf = compiler.compile(format="pdf", timestamp=0)
except BaseException as error:
    answer = json.dumps([type(error).__name__, str(error)])
    sys.stderr.buffer.write(answer.encode())
    sys.exit({_REFUSED})
sys.stdout.buffer.write(pdf)
"""
"""It imports typst and nothing else, so that it takes no more memory than typst does."""


class _NoProcessError(Exception):
    """No process can be started here: typst has to run in this one."""


def typeset_apart(main: Path, fonts: Path | None, description: str) -> bytes:
    """Return the PDF that typst makes of a file, in a process that ends with it.

    Where no process can be started, it is made in this one. ``fonts`` is a folder of more fonts;
    ``description`` says for an error message what is special about the document. Raises
    ``InputError`` for what typst refuses, and where the process was killed.
    """
    try:
        return _of_process(main, fonts, description)
    except _NoProcessError:
        return typeset(main, fonts_in(fonts), description)


def typeset(main: Path, fonts: typst.Fonts, description: str) -> bytes:
    """Return the PDF that typst makes of a file, in this process.

    Raises ``InputError`` for what typst refuses, and where it fails.
    """
    root = str(main.parent)
    try:
        compiler = typst.Compiler(str(main), root=root, font_paths=fonts, package_path=root)
        # The clock would change the bytes with every document.
        pdf = compiler.compile(format="pdf", timestamp=0)
    except Exception as error:
        raise _refusal(str(error), description) from error
    except BaseException as error:
        # A panic of typst is no Exception; whatever a stranger's text brings about must not end the
        # process.
        if type(error).__name__ != _PANIC:
            raise
        raise _failure(str(error), description) from error
    assert isinstance(pdf, bytes)
    return pdf


def fonts_in(folder: Path | None) -> typst.Fonts:
    """Return typst's own fonts and those of a folder, none of the system's."""
    folders = [str(folder)] if folder else []
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def _of_process(main: Path, fonts: Path | None, description: str) -> bytes:
    job = {
        "path": sys.path,
        "fonts": [str(fonts)] if fonts else [],
        "root": str(main.parent),
        "main": str(main),
    }
    try:
        # The interpreter that runs this.
        done = subprocess.run(  # noqa: S603
            [_python(), "-I", "-S", "-c", _PROGRAM],
            input=json.dumps(job).encode(),
            capture_output=True,
            check=False,
            creationflags=_NO_WINDOW,
        )
    except OSError as error:
        raise _NoProcessError from error

    # Of a host that ignores its children's ends, the status says nothing.
    if done.stdout.startswith(b"%PDF") and done.stdout.endswith(b"%%EOF"):
        return done.stdout
    if done.returncode == _REFUSED:
        kind, message = json.loads(done.stderr)
        raise (_failure if kind == _PANIC else _refusal)(message, description)
    if done.returncode > 0:
        raise _NoProcessError
    raise InputError(
        f"The process that typesets the document ended too early (status {done.returncode}), "
        "perhaps because the machine has no memory left. Try again, or write HTML instead."
    )


def _python() -> str:
    """Return the path of the interpreter; raise where a program has it built in."""
    executable = sys.executable or ""
    is_program = getattr(sys, "frozen", False)
    if is_program or not Path(executable).name.lower().startswith(_INTERPRETERS):
        raise _NoProcessError
    return executable


def _refusal(message: str, description: str) -> InputError:
    return InputError(f"typst cannot typeset this{description}: {message}")


def _failure(message: str, description: str) -> InputError:
    return InputError(f"typst failed to typeset this{description}: {message}. Write HTML instead.")
