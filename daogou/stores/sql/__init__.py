"""SQLite and PostgreSQL through SQLAlchemy, with migrations."""

from daogou.stores.sql.database import SqlDatabase

__all__ = ["SqlDatabase"]
