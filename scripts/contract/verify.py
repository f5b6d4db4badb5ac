"""Step `check`, second half: every operation and class came out, whole and importable."""

import ast
import json
import subprocess
import sys
import warnings
from pathlib import Path

from .canonical import reachable
from .errors import StepError, listed
from .layout import PACKAGE
from .names import module_name
from .pointers import Object, join
from .refs import COMPONENT
from .routes import shape
from .schemas import is_enum

_IMPORT_ALL = """
import importlib, json, pathlib, sys, typing
sys.path.insert(0, sys.argv[1])
faults = {}
for file in sorted(pathlib.Path(sys.argv[1], sys.argv[2]).rglob("*.py")):
    parts = file.relative_to(sys.argv[1]).with_suffix("").parts
    try:
        module = importlib.import_module(
            ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        )
        for each in list(vars(module).values()):
            if getattr(each, "__module__", None) == module.__name__ and isinstance(each, type):
                # Reading evaluates them: what cannot be is a class without a use.
                typing.get_type_hints(each)
    except Exception as error:
        faults["/".join(parts[1:]) + ".py"] = f"{type(error).__name__}: {error}"
print(json.dumps(faults))
"""


def lost(document: Object, package: Path) -> dict[str, str]:
    """Return the operations of a named view that the package lacks or holds wrongly, by their
    pointers, with the reasons.

    Raises when something is wrong that belongs to no operation.
    """
    trees, files = _compiled(package)
    files |= _unimportable(package)
    faults: dict[str, str] = {}
    for path, method, operation in _operations(document):
        file = _endpoint(operation)
        if file in files:
            # A module that is no Python, or cannot be imported, has no other fault worth a word.
            reasons = [files[file]]
        else:
            reasons = _operation_faults(trees, path, method, operation)
        if reasons:
            faults[join("/paths", path, method)] = reasons[0]

    classes = {
        name: _class_fault(trees, files, name, each)
        for name, each in document["components"]["schemas"].items()
    }
    for path, method, operation in _operations(document):
        # A class that is lost takes along every operation that leads to it.
        for name in sorted(reachable(operation, document["components"]["schemas"])):
            if classes[name]:
                faults.setdefault(join("/paths", path, method), classes[name])
    _check_the_rest(document, trees, files)
    return faults


def _class_fault(
    trees: dict[str, ast.Module], files: dict[str, str], name: str, schema: Object
) -> str:
    file = f"models/{module_name(name)}.py"
    if file in files:
        return files[file]
    return next(iter(_class_faults(trees, name, schema)), "")


def _check_the_rest(document: Object, trees: dict[str, ast.Module], files: dict[str, str]) -> None:
    """Raise for what belongs to no operation and no class."""
    expected = _expected(document)
    strangers = _strangers(expected, trees)

    faults = [f"{name}: {why}" for name, why in files.items() if name not in expected]
    faults += [f"{name}: nothing in the contract asks for it" for name in strangers]
    if faults:
        raise StepError("check", "generating went wrong", why=listed(faults).strip())


def _operations(document: Object) -> list[tuple[str, str, Object]]:
    return [
        (path, method, item[method]) for path, item in document["paths"].items() for method in item
    ]


def _compiled(package: Path) -> tuple[dict[str, ast.Module], dict[str, str]]:
    """Return the modules that are Python, and what is wrong with those that are not."""
    trees: dict[str, ast.Module] = {}
    faults: dict[str, str] = {}
    with warnings.catch_warnings():
        # An invalid escape is a warning today, and an error in a later Python.
        warnings.simplefilter("error")
        for file in sorted(package.rglob("*.py")):
            name = file.relative_to(package).as_posix()
            try:
                tree = ast.parse(file.read_text(encoding="utf-8"), name)
                compile(tree, name, "exec")
                trees[name] = tree
            except (SyntaxError, ValueError, Warning, RecursionError) as error:
                faults[name] = f"the generated code is not valid Python: {error}"
    return trees, faults


def _endpoint(operation: Object) -> str:
    return f"api/{module_name(operation['tags'][0])}/{module_name(operation['operationId'])}.py"


def _operation_faults(
    trees: dict[str, ast.Module], path: str, method: str, operation: Object
) -> list[str]:
    route = f"{method.upper()} {path}"
    file = _endpoint(operation)
    if file not in trees:
        return [f"{route}: no module {file}"]
    declaration = _declaration(trees[file])
    if declaration is None:
        return [f"{route}: {file} declares no operation"]

    faults = []
    keywords = {str(keyword.arg): keyword.value for keyword in declaration.keywords}
    expected = len(operation["parameters"]) + ("requestBody" in operation)
    parameters = int("body" in keywords)
    for place in ("path", "query", "header", "cookie"):
        parameters += _entries(keywords.get(place))
    # Both what the declaration sends and what the functions take.
    if {parameters, _arguments(trees[file])} != {expected}:
        faults.append(f"{route}: {file} does not take its {expected} parameters")
    if _entries(keywords.get("answers")) != len(operation["responses"]):
        faults.append(f"{route}: {file} does not read its {len(operation['responses'])} answers")
    words = [_text(argument) for argument in declaration.args]
    if [*words[:1], *map(shape, words[1:])] != [method.upper(), shape(path)]:
        faults.append(f"{route}: {file} is another route")
    return faults


def _declaration(tree: ast.Module) -> ast.Call | None:
    """Return the call by which a generated module says what its operation is."""
    for node in tree.body:
        if not isinstance(node, ast.AnnAssign):
            continue

        value = node.value
        if _name(node.target) == "OPERATION" and isinstance(value, ast.Call):
            return value
    return None


def _arguments(tree: ast.Module) -> int:
    """Return how many arguments the functions of a generated module take, but for the client."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    function = functions.get("sync_detailed")
    if function is None:
        return -1

    # The client itself is one of them.
    return len([*function.args.args, *function.args.kwonlyargs]) - 1


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _entries(node: ast.expr | None) -> int:
    return len(node.keys) if isinstance(node, ast.Dict) else 0


def _text(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _class_faults(trees: dict[str, ast.Module], name: str, schema: Object) -> list[str]:
    file = f"models/{module_name(name)}.py"
    body = trees[file].body if file in trees else []
    classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name == name]
    if not classes:
        return [f"{COMPONENT}{name}: no class {name} in {file}"]

    if is_enum(schema):
        members = sum(isinstance(node, ast.Assign) for node in classes[0].body)
        expected = len(schema["enum"])
    else:
        members = len(_fields(classes[0]))
        expected = len(schema.get("properties", {})) + len(schema.get("x-local", {}))
    if members == expected:
        return []
    return [f"{COMPONENT}{name}: {members} of {expected} properties or values in {file}"]


def _fields(node: ast.ClassDef) -> set[str]:
    assigned = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
    return {target.id for target in assigned if isinstance(target, ast.Name)}


def _expected(document: Object) -> set[str]:
    """Return the modules that the named view asks for."""
    endpoints = {_endpoint(operation) for _, _, operation in _operations(document)}
    return endpoints | {
        f"models/{module_name(name)}.py" for name in document["components"]["schemas"]
    }


def _strangers(expected: set[str], trees: dict[str, ast.Module]) -> list[str]:
    """Return the modules that belong to nothing in the view: a class made twice under another
    name.
    """
    modules = {name for name in trees if name.startswith(("api/", "models/"))}
    packages = {name for name in modules if name.endswith("__init__.py")}
    return sorted(modules - packages - expected)


def _unimportable(package: Path) -> dict[str, str]:
    """Return the modules that cannot be imported, found in a process of its own: this one stays
    free of generated code.
    """
    command = [sys.executable, "-I", "-B", "-c", _IMPORT_ALL, str(package.parent), PACKAGE]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", timeout=300
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-3:]
        raise StepError(
            "check", "the generated code cannot be imported", why="\n         ".join(last)
        )
    faults: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return {name: f"the generated code cannot be imported: {why}" for name, why in faults.items()}
