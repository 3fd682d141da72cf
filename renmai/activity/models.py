"""The activities' tables, gathered for Django."""

from renmai.activity.agenda.link import CalendarLink
from renmai.activity.followup.model import FollowUp
from renmai.activity.note.model import Note
from renmai.activity.task.model import Task

__all__ = ["CalendarLink", "FollowUp", "Note", "Task"]
