def find(text, by, types=None, limit=20):  # type: ignore[no-untyped-def]
    """Find."""
    return []
