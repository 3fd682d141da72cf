"""The kernel's tables, gathered for Django."""

from renmai.kernel.access.sessions import Session
from renmai.kernel.access.sign_in.attempts import Attempt
from renmai.kernel.access.sign_in.provider import Provider
from renmai.kernel.access.territory.model import Territory
from renmai.kernel.access.token import Token
from renmai.kernel.access.user import Role, Share, Team, User
from renmai.kernel.agents.model import Proposal
from renmai.kernel.api.http import IdempotentAnswer
from renmai.kernel.api.rates import RequestCount
from renmai.kernel.approvals.model import Approval, ApprovalFlow, FlowLevel, Seat
from renmai.kernel.calendars.model import WorkingCalendar
from renmai.kernel.charts.model import Chart
from renmai.kernel.cleansing.model import QualityDay
from renmai.kernel.comments.model import Comment, Reaction
from renmai.kernel.facts.model import Fact, FactAbout
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.files.model import StoredFile
from renmai.kernel.following.model import Favourite, Follow, Seen
from renmai.kernel.history.model import ExternalId, History, KnownField
from renmai.kernel.inbound.arrived import Arrived
from renmai.kernel.inbound.model import InboundKey, InboundWebhook, Received
from renmai.kernel.jobs.model import Job
from renmai.kernel.mailbox.model import Letter, Mailbox, Reading
from renmai.kernel.matching.model import DuplicateRule, Pair
from renmai.kernel.merging.model import Merge, Moved
from renmai.kernel.merging.rule import SurvivorRule
from renmai.kernel.notify.model import Notification, PushSubscription
from renmai.kernel.overlay.change import FieldChange
from renmai.kernel.overlay.company import Company
from renmai.kernel.overlay.computed.marks import Unindexed
from renmai.kernel.overlay.field import CustomField
from renmai.kernel.overlay.type import CustomRecord, CustomType
from renmai.kernel.overlay.version import OverlayVersion
from renmai.kernel.records.about import About
from renmai.kernel.records.tag.model import Tag
from renmai.kernel.records.view.model import View
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ForeseenRow
from renmai.kernel.webhooks.model import Delivery, Sending, Webhook

__all__ = [
    "About",
    "Approval",
    "ApprovalFlow",
    "Arrived",
    "Attachment",
    "Attempt",
    "ChangeSet",
    "ChangeSetRow",
    "Chart",
    "Comment",
    "Company",
    "CustomField",
    "CustomRecord",
    "CustomType",
    "Delivery",
    "DuplicateRule",
    "ExternalId",
    "Fact",
    "FactAbout",
    "Favourite",
    "FieldChange",
    "FlowLevel",
    "Follow",
    "ForeseenRow",
    "History",
    "IdempotentAnswer",
    "InboundKey",
    "InboundWebhook",
    "Job",
    "KnownField",
    "Letter",
    "Mailbox",
    "Merge",
    "Moved",
    "Notification",
    "OverlayVersion",
    "Pair",
    "Proposal",
    "Provider",
    "PushSubscription",
    "QualityDay",
    "Reaction",
    "Reading",
    "Received",
    "RequestCount",
    "Role",
    "Seat",
    "Seen",
    "Sending",
    "Session",
    "Share",
    "StoredFile",
    "SurvivorRule",
    "Tag",
    "Team",
    "Territory",
    "Token",
    "Unindexed",
    "User",
    "View",
    "Webhook",
    "WorkingCalendar",
]
