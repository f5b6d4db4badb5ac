"""Webhooks compared, through the components that they refer to."""

from collections.abc import Iterator

from ..contract.pointers import Object, join
from .documents import Document
from .findings import INFO, WARNING, Finding, Notes
from .fingerprints import Fingerprints


def compare_webhooks(old: Document, new: Document, findings: list[Finding]) -> None:
    """Tell which webhooks have come, gone, or send something else."""
    notes = Notes(findings, "")
    marks = Fingerprints(
        old.webhooks["components"]["schemas"], new.webhooks["components"]["schemas"]
    )
    before = _bodies(old.webhooks, marks, 0)
    after = _bodies(new.webhooks, marks, 1)
    for name in sorted(before.keys() - after.keys()):
        notes.say(WARNING, "webhook-removed", _at(name), name, None, None)
    for name in sorted(after.keys() - before.keys()):
        notes.say(INFO, "webhook-added", _at(name), None, name, None)
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            what = "it sends or expects something else"
            notes.say(WARNING, "webhook-changed", _at(name), name, what, None)


def _at(name: str) -> str:
    return join("/webhooks", name)


def _bodies(hooks: Object, marks: Fingerprints, side: int) -> dict[str, list[str]]:
    """Return what each webhook sends and expects, as marks."""
    bodies: dict[str, list[str]] = {}
    for path, item in hooks["paths"].items():
        words = bodies.setdefault(path.removeprefix("/"), [])
        for method, operation in sorted(item.items()):
            for parameter in operation["parameters"]:
                words.append(f"{parameter['in']} {parameter['name']}")
            for where, schema in _schemas(operation):
                words.append(f"{method} {where} {marks.of(schema, side)}")
    return bodies


def _schemas(operation: Object) -> Iterator[tuple[str, Object]]:
    """Return the schemas of the bodies of an operation, each with where it stands."""
    holders = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for name, holder in sorted(holders.items()):
        for media_type, media in sorted(holder.get("content", {}).items()):
            yield f"{name} {media_type}", media.get("schema", {})
