from __future__ import annotations

import pytest
from django.utils import translation

from renmai.kernel.records.pages.typing import typed_value
from renmai.kernel.records.types import registry

OPPORTUNITY = registry["opportunities"].fields
PERSON = registry["people"].fields


@pytest.mark.parametrize("text", ["฿1,200.50", "1,200.50 บาท", "๑,๒๐๐.๕๐", "NT$1,200.50", " 1200.5 "])
def test_an_amount_may_be_typed_with_its_currency(text: str) -> None:
    assert float(typed_value(OPPORTUNITY["amount"], text)) == 1200.5


def test_a_percentage_may_be_typed_with_its_sign() -> None:
    assert typed_value(OPPORTUNITY["probability"], "40 %") == "40"


@pytest.mark.parametrize(("language", "text"), [("en", "22/11/1990"), ("zh-hans", "1990年11月22日"), ("th", "22 พ.ย. พ.ศ. 2533")])
def test_a_day_may_be_typed_as_in_the_readers_language(language: str, text: str) -> None:
    with translation.override(language):
        assert typed_value(PERSON["birthday"], text) == "1990-11-22"


@pytest.mark.parametrize(("field", "text"), [("amount", "much"), ("probability", "half"), ("close_on", "soon"), ("close_on", "22/11/2569")])
def test_what_cannot_be_read_is_refused_in_a_sentence(field: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"[.?]|“"):
        typed_value(OPPORTUNITY[field], text)
