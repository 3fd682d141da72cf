"""Creating, changing and deleting a record: the verbs that every noun has.

Each runs in one transaction with its history (by trigger), its fact and what listeners do about it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.kernel.actions.errors import Conflict, Forbidden, Invalid, Refusal, Refused
from renmai.kernel.facts.say import UNSET, Ref, say
from renmai.kernel.history.acting import acting
from renmai.kernel.merging.survivors import absent
from renmai.kernel.money import round_money
from renmai.kernel.overlay.company import company
from renmai.kernel.records.about import About, about_of, is_about
from renmai.kernel.records.blank import fresh
from renmai.kernel.records.clean import Cleaned, clean, clean_rows, clean_values, fold_custom, home
from renmai.kernel.records.custom import PREFIX
from renmai.kernel.records.duplicates import ID_TAKEN, id_taken
from renmai.kernel.records.guards import require_free
from renmai.kernel.records.indexed import index, reread
from renmai.kernel.records.numbers import number_missing
from renmai.kernel.records.reading import as_json
from renmai.kernel.records.spec import FieldSpec
from renmai.kernel.records.types import RecordType, registry

if TYPE_CHECKING:
    from renmai.kernel.access.user import User
    from renmai.kernel.records.record import Record

    Check = Callable[[RecordType, Record, User | None], None]


def settle(kind: RecordType, record: Record, changed: set[str]) -> None:
    """Set everything that follows from what was given: defaults of the company, derived fields, title, order and search text."""
    follow(kind, record, changed)
    index(kind, record)


def follow(kind: RecordType, record: Record, changed: set[str]) -> None:
    """Set defaults of the company and derived fields."""
    for spec in kind.of_kind("currency"):
        if not getattr(record, spec.column):
            spec.put(record, company().currency)
    for name in kind.collections:
        for row in record.__dict__.get("_staged", {}).get(name, []):
            row.derive(record)
    record.derive(changed)
    for spec in kind.of_kind("money"):
        amount = getattr(record, spec.column)
        if amount is not None:
            spec.put(record, round_money(amount, spec.currency(record)))


def refs(kind: RecordType, record: Record, about: list[About] | None = None) -> list[Any]:
    """On whose timelines a record's facts stand: its own, what it is about, and what it belongs to.

    Args:
        about: what it is about, where that was read already.
    """
    found: list[Any] = [record]
    if is_about(kind):
        found += [Ref(one.target_type, one.target_id) for one in (about_of([record])[record.pk] if about is None else about)]
    for name in kind.tells:
        key = getattr(record, kind.fields[name].field.attname)
        if key:
            found.append(Ref(str(kind.fields[name].target), key))
    return found


def build(kind: RecordType, cleaned: Cleaned, by: User | None) -> Record:
    """A new record, settled and not yet stored."""
    if not kind.ownerless:
        cleaned.columns.setdefault("owner", by)
    kind.complete(cleaned.columns)
    owner = cleaned.columns.get("owner")
    team = {"team": owner.team} if owner is not None and "team" not in cleaned.columns else {}
    record = fresh(kind.model, {**cleaned.columns, **team, "created_by": by, "updated_by": by})
    for name, rows in cleaned.rows.items():
        stage_rows(kind, record, name, rows)
    settle(kind, record, set(cleaned.columns) | set(cleaned.rows))
    return record


def draft(kind: RecordType, values: Mapping[str, Any], by: User | None) -> Record:
    """A record as it would be settled, from whatever of the raw values does; nothing is checked and nothing stored."""
    specs = {
        name: spec
        for name, spec in kind.fields.items()
        if spec.editable and name not in kind.collections and spec.kind not in {"abouts", "custom"}
    }
    columns, _errors = clean_values(specs, {name: value for name, value in values.items() if name in specs}, by)
    country = home(kind, columns, None)
    columns |= {name: specs[name].at_home(value, country) for name, value in columns.items() if specs[name].is_local}
    cleaned = Cleaned(columns=fold_custom(kind, columns, {}))
    for name, rows in kind.collections.items():
        cleaned.rows[name], _errors = clean_rows(rows, values.get(name, []), by)
    return build(kind, cleaned, by)


def stage_rows(kind: RecordType, record: Record, name: str, given: list[dict[str, Any]]) -> None:
    """Match the given rows with the stored ones by id; those not given will go."""
    rows = kind.collections[name]
    kept = {} if record._state.adding else {row.pk: row for row in getattr(record, name).all()}
    staged = []
    for position, values in enumerate(given):
        values = dict(values)
        key = values.pop("id", None)
        row = kept.get(key) or rows.model(**{rows.parent: record})
        for name_given, value in values.items():
            setattr(row, rows.fields[name_given].column, value)
        row.position = position
        staged.append(row)
    record.keep_rows(name, staged)


def store_rows(kind: RecordType, record: Record) -> None:
    """Write the staged rows and drop those that are gone."""
    for name, staged in record.__dict__.pop("_staged", {}).items():
        rows = kind.collections[name]
        rows.model._default_manager.filter(**{rows.parent: record}).exclude(pk__in=[row.pk for row in staged]).delete()
        fields = [field.name for field in rows.model._meta.concrete_fields if not field.primary_key]
        rows.model._default_manager.bulk_create(staged, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def require_valid(record: Record) -> None:
    """Raise ``Invalid`` with the sentence of a constraint that the row would break."""
    try:
        record.validate_constraints()
    except ValidationError as problem:
        raise Invalid(_by_field(problem)) from None


def require_no_circle(kind: RecordType, record: Record, changed: set[str]) -> None:
    """Raise ``Invalid`` where a record would stand above itself. A new one has nobody below it."""
    for name in changed:
        spec = kind.fields.get(name)
        if spec is not None and spec.kind == "link" and spec.target == kind.slug and record.pk in above(record, spec):
            raise Invalid({name: [_("This would lead round in a circle.")]})


def above(record: Record, spec: FieldSpec) -> set[Any]:
    """Ids of the records that a chain of links leads to."""
    found: set[Any] = set()
    key = getattr(record, spec.field.attname)
    while key is not None and key not in found:
        found.add(key)
        key = spec.target_model._base_manager.filter(pk=key).values_list(spec.field.attname, flat=True).first()
    return found


def _by_field(problem: ValidationError) -> dict[str, list[Any]]:
    by_field = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    return {name.replace("__all__", ""): list(sentences) for name, sentences in by_field.items()}


def create(
    kind: RecordType,
    values: Mapping[str, Any],
    by: User | None,
    *,
    at: dt.datetime | None = UNSET,
    reason: str = "",
    via: str = "",
    check: Check | None = None,
) -> Record:
    """Make a record.

    Args:
        values: raw values by field name.
        by: who makes it; None for the system.
        at: when it happened, for the fact.
        reason: kept in the history.
        via: the channel, kept in the fact.
        check: asked of the settled record before it is stored; raises ``Refusal`` where it shall not be.

    Raises:
        Forbidden: the person may not create records of this type, or not set such a field.
        Invalid: with every field that does not do.
    """
    if by is not None and not by.may("create", kind):
        raise Forbidden(_("You may not create this."))
    cleaned = clean(kind, values, by)
    with transaction.atomic(), acting(by, reason):
        record = build(kind, cleaned, by)
        require_valid(record)
        kind.require_fit(record, by)
        if check is not None:
            check(kind, record, by)
        number_missing(kind, [record])
        insert(kind, record, by)
        if cleaned.about is not None:
            About.replace(kind.slug, record, cleaned.about)
        data = {"title": record.title, **record.told(), **({"via": via} if via else {})}
        say(f"{kind.noun}.created", about=refs(kind, record), by=by, data=data, at=at)
        tell(kind, record, {}, by)
    return record


def tell(kind: RecordType, record: Record, before: dict[str, Any], by: User | None) -> None:
    """Say what a change means beyond "changed"."""
    for verb, data, at in record.events(before):
        say(f"{kind.noun}.{verb}", about=refs(kind, record), by=by, data=data, at=at or UNSET)


def insert(kind: RecordType, record: Record, by: User | None) -> None:
    """Write a new row and its rows; a broken unique rule becomes a sentence."""
    try:
        with transaction.atomic():
            record.save(force_insert=True)
            store_rows(kind, record)
            reread(kind, record)
    except (IntegrityError, DataError) as problem:
        raise unwritten(problem, kind, record, by) from None


def unwritten(problem: IntegrityError | DataError, kind: RecordType, record: Record, by: User | None) -> Refusal:
    """The refusal for a rule that only the database could see broken."""
    return id_taken(kind, record, by) if is_id_taken(problem) else Invalid(broken(problem))


def is_id_taken(problem: Exception) -> bool:
    """Another record of the type has one of its ids elsewhere."""
    return "external_id_once" in str(problem)


def broken(problem: DatabaseError) -> dict[str, list[Any]]:
    """The sentence for a rule that only the database could see broken."""
    if isinstance(problem, DataError):
        return {"": [_("The number is too large.")]}
    if is_id_taken(problem):
        return {"external_ids": [ID_TAKEN]}
    return {"": [_("This breaks a rule of the data: %(rule)s.") % {"rule": str(problem).splitlines()[0]}]}


def locked(kind: RecordType, key: Any, by: User | None, verb: str, *, deleted: bool = False) -> Record:
    """The row, locked for this transaction.

    Raises:
        Missing: it does not exist for this person; ``Merged`` where another one stands for it by now.
        Forbidden: it may be seen, but not this.
    """
    rows = kind.model.objects.select_for_update(of=("self",))
    if by is None:
        found = rows.filter(pk=key).first()
    else:
        found = rows.visible_to(by, verb, deleted=deleted).filter(pk=key).first()
        if found is None and kind.model.objects.visible_to(by, deleted=deleted).filter(pk=key).exists():
            raise Forbidden(_("You may see this but not change it."))
    if found is None:
        raise absent(kind, key, by)
    return found  # type: ignore[no-any-return]


def lock_all(kind: RecordType, keys: Iterable[Any], by: User) -> None:
    """Lock those of some rows that a person sees in one order for everybody, so that nobody waits for who waits for them."""
    rows = kind.model.objects.visible_to(by).filter(pk__in=set(keys)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


def update(
    kind: RecordType, key: Any, values: Mapping[str, Any], by: User | None, *, version: int | None = None, reason: str = ""
) -> Record:
    """Change a record.

    Args:
        key: its id.
        values: raw values of the fields to change.
        version: the version that the person saw.

    Raises:
        Missing, Forbidden, Invalid: see ``locked`` and ``clean``.
        Conflict: somebody else has saved since ``version``.
    """
    with transaction.atomic(), acting(by, reason):
        record = locked(kind, key, by, "edit")
        if version is not None and version != record.version:
            raise conflict(kind, record, values, version, by)
        require_free(kind, record, "edit", by)
        cleaned = clean(kind, values, by, record)
        kind.require_editable(record, {**cleaned.columns, **cleaned.rows})
        apply(kind, record, cleaned, by)
    return record


def apply(kind: RecordType, record: Record, cleaned: Cleaned, by: User | None) -> None:
    """Change a locked record to cleaned values, and say so."""
    changed = set(cleaned.rows) | ({"about"} if cleaned.about is not None else set())
    before = {name: getattr(record, name) for name, value in cleaned.columns.items() if getattr(record, name) != value}
    if not before and not changed:
        return
    if "owner" in before and "team" not in cleaned.columns and cleaned.columns["owner"] is not None:
        record.team = cleaned.columns["owner"].team
    for name, value in cleaned.columns.items():
        setattr(record, name, value)
    for name, rows in cleaned.rows.items():
        stage_rows(kind, record, name, rows)
    if cleaned.about is not None:
        About.replace(kind.slug, record, cleaned.about)
    save(kind, record, by, changed | set(before))
    say(f"{kind.noun}.updated", about=refs(kind, record), by=by, data={"fields": sorted(changed | named(record, before))})
    tell(kind, record, before, by)


def named(record: Record, before: dict[str, Any]) -> set[str]:
    """Names of the fields that changed, custom ones each by itself."""
    names = set(before)
    if "custom" in names:
        names.remove("custom")
        old, new = before["custom"], record.custom
        names |= {f"{PREFIX}{key}" for key in old | new if old.get(key) != new.get(key)}
    return names


def change(record: Record, *, by: User | None, **values: Any) -> None:
    """Set clean values of a locked record, as one part of an action whose own fact tells it."""
    kind = registry.of(record)
    before = {name: getattr(record, name) for name, value in values.items() if getattr(record, name) != value}
    if "owner" in before and values["owner"] is not None:
        record.team = values["owner"].team
    for name, value in values.items():
        setattr(record, name, value)
    save(kind, record, by, set(before))
    tell(kind, record, before, by)


def save(kind: RecordType, record: Record, by: User | None, changed: set[str]) -> None:
    """Write a locked record after its fields were set: settled, checked, one version on."""
    settle(kind, record, changed)
    require_valid(record)
    require_no_circle(kind, record, changed)
    record.version += 1
    record.updated_at, record.updated_by = timezone.now(), by
    try:
        with transaction.atomic():
            record.save(force_update=True)
            store_rows(kind, record)
            reread(kind, record)
    except (IntegrityError, DataError) as problem:
        raise unwritten(problem, kind, record, by) from None


def conflict(kind: RecordType, record: Record, values: Mapping[str, Any], version: int, by: User | None) -> Conflict:
    """What the person wanted, what stands there now, and what they had seen, for each field they touched and may see."""
    from renmai.kernel.history.read import originals

    now = as_json(kind, [record], by)[0]
    names = [name for name in values if name in now and name in kind.fields]
    before = originals(kind, record, names, version, by)
    return Conflict(
        _("Somebody else changed this record after you opened it."),
        mine={name: values[name] for name in names},
        theirs={name: now[name] for name in names},
        original={name: before.get(name, now[name]) for name in names},
        version=record.version,
    )


def remove(kind: RecordType, key: Any, by: User | None, *, version: int | None = None, reason: str = "") -> Record:
    """Move a record to the recycle bin."""
    with transaction.atomic(), acting(by, reason):
        record = locked(kind, key, by, "delete")
        if version is not None and version != record.version:
            raise conflict(kind, record, {}, version, by)
        if record.pk == getattr(by, "pk", None):
            raise Refused(_("You cannot delete yourself."))
        require_free(kind, record, "delete", by)
        bury(kind, record, by)
    return record


def bury(kind: RecordType, record: Record, by: User | None) -> None:
    """Move a locked record to the recycle bin, with those that its type takes along."""
    record.deleted_at, record.deleted_by = timezone.now(), by
    touch(record, by)
    say(f"{kind.noun}.deleted", about=refs(kind, record), by=by, data={"title": record.title})
    for relation in kind.relations.values():
        if relation.name in kind.takes:
            for other in relation.kind.model.objects.live().select_for_update(of=("self",)).filter(**{relation.column: record.pk}):
                bury(relation.kind, other, by)


def touch(record: Record, by: User | None) -> None:
    """Store that a locked record went into the recycle bin or came out."""
    record.version += 1
    record.updated_at, record.updated_by = timezone.now(), by
    record.save(update_fields=["deleted_at", "deleted_by", "version", "updated_at", "updated_by"])
