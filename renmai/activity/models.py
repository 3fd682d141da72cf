"""The activities' tables, gathered for Django."""

from renmai.activity.agenda.link import CalendarLink
from renmai.activity.call.model import Call
from renmai.activity.followup.model import FollowUp
from renmai.activity.meeting.model import Meeting
from renmai.activity.note.model import Note
from renmai.activity.task.model import Task
from renmai.activity.visit.model import Visit

__all__ = ["CalendarLink", "Call", "FollowUp", "Meeting", "Note", "Task", "Visit"]
