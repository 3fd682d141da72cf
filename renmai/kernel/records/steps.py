"""Steps of migrations that change the indexes of every noun alike.

One step for an app, not two for each index: after each of those Django would make all models anew, a second for every ten.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

HELD = ("owner", "team")


class SortsKnowTheirDoors(Operation):
    """Let the indexes that lists are sorted by hold owner and team too, where a noun has them."""

    reversible = False

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Describe the indexes as they will be."""
        for key, model in list(state.models.items()):
            if key[0] == app_label and "indexes" in model.options:
                state.models[key] = changed = model.clone()
                changed.options["indexes"] = [_widened(index, changed.fields) for index in model.options["indexes"]]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make those anew that differ."""
        for key, model in to_state.models.items():
            if key[0] == app_label and "indexes" in model.options:
                before = {index.name: index for index in from_state.models[key].options["indexes"]}
                table = to_state.apps.get_model(*key)
                for index in model.options["indexes"]:
                    if index != before[index.name]:
                        schema_editor.remove_index(table, before[index.name])
                        schema_editor.add_index(table, index)

    def describe(self) -> str:
        """What it does."""
        return "Let the indexes of sorts hold owner and team"


def _widened(index: models.Index, fields: dict[str, Any]) -> models.Index:
    if not (index.name.endswith("_s") and index.fields[1:] == ["id"]):
        return index
    wider = index.clone()
    wider.fields = [*index.fields, *(door for door in HELD if door in fields)]
    wider.fields_orders = [(name, "") for name in wider.fields]
    return wider
