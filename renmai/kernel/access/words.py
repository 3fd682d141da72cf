"""What people call the ready roles, the verbs and how far a right reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

ROLES = {"admin": _("Administrator"), "manager": _("Manager"), "rep": _("Sales representative")}
VERBS = {
    "view": _("See"),
    "create": _("Create"),
    "edit": _("Change"),
    "delete": _("Delete"),
    "export": _("Export"),
    "import": _("Import"),
    "access": _("Ask who sees it"),
}
FIELD_LEVELS = {"hidden": _("Hidden"), "read": _("Read only"), "write": _("Open")}
LEVELS = {"none": _("Nothing"), "own": _("Own"), "team": _("Team"), "branch": _("Team and below"), "all": _("Everything")}
CREATE_LEVELS = {"none": _("No"), "all": _("Yes")}
BY_RULE = _("By a rule")


def verb_word(kind: RecordType, verb: str) -> Any:
    """The word for a verb; an action's is on its button."""
    action = next((action for action in kind.all_actions if action.may == verb), None)
    return VERBS.get(verb) or kind.rights.get(verb) or (action.label if action else verb)


def role_name(name: str) -> Any:
    """The name of a role; of a ready one in the reader's language."""
    return ROLES.get(name, name)
