"""Records that may be there twice, the company's own rules for finding them, and the pairs that somebody has to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.signals import class_prepared
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.criteria.errors import BadCriteria
from renmai.kernel.matching.portrait import keys_of
from renmai.kernel.matching.rule import WARN_FROM, Also, AtImport, Rule, Strength, Trait, TraitKind
from renmai.kernel.records.fields import Boolean, Choice, Integer, Json, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.type_names import TypeNames
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

MOST_TRAITS = 20


class Matched(Record):
    """A record of which it can be told whether it is there twice.

    Attributes:
        match_keys: what it has in common with those that may be the same, in the form in which it is looked up; NULL where no rule looks.
    """

    match_keys: Any = ArrayField(models.TextField(), null=True, editable=False)

    unread: ClassVar[tuple[str, ...]] = (*Record.unread, "match_keys")

    class Meta:
        abstract = True

    def keep_keys(self, kind: RecordType) -> None:
        """Set the keys anew."""
        self.match_keys = keys_of(kind, kind.duplicates, self) or None if kind.duplicates is not None else None


def _add_index(sender: type[models.Model], **_rest: Any) -> None:
    """Give each such noun the index by which its keys are looked up: at once and not by and by, since an import looks between writing."""
    if not issubclass(sender, Matched) or sender._meta.abstract or sender._meta.proxy:
        return
    alive = models.Q(deleted_at=None, match_keys__isnull=False)
    index = GinIndex(fields=["match_keys"], name=f"{sender._meta.model_name}_match"[:28] + "_g", fastupdate=False, condition=alive)
    sender._meta.indexes = [*sender._meta.indexes, index]
    sender._meta.original_attrs["indexes"] = sender._meta.indexes


class_prepared.connect(_add_index)


def matched() -> list[RecordType]:
    """The types that rules may be about."""
    return [kind for kind in registry.all() if issubclass(kind.model, Matched)]


def traits(given: Any) -> list[dict[str, Any]]:
    """Clean ``[{kind, fields, strength, finds}]``, fields as a text with spaces or commas between the names.

    Raises:
        ValueError: with a sentence.
    """
    if not isinstance(given or [], list) or not all(isinstance(item, dict) for item in given or []) or len(given or []) > MOST_TRAITS:
        raise ValueError(_("A list of entries is expected here."))
    return [_trait(item) for item in given or [] if item.get("fields")]


def also(given: Any) -> dict[str, str]:
    """Clean ``{type: way}``.

    Raises:
        ValueError: with a sentence.
    """
    if not isinstance(given or {}, dict):
        raise ValueError(_("A JSON object is expected."))
    for way in (given or {}).values():
        if way not in Also.values:
            raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": way, "valid": ", ".join(Also.values)})
    return dict(given or {})


def _trait(item: dict[str, Any]) -> dict[str, Any]:
    kind, strength, finds = item.get("kind") or "text", item.get("strength") or "fair", item.get("finds", True)
    for value, known in ((kind, TraitKind.values), (strength, Strength.values)):
        if value not in known:
            raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": value, "valid": ", ".join(known)})
    if not isinstance(finds, bool):
        raise ValueError(_("Yes or no is expected here."))
    given = item["fields"]
    names = " ".join(str(name) for name in given) if isinstance(given, list) else str(given)
    return {"kind": kind, "fields": " ".join(names.replace(",", " ").split()), "strength": strength, "finds": finds}


class DuplicateRule(Record):
    """What the company says makes two records of a type the same, in place of the program; of several the first in use, by name."""

    name = Text(gettext_lazy("Name"), sortable=True)
    record_type = Pick(gettext_lazy("What"), options=TypeNames(matched))
    traits = Json(
        gettext_lazy("What is compared"),
        shape=traits,
        default=list,
        blank=True,
        help_text=gettext_lazy("Empty: as the program compares them."),
        parts={
            "kind": Choice(TraitKind, gettext_lazy("Compared as")),
            "fields": Text(gettext_lazy("Fields")),
            "strength": Choice(Strength, gettext_lazy("What it says"), default=Strength.FAIR),
            "finds": Boolean(gettext_lazy("Finds pairs"), default=True),
        },
    )
    criteria = Json(gettext_lazy("Which records"), default=dict, blank=True)
    warn_from = Integer(
        gettext_lazy("Tell from (percent)"),
        default=WARN_FROM,
        blank=True,
        help_text=gettext_lazy("How likely it must be that two are the same before somebody is told."),
    )
    at_import = Choice(AtImport, gettext_lazy("Rows of an import that are there already"), default=AtImport.CREATE)
    also = Json(
        gettext_lazy("Other records that may be the same"),
        shape=also,
        default=dict,
        blank=True,
        help_text=gettext_lazy("Types by their names, each with stop, tell or not; what is not named is as the program has it."),
    )
    tells_of_hidden = Boolean(
        gettext_lazy("Tell whose it is"),
        default=True,
        help_text=gettext_lazy("Who may not see a record that is the same is told that there is one, and whose it is, but nothing else."),
    )
    active = Boolean(gettext_lazy("In use"), default=True, help_text=gettext_lazy("Switched off, nobody looks for duplicates."))

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("duplicate rule"), gettext_lazy("duplicate rules")

    def problems(self) -> Iterator[tuple[str, Any]]:
        """Its type, fields and criteria are there."""
        kind = registry.get(self.record_type)
        if kind is None or kind not in matched():
            yield "record_type", _("Choose one of these: %(valid)s.") % {"valid": ", ".join(one.slug for one in matched())}
            return
        strange = [name for trait in self.traits for name in trait["fields"].split() if name not in kind.fields]
        if strange:
            valid = ", ".join(sorted(kind.fields))
            yield "traits", _("There is no field “%(name)s”. Fields: %(valid)s.") % {"name": strange[0], "valid": valid}
        yield from self._misfits(kind)
        if strange := self.also.keys() - {one.slug for one in matched() if one is not kind}:
            yield "also", _("There is no type “%(name)s” that could be the same.") % {"name": min(strange)}
        if not 1 <= (self.warn_from or 0) <= 100:
            yield "warn_from", _("A percentage from 1 to 100 is expected here.")
        if problem := _broken(self.criteria, kind):
            yield "criteria", problem

    def _misfits(self, kind: RecordType) -> Iterator[tuple[str, Any]]:
        """What is compared as something that it is not, and twice the same."""
        seen = set()
        for place, trait in enumerate(self.traits):
            specs = [kind.fields[name] for name in trait["fields"].split() if name in kind.fields]
            if wrong := [spec for spec in specs if not can_compare(TraitKind(trait["kind"]), spec)]:
                words = {"field": wrong[0].label, "kind": TraitKind(trait["kind"]).label}
                yield f"traits.{place}.fields", _("“%(field)s” cannot be compared as: %(kind)s.") % words
            if (trait["kind"], trait["fields"]) in seen:
                yield f"traits.{place}.fields", _("The same is compared above already.")
            seen.add((trait["kind"], trait["fields"]))
        if self.traits and not any(trait["finds"] for trait in self.traits):
            yield "traits", _("Nothing finds pairs: tick it for one at least.")

    def rule(self, kind: RecordType) -> Rule | None:
        """What it says of a type; None where nothing is compared."""
        own = tuple(
            Trait(TraitKind(one["kind"]), tuple(one["fields"].split()), Strength(one["strength"]), one["finds"]) for one in self.traits
        )
        coded = type(kind).duplicates
        compared = own or (coded.traits if coded is not None else ())
        if not compared:
            return None
        ways: dict[str, Also] = {**(coded.also if coded is not None else {}), **{slug: Also(way) for slug, way in self.also.items()}}
        looked_at: dict[str, Also] = {slug: way for slug, way in ways.items() if way != Also.NOT}
        at_import, tells = AtImport(self.at_import), bool(self.tells_of_hidden)
        return Rule(compared, self.warn_from or WARN_FROM, self.criteria or None, at_import, tells, looked_at)


def _broken(tree: Any, kind: RecordType) -> str:
    """Why criteria are none of the type."""
    from renmai.kernel.criteria import parse

    try:
        if tree:
            parse(tree, kind)
    except BadCriteria as problem:
        return str(problem.message)
    return ""


COMPARED: dict[str, set[str]] = {
    TraitKind.EMAIL: {"email", "text"},
    TraitKind.PHONE: {"phone", "text"},
    TraitKind.DATE: {"date"},
    TraitKind.DOMAIN: {"email", "url", "text"},
    TraitKind.NUMBER: {"text", "integer", "decimal"},
    TraitKind.NAME: {"text", "link"},
    TraitKind.COMPANY: {"text", "link"},
    TraitKind.TEXT: {"text", "email", "phone", "url", "link", "date", "choice", "pick", "country", "integer", "decimal"},
}


def can_compare(kind: TraitKind, spec: FieldSpec) -> bool:
    """Whether a field holds what is compared so; of a list its entries do."""
    held = spec.parts["value"].kind if spec.kind == "json" and "value" in spec.parts else spec.kind
    return held in COMPARED[kind]


class Verdict(models.TextChoices):
    """What became of a pair."""

    OPEN = "open", gettext_lazy("To be looked at")
    DIFFERENT = "different", gettext_lazy("Not the same")


class Pair(models.Model):
    """Two records of a type that may be the same; the lesser id stands first.

    Attributes:
        type: slug of their type.
        probability: 0 to 1.
        levels: how each trait compares, by what stands in the rule at its place.
        verdict: somebody's word that they are not the same is kept for ever.
        run: the job that found it last: what the next one does not find again, and nobody has decided, goes.
    """

    type = models.TextField()
    one = models.UUIDField()
    other = models.UUIDField()
    probability = models.FloatField()
    levels: Any = models.JSONField(default=dict)
    verdict = models.TextField(choices=Verdict.choices, default=Verdict.OPEN)
    decided_by: Any = models.ForeignKey("kernel.User", on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)
    run = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "one", "other"], name="pair_once")]
        indexes = [
            models.Index(fields=["type", "-probability", "id"], name="pair_open", condition=models.Q(verdict="open")),
            models.Index(fields=["other"], name="pair_other"),
        ]

    def decide(self, by: User) -> None:
        """They are not the same."""
        self.verdict, self.decided_by, self.decided_at = Verdict.DIFFERENT, by, timezone.now()
        self.save(update_fields=["verdict", "decided_by", "decided_at"])
