"""The sales tables, gathered for Django."""

from renmai.sales.lead.model import Lead
from renmai.sales.opportunity.model import Opportunity, OpportunityLine
from renmai.sales.pipeline.model import Pipeline, Stage

__all__ = ["Lead", "Opportunity", "OpportunityLine", "Pipeline", "Stage"]
