from __future__ import annotations

import contextlib

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renmai.kernel.records.kinds import PLAIN_EMAIL


@pytest.mark.property
@settings(max_examples=60)
@given(st.from_regex(r"[a-z0-9._+-]{1,4}@[a-z0-9.-]{1,8}\.[a-z0-9-]{1,4}", fullmatch=True))
@example("a.b+c_d@x-1.example.com")
@example("a..b@example.com")
@example("a@-x.com")
def test_what_is_seen_as_an_e_mail_address_at_once_is_one_by_the_whole_rule(text: str) -> None:
    with contextlib.suppress(ValidationError):
        validate_email(text)
        return
    assert not PLAIN_EMAIL.fullmatch(text)
