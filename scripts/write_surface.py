"""Write the blocking surface from the asynchronous one: signature, docstring, and a line each.

    python -m scripts.write_surface            write the modules
    python -m scripts.write_surface --check    fail when one of them is not what would be written

The asynchronous classes are written by hand, or inherit what is. From them this script writes their
blocking twins, and the classes behind ``with_raw_response``. Rules, by what a method is:

    async def                      run to its end
    returns an asynchronous class  its twin, over what the method returns
    returns Self                   the same class, over what the method returns
    class method                   the same lines
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from attrs import define, field, frozen

from scripts.files import write_text

ROOT = Path(__file__).resolve().parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef

HEADER = '''"""{doc}

Written by ``python -m scripts.write_surface``; do not edit. Edit {source}.
"""

from __future__ import annotations

'''


@frozen(kw_only=True)
class Twin:
    """An asynchronous class, and the blocking one that is written from it."""

    source: str
    """The module of the asynchronous class, below ``ledgerhq_ext``."""
    name: str
    doc: str
    target: str
    """The module that is written."""

    @property
    def awaiting(self) -> str:
        """The name of the asynchronous class."""
        return f"Async{self.name}"


@frozen(kw_only=True)
class Raw:
    """The class behind ``with_raw_response`` of an asynchronous class."""

    source: str
    name: str
    without: frozenset[str]
    """Methods that may send nothing, or return the response anyway."""


TARGETS = {
    "_raw_responses": "Calls that return their response too: the classes behind ``with_raw_response``.",
    "blocking": "The blocking clients: every method runs its asynchronous twin to its end.",
    "review._blocking": "Bank review, blocking.",
    "store._blocking": "The blocking outbox and mappings: every method runs its asynchronous twin.",
}
RAW_TARGET = "_raw_responses"
PACKAGES = ("ledgerhq_ext.review", "ledgerhq_ext.store")
"""Packages whose own imports need the written modules."""
RAWS = (
    Raw(
        source="client",
        name="AsyncOrganization",
        without=frozenset({"cents", "check", "record", "period", "request", "call"}),
    ),
    Raw(
        source="client",
        name="AsyncLedgerHQ",
        without=frozenset(
            {
                "authorization_request",
                "call",
                "close",
                "connect",
                "disconnect",
                "register_client",
                "request",
            }
        ),
    ),
)
TWINS = (
    Twin(
        source="client",
        name="Organization",
        doc="One client company, and all that belongs to it. Made by ``LedgerHQ.organization``.",
        target="blocking",
    ),
    Twin(
        source="client",
        name="LedgerHQ",
        doc="""A connection to LedgerHQ as a firm. Safe to share between threads; use as a context manager.

    After a fork the child makes its own connections; share a client between processes by a token
    store, not by the object.""",
        target="blocking",
    ),
    Twin(
        source="_raw_responses",
        name="OrganizationWithRawResponse",
        doc="The calls of an organization; each returns its response too, as a ``RawResponse``.",
        target="blocking",
    ),
    Twin(
        source="_raw_responses",
        name="LedgerHQWithRawResponse",
        doc="The calls of a firm; each returns its response too, as a ``RawResponse``.",
        target="blocking",
    ),
    Twin(
        source="store._outbox",
        name="Outbox",
        doc="The outbox of a store; made by ``Store.outbox``. Safe to share between threads and processes.",
        target="store._blocking",
    ),
    Twin(
        source="store._mapping",
        name="Clients",
        doc="The partner's clients and their organizations; ``Store.clients``.",
        target="store._blocking",
    ),
    Twin(
        source="store._mapping",
        name="AccountLinks",
        doc="The partner's accounts in one organization; ``Store.accounts``.",
        target="store._blocking",
    ),
)
FUNCTIONS = {
    "review._blocking": (
        ("review._applying", "async_apply"),
        ("review._reading", "async_read_table"),
    ),
}
"""Written module -> the asynchronous functions that its blocking twins are written from."""
HAND_WRITTEN_TWINS = {"AsyncPages": "ledgerhq_ext._resources.pages.Pages"}
TYPES = {
    "httpx.AsyncClient": "httpx.Client",
    "httpx.AsyncBaseTransport": "httpx.BaseTransport",
    "Callable[[float], Awaitable[object]]": "Callable[[float], object]",
    "AwaitingIO": "BlockingIO",
}


@define
class Imports:
    """The imports of a written module, for the names it uses."""

    own: frozenset[str]
    """Names that the written module defines itself."""
    lines: set[str] = field(factory=set)

    def need(self, node: ast.AST, module: ModuleType) -> None:
        """Import whatever names of a module stand in a piece of its code."""
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                self._need_name(part.id, module)

    def _need_name(self, name: str, module: ModuleType) -> None:
        if name in self.own or not hasattr(module, name):
            return
        value = getattr(module, name)
        if not inspect.ismodule(value):
            self.add(f"from {_origin(name, module)} import {name}")
        elif value.__name__ == name:
            self.add(f"import {name}")
        else:
            self.add(f"import {value.__name__} as {name}")

    def add(self, line: str) -> None:
        """Import by a whole statement."""
        self.lines.add(line)


def _origin(name: str, module: ModuleType) -> str:
    """Return the module that a name of a module was imported from, or the module itself."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ImportFrom) and node.module and _imports(node, name):
            return node.module
    return module.__name__


def _imports(node: ast.ImportFrom, name: str) -> bool:
    names = [alias.asname or alias.name for alias in node.names]
    return name in names


@frozen
class Member:
    """A public member of a class, as it stands in its source."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.AnnAssign
    doc: str
    module: ModuleType


def members(cls: type) -> list[Member]:
    """Return the public members of a class and its bases, in the order of their definition."""
    names: dict[str, Member] = {}
    for base in cls.__mro__:
        if not base.__module__.startswith("ledgerhq_ext"):
            continue
        module = sys.modules[base.__module__]
        # The first one is the one that Python calls.
        for member in _own_members(base, module):
            names.setdefault(member.name, member)
    return list(names.values())


def _own_members(cls: type, module: ModuleType) -> list[Member]:
    own: list[Member] = []
    body = _class_node(cls, module).body
    for node, following in pairwise([*body, None]):
        if isinstance(node, Function):
            own.append(Member(node.name, node, _docstring(node), module))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            # An attribute is a member when a docstring stands below it.
            doc = _text(following)
            if doc:
                own.append(Member(node.target.id, node, doc, module))
    return [member for member in own if not member.name.startswith("_")]


def _class_node(cls: type, module: ModuleType) -> ast.ClassDef:
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            return node
    raise LookupError(cls.__name__)


def _text(node: ast.stmt | None) -> str:
    constant = node.value if isinstance(node, ast.Expr) else None
    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
        return constant.value
    return ""


def _docstring(node: Function) -> str:
    return ast.get_docstring(node, clean=False) or ""


def _result(node: Function) -> str:
    """Return the type that a function returns, as it is annotated."""
    return ast.unparse(node.returns) if node.returns else "None"


def _is_decorated(node: Function, decorator: str) -> bool:
    return any(ast.unparse(item) == decorator for item in node.decorator_list)


def _forwarded(arguments: ast.arguments, awaiting: set[str], *, skip: int = 1) -> str:
    """Return the arguments of a call that passes on all that a method was called with."""
    values: list[str] = []
    for argument in [*arguments.posonlyargs, *arguments.args][skip:]:
        values.append(_value(argument, awaiting))
    if arguments.vararg:
        values.append(f"*{arguments.vararg.arg}")
    for argument in arguments.kwonlyargs:
        values.append(f"{argument.arg}={_value(argument, awaiting)}")
    if arguments.kwarg:
        values.append(f"**{arguments.kwarg.arg}")
    return ", ".join(values)


def _value(argument: ast.arg, awaiting: set[str]) -> str:
    """Return the value to pass on: the argument, or the core of a blocking handle."""
    name = argument.arg
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    handle, _, rest = annotation.partition(" | ")
    if handle not in awaiting or rest not in ("", "None"):
        return name

    core = f'core_of({name}, "{name}")'
    if rest == "None":
        return f"None if {name} is None else {core}"
    return core


class Writer:
    """Writes one module."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.twins = {twin.awaiting: twin.name for twin in TWINS}
        self.twins |= {name: path.rpartition(".")[2] for name, path in HAND_WRITTEN_TWINS.items()}
        own = {twin.name for twin in TWINS if twin.target == target}
        if target == RAW_TARGET:
            own |= {f"{raw.name}WithRawResponse" for raw in RAWS}
        self.imports = Imports(frozenset(own))
        self.sources: set[str] = set()
        self.parts: list[str] = []

    def text(self) -> str:
        """Return the module's source, formatted."""
        if self.target == RAW_TARGET:
            for raw in RAWS:
                self._write_raw(raw)
        for twin in TWINS:
            if twin.target == self.target:
                self._write_twin(twin)
        for module, name in FUNCTIONS.get(self.target, ()):
            self._write_function(module, name)

        sources = ", ".join(f"``{name}``" for name in sorted(self.sources))
        header = HEADER.format(doc=TARGETS[self.target], source=sources)
        imports = "\n".join(sorted(self.imports.lines))
        body = "\n\n".join(self.parts)
        return _formatted(f"{header}{imports}\n\n\n{body}", f"{self.target}.py")

    # --- blocking twins

    def _write_twin(self, twin: Twin) -> None:
        module = importlib.import_module(f"ledgerhq_ext.{twin.source}")
        cls = getattr(module, twin.awaiting)
        self.sources.add(twin.source)
        self.imports.add(f"from {module.__name__} import {twin.awaiting}")
        self.imports.add("from ledgerhq_ext._handle import Handle, core_of")
        lines = [
            f"class {twin.name}(Handle[{twin.awaiting}]):",
            f'    """{twin.doc}"""',
            "",
        ]
        init = vars(cls).get("__init__")
        if init is not None and twin.source == "client":
            lines += self._init(cls, module, twin)
        for member in members(cls):
            lines += self._twin_member(member)
        if "__aenter__" in vars(cls):
            lines += self._context(cls, module)
        self.parts.append("\n".join(lines) + "\n")

    def _init(self, cls: type, module: ModuleType, twin: Twin) -> list[str]:
        for node in _class_node(cls, module).body:
            if isinstance(node, Function) and node.name == "__init__":
                self._need(node, module)
                session = ast.unparse(node.body[-1]).removeprefix("self._session = ")
                body = f"self._core = {twin.awaiting}._of({session})"
                return self._function(node, "__init__", _docstring(node), body)
        raise LookupError("__init__")

    def _context(self, cls: type, module: ModuleType) -> list[str]:
        lines: list[str] = []
        bodies = {"__aenter__": "return self", "__aexit__": "self.close()"}
        for node in _class_node(cls, module).body:
            if isinstance(node, Function) and node.name in bodies:
                self._need_signature(node, module)
                name = node.name.replace("__a", "__")
                lines += self._function(node, name, "", bodies[node.name])
        return lines

    def _twin_member(self, member: Member) -> list[str]:
        node = member.node
        if isinstance(node, ast.AnnAssign):
            return [
                "    @property",
                f"    def {member.name}(self) -> "
                f"{self._annotation(node.annotation, member.module)}:",
                f'        """{member.doc}"""',
                f"        return self._core.{member.name}",
                "",
            ]
        if _is_decorated(node, "classmethod"):
            self._need(node, member.module)
            body = "\n".join(ast.unparse(line) for line in node.body[1:])
            return self._function(node, member.name, member.doc, body, "@classmethod")

        self._need_signature(node, member.module)
        arguments = _forwarded(node.args, set(self.twins))
        is_property = _is_decorated(node, "property")
        call = f"self._core.{member.name}"
        if not is_property:
            call = f"{call}({arguments})"

        result = _result(node)
        root = result.partition("[")[0]
        if isinstance(node, ast.AsyncFunctionDef):
            self.imports.add("from ledgerhq_ext._http.io import run")
            call = f"run({call})"
        elif root in self.twins:
            call = f"{self.twins[root]}._of({call})"
        elif root == "Self":
            call = f"self._of({call})"

        body = call if result == "None" else f"return {call}"
        decorator = "@property" if is_property else ""
        return self._function(node, member.name, member.doc, body, decorator)

    def _write_function(self, source: str, name: str) -> None:
        module = importlib.import_module(f"ledgerhq_ext.{source}")
        self.sources.add(source)
        self.imports.add(f"from {module.__name__} import {name}")
        self.imports.add("from ledgerhq_ext._handle import core_of")
        self.imports.add("from ledgerhq_ext._http.io import run")
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, Function) and node.name == name:
                self._need_signature(node, module)
                arguments = _forwarded(node.args, set(self.twins), skip=0)
                body = f"return run({name}({arguments}))"
                lines = self._function(node, name.removeprefix("async_"), _docstring(node), body)
                self.parts.append(textwrap.dedent("\n".join(lines)))

    # --- with_raw_response

    def _write_raw(self, raw: Raw) -> None:
        module = importlib.import_module(f"ledgerhq_ext.{raw.source}")
        self.sources.add(raw.source)
        self.imports.add("from typing import TYPE_CHECKING")
        self.imports.add("from ledgerhq_ext._resources.open_door import RawResponse")
        self.imports.add("from ledgerhq_ext._resources.recording import with_response")
        noun = "an organization" if raw.name.endswith("Organization") else "a firm"
        lines = [
            f"class {raw.name}WithRawResponse:",
            f'    """The calls of {noun}; each returns its response too, as a ``RawResponse``."""',
            "",
            f"    def __init__(self, handle: {raw.name}) -> None:",
            "        self._handle = handle",
            "",
        ]
        for member in members(getattr(module, raw.name)):
            if member.name not in raw.without:
                lines += self._raw_member(member)
        self.parts.append("\n".join(lines) + "\n")

    def _raw_member(self, member: Member) -> list[str]:
        node = member.node
        # What is not a coroutine sends nothing, and has no response.
        if not isinstance(node, ast.AsyncFunctionDef):
            return []
        self._need_signature(node, member.module)
        arguments = _forwarded(node.args, set())
        call = f"lambda handle: handle.{member.name}({arguments})"
        body = f"return await with_response(self._handle, {call})"
        result = f"RawResponse[{ast.unparse(node.returns)}]" if node.returns else "None"
        return self._function(node, member.name, member.doc, body, result=result, is_async=True)

    # --- pieces

    def _function(
        self,
        node: Function,
        name: str,
        doc: str,
        body: str,
        decorator: str = "",
        *,
        result: str | None = None,
        is_async: bool = False,
    ) -> list[str]:
        signature = f"def {name}({ast.unparse(node.args)}) -> {result or _result(node)}:"
        if is_async:
            signature = f"async {signature}"
        else:
            signature = self._translated(signature)
            body = self._translated(body)

        lines = [f"    {decorator}"] if decorator else []
        lines.append(f"    {signature}")
        if doc:
            lines.append(f'        """{doc}"""')
        lines.append(textwrap.indent(body, "        "))
        lines.append("")
        return lines

    def _need_signature(self, node: Function, module: ModuleType) -> None:
        self._need(node.args, module)
        if node.returns:
            self._need(node.returns, module)

    def _need(self, node: ast.AST, module: ModuleType) -> None:
        self.imports.need(node, module)
        if self.target == RAW_TARGET:
            return
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                self._need_twin(part.id)

    def _need_twin(self, name: str) -> None:
        """Import the blocking class that stands in the place of an asynchronous one."""
        if name == "AwaitingIO":
            self.imports.add("from ledgerhq_ext._http.io import BlockingIO")
        for twin in TWINS:
            if twin.awaiting == name and twin.target != self.target:
                self.imports.add(f"from ledgerhq_ext.{twin.target} import {twin.name}")
        if name in HAND_WRITTEN_TWINS:
            path, _, twin_name = HAND_WRITTEN_TWINS[name].rpartition(".")
            self.imports.add(f"from {path} import {twin_name}")

    def _annotation(self, node: ast.expr, module: ModuleType) -> str:
        self._need(node, module)
        return self._translated(ast.unparse(node))

    def _translated(self, code: str) -> str:
        for awaiting, blocking in TYPES.items():
            code = code.replace(awaiting, blocking)
        # Only whole types: the body of ``__init__`` names the asynchronous class on purpose.
        if "._of(new_session" in code:
            return code
        for awaiting, blocking in self.twins.items():
            code = code.replace(awaiting, blocking)
        return code


def _formatted(source: str, name: str) -> str:
    """Return the source as ruff formats it, without the imports that nothing uses."""
    if name == f"{RAW_TARGET}.py":
        source = _with_type_checking(source)
    tidy_imports = ["check", "--fix", "--exit-zero", "--quiet", "--select", "I,F401", "-"]
    for command in (tidy_imports, ["format", "-"]):
        completed = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", f"ledgerhq_ext/{name}"],
            input=source,
            capture_output=True,
            encoding="utf-8",
            check=True,
            cwd=ROOT,
        )
        source = completed.stdout
    return source


def _with_type_checking(source: str) -> str:
    """Return the source with its client imported for type checkers only: the client imports it."""
    lines = source.splitlines()
    last = max(at for at, line in enumerate(lines) if line.startswith(("import ", "from ")))
    names = ", ".join(raw.name for raw in RAWS)
    guard = ["", "if TYPE_CHECKING:", f"    from ledgerhq_ext.client import {names}", ""]
    return "\n".join([*lines[: last + 1], *guard, *lines[last + 1 :]]) + "\n"


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


def main() -> int:
    """Write the modules, or check that they are what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    is_check = parser.parse_args().check

    stub_written_modules()
    stale: list[str] = []
    # In the order of TARGETS: later modules are written from earlier ones.
    for target in TARGETS:
        path = (ROOT / "ledgerhq_ext").joinpath(*target.split(".")).with_suffix(".py")
        text = Writer(target).text()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
            if not is_check:
                write_text(path, text)
        unstub(target)

    if is_check and stale:
        print(f"not what `make surface` writes: {', '.join(stale)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
