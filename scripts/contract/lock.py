"""`contract.lock.json`: which document the client was generated from, and by what."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version

from .errors import StepError
from .layout import Layout
from .pointers import Object
from .source import Fetched


@dataclass(frozen=True)
class ContractLock:
    """A record of what belongs together: a document, the tools, the templates."""

    sha256: str
    source: str
    date: str
    generator: str
    ruff: str
    templates: str

    def to_json(self) -> Object:
        """Return what `contract.lock.json` holds."""
        return asdict(self)


def new_lock(fetched: Fetched, layout: Layout, today: date) -> ContractLock:
    """Return the lock for a document; while it is the same, source and date stay."""
    digest = hashlib.sha256(fetched.content).hexdigest()
    old = read_lock(layout)
    same = old is not None and old.sha256 == digest
    source, day = (old.source, old.date) if old and same else (fetched.origin, today.isoformat())
    return ContractLock(
        digest,
        source,
        day,
        version("openapi-python-client"),
        version("ruff"),
        templates_digest(layout),
    )


def read_lock(layout: Layout) -> ContractLock | None:
    """Return the committed lock, if there is one."""
    if not layout.contract_lock.exists():
        return None
    try:
        lock = ContractLock(**json.loads(layout.contract_lock.read_bytes()))
        date.fromisoformat(lock.date)
    except (ValueError, TypeError) as error:
        todo = "restore it from version control, or delete it"
        raise StepError(
            "lock", "openapi/contract.lock.json cannot be read", why=str(error), todo=todo
        ) from None
    return lock


def templates_digest(layout: Layout) -> str:
    """Return one hash over the templates and the settings of the generator."""
    # Python compiles modules of the runtime that are imported from here: those are no templates.
    templates = [
        file
        for file in layout.templates.rglob("*")
        if file.is_file() and file.parent.name != "__pycache__"
    ]
    files = [layout.config, layout.records, *templates]
    total = hashlib.sha256()
    for file in sorted(files):
        if not file.exists():
            continue
        name = file.relative_to(layout.openapi).as_posix().encode()
        total.update(b"%d:%s:%s" % (len(name), name, hashlib.sha256(file.read_bytes()).digest()))
    return total.hexdigest()
