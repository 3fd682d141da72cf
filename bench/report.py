"""Results as tables."""

from __future__ import annotations

from typing import Any


def table(result: dict[str, Any]) -> str:
    """One line per scenario: median and 95th percentile in ms, requests per second, ratio to bare psycopg."""
    lines = [f"{'scenario':<24}{'1 client':>22}{'8 clients':>30}{'psycopg':>10}{'ratio':>7}"]
    for name, found in result["scenarios"].items():
        if "1" not in found:
            lines.append(f"{name:<24}{'  '.join(f'{key} {value}' for key, value in found.items()):>22}")
            continue
        one, eight, bare = found["1"], found["8"], found.get("bare")
        single = f"{one['p50']:.1f} / {one['p95']:.1f} ms"
        many = f"{eight['p50']:.0f} / {eight['p95']:.0f} ms, {eight['per_second']:.0f}/s"
        ratio = f"{bare:>8.1f}ms{one['p50'] / bare:>7.1f}" if bare else ""
        lines.append(f"{name:<24}{single:>22}{many:>30}{ratio}")
    return "\n".join(lines)


def compare(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Medians of two runs, and of long work every figure, and by what factor they differ; below 1 the second took less."""
    old, new = _figures(before), _figures(after)
    lines = [
        f"{name:<40}{old[name]:>12.1f}{new[name]:>12.1f}{new[name] / old[name]:>9.2f}" for name in old.keys() & new.keys() if old[name]
    ]
    return "\n".join([f"{'scenario':<40}{'before':>12}{'after':>12}{'factor':>9}", *sorted(lines)])


def _figures(result: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, told in result["scenarios"].items():
        if "1" in told:
            found[f"{name} ms"] = told["1"]["p50"]
        else:
            found |= {f"{name} {key}": value for key, value in told.items()}
    return found
