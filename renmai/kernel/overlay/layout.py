"""A layout: how a type stands on pages and in forms for the holders of a role, or for everybody. Only the difference is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.overlay import words
from renmai.kernel.overlay.version import refresh
from renmai.kernel.records import fields
from renmai.kernel.records.arrangement import OWN, RULED, SWITCHES, Arrangement
from renmai.kernel.records.record import Record
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from renmai.kernel.records.types import RecordType

SECTION = {"key", "title", "titles", "fields"}
MOST = 300


def sections(raw: Any) -> list[dict[str, Any]]:
    """Sections that differ, in order: ``[{"key", "title", "titles", "fields"}]``.

    Raises:
        ValueError: with a sentence for people.
    """
    if not isinstance(raw, list) or len(raw) > MOST or not all(isinstance(entry, dict) for entry in raw):
        raise ValueError(_("A list of sections is expected here."))
    made = [_section(entry) for entry in raw]
    keys = [entry["key"] for entry in made]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise ValueError(_("The section “%(key)s” is given twice.") % {"key": twice[0]})
    return made


def _section(raw: dict[str, Any]) -> dict[str, Any]:
    _require_known(raw, SECTION)
    key, names = raw.get("key"), raw.get("fields")
    if not isinstance(key, str) or not key.strip():
        raise ValueError(_("A section needs a key."))
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise ValueError(_("A list of names of fields is expected here."))
    title, titles = " ".join(str(raw.get("title") or "").split())[: words.LONGEST], words.words(raw.get("titles") or {})
    made: dict[str, Any] = {"key": key.strip()[: words.LONGEST], **({"title": title} if title else {})}
    return made | ({"titles": titles} if titles else {}) | ({"fields": list(dict.fromkeys(names))} if names is not None else {})


def rules(raw: Any) -> dict[str, dict[str, Any]]:
    """What is said of fields: ``{field: {"hidden", "required", "read_only", "default", "shown_when", "help", "helps"}}``.

    Raises:
        ValueError: with a sentence for people.
    """
    if not isinstance(raw, dict) or len(raw) > MOST or not all(isinstance(rule, dict) for rule in raw.values()):
        raise ValueError(_('Rules are written by field: {"company": {"required": true}}.'))
    made = {str(name): _rule(rule) for name, rule in raw.items()}
    return {name: rule for name, rule in made.items() if rule}


def _rule(raw: dict[str, Any]) -> dict[str, Any]:
    _require_known(raw, RULED)
    said: dict[str, Any] = {word: True for word in sorted(SWITCHES) if _yes(raw.get(word))}
    if raw.get("default") not in (None, "", []):
        said["default"] = raw["default"]
    if raw.get("shown_when"):
        if not isinstance(raw["shown_when"], dict):
            raise ValueError(_("Criteria are written as a JSON object."))
        said["shown_when"] = raw["shown_when"]
    if text := " ".join(str(raw.get("help") or "").split()):
        said["help"] = text[: words.LONGEST]
    return said | ({"helps": helps} if (helps := words.words(raw.get("helps") or {})) else {})


def _yes(raw: Any) -> bool:
    if raw not in (None, True, False):
        raise ValueError(_("Yes or no is expected here."))
    return bool(raw)


def _require_known(raw: dict[str, Any], known: set[str]) -> None:
    if strange := sorted(set(raw) - known):
        raise ValueError(_("“%(value)s” is not one of: %(valid)s.") % {"value": strange[0], "valid": ", ".join(sorted(known))})


class Layout(Record):
    """How one type stands for the holders of a role.

    Attributes:
        role: whose layout it is; None for everybody who has no other.
        position: of several roles of a person, the layout with the lowest counts.
        sections, rules: the differences (see ``Arrangement``).
    """

    type = fields.Text(gettext_lazy("Record type"))
    role = fields.Link("kernel.Role", gettext_lazy("Role"), blank=True, on_delete=models.CASCADE)
    position = fields.Integer(gettext_lazy("Position"), default=0)
    sections = fields.Json(gettext_lazy("Sections"), shape=sections, default=list, blank=True)
    rules = fields.Json(gettext_lazy("Rules of fields"), shape=rules, default=dict, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("layout"), gettext_lazy("layouts")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "role"],
                condition=models.Q(deleted_at=None),
                nulls_distinct=False,
                name="layout_once",
                violation_error_message=gettext_lazy("This role has a layout of this type already: change that."),
            )
        ]

    def heading(self) -> str:
        return f"{self.type}: {self.role.title}" if self.role is not None else self.type

    def problems(self) -> Iterator[tuple[str, Any]]:
        """All that it names is there, save for what stood in it already: that went later, is shown, and changes nothing."""
        kind = registry.get(self.type)
        if kind is None:
            yield "type", _("There is no such type of record.")
            return
        before = None if self._state.adding else Layout.objects.filter(pk=self.pk).first()
        known = {sentence for _name, sentence in before.unfitting(kind)} if before is not None else set()
        yield from ((name, sentence) for name, sentence in self.unfitting(kind) if sentence not in known)

    def unfitting(self, kind: RecordType) -> Iterator[tuple[str, str]]:
        """What no longer fits the type: ``sections`` or ``rules``, and a sentence that names the field."""
        for name, why in self.arrangement(kind).misfits():
            yield "rules" if name in self.rules else "sections", f"{name}: {why}"
        keys = {part.key for part in kind.as_coded.parts} | {OWN}
        for entry in self.sections:
            if entry["key"] not in keys and not entry.get("title"):
                yield "sections", _("%(key)s: there is no such section any more.") % {"key": entry["key"]}

    @property
    def misfits(self) -> list[str]:
        """Sentences about the differences that no longer fit, and so change nothing."""
        kind = registry.get(self.type)
        if kind is None:
            return [_("%(type)s: there is no such type of record any more.") % {"type": self.type}]
        return [sentence for _name, sentence in self.unfitting(kind)]

    def arrangement(self, kind: RecordType) -> Arrangement:
        """The type with the differences."""
        return Arrangement(kind, self.sections, self.rules)


def unfit() -> list[str]:
    """A sentence for each difference of any layout that no longer fits the code, and so changes nothing."""
    refresh()
    return [f"{layout.title}: {sentence}" for layout in Layout.objects.live() for sentence in layout.misfits]
