"""What stands in a pick-list is said in words."""

from __future__ import annotations

import pytest

from renmai.kernel.records.types import registry


@pytest.mark.parametrize("slug", ["people", "leads", "opportunities"])
def test_where_somebody_came_from_is_said_in_words(slug: str) -> None:
    assert str(dict(registry[slug].fields["source"].choices)["web"]) == "Web site"


@pytest.mark.parametrize(
    "path", ["duplicate-rules.record_type", "territories.covers", "change-sets.target", "proposals.target", "views.target"]
)
def test_a_type_of_record_is_called_by_its_name(path: str) -> None:
    slug, _, field = path.partition(".")
    assert str(dict(registry[slug].fields[field].choices)["leads"]) == "Leads"
