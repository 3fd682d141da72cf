"""JSON from outside."""

from __future__ import annotations

import json
from typing import Any


def decode(text: str | bytes) -> Any:
    """JSON that can be written again: half of a surrogate pair is no character, so that no answer could repeat it.

    Raises:
        ValueError, RecursionError: it is none.
    """
    given = json.loads(text)
    if b"\\ud" in (text.encode() if isinstance(text, str) else text).lower():
        json.dumps(given, ensure_ascii=False).encode()
    return given
