"""What can be done with a change set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions import undo as undoing
from renmai.kernel.actions.action import action
from renmai.kernel.actions.bulk import keys_of
from renmai.kernel.actions.run import made
from renmai.kernel.records.fields import Json
from renmai.kernel.transfer.model import ChangeSet

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


@action(
    _("Undo"),
    icon="arrow-back-up",
    when=undoing.is_undoable,
    whose=undoing.is_own,
    refusal=_("There is nothing here that can be undone."),
    asks={"ids": Json(_("Only these records"), blank=True, default=list, editable=False)},
    fact="undone",
    danger=True,
)
def undo(change_set: ChangeSet, *, by: User, ids: Any = None) -> None:
    """Take back what an import or work in bulk did, as work in the background.

    Args:
        ids: only what was done to these records; everything if not given.

    Raises:
        Invalid: these are no ids.
        Forbidden: somebody else did it.
        Refused: it is being undone already.
    """
    job = undoing.undo(change_set.pk, by, keys_of(ids) if ids else None)
    made(ChangeSet.objects.get(pk=job.arguments["change_set"]))
