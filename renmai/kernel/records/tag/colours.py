"""The colours of tags: known to each process, and read again when somebody has changed one."""

from __future__ import annotations

from renmai.kernel.overlay.version import rebuilds
from renmai.kernel.records.tag.model import Colour, Tag

_known: dict[str, str] = {}


@rebuilds
def look(is_any: bool) -> None:
    """Remember which tags have a colour of their own, until somebody changes one."""
    _known.clear()
    if is_any:
        _known.update(Tag.objects.live().exclude(colour=Colour.GREY).values_list("name", "colour"))


def colour_of(name: str) -> str:
    """The colour of a tag, one of ``Colour``; of a word that nobody has made a tag, too."""
    return _known.get(name, str(Colour.GREY))
