"""Marketing's tables, gathered for Django."""

from renmai.marketing.campaign.model import Campaign
from renmai.marketing.form.model import Form, LandingLink, Submission

__all__ = ["Campaign", "Form", "LandingLink", "Submission"]
