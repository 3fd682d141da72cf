"""Which of a person's records go to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from renmai.kernel.access.user import User
from renmai.kernel.actions.action import REQUIRED
from renmai.kernel.actions.errors import Invalid
from renmai.kernel.criteria import BadCriteria, Reader, parse, to_q
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

Plan = dict[RecordType, dict[UUID, list[UUID]]]  # type → receiver → records


@dataclass
class Asked:
    """A handover that somebody wants.

    Attributes:
        person: whose records go.
        to: who gets them; of several each gets as many.
        types: slugs of the types that go; all if it names none.
        criteria: slug → criteria: of that type only these go.
        rules: ``{"type", "criteria", "to"}``, in order: what meets one goes to its receiver, the rest to ``to``.
    """

    person: User
    to: list[User]
    types: list[str] = field(default_factory=list)
    criteria: dict[str, Any] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Asked:
        """As a program or a form sends it.

        Raises:
            Invalid: with everything that does not do.
        """
        errors: dict[str, list[Any]] = {}
        person = _person(given.get("person"), "person", errors, active=False)
        wanted = given.get("to") or []
        to = [_person(key, "to", errors) for key in (wanted if isinstance(wanted, list) else [wanted])]
        known = {kind.slug for kind in kinds()}
        types = _listed(given.get("types"), "types", errors)
        criteria, rules = given.get("criteria") or {}, given.get("rules") or []
        if not isinstance(criteria, dict) or not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            errors["criteria"] = [_("A JSON object is expected.")]
            criteria, rules = {}, []
        for slug in [*types, *criteria, *(str(rule.get("type")) for rule in rules)]:
            if slug not in known:
                errors.setdefault("types", []).append(
                    _("“%(value)s” is not one of: %(valid)s.") % {"value": slug, "valid": ", ".join(sorted(known))}
                )
        trees = list(criteria.items()) + [(str(rule.get("type")), rule.get("criteria")) for rule in rules]
        for slug, tree in trees:
            _require_criteria(slug, tree, known, errors)
        rules = [{**rule, "to": _person(rule.get("to"), "rules", errors)} for rule in rules]
        if not wanted:
            errors.setdefault("to", [REQUIRED])
        if person is not None and any(one is not None and one.pk == person.pk for one in [*to, *(rule["to"] for rule in rules)]):
            errors.setdefault("to", []).append(_("Nobody hands over to themselves."))
        if errors or person is None:
            raise Invalid(errors)
        return cls(person, [one for one in to if one is not None], types, criteria, rules)

    def plan(self) -> Plan:
        """Every record that goes, with whoever gets it; each stands there once, so that nobody's customer is lost."""
        found: Plan = {}
        for kind in kinds():
            if not self.types or kind.slug in self.types:
                left = list(self._rows(kind).order_by("pk").values_list("pk", flat=True))
                if left:
                    found[kind] = self._shared_out(kind, left)
        return found

    def _rows(self, kind: RecordType) -> QuerySet[Any]:
        rows: Any = kind.model.objects.live().filter(owner=self.person.pk)
        return rows.filter(_q(self.criteria[kind.slug], kind)) if kind.slug in self.criteria else rows

    def _shared_out(self, kind: RecordType, keys: list[UUID]) -> dict[UUID, list[UUID]]:
        given: dict[UUID, list[UUID]] = {}
        left = keys
        for rule in self.rules:
            if rule["type"] == kind.slug:
                meets = set(self._rows(kind).filter(_q(rule.get("criteria"), kind)).values_list("pk", flat=True))
                given.setdefault(rule["to"].pk, []).extend(key for key in left if key in meets)
                left = [key for key in left if key not in meets]
        for place, key in enumerate(left):
            given.setdefault(self.to[place % len(self.to)].pk, []).append(key)
        return {receiver: some for receiver, some in given.items() if some}


def kinds() -> list[RecordType]:
    """The types whose records belong to people."""
    return [kind for kind in registry.all() if not (kind.ownerless or kind.acted or kind.governs) and kind.rail]


def _q(tree: Any, kind: RecordType) -> Any:
    return to_q(parse(tree or {"and": []}, kind), Reader())


def _require_criteria(slug: str, tree: Any, known: set[str], errors: dict[str, list[Any]]) -> None:
    try:
        if slug in known:
            parse(tree or {"and": []}, registry[slug])
    except BadCriteria as problem:
        errors.setdefault("criteria", []).append(str(problem.message))


def _listed(given: Any, name: str, errors: dict[str, list[Any]]) -> list[str]:
    if given in (None, ""):
        return []
    if isinstance(given, list) and all(isinstance(one, str) for one in given):
        return given
    errors[name] = [_("A list of entries is expected here.")]
    return []


def _person(key: Any, name: str, errors: dict[str, list[Any]], *, active: bool = True) -> User | None:
    """A colleague; who gets records must be able to work with them."""
    try:
        found = User.objects.live().filter(pk=UUID(str(key))).first() if key else None
    except ValueError:
        found = None
    if found is None:
        errors.setdefault(name, []).append(_("There is no such person.") if key else REQUIRED)
    elif active and not found.active:
        errors.setdefault(name, []).append(_("%(name)s does not work here any more.") % {"name": found.title})
    return found
