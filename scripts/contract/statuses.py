"""Which response of an operation speaks of a status."""

from .pointers import Object


def answering(status: str, responses: Object, *, tells_replays: bool) -> str | None:
    """Return which of the responses speaks of a status: its own, that of its range, or that of
    another success where the layer reads all of them alike.
    """
    status_range = f"{status[0]}XX"
    if status in responses:
        return status
    if status_range in responses:
        return status_range

    if tells_replays or not status.startswith("2"):
        return None

    others = [other for other in responses if other.startswith("2")]
    return min(others, default=None)
