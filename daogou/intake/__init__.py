"""Files, feeds and event streams in; valid records, and rejects with their reason, out."""

from daogou.intake.columns import known_fields
from daogou.intake.importing import ImportProgress, ImportReport, import_files
from daogou.intake.options import KINDS, Accepted, ImportOptions, Kind, Rejected
from daogou.intake.reading import read
from daogou.intake.recognise import Recognised, recognise

__all__ = [
    "KINDS",
    "Accepted",
    "ImportOptions",
    "ImportProgress",
    "ImportReport",
    "Kind",
    "Recognised",
    "Rejected",
    "import_files",
    "known_fields",
    "read",
    "recognise",
]
