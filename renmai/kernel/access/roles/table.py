"""What a role may do, as tables: every type with its verbs, and one type with its actions and fields, too."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from renmai.kernel.access.rights import MAKES, VERBS, granted
from renmai.kernel.access.shapes import FIELD_LEVELS, unhidable
from renmai.kernel.access.user import Role, User
from renmai.kernel.access.words import BY_RULE, CREATE_LEVELS, LEVELS, verb_word
from renmai.kernel.access.words import FIELD_LEVELS as FIELD_WORDS
from renmai.kernel.access.words import VERBS as VERB_WORDS
from renmai.kernel.criteria.builder.builder import Builder
from renmai.kernel.records.types import RecordType, registry

EVERY = "*"
RULE = "criteria"
UNSHOWN = {"custom", "ids"}
Rights = dict[str, Any]


@dataclass(frozen=True)
class Right:
    """One thing that can be set.

    Attributes:
        name: of its input.
        label: the verb, or the field.
        value: a level, ``criteria`` for a rule, or empty where the type goes as every type.
        text: what it says to whoever may not change it.
        choices: value and label of what it can be set to; none where everybody may.
        rule: where the rule is written, if it goes by one.
    """

    name: str
    label: Any
    value: str
    text: Any
    choices: list[tuple[str, Any]]
    rule: Builder | None = None


@dataclass(frozen=True)
class Line:
    """One type, or every type, with its rights by verb.

    Attributes:
        slug: of the type; ``*`` for every type.
        notes: what else the role says of it, in sentences.
        words: by which the line is found, besides its label.
    """

    slug: str
    label: Any
    icon: str
    rights: list[Right]
    notes: list[str]
    words: str = ""


def lines(role: Role) -> list[Line]:
    """Every type with the verbs that all types have."""
    rights = [_right(role.rights, EVERY, verb, VERB_WORDS[verb]) for verb in VERBS]
    return [Line(EVERY, _("Every type"), icon="asterisk", rights=rights, notes=[]), *(_line(role, kind) for kind in registry.all())]


def _line(role: Role, kind: RecordType) -> Line:
    rights = [_right_of(role.rights, kind, verb, VERB_WORDS[verb]) for verb in VERBS]
    words = " ".join(str(spec.label) for spec in kind.fields.values())
    return Line(kind.slug, kind.label_plural, kind.icon, rights, _notes(role, kind), words)


def _notes(role: Role, kind: RecordType) -> list[str]:
    """What the table of every type does not show."""
    own = [str(verb_word(kind, verb)) for verb in role.rights.get(kind.slug, {}) if verb not in VERBS and verb != EVERY]
    closed = {
        level: _labels(kind, (name for name, said in role.fields.get(kind.slug, {}).items() if said == level)) for level in FIELD_LEVELS
    }
    return [
        *([_("Set by itself: %(actions)s.") % {"actions": ", ".join(own)}] if own else []),
        *([_("Hidden: %(fields)s.") % {"fields": closed["hidden"]}] if closed["hidden"] else []),
        *([_("Read only: %(fields)s.") % {"fields": closed["read"]}] if closed["read"] else []),
    ]


def _labels(kind: RecordType, names: Iterable[str]) -> str:
    return ", ".join(str(kind.fields[name].label) for name in names if name in kind.fields)


def verbs_of(role: Role, kind: RecordType, by: User) -> list[Right]:
    """Everything that can be done to records of a type; a rule with the builder that holds it."""
    rights = [_right_of(role.rights, kind, verb, verb_word(kind, verb)) for verb in [*VERBS, *actions_of(kind)]]
    return [_with_rule(role.rights, right, kind, by) for right in rights]


def actions_of(kind: RecordType) -> list[str]:
    """The verbs of a type's own, which go as changing where a role does not name them."""
    named = [*(action.may for action in kind.all_actions), *kind.rights]
    return [verb for verb in dict.fromkeys(named) if verb not in VERBS]


def _with_rule(rights: Rights, right: Right, kind: RecordType, by: User) -> Right:
    verb = right.name.rpartition(".")[2]
    grant = rights.get(kind.slug, {}).get(verb)
    choices = right.choices if RULE in dict(right.choices) or not right.choices or verb in MAKES else [*right.choices, (RULE, BY_RULE)]
    builder = builder_of(kind, by, verb, grant.get(RULE)) if isinstance(grant, dict) else None
    return Right(right.name, right.label, right.value, right.text, choices, builder)


def builder_of(kind: RecordType, by: User, verb: str, tree: Any) -> Builder:
    """Where the rule of a right is written."""
    return Builder.of(kind, by, tree or None, name=f"rule-{verb}", **LIMITS)


def fields_of(role: Role, kind: RecordType) -> list[Right]:
    """How far each field of a type is open."""
    said, fixed = role.fields.get(kind.slug, {}), unhidable(kind)
    gone = [
        Right(
            f"field.{name}",
            _("%(name)s (this field no longer exists)") % {"name": name},
            level,
            FIELD_WORDS[level],
            _field_levels(is_fixed=False),
        )
        for name, level in said.items()
        if name not in kind.fields
    ]
    return gone + [
        Right(
            f"field.{name}",
            spec.label,
            said.get(name, "write"),
            FIELD_WORDS[said.get(name, "write")],
            _field_levels(is_fixed=name in fixed),
        )
        for name, spec in kind.fields.items()
        if spec.kind not in UNSHOWN and name != "title"
    ]


def _field_levels(*, is_fixed: bool) -> list[tuple[str, Any]]:
    return [(level, FIELD_WORDS[level]) for level in reversed(FIELD_LEVELS) if not (is_fixed and level == "hidden")]


LIMITS: dict[str, bool] = {"related": False, "company": True, "scopable": True}


def _right_of(rights: Rights, kind: RecordType, verb: str, label: Any) -> Right:
    if verb == "view" and kind.open_to_all:
        return Right(f"{kind.slug}.{verb}", label, "all", LEVELS["all"], [])
    return _right(rights, kind.slug, verb, label)


def _right(rights: Rights, slug: str, verb: str, label: Any) -> Right:
    own = rights.get(slug, {})
    inherits = slug != EVERY and verb not in own and EVERY not in own
    general = _word(verb, granted({EVERY: rights.get(EVERY, {})}, EVERY, verb) if verb in VERBS else granted(rights, slug, verb))
    value = "" if inherits else _value(granted(rights, slug, verb))
    choices: list[tuple[str, Any]] = list(_levels(verb).items())
    if value not in {"", *dict(choices)}:
        choices.append((value, _word(verb, value)))
    if slug != EVERY:
        choices.insert(0, ("", f"({general})"))
    return Right(f"{slug}.{verb}", label, value, general if inherits else _word(verb, value), choices)


def _levels(verb: str) -> dict[str, Any]:
    return CREATE_LEVELS if verb in MAKES else LEVELS


def _value(grant: Any) -> str:
    return RULE if isinstance(grant, dict) else str(grant)


def _word(verb: str, grant: Any) -> Any:
    return _levels(verb).get(_value(grant)) or LEVELS.get(_value(grant), BY_RULE)


def changed_rights(rights: Rights, shown: Iterable[Right], typed: QueryDict) -> Rights:
    """The rights with every level that was changed; what the table does not show stays as it is."""
    made = copy.deepcopy(rights)
    for right in shown:
        wanted = typed.get(right.name, right.value)
        if wanted != right.value and wanted in dict(right.choices):
            slug, verb = right.name.rsplit(".", 1)
            _put(made, slug, verb, {RULE: {}} if wanted == RULE else wanted)
    return made


def _put(rights: Rights, slug: str, verb: str, wanted: Any) -> None:
    entry = rights.setdefault(slug, {})
    if wanted:
        entry[verb] = wanted
    else:
        entry.pop(verb, None)
        entry.pop(EVERY, None)
    if not entry:
        del rights[slug]


def changed_fields(fields: Rights, shown: Iterable[Right], slug: str, typed: QueryDict) -> Rights:
    """The field rights with those of one type as they were chosen; an open field needs no word."""
    said = {right.name.partition(".")[2]: typed.get(right.name, right.value) for right in shown}
    closed = {name: level for name, level in said.items() if level in FIELD_LEVELS[:-1]}
    return {**{other: levels for other, levels in fields.items() if other != slug}, **({slug: closed} if closed else {})}
