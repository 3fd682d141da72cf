"""What a form is made of, as it is kept: its fields, its consents, its words, the hosts that may show it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from renmai.kernel.records.kinds import CONTROL
from renmai.kernel.ui.reader import tag

LANGUAGES = {tag(code): name for code, name in settings.LANGUAGES}
ASKED = {"text", "long_text", "email", "phone", "url", "country", "currency", "choice", "pick", "boolean", "date"} | {
    "integer",
    "decimal",
    "money",
    "percent",
}
MESSAGE = "message"
WORDS = ("heading", "intro", "button", "thanks")
MOST_FIELDS, MOST_CONSENTS, MOST_HOSTS, LONGEST = 40, 10, 50, 5_000
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?")
KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def _entries(raw: Any, most: int) -> list[dict[str, Any]]:
    if raw in (None, ""):
        return []
    if not isinstance(raw, list) or len(raw) > most or not all(isinstance(one, dict) for one in raw):
        raise ValueError(_("A list of entries is expected here."))
    return raw


def text(raw: Any) -> str:
    """A text of a few lines.

    Raises:
        ValueError: it is none.
    """
    if raw in (None, ""):
        return ""
    if not isinstance(raw, str) or CONTROL.search(raw) or len(raw) > LONGEST:
        raise ValueError(_("Text is expected here."))
    return raw.strip()


def texts(raw: Any) -> dict[str, str]:
    """A text in several languages, by tag; those that are empty are left out.

    Raises:
        ValueError: it is none, or in a language that we do not speak.
    """
    given = raw or {}
    if not isinstance(given, dict):
        raise ValueError(_("A text for each language is expected here."))
    strange = sorted(set(given) - set(LANGUAGES))
    if strange:
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": strange[0], "valid": ", ".join(LANGUAGES)})
    return {code: text(given[code]) for code in LANGUAGES if given.get(code)}


def fields(raw: Any) -> list[dict[str, Any]]:
    """The fields in their order: ``{field, required, hidden, value, labels, helps, choices}``.

    Raises:
        ValueError: with what is wrong.
    """
    found = [_field(one) for one in _entries(raw, MOST_FIELDS)]
    names = [one["field"] for one in found]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ValueError(_("The field “%(name)s” stands there twice.") % {"name": twice})
    return found


def _field(one: dict[str, Any]) -> dict[str, Any]:
    name = one.get("field")
    if not isinstance(name, str) or not name:
        raise ValueError(_("Each entry names its field."))
    choices = one.get("choices") or []
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise ValueError(_("A list of texts is expected here."))
    return {
        "field": name,
        "required": bool(one.get("required")),
        "hidden": bool(one.get("hidden")),
        "value": text(one.get("value")),
        "labels": texts(one.get("labels")),
        "helps": texts(one.get("helps")),
        "choices": [choice.strip() for choice in choices if choice.strip()],
    }


def consents(raw: Any) -> list[dict[str, Any]]:
    """The boxes of consent: ``{key, texts, required, version}``; the version changes with the words, so that it is known who read which.

    Raises:
        ValueError: with what is wrong.
    """
    found = [_consent(one) for one in _entries(raw, MOST_CONSENTS)]
    if len({one["key"] for one in found}) < len(found):
        raise ValueError(_("Two consents have the same key."))
    return found


def _consent(one: dict[str, Any]) -> dict[str, Any]:
    key, said = one.get("key"), texts(one.get("texts"))
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise ValueError(_("The key of a consent is a short word in small letters, such as news."))
    if not said:
        raise ValueError(_("Write what people agree to."))
    version = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:8]
    return {"key": key, "texts": said, "required": bool(one.get("required")), "version": version}


def words(raw: Any) -> dict[str, dict[str, str]]:
    """What stands round the fields, by language: heading, introduction, button and thanks.

    Raises:
        ValueError: with what is wrong.
    """
    given = raw or {}
    if not isinstance(given, dict) or not all(isinstance(said, dict) for said in given.values()):
        raise ValueError(_("A text for each language is expected here."))
    texts(dict.fromkeys(given))
    strange = sorted({name for said in given.values() for name in said} - set(WORDS))
    if strange:
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": strange[0], "valid": ", ".join(WORDS)})
    found = {code: {name: told for name in WORDS if (told := text(given[code].get(name)))} for code in LANGUAGES if code in given}
    return {code: said for code, said in found.items() if said}


def hosts(raw: Any) -> list[str]:
    """Hosts that may show the form in a page of theirs.

    Raises:
        ValueError: one of them is none.
    """
    if raw in (None, ""):
        return []
    if not isinstance(raw, list) or len(raw) > MOST_HOSTS or not all(isinstance(one, str) for one in raw):
        raise ValueError(_("A list of hosts is expected here, such as www.example.com."))
    found = [one.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/") for one in raw if one.strip()]
    wrong = next((one for one in found if not HOST.fullmatch(one)), "")
    if wrong:
        raise ValueError(_("“%(host)s” is not a host, such as www.example.com.") % {"host": wrong})
    return list(dict.fromkeys(found))


def in_language(said: dict[str, str], language: str) -> str:
    """A text in a language, else in the first that there is."""
    return said.get(language) or next(iter(said.values()), "")
