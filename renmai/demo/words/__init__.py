"""What the sample company sells, writes and says, in each language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Words:
    """The words of one language; ``{person}``, ``{product}`` and ``{account}`` stand for names.

    Attributes:
        home: the culture that most customers are of.
        cities_in: ``latin`` or ``local``: how places of other scripts are written.
        products, categories: in the order of the catalogue.
        assignment: names of the rules that give leads: those from Thailand, from China, all others.
        people: first sign-in names → given and family name.
        regions: name and teams each; a team names the cultures it sells to.
        followups: stage (by position), method, subject and body each.
        notes, tasks, tickets: subject and body each.
    """

    company: str
    country: str
    currency: str
    time_zone: str
    home: str
    head_office: str
    service_desk: str
    cities_in: str
    products: list[str]
    categories: list[str]
    projects: list[str]
    opportunity: str
    jobs: list[str]
    campaigns: list[str]
    tags: list[str]
    disqualified: list[str]
    assignment: list[str]
    terms: str
    people: dict[str, list[str]]
    regions: list[dict[str, Any]]
    followups: list[dict[str, Any]]
    notes: list[dict[str, str]]
    tasks: list[dict[str, str]]
    tickets: list[dict[str, str]]


def words(language: str) -> Words:
    """The words of a language.

    Args:
        language: ``en``, ``zh-Hans``, ``zh-Hant`` or ``th``; of any other, English.
    """
    name = language.lower().replace("-", "_")
    path = Path(__file__).with_name(f"{name}.toml")
    return Words(**tomllib.loads((path if path.exists() else path.with_name("en.toml")).read_text(encoding="utf-8")))
