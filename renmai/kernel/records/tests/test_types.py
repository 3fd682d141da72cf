"""Declarations: what is misspelt stops the start and lists the valid names."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from renmai.directory.account.model import Account
from renmai.kernel.records.declared import Misdeclared
from renmai.kernel.records.types import Board, RecordType, registry


def declared(**words: Any) -> RecordType:
    """A type of accounts with these words in its declaration."""
    return type("Declared", (RecordType,), {"model": Account, **words})()


@pytest.mark.parametrize(
    "words",
    [
        {"columns": ["name", "industri"]},
        {"layout": {"Company": ["industri"]}},
        {"search": ["industri"]},
        {"subtitle": "industri"},
        {"tells": ["industri"]},
        {"board": Board(by="industri")},
        {"board": Board(by="industry", sum="industri")},
        {"board": Board(by="industry", card=("industri",))},
        {"board": Board(by="industry", action="mov")},
    ],
)
def test_a_misspelt_name_is_refused_with_the_valid_ones(words: dict[str, Any]) -> None:
    with pytest.raises(Misdeclared) as refusal:
        declared(**words).check()
    assert "Valid names:" in str(refusal.value)
    assert "Declared." in str(refusal.value)


def test_the_nearest_name_is_proposed() -> None:
    with pytest.raises(Misdeclared, match="Did you mean 'industry'"):
        declared(columns=["industri"]).check()


def test_what_is_declared_is_right() -> None:
    for kind in registry.all():
        kind.check()


def test_two_types_cannot_share_an_address() -> None:
    class Again(RecordType):
        model: ClassVar[Any] = Account

    with pytest.raises(Misdeclared, match="accounts"):
        registry.add(Again)


def test_addresses_are_the_english_plural_in_any_language() -> None:
    from django.utils.translation import override

    with override("th"):
        kind = declared()
        assert (kind.slug, kind.noun) == ("accounts", "account")
