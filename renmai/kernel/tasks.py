"""What the worker can do: procrastinate looks here for it."""

from renmai.kernel.actions import bulk, undo
from renmai.kernel.approvals import mail as approvals
from renmai.kernel.cleansing import apply as cleansing
from renmai.kernel.cleansing import measure
from renmai.kernel.history import purge
from renmai.kernel.inbound import doing as inbound
from renmai.kernel.jobs.work import run_job
from renmai.kernel.overlay import erase, indexes
from renmai.kernel.overlay.computed import work as computed
from renmai.kernel.transfer import exporting, moving, run, unmoving
from renmai.kernel.webhooks import hearing as webhooks

__all__ = [
    "approvals",
    "bulk",
    "cleansing",
    "computed",
    "erase",
    "exporting",
    "inbound",
    "indexes",
    "measure",
    "moving",
    "purge",
    "run",
    "run_job",
    "undo",
    "unmoving",
    "webhooks",
]
