from __future__ import annotations

import pytest
from small_shop import BagEncoder

from daogou.answer import AnswerService


@pytest.fixture
def answers(small_database):
    return AnswerService(small_database, BagEncoder(), None)
