def normalise(text: str, country: str = "") -> str:
    """A phone number."""
    return text
