"""What can be done with a record of any type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.action import action
from renmai.kernel.actions.sharing import share, unshare
from renmai.kernel.records.fields import Link
from renmai.kernel.records.store import change

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def _new_owner(*, owner: User) -> dict[str, Any]:
    return {"owner": owner}


@action(
    _("Assign"),
    icon="user-share",
    may="assign",
    fact="assigned",
    asks={"owner": Link("kernel.User", _("To whom"))},
    sets=_new_owner,
    fits=lambda kind: not kind.ownerless,
)
def assign(record: Record, *, by: User, owner: User) -> None:
    """Give a record to a person; its team follows."""
    change(record, by=by, owner=owner)


@action(_("Restore"), icon="trash-off", may="delete", fact="restored", on_deleted=True)
def restore(record: Record, *, by: User) -> None:
    """Take a record out of the recycle bin, with what went in with it."""
    from renmai.kernel.history.restore import unbury

    unbury(record, by)


TAGS: dict[str, models.Field[Any, Any]] = {"tags": ArrayField(models.TextField(), verbose_name=_("Tags"))}


@action(_("Add tags"), icon="tag", asks=TAGS, fact="tagged")
def tag(record: Record, *, by: User, tags: list[str]) -> None:
    """Stick further words on a record."""
    change(record, by=by, tags=list(dict.fromkeys([*record.tags, *tags])))


@action(_("Remove tags"), icon="tag-off", asks=TAGS, fact="tagged")
def untag(record: Record, *, by: User, tags: list[str]) -> None:
    """Take words off a record."""
    change(record, by=by, tags=[word for word in record.tags if word not in tags])


COMMON = [assign, restore, share, unshare, tag, untag]
