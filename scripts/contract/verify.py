"""Step `check`, second half: that every operation and every class came out, whole and importable."""

import ast
import subprocess
import sys
import warnings
from pathlib import Path

from .errors import StepError, listed
from .layout import PACKAGE
from .names import module_name
from .pointers import Object
from .refs import COMPONENT
from .routes import shape
from .schemas import is_enum

_IMPORT_ALL = """
import importlib, pathlib, sys
sys.path.insert(0, sys.argv[1])
for file in sorted(pathlib.Path(sys.argv[1], sys.argv[2]).rglob("*.py")):
    parts = file.relative_to(sys.argv[1]).with_suffix("").parts
    importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
"""


def verify(document: Object, package: Path) -> None:
    """Raise when the package lacks anything that the named view has, or cannot be imported."""
    trees = _compiled(package)
    faults = [fault for path, method, operation in _operations(document)
              for fault in _operation_faults(trees, path, method, operation)]  # fmt: skip
    for name, schema in document["components"]["schemas"].items():
        faults += _class_faults(trees, name, schema)
    faults += _strangers(document, trees)
    if faults:
        raise StepError("check", "something was lost in generating", why=listed(faults).strip())
    _import(package)


def _operations(document: Object) -> list[tuple[str, str, Object]]:
    return [(path, method, item[method]) for path, item in document["paths"].items() for method in item]


def _compiled(package: Path) -> dict[str, ast.Module]:
    trees, faults = {}, []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file in sorted(package.rglob("*.py")):
            name = file.relative_to(package).as_posix()
            try:
                trees[name] = ast.parse(file.read_text(encoding="utf-8"), name)
                compile(trees[name], name, "exec")
            except (SyntaxError, ValueError, Warning) as error:
                faults.append(f"{name}: {error}")
    if faults:
        raise StepError("check", "the generated code is no Python", why=listed(faults).strip())
    return trees


def _endpoint(operation: Object) -> str:
    return f"api/{module_name(operation['tags'][0])}/{module_name(operation['operationId'])}.py"


def _operation_faults(trees: dict[str, ast.Module], path: str, method: str, operation: Object) -> list[str]:
    route, file = f"{method.upper()} {path}", _endpoint(operation)
    if file not in trees:
        return [f"{route}: no module {file}"]
    functions = {node.name: node for node in trees[file].body if isinstance(node, ast.FunctionDef)}
    if "_get_kwargs" not in functions or "_parse_response" not in functions:
        return [f"{route}: {file} lacks a function"]
    faults = []
    arguments = functions["_get_kwargs"].args
    wanted = len(operation["parameters"]) + ("requestBody" in operation)
    if len([*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]) != wanted:
        faults.append(f"{route}: {file} does not take its {wanted} parameters")
    if _route(functions["_get_kwargs"]) != (method, shape(path)):
        faults.append(f"{route}: {file} is another route")
    return faults


def _route(function: ast.FunctionDef) -> tuple[str, str]:
    """The method and the path that a generated function puts into a request."""
    found = {"method": "", "url": ""}
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in found:
                    found[str(key.value)] = _text(value)
    return found["method"], shape(found["url"])


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _class_faults(trees: dict[str, ast.Module], name: str, schema: Object) -> list[str]:
    file = f"models/{module_name(name)}.py"
    body = trees[file].body if file in trees else []
    classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name == name]
    if not classes:
        return [f"{COMPONENT}{name}: no class {name} in {file}"]
    if is_enum(schema):
        found, wanted = sum(isinstance(node, ast.Assign) for node in classes[0].body), len(schema["enum"])
    else:
        found, wanted = (
            len(_fields(classes[0]) - {"additional_properties"}),
            len(schema.get("properties", {})),
        )
    return [] if found == wanted else [f"{COMPONENT}{name}: {found} of {wanted} properties or values in {file}"]


def _fields(node: ast.ClassDef) -> set[str]:
    assigned = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
    return {target.id for target in assigned if isinstance(target, ast.Name)}


def _strangers(document: Object, trees: dict[str, ast.Module]) -> list[str]:
    """Modules that belong to nothing in the view: a class made twice under another name."""
    wanted = {_endpoint(operation) for _, _, operation in _operations(document)}
    wanted |= {f"models/{module_name(name)}.py" for name in document["components"]["schemas"]}
    made = {name for name in trees if name.startswith(("api/", "models/")) and not name.endswith("__init__.py")}
    return [f"{name}: nothing in the contract asks for it" for name in sorted(made - wanted)]


def _import(package: Path) -> None:
    """Import everything in a process of its own: this one stays free of code made from the vendor's text."""
    command = [sys.executable, "-I", "-B", "-c", _IMPORT_ALL, str(package.parent), PACKAGE]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=300)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-3:]
        raise StepError("check", "the generated code cannot be imported", why="\n         ".join(last))
