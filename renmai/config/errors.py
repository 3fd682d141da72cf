"""What stops the program before it serves anybody."""

from __future__ import annotations


class StartError(Exception):
    """A start that cannot go on. Its text is one sentence that tells the operator what to do."""
