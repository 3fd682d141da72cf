"""Marketing's tables, gathered for Django."""

from renmai.marketing.campaign.model import Campaign

__all__ = ["Campaign"]
