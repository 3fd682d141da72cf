"""Records that rows name: found in bulk by id, id elsewhere, number, e-mail or name, and made where that was asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from renmai.kernel.history.model import ExternalId
from renmai.kernel.locale.sorting import sort_key
from renmai.kernel.records.numbers import Number
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record
    from renmai.kernel.records.types import RecordType

KEPT = 5_000
FOLDED_UP_TO = 100_000
UNIQUE_NAMES = ("code", "number")


class Ambiguous(str):
    """A sentence: more than one record answers to the name."""


Answer = "Record | Ambiguous"


class Finder:
    """Finds records of one type by what files call them; what was found is kept for the next batch.

    Args:
        slug: the type; ``*`` for any, which is found by id and id elsewhere only.
        by: who may see what is found; None sees everything.
        how: ``id`` or ``external_id`` to look at nothing else.
        source: the system whose ids the file has: of equal ids those of this system are meant.
    """

    def __init__(self, slug: str, by: User | None, how: str = "", source: str = "") -> None:
        self.slug, self.by, self.how, self.source = slug, by, how, source
        self.kept: dict[str, Any] = {}

    def find(self, texts: Iterable[str]) -> dict[str, Any]:
        """The record, or an ``Ambiguous`` sentence, for each text that names one; texts that name none are absent."""
        if len(self.kept) > KEPT:
            self.kept.clear()
        wanted = set(texts)
        open_ = {text for text in wanted if text not in self.kept}
        for way in self._ways():
            if not open_:
                break
            for text, answers in way(open_).items():
                unique = {record.pk: record for record in answers}
                self.kept[text] = next(iter(unique.values())) if len(unique) == 1 else self._ambiguous(text)
            open_ -= self.kept.keys()
        return {text: self.kept[text] for text in wanted if text in self.kept}

    def learn(self, text: str, record: Record) -> None:
        """Keep a record that was just made for a text."""
        self.kept[text] = record

    def _ways(self) -> Iterator[Any]:
        if self.how != "external_id":
            yield self._by_id
        if self.how != "id":
            yield self._by_external_id
        if not self.how and self.slug != "*":
            yield from self._named_ways()

    def _named_ways(self) -> Iterator[Any]:
        yield self._by_unique_text
        yield self._by_choice
        yield self._by_exact_title
        yield self._by_folded_title

    def _rows(self, slug: str) -> Any:
        model = registry[slug].model
        rows = model.objects.visible_to(self.by) if self.by is not None else model.objects.live()
        return rows.select_related("team") if slug == "users" else rows

    def _by_id(self, texts: set[str]) -> dict[str, list[Record]]:
        keys = {text: key for text in texts if (key := _uuid(text))}
        if not keys:
            return {}
        types = [kind.slug for kind in registry.all()] if self.slug == "*" else [self.slug]
        found = {record.pk: record for slug in types for record in self._rows(slug).filter(pk__in=keys.values())}
        return {text: [found[key]] for text, key in keys.items() if key in found}

    def _by_external_id(self, texts: set[str]) -> dict[str, list[Record]]:
        known = ExternalId.objects.filter(value__in=texts, **({} if self.slug == "*" else {"type": self.slug}))
        ours = set(known.filter(source=self.source).values_list("value", flat=True)) if self.source else set()
        named = list(known.exclude(~Q(source=self.source), value__in=ours).values_list("type", "value", "record_id"))
        records: dict[Any, Record] = {}
        for slug in {slug for slug, _value, _key in named}:
            keys = [key for other, _value, key in named if other == slug]
            records |= {record.pk: record for record in self._rows(slug).filter(pk__in=keys)}
        return _grouped((value, records[key]) for _slug, value, key in named if key in records)

    def _by_unique_text(self, texts: set[str]) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for name, fold in unique_texts(registry[self.slug]):
            folded = _grouped((text.lower() if fold else text, text) for text in texts - found.keys())
            rows = self._rows(self.slug).filter(**{f"{name}__in": list(folded)})
            found |= _grouped((text, record) for record in rows for text in folded[getattr(record, name)])
        return found

    def _by_choice(self, texts: set[str]) -> dict[str, list[Record]]:
        """``kind=won`` is the first record of which that choice says so, as a map that does not know its name writes it."""
        fields = registry[self.slug].fields
        pairs = {text: text.partition("=") for text in texts if "=" in text}
        chosen = {text: {name: value} for text, (name, _sign, value) in pairs.items() if name in fields and fields[name].kind == "choice"}
        found = {text: list(self._rows(self.slug).filter(**asked).order_by("created_at", "pk")[:1]) for text, asked in chosen.items()}
        return {text: records for text, records in found.items() if records}

    def _by_exact_title(self, texts: set[str]) -> dict[str, list[Record]]:
        """By the sort key, which is indexed, and then by the title itself."""
        rows = self._rows(self.slug).filter(sort_key__in=[sort_key(text) for text in texts])
        return _grouped((record.title, record) for record in rows if record.title in texts)

    def _by_folded_title(self, texts: set[str]) -> dict[str, list[Record]]:
        """Without case and doubled spaces; not in large tables, where it would read every row for every batch."""
        rows = self._rows(self.slug)
        if rows.order_by().values("pk")[:FOLDED_UP_TO].count() == FOLDED_UP_TO:
            return {}
        folded = _grouped((" ".join(text.lower().split()), text) for text in texts)
        rows = rows.annotate(folded=Lower("title")).filter(folded__in=list(folded))
        return _grouped((text, record) for record in rows for text in folded[record.folded])

    def _ambiguous(self, text: str) -> Ambiguous:
        label = registry[self.slug].label_plural if self.slug != "*" else _("records")
        return Ambiguous(
            _("There are several %(type)s called “%(name)s”; name it by its id, number or e-mail.") % {"type": label, "name": text}
        )


def unique_texts(rt: RecordType) -> list[tuple[str, bool]]:
    """Fields beside the title that name one record, and whether they are stored in lower case."""
    own = [(spec.name, spec.kind == "email") for spec in rt.fields.values() if spec.kind == "email" or isinstance(spec.field, Number)]
    return own + [(name, False) for name in UNIQUE_NAMES if name in rt.fields and (name, False) not in own]


def values_for_missing(rt: RecordType, text: str) -> dict[str, Any]:
    """What a record is made of that is known only by its name; a link that it must have goes to the first record of that type."""
    values: dict[str, Any] = {"name" if "name" in rt.fields else "subject": text}
    if "email" in rt.fields and "@" in text:
        values |= {"email": text, "name": text.partition("@")[0]}
    for spec in rt.fields.values():
        if spec.kind == "link" and spec.required:
            values[spec.name] = spec.target_model.objects.live().order_by("created_at").first()
    return values


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
