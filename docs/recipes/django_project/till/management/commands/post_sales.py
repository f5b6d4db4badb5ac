"""`python manage.py post_sales`: the worker."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from till.ledger import hq, outbox, store


class Command(BaseCommand):
    """Post what is in the outbox, until SIGTERM or Ctrl-C."""

    help = "Post what is in the outbox, until SIGTERM or Ctrl-C."

    def handle(self, *_: Any, **__: Any) -> None:
        """Post. What is being sent at a signal ends first, and its receipt is stored."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        outbox.run(lambda _: hq, stop=stop.is_set)
        hq.close()
        store.close()
