"""The house: who may know whom, in the tables as in the code, and how much a file may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from renmai.kernel.records.types import registry

ROOT = Path(__file__).parents[1]
STOREYS = ["kernel", "directory", "activity", "catalogue", "marketing", "sales", "commerce", "service"]
OURS = [model for config in apps.get_app_configs() if config.name.startswith("renmai.") for model in config.get_models()]
FOREIGN_KEYS = [field for model in OURS for field in model._meta.fields if isinstance(field, models.ForeignKey)]


@pytest.mark.parametrize("field", FOREIGN_KEYS, ids=str)
def test_a_link_never_points_upwards(field: models.ForeignKey[object, object]) -> None:
    to = field.related_model._meta.app_label  # type: ignore[union-attr]
    if to in STOREYS:
        assert STOREYS.index(to) <= STOREYS.index(field.model._meta.app_label)


@pytest.mark.parametrize("kind", registry.all(), ids=lambda kind: kind.slug)
def test_every_noun_can_be_found_shown_and_named(kind: object) -> None:
    assert kind.columns and kind.layout and kind.search, "a noun that nobody can list, open or find"  # type: ignore[attr-defined]
    assert kind.label and kind.label_plural  # type: ignore[attr-defined]


def test_the_kernel_knows_no_word_of_the_trade() -> None:
    """Besides tests and what is data: synonyms of column names."""
    nouns = ("opportunit", "quotes", "campaign", "ticket")
    known = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "renmai" / "kernel").rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts and "testing" not in path.parts
        for line in path.read_text().splitlines()
        if any(noun in line.split("#")[0].lower() for noun in nouns) and "import " in line
    ]
    assert not known


def test_no_file_of_the_kernel_outgrows_its_room() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "renmai").rglob("*.py")
        if "migrations" not in path.parts and "tests" not in path.parts and (count := len(path.read_text().splitlines())) > 400
    }
    assert not long
