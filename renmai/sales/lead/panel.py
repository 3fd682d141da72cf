"""The newest leads that nobody has worked on: those of the person, and those that belong to nobody yet."""

from django.utils.translation import gettext_lazy as _

from renmai.kernel.ui.home.panels import listed

mine = {"field": "owner", "op": "eq", "value": {"var": "me"}}
nobodys = {"field": "owner", "op": "is_empty"}

listed(
    "new-leads",
    "leads",
    _("New leads"),
    icon="user-plus",
    order=30,
    filter={"and": [{"field": "status", "op": "in", "value": ["new"]}, {"or": [mine, nobodys]}]},
    names=["company", "source", "created_at"],
    empty=_("No lead waits for you."),
    pages=("home", "my-day"),
)
