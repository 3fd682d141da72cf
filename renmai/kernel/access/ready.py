"""The three roles that a new Renmai has."""

from __future__ import annotations

from typing import Any

from renmai.kernel.access.rights import READY_ROLES
from renmai.kernel.access.user import Role
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry


def install_roles(**_rest: Any) -> None:
    """Make the ready roles once; a company that changes or deletes them keeps its own will."""
    if not Role.objects.exists():
        for name, rights in READY_ROLES.items():
            create(registry.of(Role), {"name": name, "rights": rights}, None)
