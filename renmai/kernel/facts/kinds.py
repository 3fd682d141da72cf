"""Which kinds of fact there are: what can be named by whoever wants to hear of some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

EVERY = "*"
WORDS = {
    "created": gettext_lazy("created"),
    "updated": gettext_lazy("changed"),
    "deleted": gettext_lazy("deleted"),
    "restored": gettext_lazy("restored"),
    "assigned": gettext_lazy("given to somebody"),
    "shared": gettext_lazy("shared"),
    "unshared": gettext_lazy("no longer shared"),
    "approval_asked": gettext_lazy("approval asked for"),
    "tagged": gettext_lazy("tags changed"),
    "commented": gettext_lazy("commented on"),
    "attached": gettext_lazy("file attached"),
    "detached": gettext_lazy("file removed"),
    "imported": gettext_lazy("imported"),
    "merged": gettext_lazy("merged"),
    "recomputed": gettext_lazy("best values chosen"),
    "unmerged": gettext_lazy("taken apart"),
    "arrived": gettext_lazy("came in"),
    "submitted": gettext_lazy("filled in a form"),
    "wrote": gettext_lazy("wrote to us"),
}
MOST = 200
LONGEST = 120


def verbs_of(kind: RecordType) -> list[str]:
    """What can happen to records of a type, in the past tense."""
    from renmai.kernel.facts.timeline import PLAIN

    acted = (action.fact for action in kind.all_actions if action.fact)
    return list(dict.fromkeys([*PLAIN, *kind.phrases, *acted]))


def kinds_of(kinds: Iterable[RecordType]) -> dict[str, str]:
    """Every kind of fact about these types, ``lead.claimed``, and all of one type, ``lead.*``, with words for each."""
    found = {}
    for kind in kinds:
        name = capfirst(str(kind.label))
        found[f"{kind.noun}.{EVERY}"] = _("%(noun)s: everything") % {"noun": name}
        found |= {f"{kind.noun}.{verb}": f"{name}: {word_of(kind, verb)}" for verb in verbs_of(kind)}
    return found


def word_of(kind: RecordType, verb: str) -> str:
    """What people call a verb of a type's facts."""
    return str({**{action.fact: action.label for action in kind.all_actions}, **WORDS, **kind.happenings}[verb])


def type_of(kind: str) -> RecordType | None:
    """The type of record that a kind of fact is about."""
    noun = kind.partition(".")[0]
    return next((found for found in registry.all() if found.noun == noun), None)


def kinds_shape(raw: Any) -> list[str]:
    """A list of kinds of fact, as it is kept.

    Raises:
        ValueError: it is none.
    """
    if raw in (None, ""):
        return []
    if not isinstance(raw, list) or len(raw) > MOST or not all(isinstance(one, str) and 0 < len(one) <= LONGEST for one in raw):
        raise ValueError(_("A list of kinds of fact is expected here, such as lead.created."))
    return list(dict.fromkeys(raw))
