"""Work that goes on behind the page: queued with the change that asks for it, shown while it runs, stoppable."""

from renmai.kernel.jobs.work import Stopped, later, work

__all__ = ["Stopped", "later", "work"]
