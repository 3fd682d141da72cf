"""The sales tables, gathered for Django."""

from renmai.sales.assignment.model import AssignmentRule, Receiver, Turn
from renmai.sales.conversion.model import Carried, Conversion
from renmai.sales.lead.model import Lead
from renmai.sales.opportunity.model import Opportunity, OpportunityLine
from renmai.sales.pipeline.model import Pipeline, Stage
from renmai.sales.qualification.model import EntryRule
from renmai.sales.response.model import ResponseGoal
from renmai.sales.scoring.model import ScoreChange, ScoringLine, ScoringModel

__all__ = [
    "AssignmentRule",
    "Carried",
    "Conversion",
    "EntryRule",
    "Lead",
    "Opportunity",
    "OpportunityLine",
    "Pipeline",
    "Receiver",
    "ResponseGoal",
    "ScoreChange",
    "ScoringLine",
    "ScoringModel",
    "Stage",
    "Turn",
]
