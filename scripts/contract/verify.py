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
    """The operations of a named view that the package lacks or holds wrongly, by their pointers,
    with the reasons.

    Raises when something is wrong that belongs to no operation.
    """
    trees, files = _compiled(package)
    files |= _unimportable(package)
    faults: dict[str, str] = {}
    for path, method, operation in _operations(document):
        file = _endpoint(operation)
        said = [files[file]] if file in files else _operation_faults(trees, path, method, operation)
        if said:
            faults[join("/paths", path, method)] = said[0]

    classes = {
        name: _class_fault(trees, files, name, each)
        for name, each in document["components"]["schemas"].items()
    }
    for path, method, operation in _operations(document):
        for name in sorted(reachable(operation, document["components"]["schemas"])):
            if classes[name]:
                faults.setdefault(join("/paths", path, method), classes[name])
    _check_the_rest(document, trees, files)
    return faults


def _class_fault(
    trees: dict[str, ast.Module], files: dict[str, str], name: str, schema: Object
) -> str:
    file = f"models/{module_name(name)}.py"
    said = [files[file]] if file in files else _class_faults(trees, name, schema)
    return next(iter(said), "")


def _check_the_rest(document: Object, trees: dict[str, ast.Module], files: dict[str, str]) -> None:
    """Raise for what belongs to no operation and no class."""
    known = _wanted(document)
    faults = [f"{name}: {why}" for name, why in files.items() if name not in known]
    faults += [f"{name}: nothing in the contract asks for it" for name in _strangers(known, trees)]
    if faults:
        raise StepError("check", "something went wrong in generating", why=listed(faults).strip())


def _operations(document: Object) -> list[tuple[str, str, Object]]:
    return [
        (path, method, item[method]) for path, item in document["paths"].items() for method in item
    ]


def _compiled(package: Path) -> tuple[dict[str, ast.Module], dict[str, str]]:
    """The modules that are Python, and what is wrong with those that are not."""
    trees: dict[str, ast.Module] = {}
    faults: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file in sorted(package.rglob("*.py")):
            name = file.relative_to(package).as_posix()
            try:
                tree = ast.parse(file.read_text(encoding="utf-8"), name)
                compile(tree, name, "exec")
                trees[name] = tree
            except (SyntaxError, ValueError, Warning, RecursionError) as error:
                faults[name] = f"the generated code is no Python: {error}"
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
    declared = _declaration(trees[file])
    if declared is None:
        return [f"{route}: {file} declares no operation"]
    faults = []
    keywords = {str(keyword.arg): keyword.value for keyword in declared.keywords}
    wanted = len(operation["parameters"]) + ("requestBody" in operation)
    taken = sum(
        _entries(keywords.get(place)) for place in ("path", "query", "header", "cookie")
    ) + ("body" in keywords)
    if {taken, _arguments(trees[file])} != {wanted}:
        faults.append(f"{route}: {file} does not take its {wanted} parameters")
    if _entries(keywords.get("answers")) != len(operation["responses"]):
        faults.append(f"{route}: {file} does not read its {len(operation['responses'])} answers")
    there = [_text(argument) for argument in declared.args]
    if [*there[:1], *map(shape, there[1:])] != [method.upper(), shape(path)]:
        faults.append(f"{route}: {file} is another route")
    return faults


def _declaration(tree: ast.Module) -> ast.Call | None:
    """The call by which a generated module says what its operation is."""
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.value, ast.Call)
            and _name(node.target) == "OPERATION"
        ):
            return node.value
    return None


def _arguments(tree: ast.Module) -> int:
    """Return how many arguments the functions of a generated module take, but for the client."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "sync_detailed":
            return len([*node.args.args, *node.args.kwonlyargs]) - 1
    return -1


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
        found, wanted = (
            sum(isinstance(node, ast.Assign) for node in classes[0].body),
            len(schema["enum"]),
        )
    else:
        found, wanted = (
            len(_fields(classes[0])),
            len(schema.get("properties", {})) + len(schema.get("x-local", {})),
        )
    return (
        []
        if found == wanted
        else [f"{COMPONENT}{name}: {found} of {wanted} properties or values in {file}"]
    )


def _fields(node: ast.ClassDef) -> set[str]:
    assigned = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
    return {target.id for target in assigned if isinstance(target, ast.Name)}


def _wanted(document: Object) -> set[str]:
    """The modules that the named view asks for."""
    wanted = {_endpoint(operation) for _, _, operation in _operations(document)}
    return wanted | {f"models/{module_name(name)}.py" for name in document["components"]["schemas"]}


def _strangers(wanted: set[str], trees: dict[str, ast.Module]) -> list[str]:
    """Modules that belong to nothing in the view: a class made twice under another name."""
    made = {
        name
        for name in trees
        if name.startswith(("api/", "models/")) and not name.endswith("__init__.py")
    }
    return sorted(made - wanted)


def _unimportable(package: Path) -> dict[str, str]:
    """The modules that cannot be imported, found in a process of its own: this one stays free of
    generated code.
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
