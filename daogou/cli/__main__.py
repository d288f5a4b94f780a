"""`python -m daogou.cli`."""

from daogou.cli import main

main()
