"""Pairs within a whole type, found and weighed by splink on DuckDB: by the same rule, and with the same weights, as while somebody types.

The settings are splink's own, so that they run as they are on Spark, where there is more than one machine can hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from renmai.kernel.matching.rule import BEFORE, NAMES, Rule, Trait, TraitKind
from renmai.kernel.matching.values import Values
from renmai.kernel.matching.weigh import AKIN, ALIKE, NEARLY, ONE_SLIP

if TYPE_CHECKING:
    from splink import SettingsCreator

    from renmai.kernel.matching.portrait import Portrait

MOST_IN_BLOCK = 100  # what more than these have in common would make pairs without end
CERTAIN = 0.9  # only how much likelier a level is in one case than in the other weighs
BEGINNING = 3
ALONE = frozenset({TraitKind.DOMAIN})  # with another trait it finds nobody, since hundreds share it
MEMORY = "512MB"
SHARED = """
CREATE TABLE sketches AS
WITH one AS (SELECT id, unnest(keys) AS key FROM given),
shared AS (SELECT key FROM one GROUP BY key HAVING count(*) BETWEEN 2 AND ?),
kept AS (SELECT id, list(key) AS keys FROM one JOIN shared USING (key) GROUP BY id)
SELECT given.* EXCLUDE (keys), kept.keys FROM given JOIN kept USING (id)
"""
"""The sketches with those keys only that lead to another, and not to more than so many; what has none is no pair's."""


class Sketch(NamedTuple):
    """A record as it is compared: its id, its portrait, and the keys by which it is found."""

    id: str
    portrait: Portrait
    keys: list[str]


class Found(NamedTuple):
    """A pair, the lesser id first; levels as ``Weighed`` has them."""

    one: str
    other: str
    probability: float
    levels: dict[int, str]


def pairs(rule: Rule, sketches: Iterable[Sketch]) -> Iterator[Found]:
    """The pairs that are as likely the same as the rule asks for."""
    return weighed(rule, table(rule, sketches))


def weighed(rule: Rule, given: Any, spill: Path | None = None) -> Iterator[Found]:
    """The same for sketches as a table of Arrow.

    Args:
        spill: the folder into which goes what memory does not hold; nowhere where there is none.
    """
    import duckdb
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    limits: dict[str, Any] = {"memory_limit": MEMORY, "threads": len(os.sched_getaffinity(0)), "temp_directory": str(spill or "")}
    with duckdb.connect(config=limits) as database:
        database.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # as splink writes them
        database.register("given", given)
        database.execute(SHARED, [MOST_IN_BLOCK])
        api = DuckDBAPI(database)
        linker = Linker(api.register("sketches"), settings(rule), log_level="ERROR", validate_settings=False)
        found = linker.inference.predict(threshold_match_probability=rule.warn_from / 100, warning_mode="never")
        columns = ", ".join(f"gamma_t{place}" for place in range(len(rule.traits)))
        rows = database.execute(f"SELECT id_l, id_r, match_probability, {columns} FROM {found.physical_name}")  # noqa: S608 - names of ours
        steps = [levels_of(trait) for trait in rule.traits]
        while some := rows.fetchmany(1_000):
            for one, other, likely, *gammas in some:
                yield Found(one, other, likely, _levels(steps, gammas))


def settings(rule: Rule) -> SettingsCreator:
    """The rule as splink's settings."""
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=1 / (1 + 2**-BEFORE),
        comparisons=[_comparison(place, trait) for place, trait in enumerate(rule.traits)],
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        retain_matching_columns=True,
    )


def levels_of(trait: Trait) -> list[str]:
    """The levels of a comparison in the order in which they are tried; those that say nothing are not counted."""
    if trait.kind in NAMES:
        return ["same", "different", "alike", "alike", "akin", "different"]
    return ["same", "alike", "different"] if trait.kind in NEARLY or trait.kind in ONE_SLIP else ["same", "different"]


def _comparison(place: int, trait: Trait) -> Any:
    from splink import comparison_level_library as cll
    from splink import comparison_library as cl

    column = f"t{place}"

    def weighed(level: Any, name: str) -> Any:
        weight = trait.weight(name)
        return level.configure(m_probability=CERTAIN * 2 ** min(weight, 0), u_probability=CERTAIN * 2 ** -max(weight, 0))

    def nothing(level: Any) -> Any:
        return level.configure(is_null_level=True)

    levels = [cll.NullLevel(column), weighed(cll.ArrayIntersectLevel(column), "same")]
    if trait.kind in NAMES:
        levels += [
            weighed(cll.Not(cll.ArrayIntersectLevel(f"{column}_digits")), "different"),
            weighed(cll.ArrayIntersectLevel(f"{column}_spoken"), "alike"),
            weighed(cll.PairwiseStringDistanceFunctionLevel(f"{column}_letters", "jaro_winkler", ALIKE), "alike"),
            nothing(cll.Not(cll.ArrayIntersectLevel(f"{column}_script"))),
            weighed(cll.PairwiseStringDistanceFunctionLevel(f"{column}_letters", "jaro_winkler", AKIN), "akin"),
        ]
    elif trait.kind in NEARLY:
        levels.append(weighed(cll.PairwiseStringDistanceFunctionLevel(column, "jaro_winkler", NEARLY[trait.kind]), "alike"))
    elif trait.kind in ONE_SLIP:
        levels.append(weighed(cll.PairwiseStringDistanceFunctionLevel(column, "damerau_levenshtein", 1), "alike"))
    return cl.CustomComparison([*levels, weighed(cll.ElseLevel(), "different")], output_column_name=column)


def table(rule: Rule, sketches: Iterable[Sketch]) -> Any:
    """Sketches as a table of Arrow: a row each, a column of texts for each part of a trait."""
    import pyarrow as pa

    wanted = list(sketches)
    texts = pa.list_(pa.string())
    columns: dict[str, Any] = {
        "id": pa.array([sketch.id for sketch in wanted], pa.string()),
        "keys": pa.array([[*sketch.keys, *wide_keys(rule, sketch.portrait)] for sketch in wanted], texts),
    }
    for place, trait in enumerate(rule.traits):
        for part in Values._fields if trait.kind in NAMES else ("plain",):
            name = f"t{place}" if part == "plain" else f"t{place}_{part}"
            columns[name] = pa.array([list(getattr(sketch.portrait[place], part)) or None for sketch in wanted], texts)
    return pa.table(columns)


def wide_keys(rule: Rule, portrait: Portrait) -> list[str]:
    """Besides its keys, what a batch finds a record by: any two traits together, of names the beginnings of their words."""
    found = [_beginnings(trait, values) for trait, values in zip(rule.traits, portrait, strict=True)]
    pairs = enumerate(telling_pairs(rule))
    return [f"{place}:{left}|{right}" for place, (one, other) in pairs for left in found[one] for right in found[other]]


@lru_cache(maxsize=64)
def telling_pairs(rule: Rule) -> list[tuple[int, int]]:
    """The places of every two traits by which it pays to find records: where both are the same it may be enough.

    What two have in common is not enough where it takes a third trait that is enough with one of them: these find the pair, too.
    Without such as a name and a city, people have a tenth of the pairs to compare.
    """
    same = [trait.weight("same") for trait in rule.traits]
    places = range(len(same))

    def is_enough(*together: int) -> bool:
        return BEFORE + sum(same[place] for place in together) >= rule.enough

    def finds(one: int, other: int) -> bool:
        return is_enough(one, other) and not {rule.traits[one].kind, rule.traits[other].kind} & ALONE

    def may_do(one: int, other: int) -> bool:
        rest = (place for place in places if place not in {one, other} and not finds(one, place) and not finds(other, place))
        return is_enough(one, other, *rest)

    return [(one, other) for one, other in combinations(places, 2) if may_do(one, other)]


def _beginnings(trait: Trait, values: Values) -> list[str]:
    if trait.kind in NAMES:
        return list(dict.fromkeys(word[:BEGINNING] for spoken in values.spoken for word in spoken.split()))[:4]
    return list(values.plain[:2]) if trait.kind not in ALONE else []


def _levels(steps: list[list[str]], gammas: list[int]) -> dict[int, str]:
    """splink counts the levels of a comparison from the last, 0; -1 says nothing."""
    return {place: steps[place][len(steps[place]) - 1 - gamma] for place, gamma in enumerate(gammas) if gamma >= 0}
