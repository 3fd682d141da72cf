"""Links with which people come in: each works once, for a week."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job
from renmai.kernel.mail.send import address, mail
from renmai.kernel.overlay.company import company

SALT = "renmai.invitation"
INVITED = "invited_at"
LASTS = dt.timedelta(days=7)


def _seal(user: User) -> str:
    """Changes when the person sets a password, signs in or gets another address: then older links are worthless."""
    return salted_hmac(SALT, f"{user.pk} {user.password} {user.last_login} {user.email}").hexdigest()[:24]


def invitation_link(user: User) -> str:
    """The address with which this person sets name, password and language."""
    return address(reverse("invitation", args=[signing.dumps([str(user.pk), _seal(user)], salt=SALT)]))


def invited(token: str) -> User | None:
    """Whom a link invites; None if it is used, too old or not of ours."""
    try:
        key, seal = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.live().filter(pk=key, active=True).first()
    return user if user is not None and _seal(user) == seal else None


def can_mail() -> bool:
    """Whether letters leave the house."""
    return bool(settings.EMAIL_HOST)


def send_invitation(user: User, by: User) -> None:
    """Queue the letter; the link in it is made when it is sent."""
    later("mail-invitation", by=by, user=str(user.pk))


@work("mail-invitation")
def mail_invitation(job: Job, *, user: str) -> None:
    """Mail the link to whoever is still to come in."""
    found = User.objects.live().filter(pk=user, active=True).first()
    if found is not None:
        values = {"by": job.by.name if job.by else "", "company": company().name, "link": invitation_link(found)}
        mail(found, lambda: _("You are invited to Renmai"), "kernel/access/sign_in/invitation_mail", values)


def has_come_in(user: User) -> bool:
    """Whether a person has a password."""
    return bool(user.password) and user.has_usable_password()


def waiting_to_come() -> list[User]:
    """Active people who were invited and have no password yet, the latest first."""
    rows = User.objects.live().filter(active=True, preferences__has_key=INVITED).order_by("-created_at")
    return [user for user in rows if not has_come_in(user)]
