"""Names, addresses of mail and web, and other texts in the form in which they are wanted; what is in doubt stays as it is."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

from jellyfish import damerau_levenshtein_distance

from renmai.kernel.locale.digits import plain
from renmai.kernel.matching.values import free_hosts

_CASED = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ]")
_WORD = re.compile(r"[^\s\-'’]+")
_LATIN_TITLE = re.compile(r"(mr|mrs|ms|miss|mx|dr|prof|sir)(?:\.\s*|\s+)(?=\S)", re.IGNORECASE)
_THAI_TITLE = re.compile(r"(นางสาว|นาง(?!สาว)|นาย|น\.ส\.|คุณ|ดร\.)\s+(?=\S+\s+\S)")
_REVERSED = re.compile(r"([^,]+),\s*([^,]+)")
PARTICLES = {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "van", "von", "zu"}
INITIAL_PARTS = ("mc", "o'", "o’")
WELL_KNOWN = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "yahoo.co.th",
    "yahoo.com.tw",
    "icloud.com",
    "foxmail.com",
)
ENDINGS = {
    ".con": ".com",
    ".cmo": ".com",
    ".ocm": ".com",
    ".vom": ".com",
    ".comm": ".com",
    ".co,th": ".co.th",
    ".nte": ".net",
    ".ogr": ".org",
}


def words(text: str) -> str:
    """Single spaces, no invisible signs, letters and digits in their plain width; Chinese punctuation keeps its own."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join("".join(_narrowed(sign) for sign in text).split())


def _narrowed(sign: str) -> str:
    """One sign: full-width letters, digits and blanks become narrow, invisible ones nothing."""
    if "\uff10" <= sign <= "\uff19" or "\uff21" <= sign <= "\uff3a" or "\uff41" <= sign <= "\uff5a" or sign == "\u3000":
        return unicodedata.normalize("NFKC", sign)
    return "" if sign in "\u200b\u2060\ufeff\u00ad" else sign


def person(name: str) -> tuple[str, str]:
    """A name and the title that stood in it: given name first where a comma says that it was turned round, capitals as a name has them.

    Capitals are set only where there are none but capitals, or none: ``SMITH, JOHN`` and ``john smith``, never ``DeShawn``.
    """
    text, title = words(name), ""
    for form in (_LATIN_TITLE, _THAI_TITLE):
        found = form.match(text)
        if found and _is_whole(text[found.end() :]):
            title, text = found[1], text[found.end() :].strip()
            break
    turned = _REVERSED.fullmatch(text)
    if turned and _CASED.search(turned[1]) and _CASED.search(turned[2]):
        text = f"{turned[2].strip()} {turned[1].strip()}"
    return _cased(text), f"{title.rstrip('.').capitalize()}." if title.isascii() and title else title


def _is_whole(rest: str) -> bool:
    """Behind a title stands more than one word, so that the name is one without it."""
    return len(rest.split()) > 1


def _cased(text: str) -> str:
    letters = "".join(_CASED.findall(text))
    if len(letters) < 2 or not (letters.islower() or (letters.isupper() and " " in text)):
        return text
    made = _WORD.sub(lambda word: _capital(word[0]), text)
    return made[:1].upper() + made[1:]


def _capital(word: str) -> str:
    low = word.lower()
    if low in PARTICLES or not _CASED.search(low):
        return low
    start = next((part for part in INITIAL_PARTS if low.startswith(part) and len(low) > len(part) + 1), "")
    return start.capitalize() + low[len(start) :].capitalize()


def email(text: str) -> str:
    """Small letters, no blanks, and the host that was meant: ``mailto:Ann@Gmial.com`` is ``ann@gmail.com``."""
    found = "".join(plain(text).lower().removeprefix("mailto:").split()).strip("<>.,;")
    local, at, host = found.rpartition("@")
    return f"{local}@{_meant(host)}" if at and local and host else text


def _meant(host: str) -> str:
    """The host that a misspelt one stands for: one of the well-known at a distance of one letter, unless it is one itself."""
    for wrong, right in ENDINGS.items():
        host = host.removesuffix(wrong) + right if host.endswith(wrong) else host
    if host in free_hosts():
        return host
    near = [known for known in WELL_KNOWN if damerau_levenshtein_distance(host, known) == 1]
    return near[0] if len(near) == 1 else host


def url(text: str) -> str:
    """With its scheme, the host in small letters, without a lone slash at its end."""
    found = "".join(plain(text).split())
    try:
        parts = urlsplit(found if "://" in found else f"https://{found}")
    except ValueError:
        return text
    if "." not in parts.netloc:
        return text
    path = "" if parts.path == "/" and not parts.query else parts.path
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, parts.query, parts.fragment))


def host(text: str) -> str:
    """The bare host of a web address: ``https://www.Acme.com/about`` is ``acme.com``."""
    netloc = urlsplit(url(text)).netloc
    return netloc.removeprefix("www.").partition(":")[0] or text
