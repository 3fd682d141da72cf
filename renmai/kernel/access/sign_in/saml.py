"""Signing in by SAML: what a provider's metadata say, and what its answers say of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser

from renmai.kernel.access.sign_in.views import told

EMAIL = [*SAMLProvider.default_attribute_mapping["email"], "email", "mail"]
NAMES = [
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "displayName",
    "name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
]
MAPPING = {**SAMLProvider.default_attribute_mapping, "email": EMAIL}


def read_metadata(xml: str) -> dict[str, str]:
    """What has to be known of a provider.

    Args:
        xml: its metadata, SAML 2.0.

    Returns:
        ``entity_id``, ``sso_url`` and ``x509cert``: the first of its certificates, without head and foot.

    Raises:
        ValueError: with a sentence.
    """
    try:
        found = Parser.parse(xml.strip()).get("idp", {})
    except (LxmlError, OneLogin_Saml2_Error, ValueError, TypeError, AttributeError):
        raise ValueError(_("These are not the metadata of a SAML provider.")) from None
    certificates = found.get("x509certMulti", {}).get("signing") or [found.get("x509cert", "")]
    known = {"entity_id": found.get("entityId"), "sso_url": found.get("singleSignOnService", {}).get("url"), "x509cert": certificates[0]}
    if not all(known.values()):
        raise ValueError(_("The metadata lack the name of the provider, its sign-in address (HTTP-Redirect) or its certificate."))
    return known


def saml_settings(xml: str) -> dict[str, Any]:
    """The settings of allauth's application for a provider with these metadata."""
    return {"idp": read_metadata(xml), "attribute_mapping": MAPPING}


def name_in(attributes: Mapping[str, Any]) -> str:
    """What a person is called by the provider, or nothing."""
    return next((str(attributes[name][0]) for name in NAMES if attributes.get(name)), "")


@login_not_required
def no_sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Where a provider would sign a person out here, too: an unsigned request by a link is not believed."""
    return told(request, _("You are not signed out here"), _("Sign out in the menu behind your name."), 404)
