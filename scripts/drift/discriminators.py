"""The property that says which of several alternatives is meant, and its words, compared."""

from collections.abc import Iterator

from ..contract.pointers import join
from .findings import BREAKING, INFO, WARNING, Remark
from .unions import Place
from .use import Use


def discriminator_remarks(
    old: Place, new: Place, use: Use | None, *, sends: bool
) -> Iterator[Remark]:
    """Return what has changed in the discriminators of two schemas that both have one."""
    was = old.schema.get("discriminator")
    now = new.schema.get("discriminator")
    if not isinstance(was, dict) or not isinstance(now, dict):
        return
    pointer = join(old.pointer, "discriminator")
    before = was.get("propertyName")
    after = now.get("propertyName")
    if before != after:
        yield Remark(BREAKING, "discriminator-changed", pointer, before, after, use)

    old_words = set(was.get("mapping") or ())
    new_words = set(now.get("mapping") or ())
    for word in sorted(old_words - new_words):
        level = BREAKING if sends else INFO
        place = join(pointer, "mapping", word)
        yield Remark(level, "discriminator-word-removed", place, word, None, use)
    for word in sorted(new_words - old_words):
        level = INFO if sends else WARNING
        place = join(pointer, "mapping", word)
        yield Remark(level, "discriminator-word-added", place, None, word, use)
