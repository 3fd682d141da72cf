"""A letter as it came: who wrote it, what it says, what hangs on it, and whether a person wrote it at all."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser

from charset_normalizer import from_bytes

from renmai.kernel.mailbox.model import Reason

# What mail programs call a charset, and the larger one that it is a part of.
CHARSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "cp950",
    "x-big5": "cp950",
    "tis-620": "cp874",
    "tis620": "cp874",
    "windows-874": "cp874",
    "iso-8859-11": "cp874",
    "ks_c_5601-1987": "cp949",
    "iso-2022-jp": "iso2022_jp_2004",
    "shift_jis": "cp932",
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
MOST_TEXT, MOST_PARTS, MOST_SUBJECT = 20_000, 200, 500
ROBOTS = re.compile(r"(?:no|do-?not|dont)[-_.]?reply|noreply|notifications?|auto(?:mat|respond|reply).*", re.IGNORECASE)
DAEMONS = re.compile(r"mailer-daemon|postmaster|bounces?(?:[+-].*)?", re.IGNORECASE)
# What programs of mail put before the subject of an answer that nobody wrote, where they say so in no header.
AUTOMATIC = re.compile(
    r"(?:automatic reply|auto[- ]?reply|autoreply|out of (?:the )?office|自动回复|自動回覆|自動回復|自动答复|不在办公室|自動応答|"
    r"ตอบกลับอัตโนมัติ|ตอบรับอัตโนมัติ)",
    re.IGNORECASE,
)
BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "hr", "pre"}
UNREAD = {"script", "style", "head", "title", "template"}


@dataclass
class Letter:
    """What a letter says.

    Attributes:
        key: its Message-ID, or a digest of it.
        name, email: of whoever wrote it.
        text: what it says, without markup.
        files: name and bytes of what hangs on it.
        reason: why nobody wrote it to us; empty where somebody did.
    """

    key: str
    name: str = ""
    email: str = ""
    subject: str = ""
    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    reason: str = ""


def read(raw: bytes) -> Letter:
    """Read a letter, whatever is wrong with it."""
    message = message_from_bytes(raw)
    headers = Headers(message)
    name, email = sender(headers)
    given = headers.first("Message-ID").strip().strip("<>")
    found = Letter(given[:500] or hashlib.sha256(raw).hexdigest(), name, email, subject=headers.first("Subject")[:MOST_SUBJECT])
    found.reason = why_not(message, headers, found)
    if not found.reason:
        found.text, found.files = body(message)
    return found


class Headers:
    """The headers of a letter in words, also where they are written against the rules."""

    def __init__(self, message: Message) -> None:
        self.raw: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self.raw.setdefault(name.lower(), []).append(_words(str(value)))

    def first(self, name: str) -> str:
        """The first header of a name, or nothing."""
        return next(iter(self.raw.get(name.lower(), [])), "")

    def has(self, *names: str) -> bool:
        """Whether one of these is there."""
        return any(name.lower() in self.raw for name in names)


def _words(raw: str) -> str:
    """A header as it is read: decoded, on one line."""
    plain = decoded(raw.encode("utf-8", "surrogateescape"), "") if not raw.isascii() else raw
    try:
        parts = decode_header(plain)
    except (HeaderParseError, ValueError):
        parts = [(plain, None)]
    found = "".join(part if isinstance(part, str) else decoded(part, charset or "") for part, charset in parts)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in found).split())


def decoded(raw: bytes, charset: str) -> str:
    """Text in the charset that is told, else in the one that it is likely in."""
    told = charset.strip().strip("\"'").lower()
    for name in filter(None, (CHARSETS.get(told, told), "utf-8")):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    guess = from_bytes(raw).best()
    return str(guess) if guess is not None else raw.decode("cp1252", "replace")


def sender(headers: Headers) -> tuple[str, str]:
    """Name and address of whoever is to be answered: a form on a web site writes from an address that nobody reads."""
    (name, email), *_rest = getaddresses([headers.first("From")]) or [("", "")]
    if ROBOTS.fullmatch(email.partition("@")[0]) and headers.has("Reply-To"):
        (other, answers), *_rest = getaddresses([headers.first("Reply-To")]) or [("", "")]
        name, email = (other, answers) if answers else (name, email)
    return " ".join(name.split())[:200], email.strip().lower() if "@" in email else ""


def why_not(message: Message, headers: Headers, found: Letter) -> str:
    """Why nobody wrote a letter to us: RFC 3834 for automatic answers, RFC 3464 for reports, RFC 2919 and 2369 for lists."""
    local = found.email.partition("@")[0]
    submitted = headers.first("Auto-Submitted").partition(";")[0].strip().lower()
    precedence = headers.first("Precedence").strip().lower()
    kind = message.get_content_type()
    if kind in {"multipart/report", "message/delivery-status"} or headers.first("Return-Path").strip() == "<>":
        return Reason.REPORT
    if headers.has("X-Failed-Recipients") or DAEMONS.fullmatch(local):
        return Reason.REPORT
    if submitted not in {"", "no"} or precedence == "auto_reply" or headers.has("X-Autoreply", "X-Autorespond", "X-Auto-Reply"):
        return Reason.AUTOMATIC
    if AUTOMATIC.match(found.subject):
        return Reason.AUTOMATIC
    if headers.has("List-Id", "List-Unsubscribe", "List-Post") or precedence in {"bulk", "list", "junk"}:
        return Reason.LIST
    if not found.email:
        return Reason.NOBODY
    return Reason.AUTOMATIC if ROBOTS.fullmatch(local) else ""


def body(message: Message) -> tuple[str, list[tuple[str, bytes]]]:
    """What a letter says, and what hangs on it; of a text that comes plain and with markup the plain one."""
    plain: list[str] = []
    marked: list[str] = []
    files: list[tuple[str, bytes]] = []
    for number, part in enumerate(message.walk()):
        if part.is_multipart() or number > MOST_PARTS:
            continue
        raw = part.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
        name, kind = _name(part), part.get_content_type()
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            files.append((name or f"{kind.partition('/')[2] or 'file'}", content))
        elif kind == "text/html":
            marked.append(as_text(decoded(content, str(part.get_content_charset() or ""))))
        else:
            plain.append(decoded(content, str(part.get_content_charset() or "")))
    said = "\n".join(one.strip() for one in plain if one.strip()) or "\n".join(marked)
    return _kept(said), files


def _name(part: Message) -> str:
    name = part.get_filename()
    return _words(name) if name else ""


def _kept(text: str) -> str:
    """Without control characters, and not endless."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    shown = "".join(sign if sign in "\n\t" or sign.isprintable() else " " for sign in lines)
    return re.sub(r"\n{3,}", "\n\n", shown).strip()[:MOST_TEXT]


def as_text(html: str) -> str:
    """The words of a text with markup, a line for each block."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "\n".join(line for line in (" ".join(one.split()) for one in "".join(reader.said).split("\n")) if line)


class _Words(HTMLParser):
    """Gathers what is read, and nothing of what is run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in UNREAD
        self.said += ["\n"] if tag in BLOCKS else []

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in UNREAD and self.hidden > 0
        self.said += ["\n"] if tag in BLOCKS else []

    def handle_data(self, data: str) -> None:
        self.said += [data.replace("\n", " ")] if not self.hidden else []
