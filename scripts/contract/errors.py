"""How a step says that it failed."""


class StepError(Exception):
    """An expected fault: the step that failed, what happened, why, and what to do about it."""

    def __init__(self, step: str, what: str, *, why: str = "", todo: str = "") -> None:
        super().__init__(step, what, why, todo)
        self.step = step
        self.what = what
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        lines = [f"step {self.step}: {self.what}"]
        if self.why:
            lines.append(f"  why:   {self.why}")
        if self.todo:
            lines.append(f"  to do: {self.todo}")
        return "\n".join(lines)


def listed(items: list[str], most: int = 10) -> str:
    """Return `items` one per line, indented, with a count of those left out."""
    lines = [f"\n    - {item}" for item in items[:most]]
    if len(items) > most:
        lines.append(f"\n    and {len(items) - most} more")
    return "".join(lines)


# What a step meets in a document that has not the form OpenAPI wants.
UNREADABLE = (StepError, AttributeError, KeyError, TypeError, ValueError, RecursionError)


def reason(error: BaseException) -> str:
    """Return why a part of the contract cannot be read, in one line."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if not isinstance(error, StepError):
        kind = type(error).__name__
        return f"it does not have the form that OpenAPI requires ({kind}: {error!s:.120})"
    if not error.why:
        return error.what
    return f"{error.what}: {error.why}"
