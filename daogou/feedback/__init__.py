"""What was shown and what followed: kept as events, told to whoever counts them, joined into labels."""

from daogou.feedback.labels import OUTCOMES, Label, labels
from daogou.feedback.recorder import SHOWN, Observer, Recorder

__all__ = ["OUTCOMES", "SHOWN", "Label", "Observer", "Recorder", "labels"]
