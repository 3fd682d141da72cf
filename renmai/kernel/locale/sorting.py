def sort_key(text: str) -> bytes:
    """Order of a text."""
    return text.casefold().encode()
