"""Is somebody known already? Asked before calling: it is told that they are, never what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from renmai.directory.pool.pooled import pooled
from renmai.kernel.access.masks import masked
from renmai.kernel.access.reading import seeing_all
from renmai.kernel.actions.errors import Invalid, Refusal
from renmai.kernel.api.rates import standing
from renmai.kernel.locale.phones import normalise_phone
from renmai.kernel.matching.find import FIND, MOST_PER_KEY
from renmai.kernel.matching.portrait import portrait
from renmai.kernel.matching.rule import TraitKind
from renmai.kernel.matching.values import finder, values
from renmai.kernel.matching.weigh import compare
from renmai.kernel.overlay.company import company
from renmai.kernel.records.types import registry

if TYPE_CHECKING:
    import datetime as dt

    from renmai.kernel.access.user import User
    from renmai.kernel.matching.rule import Rule
    from renmai.kernel.records.types import RecordType

ASKS = ("phone", "email", "name")
A_MINUTE = 20  # so many a person may ask; whoever asks for many wants to copy the list
MOST, LONGEST = 5, 200
Texts = dict[TraitKind, list[str]]


class TooMany(Refusal):
    """Asked for too often."""

    status = 429


@dataclass(frozen=True)
class Known:
    """Somebody who is there already.

    Attributes:
        kind: as what.
        record: None where it may not be told which one it is.
        state: ``mine``, ``held`` by a colleague, ``waiting`` in a pool, or ``known``: nobody's, and in no pool.
        since: since when it is held or waits.
        pool: where it waits.
    """

    kind: RecordType
    record: Any
    state: str
    since: dt.datetime
    pool: Any = None

    def as_json(self) -> dict[str, Any]:
        """As the API tells it."""
        record = None if self.record is None else {"id": str(self.record.pk), "type": self.kind.slug, "title": self.record.title}
        pool = None if self.pool is None else {"id": str(self.pool.pk), "type": "pools", "title": self.pool.title}
        return {"type": self.kind.slug, "state": self.state, "since": self.since.isoformat(), "pool": pool, "record": record}


def known(asked: dict[str, str], by: User) -> list[Known]:
    """Who is there already with a phone number, an e-mail address or a name.

    Args:
        asked: some of ``ASKS``, as typed.

    Raises:
        Invalid: nothing is asked, or too much.
        TooMany: the person has asked too often in this minute.
    """
    given = {name: asked.get(name, "").strip() for name in ASKS}
    _require_sense(given)
    found = standing(f"pool-look-up {by.pk}", A_MINUTE)
    if found is not None and found.is_over:
        raise TooMany(_("Too many requests this minute. The next ones are answered after it."))
    names = [given["name"]] if given["name"] else []
    texts: Texts = {TraitKind.NAME: names, TraitKind.COMPANY: names, TraitKind.EMAIL: [given["email"]] if given["email"] else []}
    texts[TraitKind.PHONE] = [normalise_phone(given["phone"], company().country)] if given["phone"] else []
    hits = (hit for kind in [*pooled(), registry["people"]] for hit in _among(kind, texts, by))
    return [hit for hit, _place in zip(hits, range(MOST), strict=False)]


def _require_sense(given: dict[str, str]) -> None:
    if not any(given.values()):
        raise Invalid({name: [_("Give a phone number, an e-mail address or a name.")] for name in ASKS})
    long = [name for name, text in given.items() if len(text) > LONGEST]
    if long:
        raise Invalid({name: [_("This is too long: at most %(most)s characters.") % {"most": LONGEST}] for name in long})


def _among(kind: RecordType, texts: Texts, by: User) -> Iterator[Known]:
    """The records of a type that agree in one of the things that are asked, in full, whoever may see them."""
    rule = kind.duplicates
    if rule is None:
        return
    with seeing_all():
        rows = _holders(
            kind, [key for trait in rule.traits if trait.finds for key in finder(trait.kind, trait.mark)(texts.get(trait.kind, []))]
        )
        agreeing = {row.pk: (row, by_name) for row in rows if (by_name := _agrees(kind, rule, row, texts)) is not None}
    seen = set(kind.model.objects.visible_to(by).filter(pk__in=agreeing).values_list("pk", flat=True))
    hidden = masked(kind, list(seen), by)
    for key, (row, by_name) in agreeing.items():
        yield _told(kind, row, by, is_named=key in seen and (by_name or key not in hidden))


def _holders(kind: RecordType, keys: list[str]) -> list[Any]:
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(table=kind.model._meta.db_table), [keys, MOST_PER_KEY])
        found = {key for _asked, key in cursor.fetchall()}
    return list(kind.model.objects.live().filter(pk__in=found).order_by("created_at"))


def _agrees(kind: RecordType, rule: Rule, row: Any, texts: Texts) -> bool | None:
    """Whether it is by the name alone that a record agrees; None where it does not."""
    drawn = zip(rule.traits, portrait(kind, rule, row), strict=True)
    same = {trait.kind for trait, held in drawn if compare(trait.kind, values(trait.kind, texts.get(trait.kind, [])), held) == "same"}
    return same <= {TraitKind.NAME, TraitKind.COMPANY} if same else None


def _told(kind: RecordType, row: Any, by: User, *, is_named: bool) -> Known:
    record, since = row if is_named else None, row.created_at
    if row.owner_id is not None:
        return Known(kind, record, "mine" if row.owner_id == by.pk else "held", getattr(row, "claimed_at", None) or since)
    pool = getattr(row, "pool", None)
    if pool is None:
        return Known(kind, record, "known", since)
    return Known(kind, record, "waiting", row.waiting_since or since, pool)
