"""The tabs above a list: the ready views, then those that people have kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from renmai.kernel.following.marks import is_starred
from renmai.kernel.records.pages import filters
from renmai.kernel.records.pages.bin import address as recycle_bin
from renmai.kernel.records.pages.door import query_of
from renmai.kernel.records.types import RecordType
from renmai.kernel.records.view.model import View
from renmai.kernel.records.view.using import first, is_changed, saved_of, take, views_of

if TYPE_CHECKING:
    from renmai.kernel.access.user import User


class Tabs:
    """The views of a list as one person sees them; one query. A bare address opens with the person's, or their role's, first view."""

    def __init__(self, request: HttpRequest, by: User, kind: RecordType) -> None:
        self.request, self.by, self.kind = request, by, kind
        self.views = views_of(by, kind)
        self.first = first(by, kind, self.views)
        if self.first is not None and not request.GET:
            take(request, self.first, kind, by)

    @property
    def saved(self) -> View | None:
        """The view that is shown."""
        return saved_of(self.request)

    @cached_property
    def items(self) -> list[tuple[Any, str, bool]]:
        """Label, address, whether it is shown."""
        given, path = self.request.GET.get("filter", ""), self.kind.path()
        is_plain = self.saved is None and self.request.GET.get("deleted") != "1"
        ready = [(_("All"), ""), *([] if self.kind.ownerless else [(_("Mine"), filters.MINE), (_("My team"), filters.MY_TEAM)])]
        found = [(label, self._ready(text), is_plain and given == text) for label, text in ready]
        found += [(view.title, f"{path}?view={view.pk}", self.saved is not None and view.pk == self.saved.pk) for view in self.views]
        if self.by.may("delete", self.kind):
            found.append((_("Recycle bin"), recycle_bin(self.kind), self.request.GET.get("deleted") == "1"))
        return found

    def _ready(self, text: str) -> str:
        """A ready view keeps how the list is arranged, but not what a kept view says."""
        if self.saved is not None:
            query: dict[str, Any] = {"filter": text} if text else {}
        else:
            query = query_of(self.request, {"filter": text, "after": None, "limit": None, "deleted": None})
        if not query and self.first is not None:
            query = {"view": "list"}
        return f"{self.kind.path()}?{urlencode(query)}" if query else self.kind.path()

    @property
    def is_changed(self) -> bool:
        """The list shows something else than the view says."""
        return is_changed(self.request)

    @property
    def may_change(self) -> bool:
        """The view is one's own, or one that one looks after."""
        return self.saved is not None and (self.saved.owner_id == self.by.pk or self.by.may("edit", self.saved))

    @cached_property
    def is_pinned(self) -> bool:
        """The view stands among the favourites."""
        return self.saved is not None and is_starred(self.saved, self.by)

    @property
    def query(self) -> str:
        """What the list is asked."""
        return urlencode(query_of(self.request, {"after": None, "limit": None}))

    @property
    def address(self) -> str:
        """Of what is done with the view."""
        return f"{self.kind.path()}views/{self.saved.pk}/" if self.saved else ""

    @property
    def dropped(self) -> str:
        """The view without what was changed."""
        return f"{self.kind.path()}?view={self.saved.pk}" if self.saved else self.kind.path()
