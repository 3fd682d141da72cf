"""How custom fields look as records; their pages stand among the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.errors import Invalid
from renmai.kernel.overlay import view  # noqa: F401 - it listens to the version
from renmai.kernel.overlay.change import FieldChange
from renmai.kernel.overlay.field import KEPT, CustomField, free_key
from renmai.kernel.overlay.layout import Layout
from renmai.kernel.overlay.type import CustomType
from renmai.kernel.records.types import RecordType, register

if TYPE_CHECKING:
    from renmai.kernel.records.record import Record


@register
class CustomFieldType(RecordType):
    model = CustomField
    icon = "forms"
    columns = ["type", "key", "kind", "filterable", "index_state"]
    search = ["label", "key"]
    layout = {
        gettext_lazy("Field"): ["type", "label", "kind", "key", "target", "filterable", "required", "help", "position"],
    }
    rail, rank, ownerless, governs = False, 94, True, True

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """Among the settings."""
        return f"/settings/fields/{record.type}/{record.pk}/" if isinstance(record, CustomField) else "/settings/fields/"

    def complete(self, values: dict[str, Any]) -> None:
        """A key of its own, in whatever script the label is."""
        if not values.get("key"):
            values["key"] = free_key(values.get("type", ""), values.get("label", ""))

    def require_editable(self, record: Record, changed: dict[str, Any]) -> None:
        """What it is and where it belongs stays as it is: values are kept by it."""
        require_kept(record, changed, KEPT)


@register
class CustomTypeType(RecordType):
    model = CustomType
    icon = "category-plus"
    columns = ["label_plural", "key", "created_at"]
    search = ["label_plural", "label", "key"]
    layout = {gettext_lazy("Type"): ["label_plural", "label", "key", "icon"]}
    rail, rank, ownerless, governs = False, 95, True, True

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """Among the settings."""
        if record is not None:
            return f"/settings/types/{record.pk}/"
        return "/settings/types/new/" if new else "/settings/types/"

    def require_editable(self, record: Record, changed: dict[str, Any]) -> None:
        """Its key stays: addresses and values name it."""
        require_kept(record, changed, ("key",))


def require_kept(record: Record, changed: dict[str, Any], names: tuple[str, ...]) -> None:
    """Raise ``Invalid`` where what others name would change."""
    moved = [name for name in names if name in changed and changed[name] != getattr(record, name)]
    if moved:
        raise Invalid({name: [_("This stays as it was made. Make another one instead.")] for name in moved})


@register
class FieldChangeType(RecordType):
    model = FieldChange
    icon = "language"
    columns = ["type", "field", "label", "required"]
    search = ["type", "field", "label"]
    layout = {gettext_lazy("Field"): ["type", "field", "label", "help", "required"]}
    rail, rank, ownerless, governs = False, 96, True, True

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """Among the settings."""
        return f"/settings/labels/{record.type}/{record.field}/" if isinstance(record, FieldChange) else "/settings/labels/"

    def require_editable(self, record: Record, changed: dict[str, Any]) -> None:
        """It stays a change of that field."""
        require_kept(record, changed, ("type", "field"))


@register
class LayoutType(RecordType):
    model = Layout
    icon = "layout-grid"
    columns = ["type", "role", "position"]
    search = ["type", "role"]
    layout = {gettext_lazy("Layout"): ["type", "role", "position"]}
    rail, rank, ownerless, governs = False, 97, True, True

    def place(self, record: Record | None = None, *, new: bool = False) -> str:
        """Among the settings."""
        return f"/settings/layouts/{record.type}/{record.pk}/" if isinstance(record, Layout) else "/settings/layouts/"

    def require_editable(self, record: Record, changed: dict[str, Any]) -> None:
        """It stays the layout of that type and role."""
        require_kept(record, changed, ("type", "role"))
