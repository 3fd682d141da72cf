"""What domains have to say at the head of a record's page: parts that the page loads by themselves, so that it waits for none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record

_news: list[tuple[str, Callable[[Record], bool]]] = []


def add_news(part: str, is_shown: Callable[[Record], bool]) -> None:
    """Load what stands at ``/<types>/<id>/<part>/`` at the head of a record's page.

    Args:
        is_shown: whether a record may have such news; asks nothing of the database.
    """
    _news.append((part, is_shown))


def news_of(record: Record) -> list[str]:
    """The parts that the page of a record loads."""
    return [part for part, is_shown in _news if is_shown(record)]
