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
    """Medians of two runs and by what factor they differ; below 1 the second is faster."""
    lines = [f"{'scenario':<24}{'before':>12}{'after':>12}{'factor':>9}"]
    for name in before["scenarios"].keys() & after["scenarios"].keys():
        old, new = (run["scenarios"][name].get("1", {}).get("p50") for run in (before, after))
        if old and new:
            lines.append(f"{name:<24}{old:>10.1f}ms{new:>10.1f}ms{new / old:>9.2f}")
    return "\n".join([lines[0], *sorted(lines[1:])])
