"""Where people of the company sign in already: its identity providers, as the admin has set them up."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from renmai.kernel.access.seal import seal, unseal


class Kind(models.TextChoices):
    """The language a provider speaks."""

    OIDC = "openid_connect", "OpenID Connect"
    SAML = "saml", "SAML 2.0"


class Provider(models.Model):
    """One identity provider. Its secret is sealed and never shown again.

    Attributes:
        slug: its part of the addresses here.
        metadata: XML in which a provider of SAML describes itself.
        trusts_email: its addresses are believed although it does not say that it has verified them.
        role: what people get who come through it for the first time; without one only those come in who are known here.
    """

    kind = models.TextField(choices=Kind.choices, default=Kind.OIDC)
    name = models.TextField()
    slug = models.TextField(unique=True)
    server_url = models.TextField(default="")
    client_id = models.TextField(default="")
    metadata = models.TextField(default="")
    sealed_secret = models.TextField(default="")
    trusts_email = models.BooleanField(default=False)
    role = models.ForeignKey("kernel.Role", on_delete=models.SET_NULL, null=True, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]

    @property
    def secret(self) -> str:
        """What shows the provider that it is us who ask."""
        return unseal(self.sealed_secret)

    def keep_secret(self, secret: str) -> None:
        """Take a new secret; none keeps the one that is there."""
        if secret:
            self.sealed_secret = seal(secret)
