"""A query as a tree: written as a tsquery for the database, or answered in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One lexeme, or with `begins` every lexeme that begins so; the text needs no quoting beyond quotes."""

    text: str
    begins: bool = False

    def __str__(self) -> str:
        return f"'{self.text}':*" if self.begins else f"'{self.text}'"

    def found_in(self, lexemes: Collection[str]) -> bool:
        """Whether stored lexemes hold it."""
        return any(lexeme.startswith(self.text) for lexeme in lexemes) if self.begins else self.text in lexemes


@dataclass(frozen=True, slots=True)
class All:
    """Every part must be found."""

    parts: tuple[Term, ...]

    def __str__(self) -> str:
        return f"({' & '.join(map(str, self.parts))})"

    def found_in(self, lexemes: Collection[str]) -> bool:
        """Whether stored lexemes hold every part."""
        return all(part.found_in(lexemes) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Any:
    """One part is enough."""

    parts: tuple[Term, ...]

    def __str__(self) -> str:
        return f"({' | '.join(map(str, self.parts))})"

    def found_in(self, lexemes: Collection[str]) -> bool:
        """Whether stored lexemes hold one part."""
        return any(part.found_in(lexemes) for part in self.parts)


Term = Lexeme | All | Any


def every(parts: Iterable[Term]) -> Term:
    """All of the parts, each once; a part alone stands for itself."""
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else All(unique)


def either(parts: Iterable[Term]) -> Term:
    """Any of the parts; a part alone stands for itself."""
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else Any(unique)
