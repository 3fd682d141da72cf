"""What a role may be written as, so that a slip is told when the role is saved and not to whoever holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from renmai.kernel.records.types import RecordType

LEVELS = ["none", "own", "team", "branch", "all"]
FIELD_LEVELS = ["hidden", "read", "write"]
WRITTEN = {"create", "edit"}  # what nobody does by hand to a type that changes only by its actions


def rights(raw: Any) -> dict[str, dict[str, Any]]:
    """``{type: {verb: level}}``, a level being one of five words or ``{"criteria": …}`` over the type.

    Raises:
        ValueError: with a sentence for people.
    """
    found = _nested(raw)
    _require_types(found, every=True)
    for slug, verbs in found.items():
        _require_verbs(slug, verbs)
    return {slug: {verb: _level(slug, level) for verb, level in verbs.items()} for slug, verbs in found.items()}


def field_rights(raw: Any) -> dict[str, dict[str, str]]:
    """``{type: {field: level}}``.

    Raises:
        ValueError: with a sentence for people.
    """
    found = _nested(raw)
    _require_types(found)
    for slug, names in found.items():
        _require_fields(slug, names)
    return {slug: {name: _one_of(level, FIELD_LEVELS) for name, level in names.items()} for slug, names in found.items()}


def _require_types(found: dict[str, Any], *, every: bool = False) -> None:
    from renmai.kernel.records.types import registry

    valid = [*(["*"] if every else []), *(kind.slug for kind in registry.all())]
    for slug in found:
        if slug not in valid:
            raise ValueError(_("There is no type “%(name)s”. Valid are: %(valid)s.") % {"name": slug[:40], "valid": ", ".join(valid)})


def _require_verbs(slug: str, verbs: dict[str, Any]) -> None:
    """A misspelt verb would leave closed what was meant to be open, or the reverse."""
    from renmai.kernel.access.rights import VERBS
    from renmai.kernel.records.types import registry

    kinds = registry.all() if slug == "*" else [registry[slug]]
    valid = list(dict.fromkeys(["*", *VERBS, *(verb for kind in kinds for verb in kind.verbs)]))
    for verb in verbs:
        if verb not in valid:
            raise ValueError(_("There is no right “%(name)s”. Valid are: %(valid)s.") % {"name": verb[:40], "valid": ", ".join(valid)})


def _require_fields(slug: str, names: dict[str, Any]) -> None:
    """A misspelt name would leave open what was meant to be hidden."""
    from renmai.kernel.records.types import registry

    kind = registry[slug]
    for name in names:
        if name not in kind.fields and not _is_said(slug, name):
            words = {"name": name[:40], "valid": ", ".join(sorted(kind.fields))}
            raise ValueError(_("There is no field “%(name)s”. Fields: %(valid)s.") % words)
    for name in unhidable(kind):
        if names.get(name) == "hidden":
            words = {"name": kind.fields[name].label, "types": kind.label_plural}
            raise ValueError(_("“%(name)s” of %(types)s cannot be hidden: they are called by it wherever they are named.") % words)


def _is_said(slug: str, name: str) -> bool:
    """Whether a role names the field already: it went after that was written, may come back, and is no slip."""
    from renmai.kernel.access.user import Role

    return any(name in said.get(slug, {}) for said in Role.objects.values_list("fields", flat=True))


def _stands(slug: str, tree: Any) -> bool:
    """Whether a role has the criteria already: they were right when they were written, and match nothing where they are no longer."""
    from renmai.kernel.access.user import Role

    found = Role.objects.values_list("rights", flat=True)
    return any(isinstance(level, dict) and level.get("criteria") == tree for rights in found for level in rights.get(slug, {}).values())


def unhidable(kind: RecordType) -> set[str]:
    """The fields that a type's titles are made of."""
    derived = getattr(kind.model, "derived_from", {})
    made_of = {"title", *kind.model.titled_by}
    return {part for name in made_of for part in (name, *derived.get(name, ()))} & set(kind.fields)


def _nested(raw: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(raw, dict) or not all(isinstance(inner, dict) for inner in raw.values()):
        raise ValueError(_('Rights are written as {"leads": {"view": "own"}}.'))
    return raw


def _level(slug: str, level: Any) -> Any:
    if not isinstance(level, dict):
        return _one_of(level, LEVELS)
    if set(level) != {"criteria"}:
        raise ValueError(_('A right by criteria is written as {"criteria": …}.'))
    _check_criteria(slug, level["criteria"])
    return level


def _check_criteria(slug: str, tree: Any) -> None:
    from renmai.kernel.criteria import BadCriteria, parse
    from renmai.kernel.criteria.walk import leaves
    from renmai.kernel.records.types import registry

    kind = registry.get(slug)
    if kind is None:
        raise ValueError(_("“%(name)s” is no type of record, so criteria say nothing about it.") % {"name": slug[:40]})
    if _stands(slug, tree):
        return
    try:
        found = parse(tree, kind)
    except BadCriteria as error:
        raise ValueError(str(error.message)) from None
    for leaf in leaves(found):
        _require_walked(leaf, kind)


def _require_walked(leaf: Any, kind: RecordType) -> None:
    """A right is asked of every row of every list, so an index has to lead to the rows that it opens."""
    from renmai.kernel.criteria.kinds import OPERATORS
    from renmai.kernel.criteria.tree import Condition
    from renmai.kernel.records.types import registry

    if not isinstance(leaf, Condition):
        raise ValueError(_("A right looks only at fields of the record itself and of what it links to, not at related records."))
    where = kind
    for spec in (*leaf.links, leaf.field):
        if not spec.scopable:
            valid = sorted(str(one.label) for one in where.fields.values() if one.scopable and one.kind in OPERATORS)
            words = {"name": spec.label, "valid": ", ".join(valid)}
            raise ValueError(_("A right cannot look at “%(name)s”, since no index leads to it. Possible are: %(valid)s.") % words)
        where = registry[spec.target] if spec.target else where


def _one_of(level: Any, valid: list[str]) -> str:
    if level not in valid:
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": str(level)[:40], "valid": ", ".join(valid)})
    return str(level)
