"""What allauth asks of us about second steps: words, names and the sealing of secrets."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.access.seal import seal, unseal
from renmai.kernel.overlay.company import company


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Set as ``MFA_ADAPTER``: our words, and secrets sealed."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right, or was used before."),
    }

    def get_totp_issuer(self) -> str:
        return company().name or "Renmai"

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number} if number > 1 else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Renmai"}
