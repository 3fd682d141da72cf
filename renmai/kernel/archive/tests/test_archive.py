"""Everything goes out in open formats and comes back equal."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from django.apps import apps

from renmai.kernel.access.user import User
from renmai.kernel.actions.errors import Refused
from renmai.kernel.archive import read as reading
from renmai.kernel.archive.tables import LEFT_OUT, told_models
from renmai.kernel.archive.write import DATA, MANIFEST, SCHEMA, write
from renmai.kernel.files.store import keep
from renmai.kernel.overlay import version
from renmai.kernel.records.store import create, update
from renmai.kernel.records.types import registry

pytestmark = pytest.mark.django_db
ACCOUNTS, PEOPLE = registry["accounts"], registry["people"]


def lines(folder: Path) -> dict[str, bytes]:
    """The JSON Lines of each table."""
    return {path.name: path.read_bytes() for path in sorted((folder / DATA).glob("*.jsonl"))}


def test_what_went_out_comes_back_equal(tmp_path: Path, alice: User, dao: User) -> None:
    create(registry["custom-fields"], {"type": "accounts", "label": "Budget", "kind": "money"}, dao)
    version.refresh()
    create(registry["custom-fields"], {"type": "accounts", "label": "Half", "kind": "formula", "formula": "custom.budget / 2"}, dao)
    version.refresh()
    acme = create(ACCOUNTS, {"name": "华为", "custom": {"budget": "100.10"}, "tags": ["vip"], "external_ids": {"erp": "7"}}, alice)
    create(PEOPLE, {"name": "สมชาย ใจดี", "account": str(acme.pk), "emails": [{"value": "s@example.com"}]}, alice)
    update(ACCOUNTS, acme.pk, {"city": "Lampang"}, alice, reason="moved")
    stored = keep("brief.txt", [b"hello"], by=alice)
    first, second = tmp_path / "first", tmp_path / "second"
    write(first)
    create(ACCOUNTS, {"name": "Made later, and gone by the import"}, alice)
    stored.path.unlink()
    reading.read(first)
    assert stored.path.read_bytes() == b"hello"
    write(second)
    assert lines(first) == lines(second) and lines(first)["accounts.jsonl"]
    later = create(ACCOUNTS, {"name": "Later", "custom": {"budget": "50"}}, User.objects.get(pk=alice.pk))
    later.refresh_from_db()
    assert later.custom["half"] is not None
    assert not User.objects.exclude(password="!").exists()
    with duckdb.connect() as database:
        found = database.execute(f"SELECT name, city, tags FROM '{first / DATA / 'accounts.parquet'}'").fetchall()
    assert found == [("华为", "Lampang", ["vip"])]
    assert "password" in (first / SCHEMA).read_text() and '"password":""' in lines(first)["users.jsonl"].decode()


def test_only_a_whole_export_of_no_later_version_comes_into_an_empty_system(tmp_path: Path, alice: User, dao: User) -> None:
    with pytest.raises(Refused, match="empty system"):
        reading.require_empty()
    with pytest.raises(Refused, match="no whole export"):
        reading.read(tmp_path)
    (tmp_path / MANIFEST).write_text(json.dumps({"format": 1, "renmai": "0.0.1", "migrations": {"kernel": "0001"}}))
    with pytest.raises(Refused, match=r"Renmai 0\.0\.1"):
        reading.read(tmp_path)


def test_an_older_export_gets_what_came_since_and_is_refused_where_names_differ(tmp_path: Path, alice: User) -> None:
    person = create(PEOPLE, {"name": "สมชาย ใจดี", "nickname": "Chai", "city": "Lampang"}, alice)
    manifest = write(tmp_path)
    schema, rows = json.loads((tmp_path / SCHEMA).read_text()), tmp_path / DATA / "people.jsonl"
    people = next(table for table in schema if table["name"] == "people")

    def say(**columns: str) -> None:
        """Let the export have other names of columns, and none where there is no name."""
        told = [{**one, "name": columns.get(one["name"], one["name"])} for one in people["columns"]]
        others = [table for table in schema if table is not people]
        text = json.dumps([*others, {**people, "columns": [one for one in told if one["name"]]}])
        (tmp_path / SCHEMA).write_text(text, encoding="utf-8")

    before = {**manifest, "renmai": "0.0.1", "migrations": {**manifest["migrations"], "directory": "0003_a_person_has_an_address"}}
    (tmp_path / MANIFEST).write_text(json.dumps(before))
    written = json.loads(rows.read_text(encoding="utf-8"))
    rows.write_text(json.dumps({**{name: value for name, value in written.items() if name != "nickname"}, "search": ""}), encoding="utf-8")
    say(nickname="")
    reading.read(tmp_path)
    found = PEOPLE.model.objects.get(pk=person.pk)
    assert (found.nickname, found.city) == ("", "Lampang") and PEOPLE.model.objects.filter(search__contains="lampang").exists()
    say(city="town")
    with pytest.raises(Refused, match=r"0\.0\.1.*people\.town"):
        reading.read(tmp_path)
    assert PEOPLE.model.objects.filter(pk=person.pk).exists(), "nothing is emptied before"


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    ours = {model.__name__ for model in apps.get_models() if model.__module__.startswith("renmai.")}
    assert set(LEFT_OUT) <= ours
    assert {kind.model for kind in registry.all() if not kind.model._meta.proxy} <= set(told_models())
