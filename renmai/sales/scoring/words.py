"""Lines of a model as people say them, and two versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renmai.kernel.criteria import stored
from renmai.kernel.criteria.words import in_words
from renmai.kernel.ui.reader import current
from renmai.sales.scoring.explain import kind_in_words
from renmai.sales.scoring.model import LineKind, ScoringLine, leads
from renmai.sales.scoring.worth import Decay

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


def name_of(line: ScoringLine, by: User) -> str:
    """What a line is called: as the company calls it, else by what it looks at."""
    return line.called or capfirst(_looked_at(line, by))


def said(line: ScoringLine, by: User) -> str:
    """What a line gives points for, in one sentence."""
    words = {"what": _looked_at(line, by), "points": f"{line.points:+d}", "count": line.days}
    if line.kind == LineKind.COMPLETE:
        return _("Up to %(points)s as far as these are filled in: %(what)s") % words
    if line.kind == LineKind.CRITERIA:
        return _("%(points)s where this holds: %(what)s") % words
    each = ngettext(
        "%(points)s for each of these in %(count)s day: %(what)s", "%(points)s for each of these in %(count)s days: %(what)s", line.days
    )
    return ". ".join([each % words, *_fading(line)])


def _fading(line: ScoringLine) -> list[str]:
    """How a fact fades, and where the line ends."""
    found = [str(Decay(line.decay).label)] if line.decay == Decay.LINEAR else []
    if line.decay == Decay.HALF_LIFE:
        found.append(ngettext("Halves every day", "Halves every %(count)s days", line.half_life or 1) % {"count": line.half_life})
    if line.most is not None:
        found.append(_("At most %(most)s together") % {"most": line.most})
    return found


def _looked_at(line: ScoringLine, by: User) -> str:
    if line.kind == LineKind.COMPLETE:
        fields = leads().fields
        return ", ".join(str(fields[name].label) if name in fields else name for name in line.filled)
    if line.kind == LineKind.CRITERIA:
        return in_words(stored(line.criteria, leads()), current(), by)
    return ", ".join(kind_in_words(kind) for kind in line.facts)


@dataclass(frozen=True)
class Side:
    """A line of a version beside that of another.

    Attributes:
        now, then: the sentence of each; empty where it has no such line.
    """

    name: str
    now: str
    then: str

    @property
    def differs(self) -> bool:
        """The two do not say the same."""
        return self.now != self.then


def side_by_side(lines: Sequence[ScoringLine], others: Sequence[ScoringLine], by: User) -> list[Side]:
    """The lines of a version with those of another that are called the same, then those that only the other has."""
    then = {name_of(line, by): said(line, by) for line in others}
    found = [Side(name_of(line, by), said(line, by), then.pop(name_of(line, by), "")) for line in lines]
    return [*found, *(Side(name, "", sentence) for name, sentence in then.items())]
