"""The activities' tables, gathered for Django."""

from renmai.activity.followup.model import FollowUp
from renmai.activity.note.model import Note
from renmai.activity.task.model import Task

__all__ = ["FollowUp", "Note", "Task"]
