"""Layouts in the browser: dragged into order, ruled field by field, looked at, taken out and in as files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renmai.kernel.access.user import Role, User
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.records.arrangement import coded
from renmai.kernel.records.types import registry


@pytest.fixture
def admin(dao: User) -> Client:
    """The admin's browser."""
    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(dao)
    return made


def made_for(admin: Client, role: str = "") -> Layout:
    """A new layout of leads, made on the settings page."""
    key = str(Role.objects.get(name=role).pk) if role else ""
    assert admin.post("/settings/layouts/leads/new/", {"role": key}).status_code == 302
    return Layout.objects.get(role__name=role) if role else Layout.objects.get(role=None)


def path(layout: Layout, rest: str = "") -> str:
    return f"/settings/layouts/leads/{layout.pk}/{rest}"


def items(*, first: str = "", left_out: str = "") -> list[str]:
    """What the editor sends: as the code has it, with one section at the top and one field left out."""
    parts = sorted(coded(registry["leads"]), key=lambda part: part.key != first)
    sent = [line for part in parts for line in (f"section:{part.key}", *(f"field:{name}" for name in part.names if name != left_out))]
    return [*sent, "section:-", *([f"field:{left_out}"] if left_out else [])]


def test_sections_are_dragged_named_and_a_field_is_left_out(admin: Client) -> None:
    layout = made_for(admin)
    last = coded(registry["leads"])[-1].key
    sent = {"item": items(first=last, left_out="company"), f"title.{last}": "Whose", f"title.{last}.th": "ของใคร", "version": 1}
    assert admin.post(path(layout), sent).status_code == 302
    layout.refresh_from_db()
    assert layout.rules == {"company": {"hidden": True}}
    form = admin.get("/leads/new/").content.decode()
    assert form.index(">Whose<") < form.index('name="name"') and 'name="company"' not in form


def test_an_own_section_takes_fields_and_gives_them_back(admin: Client) -> None:
    layout = made_for(admin)
    sent = ["section:new1", "field:company", *[line for line in items() if line != "field:company"]]
    admin.post(path(layout), {"item": sent, "title.new1": "Where they work", "version": 1})
    layout.refresh_from_db()
    assert layout.sections[0] == {"key": "where-they-work", "title": "Where they work", "fields": ["company"]}
    admin.post(path(layout), {"item": items(), "version": 2})
    layout.refresh_from_db()
    assert layout.sections == []


def test_a_section_is_put_back(admin: Client) -> None:
    layout = made_for(admin)
    part = coded(registry["leads"])[0]
    Layout.objects.filter(pk=layout.pk).update(
        sections=[{"key": part.key, "fields": part.names[::-1]}], rules={part.names[1]: {"hidden": True}, "tags": {"hidden": True}}
    )
    assert admin.post(path(layout, f"sections/{part.key}/reset/")).status_code == 302
    layout.refresh_from_db()
    assert (layout.sections, layout.rules) == ([], {"tags": {"hidden": True}})


def test_a_field_is_ruled(admin: Client) -> None:
    layout = made_for(admin, "rep")
    assert "Every new record needs it" in admin.get(path(layout, "fields/company/")).content.decode()
    typed = {
        "required": "true",
        "company": "Acme",
        "help": "As on the card",
        "label_th": "ตามนามบัตร",
        "filter.kind": "group",
        "filter.match": "all",
    }
    assert admin.post(path(layout, "fields/company/"), typed).status_code == 302
    layout.refresh_from_db()
    assert layout.rules == {"company": {"required": True, "default": "Acme", "help": "As on the card", "helps": {"th": "ตามนามบัตร"}}}
    assert "Begins filled in" in admin.get(path(layout)).content.decode()


def test_a_rule_that_does_not_fit_is_told_beside_the_field_and_kept_as_typed(admin: Client) -> None:
    layout = made_for(admin)
    answer = admin.post(path(layout, "fields/expected_amount/"), {"expected_amount": "much", "filter.kind": "group", "filter.match": "all"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="default-expected_amount-problem"' in page and 'value="much"' in page


def test_the_preview_is_what_holders_of_the_role_see(admin: Client) -> None:
    layout = made_for(admin, "rep")
    Layout.objects.filter(pk=layout.pk).update(rules={"company": {"hidden": True}, "phone": {"read_only": True}})
    page = admin.get(path(layout, "preview/")).content.decode()
    assert 'name="email"' in page and 'name="company"' not in page and 'name="phone"' not in page
    assert 'name="company"' in admin.get("/leads/new/").content.decode()


def test_layouts_of_roles_are_put_in_order(admin: Client) -> None:
    first, second = made_for(admin, "manager"), made_for(admin, "rep")
    admin.post(path(second, "earlier/"))
    page = admin.get("/settings/layouts/leads/").content.decode()
    assert page.index(str(second.pk)) < page.index(str(first.pk))


def test_a_layout_is_taken_back_whole(admin: Client) -> None:
    layout = made_for(admin)
    Layout.objects.filter(pk=layout.pk).update(rules={"company": {"hidden": True}})
    admin.post(path(layout, "reset/"))
    assert 'name="company"' in admin.get("/leads/new/").content.decode()


def sent_file(admin: Client, content: Any) -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return admin.post("/settings/layouts/take-in/", {"file": SimpleUploadedFile("layouts.json", text)})


def test_layouts_go_out_and_come_in_again_as_a_file(admin: Client) -> None:
    layout = made_for(admin, "rep")
    Layout.objects.filter(pk=layout.pk).update(
        rules={"company": {"help": "客戶的公司"}}, sections=[{"key": "x", "title": "甲", "fields": ["phone"]}]
    )
    text = admin.get("/settings/layouts/file/?type=leads").content
    Layout.objects.filter(pk=layout.pk).update(rules={}, sections=[])
    assert sent_file(admin, text).status_code == 302
    layout.refresh_from_db()
    assert layout.rules == {"company": {"help": "客戶的公司"}} and layout.sections[0]["title"] == "甲"


@pytest.mark.parametrize(
    ("layout", "named"),
    [
        ({"type": "leads", "role": None, "rules": {"compny": {"required": True}}}, "compny"),
        ({"type": "leads", "role": "pilots"}, "pilots"),
        ({"type": "spaceships", "role": None}, "spaceships"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing_and_says_why(layout: Any, named: str, admin: Client) -> None:
    good = {"type": "accounts", "role": None, "rules": {"industry": {"hidden": True}}}
    answer = sent_file(admin, {"format": "renmai-layouts", "version": 1, "layouts": [good, layout]})
    assert answer.status_code == 422 and named in answer.content.decode()
    assert not Layout.objects.exists()


def test_another_file_is_refused_with_a_sentence(admin: Client) -> None:
    assert "not a file of layouts" in sent_file(admin, b"\xff\x00").content.decode()
