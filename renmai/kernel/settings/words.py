"""What people call the ready roles, the verbs and how far a right reaches."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ROLES = {"admin": _("Administrator"), "manager": _("Manager"), "rep": _("Sales representative")}
VERBS = {"view": _("See"), "create": _("Create"), "edit": _("Change"), "delete": _("Delete"), "export": _("Export")}
LEVELS = {"none": _("Nothing"), "own": _("Own"), "team": _("Team"), "branch": _("Team and below"), "all": _("Everything")}
CREATE_LEVELS = {"none": _("No"), "all": _("Yes")}
BY_RULE = _("By a rule")


def role_name(name: str) -> Any:
    """The name of a role; of a ready one in the reader's language."""
    return ROLES.get(name, name)
