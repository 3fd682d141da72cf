"""What an import was asked to do and what it did, row by row, so that it can be shown, resumed and undone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.kernel.records.fields import Choice, Integer, Json, Moment, Pick, Text
from renmai.kernel.records.record import Record
from renmai.kernel.records.type_names import TypeNames


class Mode(models.TextChoices):
    """What a row may do."""

    CREATE = "create", _("Make new records")
    UPDATE = "update", _("Change records that are there already")
    UPSERT = "upsert", _("Change what is found by the key, make the rest")


class ChangeSetState(models.TextChoices):
    """Where an import stands."""

    DRAFT = "draft", _("Being prepared")
    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Working")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class ChangeSet(Record):
    """One import of one file into one type, or one thing done to many records.

    Attributes:
        name: the file's name, or what was done in words.
        target: slug of the type that the rows become.
        file: id of the stored file.
        layout: how the file is laid out (``Layout`` as JSON).
        map: the choices made, as in a ``map.json``; of work in bulk the action and its arguments.
        done_rows: number in the file of the last row that is dealt with; a resumed import goes on behind it.
        errors_file: id of the stored file of rows that came back.
        job: id of the job that runs it.
        move: id of the move from another system that it is part of; empty where it stands alone.
        step: its place in that.
    """

    name = Text(_("File"), editable=False)
    target = Pick(_("Becomes"), options=TypeNames(), editable=False)
    mode = Choice(Mode, _("What rows do"), default=Mode.CREATE, editable=False)
    state = Choice(ChangeSetState, _("State"), default=ChangeSetState.DRAFT, editable=False)
    created = Integer(_("Made"), default=0, editable=False)
    updated = Integer(pgettext_lazy("rows", "Changed"), default=0, editable=False)
    skipped = Integer(_("Left alone"), default=0, editable=False)
    failed = Integer(_("Came back"), default=0, editable=False)
    total_rows = Integer(_("Rows"), default=0, editable=False)
    done_rows = Integer(_("Rows dealt with"), default=0, editable=False)
    file = Text(_("Stored file"), editable=False)
    errors_file = Text(_("Rows that came back"), editable=False)
    job = Text(_("Job"), editable=False)
    move = Text(_("A move from another system"), blank=True, editable=False)
    step = Integer(_("Place in the move"), default=0, editable=False)
    layout = Json(_("Layout of the file"), default=dict, editable=False)
    map = Json(_("Columns and fields"), default=dict, editable=False)
    ended_at = Moment(_("Ended"), blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("change set"), _("change sets")
        indexes = [models.Index(fields=["move", "step"], name="change_set_move", condition=~models.Q(move=""))]


class RowAction(models.TextChoices):
    """What became of a row."""

    CREATED = "c", _("made")
    UPDATED = "u", _("changed")
    SKIPPED = "s", _("left alone")
    FAILED = "f", _("came back")
    ALSO_MADE = "m", _("made because a row named it")
    JOINED = "j", _("joined to what was there")


class ChangeSetRow(models.Model):
    """What one row of the file did; what it changed stands in the history.

    Attributes:
        number: the row's number in the file, counted from 1.
        action: one of ``RowAction``.
        type, record_id: the record that it made, changed or found; empty where it came back.
        version: the record's version after it.
        reason: why it came back or was left alone.
    """

    # No constraint: rows are written with their change set, and to look at it again for each of a million is a fiftieth of an import.
    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="rows_of_file", db_index=False, db_constraint=False)
    number = models.IntegerField()
    action = models.CharField(max_length=1)
    type = models.TextField(default="")
    record_id = models.UUIDField(null=True)
    version = models.IntegerField(null=True)
    reason = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["change_set", "number"], name="change_set_row_number")]


class ForeseenRow(models.Model):
    """What a row of the file would do, as the last dry run found; gone once the import starts or its choices change.

    Attributes:
        number, action, type, reason: as in ``ChangeSetRow``.
        record_id: the record that it would change or that is there already.
        title: what the record is or would be called.
        changes: field → its value before and after, as the API reads it.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="foreseen_rows", db_index=False, db_constraint=False)
    number = models.IntegerField()
    action = models.CharField(max_length=1)
    type = models.TextField(default="")
    record_id = models.UUIDField(null=True)
    title = models.TextField(default="")
    reason = models.TextField(default="")
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["change_set", "number", "id"], name="foreseen_row_number")]
