"""What must stay true of people and roles, whoever changes them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from renmai.kernel.access.rights import granted
from renmai.kernel.access.sessions import forget_ended_sessions
from renmai.kernel.access.sign_in import invitation, reset  # noqa: F401 - the worker has to know what they register
from renmai.kernel.access.sign_in.attempts import forget_attempts
from renmai.kernel.access.user import Role, User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.facts import Fact, listens


@listens("user.updated", "user.deleted", "role.updated", "role.deleted")
def keep_an_admin(facts: list[Fact]) -> None:
    """Refuse the change after which nobody could change roles any more.

    Raises:
        Refused: so that the change is undone.
    """
    if any(fact.by_id for fact in facts) and not has_admin():
        raise Refused(_("Somebody has to remain who may change roles."))


def has_admin() -> bool:
    """Whether somebody who can sign in may change roles."""
    keys = [role.pk for role in Role.objects.live() if granted(role.rights, "roles", "edit") == "all"]
    return bool(User.objects.live().filter(active=True, roles__overlap=keys).exclude(email="").exists())


@app.periodic(cron="23 3 * * *")
@app.task(name="renmai.forget-sessions", queueing_lock="renmai.forget-sessions")
def forget_sessions(timestamp: int) -> None:
    """Every night."""
    forget_ended_sessions()
    forget_attempts()
