"""The asynchronous classes as they stand in their source: members, signatures, docstrings."""

from __future__ import annotations

import ast
import inspect
import sys
from itertools import pairwise
from types import ModuleType

from attrs import define, field, frozen

Function = ast.FunctionDef | ast.AsyncFunctionDef


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
    overloads: tuple[Function, ...] = ()
    """What type checkers see in its place, if anything."""


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
    overloads: list[Function] = []
    body = class_node(cls, module).body
    for node, following in pairwise([*body, None]):
        if isinstance(node, Function) and is_decorated(node, "overload"):
            overloads.append(node)
        elif isinstance(node, Function):
            own.append(Member(node.name, node, docstring(node), module, tuple(overloads)))
            overloads = []
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            # An attribute is a member when a docstring stands below it.
            doc = _text(following)
            if doc:
                own.append(Member(node.target.id, node, doc, module))
    return [member for member in own if not member.name.startswith("_")]


def class_node(cls: type, module: ModuleType) -> ast.ClassDef:
    """Return the definition of a class in the source of its module."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            return node
    raise LookupError(cls.__name__)


def _text(node: ast.stmt | None) -> str:
    constant = node.value if isinstance(node, ast.Expr) else None
    if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
        return constant.value
    return ""


def docstring(node: Function) -> str:
    """Return the docstring of a function as it is indented there, or an empty string."""
    return ast.get_docstring(node, clean=False) or ""


def result_of(node: Function) -> str:
    """Return the type that a function returns, as it is annotated."""
    return ast.unparse(node.returns) if node.returns else "None"


def is_decorated(node: Function, decorator: str) -> bool:
    """Return whether a function has this decorator."""
    return any(ast.unparse(item) == decorator for item in node.decorator_list)
