"""Letters in every charset, with and without markup; those that nobody wrote are known by the rules of their trade."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from renmai.kernel.mailbox.imap import folder
from renmai.kernel.mailbox.letter import as_text, read
from renmai.kernel.mailbox.model import Reason


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("gb2312", "gb18030", "您好，请联系我：镕"),
        ("GB18030", "gb18030", "您好，请联系我"),
        ("big5", "cp950", "您好，請與我聯絡"),
        ("tis-620", "cp874", "สวัสดี กรุณาติดต่อกลับ"),
        ("windows-874", "cp874", "สวัสดี “ครับ”"),
        ("iso-2022-jp", "iso2022_jp", "お問い合わせ"),
        ("utf-8", "utf-8", "สวัสดี 您好"),
        ("nonsense", "utf-8", "สวัสดี 您好"),
    ],
)
def test_words_are_read_in_the_charset_of_the_letter(charset: str, codec: str, text: str) -> None:
    encoded = base64.b64encode(text.encode(codec)).decode()
    head = f"From: =?{charset}?B?{encoded}?= <Wandee@Example.com>\r\nSubject: =?{charset}?B?{encoded}?=\r\nMessage-ID: <1@x>\r\n"
    found = read(f"{head}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n".encode())
    assert (found.key, found.email, found.name, found.subject, found.text, found.reason) == (
        "1@x",
        "wandee@example.com",
        text,
        text,
        text,
        "",
    )


def test_raw_bytes_in_headers_are_read_too() -> None:
    raw = "From: วันดี <w@example.com>\nSubject: สวัสดีครับ\n\nhello".encode()
    found = read(raw)
    assert (found.name, found.subject, found.key != "") == ("วันดี", "สวัสดีครับ", True)


def test_of_a_text_with_markup_the_words_are_kept_and_nothing_that_runs() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>One &amp; two</p><script>alert(1)</script><div>Three<br>four</div>"
    )
    assert as_text(html) == "One & two\nThree\nfour"
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Wandee <w@example.com>", "Brochure"
    letter.set_content(html, subtype="html")
    letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="ใบเสนอราคา.pdf")
    found = read(letter.as_bytes())
    assert (found.text, found.files) == ("One & two\nThree\nfour", [("ใบเสนอราคา.pdf", b"%PDF")])


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("Auto-Submitted: auto-replied", Reason.AUTOMATIC),
        ("Auto-Submitted: no", ""),
        ("X-Autoreply: yes", Reason.AUTOMATIC),
        ("Precedence: auto_reply", Reason.AUTOMATIC),
        ("Precedence: bulk", Reason.LIST),
        ("List-Id: <news.example.com>", Reason.LIST),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", Reason.REPORT),
        ("Return-Path: <>", Reason.REPORT),
        ("From: MAILER-DAEMON@example.com", Reason.REPORT),
        ("From: no-reply@example.com", Reason.AUTOMATIC),
        ("From: no-reply@example.com\nReply-To: w@example.com", ""),
        ("Subject: 自动回复: 您好", Reason.AUTOMATIC),
        ("Subject: ตอบกลับอัตโนมัติ: สวัสดี", Reason.AUTOMATIC),
        ("Subject: Out of Office", Reason.AUTOMATIC),
        ("From: nobody", Reason.NOBODY),
    ],
)
def test_what_nobody_wrote_is_known(headers: str, reason: str) -> None:
    sent = headers if headers.startswith("From:") else f"From: w@example.com\n{headers}"
    assert read(f"{sent}\n\nhello".encode()).reason == reason


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"From: <\n\n", b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n--x"])
def test_a_broken_letter_is_read_as_far_as_it_goes(raw: bytes) -> None:
    assert read(raw).key


def test_folders_are_named_in_the_utf_7_of_imap() -> None:
    assert [folder(name) for name in ("INBOX", "A&B", "台北", 'x"y')] == ["INBOX", "A&-B", "&U,BTFw-", 'x\\"y']
