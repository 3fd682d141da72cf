"""What a person has set for themselves: look, language, era, columns. No right is needed, and no version changes."""

from __future__ import annotations

from typing import Any

from renmai.kernel.access.user import Era, Language, Theme, User

SETTINGS: dict[str, set[str]] = {
    "theme": set(Theme.values),
    "language": {*Language.values, ""},
    "era": set(Era.values),
}


def settle(user: User, name: str, value: str) -> bool:
    """Set one of the person's settings.

    Returns:
        Whether there is such a setting and such a value.
    """
    known = {allowed.lower(): allowed for allowed in SETTINGS.get(name, ())}
    if value.lower() not in known:
        return False
    setattr(user, name, known[value.lower()])
    user.save(update_fields=[name])
    return True


def prefer(user: User, name: str, value: Any) -> None:
    """Keep something about how the person likes the pages."""
    user.preferences = {**user.preferences, name: value}
    user.save(update_fields=["preferences"])
