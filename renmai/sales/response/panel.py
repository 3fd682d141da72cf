"""Leads that should have been answered by now, on the home page."""

from django.utils.translation import gettext_lazy as _

from renmai.kernel.ui.home.panels import listed

listed(
    "late-answers",
    "leads",
    _("Overdue first answers"),
    icon="hourglass",
    order=29,
    filter={
        "and": [
            {"field": "answer_due_at", "op": "before", "value": {"var": "now"}},
            {"field": "answered_at", "op": "is_empty"},
            {"field": "status", "op": "in", "value": ["new", "working", "mql", "sql"]},
            {"field": "owner", "op": "eq", "value": {"var": "me"}},
        ]
    },
    names=["company", "answer_due_at"],
    empty=_("Nobody waits too long for a first answer."),
    sort="answer_due_at",
)
