def is_country(code: str) -> bool:
    """Whether it is an ISO 3166-1 alpha-2 code."""
    return len(code) == 2 and code.isalpha()
