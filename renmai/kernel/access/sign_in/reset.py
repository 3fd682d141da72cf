"""Sending the link with which a password is set anew."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.jobs import later, work
from renmai.kernel.jobs.model import Job
from renmai.kernel.mail.send import address, mail


def ask_reset(email: str) -> None:
    """Queue the mail, whether or not anybody has this address."""
    later("mail-reset", by=None, email=email)


def reset_link(user: User) -> str:
    """The address with which this person sets a new password: once, and within a day."""
    key = default_token_generator.make_token(user)
    return address(reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}))


@work("mail-reset")
def mail_reset(job: Job, *, email: str) -> None:
    """Mail the link, if a person who may sign in has this address."""
    user = User.objects.live().filter(email=email, active=True).exclude(email="").first()
    if user is not None:
        values = {"link": reset_link(user)}
        mail(user, lambda: _("Set a new password for Renmai"), "kernel/access/sign_in/reset_mail", values)
