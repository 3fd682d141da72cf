"""Whether a lead may enter a step: what of its conditions is not met, in words and by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria import Reader, matches, stored
from renmai.kernel.criteria.tree import And, Condition, Node
from renmai.kernel.criteria.walk import leaves
from renmai.kernel.criteria.words import in_words
from renmai.kernel.records.types import registry
from renmai.kernel.ui.reader import current
from renmai.sales.qualification.model import EntryRule, Step

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.sales.lead.model import Lead

Unmet = dict[str, list[Any]]
ANYWHERE = "status"


def unmet(lead: Lead, step: str, by: User | None) -> Unmet:
    """Every condition of a step that a lead, stored or not, does not meet: sentences by the field that they look at.

    Args:
        step: a status; those besides ``Step`` have no conditions.
        by: who is told; of a field that is hidden from them they hear only that there is one.
    """
    found: Unmet = {}
    if str(step) in Step.values:
        kind, reader = registry.of(lead), Reader()
        hidden = by.access.hidden(kind) if by is not None else set()
        for rule in EntryRule.of(step):
            node = stored(rule.criteria, kind) if rule.criteria else And(())
            for part in node.parts if isinstance(node, And) else (node,):
                if not matches(part, lead, reader):
                    field, sentence = _told(rule, part, hidden, by)
                    found[field] = list(dict.fromkeys([*found.get(field, []), sentence]))
    return found


def require_entry(lead: Lead, step: str, by: User | None) -> None:
    """Raise ``Invalid`` with every condition of a step that a lead does not meet."""
    if found := unmet(lead, step, by):
        raise Invalid(found)


def _told(rule: EntryRule, part: Node, hidden: set[str], by: User | None) -> tuple[str, str]:
    """Beside which field of the lead a condition is told, and how."""
    step = Step(rule.step).label
    named = [leaf for leaf in leaves(part) if isinstance(leaf, Condition)]
    if any((leaf.links[0] if leaf.links else leaf.field).name in hidden for leaf in named):
        return ANYWHERE, rule.says or _("“%(step)s” needs something that you may not see.") % {"step": step}
    field = named[0].field.name if named and not named[0].links else ANYWHERE
    return field, rule.says or _("“%(step)s” needs: %(condition)s.") % {"step": step, "condition": in_words(part, current(), by)}
