"""How views look, who may see them, and who may give them to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.errors import Forbidden, Invalid
from renmai.kernel.records.types import RecordType, register, registry
from renmai.kernel.records.view.model import Scope, View

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record


def may_publish(by: User) -> bool:
    """Whether somebody may give views to everybody: who may change more than their own."""
    return by.access.scope("views", "publish").level in {"branch", "all"}


@register
class ViewType(RecordType):
    model = View
    icon = "layout-list"
    columns: ClassVar[list[str]] = ["name", "target", "kind", "scope", "owner"]
    layout: ClassVar[dict[Any, list[str]]] = {
        _("View"): ["name", "target", "kind", "scope", "roles", "position", "sort", "group", "by", "sum"]
    }
    search: ClassVar[list[str]] = ["name"]
    subtitle = "target"
    rail, rank = False, 95

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """A view is looked at as the list that it shows."""
        return f"/{record.target}/?view={record.pk}" if isinstance(record, View) and registry.get(record.target) else ""

    def own_doors(self, user: User, verb: str) -> list[Q] | None:
        """One's own; to look at, one's team's and everybody's too; whoever may publish views looks after those."""
        own, open_to_me = Q(owner=user.pk), Q(scope=Scope.PUBLIC)
        if user.team_id:
            open_to_me |= Q(scope=Scope.TEAM, team=user.team_id)
        if verb == "view":
            return [own, open_to_me]
        return [own, open_to_me] if may_publish(user) else [own]

    def require_allowed(self, values: dict[str, Any], by: User) -> None:
        """A view is of a type that there is; only some people give views to everybody or to roles."""
        if "target" in values and registry.get(values["target"]) is None:
            raise Invalid({"target": [_("There is no such type of record.")]})
        shared = values.get("scope") == Scope.PUBLIC or values.get("roles")
        if shared and not may_publish(by):
            raise Forbidden(_("You may not give views to everybody."))
