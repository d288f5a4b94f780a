"""HTTP, streaming and the page; one table from error to status. The views also word the command line's JSON."""

from daogou.serve.app import create_app
from daogou.serve.errors import STATUS, status_of
from daogou.serve.filters import parse_filters
from daogou.serve.talk_views import AnswerView, CopyView
from daogou.serve.views import Presenter

__all__ = ["STATUS", "AnswerView", "CopyView", "Presenter", "create_app", "parse_filters", "status_of"]
