"""daogou (导购): the shopping guide any merchant can put on their own store."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("daogou")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+checkout"

__all__ = ["__version__"]
