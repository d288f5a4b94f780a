"""HTTP, streaming and the page; one table from error to status."""

from daogou.serve.app import create_app
from daogou.serve.errors import STATUS, status_of

__all__ = ["STATUS", "create_app", "status_of"]
