"""What happens when the project starts."""

from django.apps import AppConfig


class TillConfig(AppConfig):
    """The till, whose database holds the outbox too."""

    name = "till"

    def ready(self) -> None:
        """Make the store's tables, before Django opens a file that others could read."""
        from till.ledger import outbox

        outbox.status()
