"""The command line, one file per group of commands. Rooms are imported inside the commands: `--help` stays quick."""

from __future__ import annotations

import os
import sys

from daogou.cli.app import app
from daogou.errors import DaogouError

__all__ = ["app", "main"]


def main() -> None:
    """Runs a command. An error of ours is one message on stderr and its own exit status; there is no traceback."""
    try:
        app()
    except DaogouError as failure:
        print(f"daogou: {failure}", file=sys.stderr)
        sys.exit(failure.exit_status)
    except KeyboardInterrupt:
        print("daogou: stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (`| head`) has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
