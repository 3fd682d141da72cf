"""Every condition of criteria, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

from renmai.kernel.criteria.tree import And, Broken, Condition, Node, Not, Or, Some, Total


def leaves(node: Node) -> Iterator[Condition | Some | Total | Broken]:
    """The conditions over fields and over related rows, in order; not those within related rows."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield node
