"""How people, teams and roles look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from renmai.kernel.access.moving import move
from renmai.kernel.access.sessions import end_sessions
from renmai.kernel.access.sign_in.required import forget_second_steps, has_second_step
from renmai.kernel.access.user import Role, Team, User
from renmai.kernel.access.words import ROLES
from renmai.kernel.actions.action import action
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import RecordType, register


@action(
    _("Forget the second step"),
    icon="shield-off",
    when=has_second_step,
    refusal=_("This person has no second step."),
    fact="second-step-forgotten",
    danger=True,
)
def forget_second_step(user: User, *, by: User) -> None:
    """Let somebody in with the password alone who has lost phone and passkeys; every browser of theirs is signed out."""
    forget_second_steps(user)
    end_sessions(user)


@register
class UserType(RecordType):
    model = User
    icon = "user-cog"
    columns = ["name", "email", "team", "roles", "active"]
    layout = {
        _("Person"): ["name", "email", "active"],
        _("Access"): ["team", "roles"],
        _("Working time"): ["leave"],
        _("Screen"): ["language", "time_zone", "era", "theme"],
    }
    search = ["name", "email"]
    subtitle = "email"
    actions = [move, forget_second_step]
    phrases = {
        "moved": _("%(by)s moved %(title)s to the team “%(team)s”"),
        "second-step-forgotten": _("%(by)s took the second step from %(title)s"),
    }
    rail, rank, open_to_all, ownerless = False, 90, True, True
    hint = _("Who works here: team, roles, sign-in, closed accounts")
    found_by = _("employees, staff, deactivate")


@register
class TeamType(RecordType):
    model = Team
    icon = "users-group"
    columns = ["name", "parent"]
    layout = {_("Team"): ["name", "parent"]}
    search = ["name"]
    rail, rank, open_to_all, ownerless = False, 91, True, True
    hint = _("Groups of people, and which is part of which")
    found_by = _("departments, branches, organisation chart")


@register
class RoleType(RecordType):
    model = Role
    icon = "shield-lock"
    columns = ["name", "created_at"]
    ready = ROLES
    layout = {_("Role"): ["name", "second_step"]}
    search = ["name"]
    rail, rank, open_to_all, ownerless = False, 92, True, True
    hint = _("Who may see, create, change, delete and export what")
    found_by = _("permissions, rights, hide a field, privacy")

    def difference(self, before: Record | None, after: Record, by: User, given: Mapping[str, str]) -> dict[str, Any] | None:
        """Which verbs and fields change, and how many records ``?person=`` and everybody with the role see now and afterwards."""
        from renmai.kernel.access.roles.difference import difference, sample

        assert isinstance(after, Role)
        return difference(before if isinstance(before, Role) else None, after, by, sample(given.get("person"), by)).as_json()
