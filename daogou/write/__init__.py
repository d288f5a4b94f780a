"""Grounded copy: text for (product, audience, channel) whose every claim is in the record, advertising law checked."""

from daogou.write.advertising import Restricted, restricted
from daogou.write.channels import CHANNELS, KINDS
from daogou.write.prompts import PROMPT_VERSION
from daogou.write.service import WriteService

__all__ = ["CHANNELS", "KINDS", "PROMPT_VERSION", "Restricted", "WriteService", "restricted"]
