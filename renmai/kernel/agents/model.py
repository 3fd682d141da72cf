"""Proposals: what a program in somebody's service would change, until that person has said yes or no."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from renmai.kernel.records.fields import Choice, Json, Link, Moment, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames


class ProposalStatus(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", _("Waits for you")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")


class Proposal(Record):
    """One change set that a program proposes to the person whose token it has, who is its owner.

    Attributes:
        name: what it is, in words.
        target: slug of the type of the record, of several the first one's.
        step: what to do, as JSON (see ``Step``); ``{"steps": […]}`` of several.
        preview: what it came to when it was proposed: ``{"changes": {field: [old, new]}, "made": [{type, id, title}]}``;
            ``{"steps": […]}`` of several, each with ``type``, ``id`` and ``title`` besides.
        program: name of the token.
        why: what the program says about it.
        key: by which the program proposes the same thing only once.
        change_set: what was done, so that it can be undone.
    """

    name = Text(_("Proposal"), editable=False)
    target = Pick(_("Record type"), options=TypeNames(), editable=False)
    status = Choice(ProposalStatus, _("Status"), default=ProposalStatus.WAITING, editable=False)
    program = Text(_("Program"), editable=False)
    why = Text(_("Reason"), blank=True, editable=False)
    step = Json(_("Change"), default=dict, editable=False)
    preview = Json(_("Preview"), default=dict, editable=False)
    key = Text(_("Key"), blank=True, editable=False)
    change_set = Link("kernel.ChangeSet", _("Change set"), blank=True, editable=False)
    decided_at = Moment(_("Decided"), blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("proposal"), _("proposals")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], condition=~models.Q(key=""), name="proposal_key_once")]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Everything that is to be done, in its order."""
        return self.step.get("steps") or [self.step]

    @property
    def previews(self) -> list[dict[str, Any]]:
        """What each step came to."""
        return self.preview.get("steps") or [self.preview]

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided."""
        return bool(self.status == ProposalStatus.WAITING)

    def told(self) -> dict[str, Any]:
        """Which program it was."""
        return {"program": self.program}
