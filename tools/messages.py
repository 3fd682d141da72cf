"""Take the words of code and templates into the catalogues: new ones are added empty, those no longer used are dropped.

Run as `make messages`; then fill what is empty. English is its own translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LANGUAGES = ("en", "zh_Hans", "zh_Hant", "th")
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}

# Without dates and names, so that a catalogue changes only where its words do.
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"

"""


def path_of(language: str, root: Path = ROOT) -> Path:
    """Where a language's catalogue lies."""
    return root / "renmai" / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted(root: Path = ROOT) -> Catalog:
    """Every message that code and templates ask for."""
    with (root / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = extract_from_dir(root / "renmai", methods, options, KEYWORDS, strip_comment_tags=True)
    catalogue = Catalog()
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    return catalogue


def read(language: str, root: Path = ROOT) -> Catalog:
    """A language's catalogue; an empty one when there is none yet."""
    path = path_of(language, root)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def messages(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def update(language: str, wanted: Catalog, root: Path = ROOT) -> int:
    """Bring a language's catalogue up to date.

    Returns:
        How many messages have no translation.
    """
    kept = read(language, root)
    fresh = Catalog(locale=language)
    for message in messages(wanted):
        before = kept.get(message.id, message.context)
        string = message.id if language == "en" else before.string if before and not before.fuzzy else None
        fresh.add(message.id, string=string, context=message.context)
    _write(fresh, language, path_of(language, root))
    return sum(not _is_full(message) for message in messages(fresh))


def _is_full(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (list, tuple)) else bool(message.string)


def _write(catalogue: Catalog, language: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=language, plurals=catalogue.plural_forms).encode())
        write_po(file, catalogue, width=0, sort_output=True, omit_header=True, no_location=True)


if __name__ == "__main__":
    words = extracted()
    for name in LANGUAGES:
        print(f"{name}: {update(name, words)} of {len(words)} messages to translate")
