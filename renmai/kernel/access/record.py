"""How people, teams and roles look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.records.types import RecordType, register


@register
class UserType(RecordType):
    model = User
    icon = "user-cog"
    columns = ["name", "email", "team", "roles", "active"]
    layout = {
        _("Person"): ["name", "email", "active"],
        _("Access"): ["team", "roles"],
        _("Screen"): ["language", "time_zone", "era", "theme"],
    }
    search = ["name", "email"]
    subtitle = "email"
    rail, rank, open_to_all, ownerless = False, 90, True, True
    hint = _("Who works here: team, roles, sign-in, closed accounts")


@register
class TeamType(RecordType):
    model = Team
    icon = "users-group"
    columns = ["name", "parent"]
    layout = {_("Team"): ["name", "parent"]}
    search = ["name"]
    rail, rank, open_to_all, ownerless = False, 91, True, True
    hint = _("Groups of people, and which is part of which")


@register
class RoleType(RecordType):
    model = Role
    icon = "shield-lock"
    columns = ["name", "created_at"]
    layout = {_("Role"): ["name"]}
    search = ["name"]
    rail, rank, open_to_all, ownerless = False, 92, True, True
    hint = _("Who may see, create, change, delete and export what")
