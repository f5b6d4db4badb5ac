"""Webhooks compared, through the components that they refer to."""

from ..contract.pointers import Object, join
from .documents import Document
from .findings import INFO, WARNING, Finding, noting
from .fingerprints import Fingerprints


def compare_webhooks(old: Document, new: Document, found: list[Finding]) -> None:
    """Tell which webhooks have come, gone, or send something else."""
    note = noting(found, "")
    before, after = old.webhooks, new.webhooks
    marks = Fingerprints(before["components"]["schemas"], after["components"]["schemas"])
    mine, others = _bodies(before, marks, 0), _bodies(after, marks, 1)
    for name in sorted(mine.keys() - others.keys()):
        note(WARNING, "webhook-removed", join("/webhooks", name), name, None, None)
    for name in sorted(others.keys() - mine.keys()):
        note(INFO, "webhook-added", join("/webhooks", name), None, name, None)
    for name in sorted(mine.keys() & others.keys()):
        if mine[name] != others[name]:
            note(
                WARNING,
                "webhook-changed",
                join("/webhooks", name),
                name,
                "it sends or expects something else",
                None,
            )


def _bodies(hooks: Object, marks: Fingerprints, side: int) -> dict[str, list[str]]:
    """What each webhook sends and expects, as marks."""
    bodies: dict[str, list[str]] = {}
    for path, item in hooks["paths"].items():
        words = bodies.setdefault(path.removeprefix("/"), [])
        for method, operation in sorted(item.items()):
            holders = {"request": operation.get("requestBody", {}), **operation["responses"]}
            words += [
                f"{parameter['in']} {parameter['name']}" for parameter in operation["parameters"]
            ]
            for name, holder in sorted(holders.items()):
                for kind, media in sorted(holder.get("content", {}).items()):
                    words.append(
                        f"{method} {name} {kind} {marks.of(media.get('schema', {}), side)}"
                    )
    return bodies
