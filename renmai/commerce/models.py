"""The trade's tables, gathered for Django."""

from renmai.commerce.quote.model import Quote, QuoteLine

__all__ = ["Quote", "QuoteLine"]
