"""The people who work here, their teams and roles. They are records too, with the same pages and API."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renmai.kernel.access import shapes
from renmai.kernel.calendars.shapes import leave
from renmai.kernel.records.fields import Boolean, Choice, Date, Email, Json, Link, Links, Text
from renmai.kernel.records.prepared import ByKey
from renmai.kernel.records.record import Record, RecordManager

if TYPE_CHECKING:
    from renmai.kernel.access.rights import Access


class Language(models.TextChoices):
    """The languages that are complete."""

    EN = "en", "English"
    ZH_HANS = "zh-Hans", "简体中文"
    ZH_HANT = "zh-Hant", "繁體中文"
    TH = "th", "ไทย"


class Era(models.TextChoices):
    """How years are counted on the screen; stored dates are always of the Common Era."""

    CE = "ce", _("Common Era (2026)")
    BE = "be", _("Buddhist Era (2569)")
    ROC = "roc", _("Republic of China (115)")


class Theme(models.TextChoices):
    """Light or dark."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Team(Record):
    """A group of people; teams stand in a tree."""

    name = Text(_("Name"), sortable=True)
    parent = Link("self", _("Part of"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("team"), _("teams")

    def branch(self) -> list[Any]:
        """Ids of this team and of all below it; ``branches`` asks once for many."""
        return branches([self.pk])


def branches(roots: list[Any]) -> list[Any]:
    """Ids of the given teams and of all teams below them, in one query."""
    if not roots:
        return []
    table = Team._meta.db_table
    rows = Team.objects.raw(
        f"WITH RECURSIVE tree AS (SELECT id FROM {table} WHERE id = ANY(%s)"  # noqa: S608
        f" UNION SELECT t.id FROM {table} t JOIN tree ON t.parent_id = tree.id) SELECT id FROM tree",
        [roots],
    )
    return [row.pk for row in rows]


class Role(Record):
    """What its holders may do: ``rights`` by type and verb, ``fields`` by type and field. Roles add up."""

    name = Text(_("Name"), sortable=True)
    rights = Json(_("Rights"), shape=shapes.rights, default=dict)
    fields = Json(_("Field rights"), shape=shapes.field_rights, default=dict, blank=True)
    second_step = Boolean(_("Needs a second step to sign in"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("role"), _("roles")


class UserManager(RecordManager, BaseUserManager):  # type: ignore[type-arg]
    """Finds people by e-mail."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())  # type: ignore[no-any-return]


class User(AbstractBaseUser, Record):
    """A person who works here; without an e-mail address one who only owns records and does not sign in."""

    email = Email(_("E-mail"), blank=True)
    name = Text(pgettext_lazy("person", "Name"), sortable=True)
    roles = Links("kernel.Role", _("Roles"))
    language = Choice(Language, _("Language"), blank=True)
    time_zone = Text(_("Time zone"), blank=True)
    era = Choice(Era, _("Era"), default=Era.CE)
    theme = Choice(Theme, _("Look"), default=Theme.AUTO)
    active = Boolean(_("Active"), default=True)
    leave = Json(
        pgettext_lazy("person", "Leave"),
        shape=leave,
        default=list,
        db_default=[],
        blank=True,
        help_text=_("Days on which deadlines stand still for this person."),
        parts={"from": Date(pgettext_lazy("date", "From")), "to": Date(pgettext_lazy("date", "To"), blank=True)},
    )
    preferences = Json(_("Preferences"), default=dict, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[Any] = UserManager()

    class Meta:
        verbose_name, verbose_name_plural = _("user"), _("users")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("Another user has this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for it."""
        return self.active and self.deleted_at is None

    @cached_property
    def access(self) -> Access:
        """What this person may do, read once per request."""
        from renmai.kernel.access.rights import Access

        return Access(self)

    def may(self, verb: str, subject: Any) -> bool:
        """Whether this person may do ``verb`` to a record, or at all to a type or slug."""
        return self.access.may(verb, subject)


users = ByKey(lambda: User.objects.all())


class Share(models.Model):
    """One record opened to a person or a team, beside what their roles say.

    Attributes:
        at: when the record was made, so that the newest shared ones are found along an index, as the newest of a team are.
        may: ``view`` or ``edit``.
        relations: what links to the record, or is about it, is opened with it.
        until: from then on it opens nothing; None: until it is taken back.
    """

    type = models.TextField()
    record_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    may = models.TextField(default="view")
    relations = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["user", "type", "at", "record_id"], name="share_user", include=["may", "until"]),
            models.Index(fields=["team", "type", "at", "record_id"], name="share_team", include=["may", "until"]),
            models.Index(fields=["user", "type"], name="share_user_more", condition=models.Q(relations=True)),
            models.Index(fields=["team", "type"], name="share_team_more", condition=models.Q(relations=True)),
            models.Index(fields=["record_id"], name="share_record"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record_id", "user"], condition=models.Q(team=None), name="share_user_once"),
            models.UniqueConstraint(fields=["record_id", "team"], condition=models.Q(user=None), name="share_team_once"),
            models.CheckConstraint(condition=models.Q(user=None) ^ models.Q(team=None), name="share_with_one"),
        ]

    @classmethod
    def open(cls) -> models.QuerySet[Share]:
        """Those that have not ended."""
        return cls.objects.filter(models.Q(until=None) | models.Q(until__gt=Now()))


__all__ = ["Era", "Language", "Role", "Share", "Team", "Theme", "User", "branches"]
