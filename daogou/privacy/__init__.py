"""Finds and masks personal data; exports and erases what is kept about a shopper."""

from daogou.privacy.detectors import Span
from daogou.privacy.mask import find, mask
from daogou.privacy.shopper import erase_shopper, export_shopper

__all__ = ["Span", "erase_shopper", "export_shopper", "find", "mask"]
