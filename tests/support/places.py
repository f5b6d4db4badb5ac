"""Where stores are in the tests: files, and databases of PostgreSQL."""

from __future__ import annotations


def is_file(place: str) -> bool:
    """Return whether a store is in SQLite."""
    return "://" not in place


def sqlalchemy_url(place: str, driver: str = "") -> str:
    """Return the place of a store as SQLAlchemy takes it; ``driver``: that of SQLite."""
    if is_file(place):
        return f"sqlite{driver}:///{place}"
    return place.replace("postgresql:", "postgresql+psycopg:")
