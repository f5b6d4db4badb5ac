"""A written module: a twin for each asynchronous member, of a line each."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from types import ModuleType

from scripts.surface.formatting import formatted
from scripts.surface.reading import (
    Function,
    Imports,
    Member,
    class_node,
    docstring,
    is_decorated,
    members,
    result_of,
)
from scripts.surface.targets import (
    FUNCTIONS,
    HAND_WRITTEN_TWINS,
    RAW_TARGET,
    RAWS,
    TARGETS,
    TWINS,
    TYPES,
    Raw,
    Twin,
)

HEADER = '''"""{doc}

Written by ``python -m scripts.write_surface``; do not edit.
Edit {source}.
"""

from __future__ import annotations

'''


class Writer:
    """Writes one module, with the imports that its members need."""

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
        return formatted(f"{header}{imports}\n\n\n{body}", f"{self.target}.py")

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
        for node in class_node(cls, module).body:
            if isinstance(node, Function) and node.name == "__init__":
                self._need(node, module)
                session = ast.unparse(node.body[-1]).removeprefix("self._session = ")
                body = f"self._core = {twin.awaiting}._of({session})"
                return self._function(node, "__init__", docstring(node), body)
        raise LookupError("__init__")

    def _context(self, cls: type, module: ModuleType) -> list[str]:
        lines: list[str] = []
        bodies = {"__aenter__": "return self", "__aexit__": "self.close()"}
        for node in class_node(cls, module).body:
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
        if is_decorated(node, "classmethod"):
            self._need(node, member.module)
            body = "\n".join(ast.unparse(line) for line in node.body[1:])
            return self._function(node, member.name, member.doc, body, "@classmethod")

        self._need_signature(node, member.module)
        arguments = _forwarded(node.args, set(self.twins))
        is_property = is_decorated(node, "property")
        call = f"self._core.{member.name}"
        if not is_property:
            call = f"{call}({arguments})"
        coroutine = call

        result = result_of(node)
        root = result.partition("[")[0]
        if isinstance(node, ast.AsyncFunctionDef):
            self.imports.add("from ledgerhq_ext._http.io import run")
            call = f"run({call})"
        elif root in self.twins:
            call = f"{self.twins[root]}._of({call})"
        elif root == "Self":
            call = f"self._of({call})"

        body = call if result == "None" else f"return {call}"
        if member.overloads:
            # A type checker makes of the results of all overloads what they have in common.
            self.imports.add("from collections.abc import Coroutine")
            body = f"call: Coroutine[Any, Any, {result}] = {coroutine}\nreturn run(call)"
        decorator = "@property" if is_property else ""
        lines = self._overloads(member)
        return lines + self._function(node, member.name, member.doc, body, decorator)

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
                lines = self._function(node, name.removeprefix("async_"), docstring(node), body)
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
        lines = self._overloads(member, is_raw=True)
        return lines + self._function(
            node, member.name, member.doc, body, result=_raw_result(node), is_async=True
        )

    # --- pieces

    def _overloads(self, member: Member, *, is_raw: bool = False) -> list[str]:
        lines: list[str] = []
        for node in member.overloads:
            self._need(node, member.module)
            result = _raw_result(node) if is_raw else None
            lines += self._function(
                node, member.name, "", "...", "@overload", result=result, is_async=is_raw
            )
        return lines

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
        signature = f"def {name}({ast.unparse(node.args)}) -> {result or result_of(node)}:"
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

        # Also the names inside an annotation, such as the items of a list.
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                self._need_twin(part.id)

    def _need_twin(self, name: str) -> None:
        """Import the blocking class that stands in the place of an asynchronous one."""
        if name == "AwaitingIO":
            self.imports.add("from ledgerhq_ext._http.io import BlockingIO")

        # A class of the module that is being written needs no import.
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


def _raw_result(node: Function) -> str:
    return f"RawResponse[{ast.unparse(node.returns)}]" if node.returns else "None"


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

    core = f'core_of({name}, {handle}, "{name}")'
    if rest == "None":
        return f"None if {name} is None else {core}"
    return core
