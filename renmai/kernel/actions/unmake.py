"""Which of the records that a change set made can go: not what somebody has worked on since, and not what others link to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from renmai.kernel.comments.model import Comment
from renmai.kernel.files.attachment import Attachment
from renmai.kernel.history.model import History
from renmai.kernel.records.about import About, is_about
from renmai.kernel.records.types import RecordType, registry
from renmai.kernel.transfer.model import ChangeSet, ChangeSetRow, ChangeSetState, RowAction

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

Linkers = Callable[[RecordType], "QuerySet[Any]"]


@dataclass
class Unmaking:
    """Taking back that records were made.

    Attributes:
        undone: the change set.
        rows: the records that it made and that are still to go.
        chosen: only these, with what was made along with them; None for all.
    """

    undone: ChangeSet
    rows: QuerySet[ChangeSetRow]
    by: User | None
    chosen: set[UUID] | None = None

    @cached_property
    def kinds(self) -> list[RecordType]:
        """The types of which it made records."""
        return [registry[slug] for slug in self.rows.order_by("type").values_list("type", flat=True).distinct() if registry.get(slug)]

    def along(self) -> QuerySet[ChangeSetRow]:
        """What tells of records that were made because rows named them; of those that nobody chose, what the chosen link to."""
        made = self.rows.filter(action=RowAction.ALSO_MADE)
        if self.chosen is None:
            return made
        linked = {key for kind in self.kinds for key in self._linked_by_chosen(kind)}
        return made.filter(record_id__in=self.chosen | linked)

    def _linked_by_chosen(self, kind: RecordType) -> dict[UUID, RecordType]:
        return _linked(
            kind, self.rows.filter(type=kind.slug).values("record_id"), lambda other: other.model.objects.filter(pk__in=self.chosen)
        )

    @cached_property
    def going(self) -> Callable[[RecordType], QuerySet[Any]]:
        """Per type the ids of those that are to go."""
        if self.chosen is None:
            return lambda kind: self.rows.filter(type=kind.slug).values("record_id")
        keys = self.chosen | set(self.along().values_list("record_id", flat=True))
        return lambda kind: self.rows.filter(type=kind.slug, record_id__in=keys).values("record_id")

    @cached_property
    def kept(self) -> dict[UUID, str]:
        """Those that stay, and why: what stays keeps what it links to."""
        found: dict[UUID, str] = {}
        fresh: dict[str, set[UUID]] = defaultdict(set)
        for kind in self.kinds:
            edited = dict.fromkeys(self._edited(kind), _("Kept, since somebody has worked on it."))
            linked = {key: _why_linked(other) for key, other in _linked(kind, self.going(kind), self._outside).items()}
            found |= {**linked, **edited}
            fresh[kind.slug] |= edited.keys() | linked.keys()
        while any(fresh.values()):
            fresh = self._held_by(fresh, found)
        return found

    def _held_by(self, fresh: dict[str, set[UUID]], found: dict[UUID, str]) -> dict[str, set[UUID]]:
        """What those that stay link to stays, too."""
        held: dict[str, set[UUID]] = defaultdict(set)
        for kind in self.kinds:
            linked = _linked(kind, self.going(kind), lambda other: other.model.objects.filter(pk__in=fresh[other.slug]))
            for key, other in linked.items():
                if key not in found:
                    found[key] = _why_linked(other)
                    held[kind.slug].add(key)
        return held

    def _edited(self, kind: RecordType) -> Iterable[UUID]:
        """Those that somebody has changed since, in what people write."""
        names = [name for name, spec in kind.fields.items() if spec.editable]
        later = History.objects.filter(record_id__in=self.going(kind)).exclude(change_set__in=self._gone_back())
        touched = later.filter(Q(part="", operation="U", changes__has_any_keys=names) | ~Q(part=""))
        return {*touched.values_list("record_id", flat=True).distinct(), *self._written_on(kind)}

    def _written_on(self, kind: RecordType) -> Iterable[UUID]:
        """Those that somebody has commented on, or attached a file to."""
        yield from Comment.objects.filter(record_id__in=self.going(kind), removed_at=None).values_list("record_id", flat=True)
        files = Attachment.objects.filter(record_id__in=self.going(kind), removed_at=None, place="")
        yield from files.values_list("record_id", flat=True)

    def _gone_back(self) -> list[UUID]:
        """Change sets whose work is nobody's later work: this one, and files of the same move that were taken back, with what did that."""
        files = ChangeSet.objects.filter(move=self.undone.move, state=ChangeSetState.UNDONE) if self.undone.move else []
        gone = [one.pk for one in files]
        backs = ChangeSet.objects.filter(map__undoes__in=[str(key) for key in gone]) if gone else []
        return [self.undone.pk, *gone, *(one.pk for one in backs)]

    def _outside(self, kind: RecordType) -> QuerySet[Any]:
        """The living records of a type that do not go."""
        return kind.model.objects.live().exclude(pk__in=self.going(kind))  # type: ignore[no-any-return]


def _why_linked(other: RecordType) -> str:
    return _("Kept, since others link to it: %(types)s.") % {"types": other.label_plural}


def _linked(kind: RecordType, keys: QuerySet[Any], linkers: Linkers) -> dict[UUID, RecordType]:
    """Those of the keys to which some of the linkers link, each with the type of one of them."""
    found: dict[UUID, RecordType] = {}
    for other in registry.all():
        for links in _ways(kind, other, keys, linkers):
            found |= dict.fromkeys(filter(None, links.distinct()), other)
    return found


def _ways(kind: RecordType, other: RecordType, keys: QuerySet[Any], linkers: Linkers) -> Iterator[QuerySet[Any]]:
    """The ids of a type to which records of another link: by a field, by a row, and by what they are about."""
    for spec in other.fields.values():
        if spec.kind == "link" and spec.target == kind.slug and (spec.editable or spec.name == "owner"):
            yield linkers(other).filter(**{f"{spec.column}__in": keys}).values_list(spec.column, flat=True)
    for rows in other.collections.values():
        for spec in rows.fields.values():
            if spec.kind == "link" and spec.target == kind.slug:
                lines = rows.model._default_manager.filter(**{f"{spec.column}__in": keys, f"{rows.parent}__in": linkers(other)})
                yield lines.values_list(spec.column, flat=True)
    if is_about(other):
        found = About.objects.filter(
            source_type=other.slug, source_id__in=linkers(other).values("pk"), target_type=kind.slug, target_id__in=keys
        )
        yield found.order_by().values_list("target_id", flat=True)
