"""How the address of a mail server is read."""

from __future__ import annotations

import pytest

from renmai.config.env import Mail, mail_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", Mail()),
        ("smtp://mail.example", Mail("mail.example", 587, starttls=True)),
        ("smtp://localhost:1025", Mail("localhost", 1025)),
        ("smtp://mail.example:25?starttls=0", Mail("mail.example", 25)),
        ("smtps://me%40x.example:s%3Acret@mail.example", Mail("mail.example", 465, "me@x.example", "s:cret", tls=True)),
    ],
)
def test_a_mail_url_is_read(url: str, server: Mail) -> None:
    assert mail_server(url) == server


def test_another_kind_of_address_stops_the_start() -> None:
    with pytest.raises(ValueError, match="RENMAI_MAIL_URL"):
        mail_server("https://mail.example")


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(Mail("mail.example", password="secret"))
