"""Signing in by SAML: the test is the provider, with a key of its own."""

from __future__ import annotations

import base64
import datetime as dt
import urllib.parse
import zlib
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from renmai.kernel.access.sign_in.attempts import Attempt
from renmai.kernel.access.sign_in.provider import Provider
from renmai.kernel.access.user import Role, User

pytestmark = pytest.mark.django_db
HOST = "crm.example.com"
US = f"http://{HOST}/sign-in/saml/example-idp"
THEM = "https://idp.example.com/metadata"
EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
NAME = "http://schemas.microsoft.com/identity/claims/displayname"

METADATA = """<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{them}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
        <X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>
      </KeyInfo>
    </md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""

RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"
    ID="_r1" Version="2.0" IssueInstant="{now}" Destination="{us}/" InResponseTo="{asked}">
  <Issuer>{them}</Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  <Assertion ID="_a1" Version="2.0" IssueInstant="{now}">
    <Issuer>{them}</Issuer>
    <Subject>
      <NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</NameID>
      <SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <SubjectConfirmationData NotOnOrAfter="{later}" Recipient="{us}/" InResponseTo="{asked}"/>
      </SubjectConfirmation>
    </Subject>
    <Conditions NotBefore="{earlier}" NotOnOrAfter="{later}">
      <AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction>
    </Conditions>
    <AuthnStatement AuthnInstant="{now}" SessionIndex="_s1">
      <AuthnContext><AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext>
    </AuthnStatement>
    <AttributeStatement>
      <Attribute Name="{email_name}"><AttributeValue>{email}</AttributeValue></Attribute>
      <Attribute Name="{name_name}"><AttributeValue>{name}</AttributeValue></Attribute>
    </AttributeStatement>
  </Assertion>
</samlp:Response>"""


@dataclass
class Idp:
    """The provider over there."""

    key: str
    certificate: str

    @classmethod
    def made(cls) -> Idp:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.example.com")])
        start = timezone.now() - dt.timedelta(days=1)
        draft = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        signed = draft.not_valid_before(start).not_valid_after(start + dt.timedelta(days=30)).sign(key, hashes.SHA256())
        plain = serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()
        return cls(pem, signed.public_bytes(serialization.Encoding.PEM).decode())

    @property
    def metadata(self) -> str:
        return METADATA.format(them=THEM, certificate="".join(self.certificate.splitlines()[1:-1]))

    def answers(self, asked: str, *, email: str, name: str = "Alice", subject: str = "a1", audience: str = f"{US}/metadata/") -> str:
        """A signed answer, as a browser carries it."""
        now = timezone.now()
        times = {"now": now, "earlier": now - dt.timedelta(minutes=5), "later": now + dt.timedelta(minutes=5)}
        written = {word: at.strftime("%Y-%m-%dT%H:%M:%SZ") for word, at in times.items()}
        about = {"asked": asked, "email": email, "name": name, "subject": subject, "audience": audience}
        xml = RESPONSE.format(us=US, them=THEM, email_name=EMAIL, name_name=NAME, **written, **about)
        return base64.b64encode(Utils.add_sign(xml, self.key, self.certificate)).decode()


@pytest.fixture(scope="module")
def idp() -> Idp:
    return Idp.made()


@pytest.fixture
def provider(idp: Idp) -> Provider:
    """The provider as an admin has set it up."""
    return Provider.objects.create(kind="saml", name="Example IdP", slug="example-idp", metadata=idp.metadata, trusts_email=True)


@pytest.fixture
def browser(settings: Any) -> Client:
    settings.ALLOWED_HOSTS = [HOST]
    return Client(headers={"host": HOST})


def ask(browser: Client) -> str:
    """Press the button; returns the id of the question that the browser carries over there."""
    there = urllib.parse.urlsplit(browser.get("/sign-in/with/example-idp/")["Location"])
    assert there.netloc == "idp.example.com"
    packed = urllib.parse.parse_qs(there.query)["SAMLRequest"][0]
    return str(etree.fromstring(zlib.decompress(base64.b64decode(packed), -15)).get("ID"))


def come(browser: Client, answer: str) -> Any:
    """Come back with an answer: from another site, so that the session is not sent along at first."""
    posted = browser.post("/sign-in/saml/example-idp/", {"SAMLResponse": answer})
    return browser.get(posted["Location"])


def test_somebody_who_is_known_here_comes_in(browser: Client, idp: Idp, alice: User, provider: Provider) -> None:
    assert "Sign in with Example IdP" in browser.get("/sign-in/").content.decode()
    assert come(browser, idp.answers(ask(browser), email="alice@example.com"))["Location"] == "/"
    assert browser.session["_auth_user_id"] == str(alice.pk)
    assert Attempt.objects.get().how == "company"


def test_whoever_is_new_gets_the_role_of_the_provider(browser: Client, idp: Idp, provider: Provider) -> None:
    assert come(browser, idp.answers(ask(browser), email="new@example.com", name="王伟", subject="n1")).status_code == 403
    provider.role = Role.objects.get(name="rep")
    provider.save()
    assert come(browser, idp.answers(ask(browser), email="new@example.com", name="王伟", subject="n1"))["Location"] == "/"
    made = User.objects.get(email="new@example.com")
    assert (made.name, made.roles) == ("王伟", [provider.role.pk])


def test_an_answer_that_somebody_else_has_signed_opens_nothing(browser: Client, alice: User, provider: Provider) -> None:
    assert come(browser, Idp.made().answers(ask(browser), email="alice@example.com")).status_code == 502
    assert "_auth_user_id" not in browser.session


def test_an_answer_that_was_changed_on_its_way_opens_nothing(browser: Client, idp: Idp, alice: User, bob: User, provider: Provider) -> None:
    answer = base64.b64decode(idp.answers(ask(browser), email="alice@example.com"))
    changed = base64.b64encode(answer.replace(b"alice@example.com", b"bob@example.com")).decode()
    assert come(browser, changed).status_code == 502
    assert "_auth_user_id" not in browser.session


def test_an_answer_for_somebody_else_or_to_no_question_opens_nothing(browser: Client, idp: Idp, alice: User, provider: Provider) -> None:
    other = idp.answers(ask(browser), email="alice@example.com", audience="https://other.example.com")
    assert come(browser, other).status_code == 502
    assert come(browser, idp.answers("_never_asked", email="alice@example.com")).status_code in (403, 502)
    assert "_auth_user_id" not in browser.session


def test_an_answer_opens_once(browser: Client, idp: Idp, alice: User, provider: Provider) -> None:
    answer = idp.answers(ask(browser), email="alice@example.com")
    assert come(browser, answer)["Location"] == "/"
    assert come(Client(headers={"host": HOST}), answer).status_code in (403, 502)


def test_an_admin_pastes_the_metadata_and_is_shown_ours(browser: Client, idp: Idp, dao: User) -> None:
    browser.force_login(dao)
    address = "/settings/sign-in/providers/new/?kind=saml"
    bad = browser.post(address, {"name": "Example IdP", "metadata": "<html/>"})
    assert bad.status_code == 422 and "&lt;html/&gt;" in bad.content.decode()
    values = {"name": "Example IdP", "metadata": idp.metadata, "active": "true", "trusts_email": "true"}
    assert browser.post(address, values).status_code == 302
    row = Provider.objects.get()
    assert (row.kind, row.slug, row.trusts_email) == ("saml", "example-idp", True)
    assert "/sign-in/saml/example-idp/metadata/" in browser.get(f"/settings/sign-in/providers/{row.pk}/").content.decode()
    ours = Client(headers={"host": HOST}).get("/sign-in/saml/example-idp/metadata/")
    assert ours.status_code == 200 and f'entityID="{US}/metadata/"' in ours.content.decode()
