"""Loading the sample company."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renmai.config.env import env
from renmai.demo import activities, assignment, catalogue, customers, sales, staff
from renmai.demo.signin import open_sign_ins
from renmai.demo.stages import translate_stages
from renmai.demo.story import Story
from renmai.demo.words import Words, words
from renmai.kernel.actions.errors import Refused
from renmai.kernel.history.acting import act_as
from renmai.kernel.overlay.company import Company, change_company, company
from renmai.sales.lead.model import Lead
from renmai.sales.scoring.scorer import in_force
from renmai.sales.scoring.scoring import VERSION, sweep


@dataclass(frozen=True)
class Summary:
    """What was loaded.

    Attributes:
        counts: slug → number of records.
        seconds: how long it took.
    """

    counts: dict[str, int]
    seconds: float


CHAPTERS = (
    staff.hire,
    assignment.make_rules,
    catalogue.make_products,
    catalogue.make_campaigns,
    customers.make_accounts,
    customers.make_people,
    sales.make_opportunities,
    sales.make_quotes,
    sales.make_leads,
    activities.make_activities,
    activities.make_tickets,
)


def is_loaded() -> bool:
    """Whether the sample company is there."""
    return Company.objects.filter(sample_at__isnull=False).exists()


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Spare the search for garbage while a million objects are made that all stay: it takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@transaction.atomic
def load(language: str | None = None, *, now: dt.datetime | None = None, scale: float = 1) -> Summary:
    """Load the sample company.

    Args:
        language: ``en``, ``zh-Hans``, ``zh-Hant`` or ``th``; by default the company's own.
        now: when its story ends; by default now.
        scale: share of the usual number of records; at most 1.

    Raises:
        Refused: it is loaded already.
    """
    if is_loaded():
        raise Refused(_("The sample company is loaded already."))
    began = time.monotonic()
    spoken = language or _language()
    found = words(spoken)
    _settle_company(found, spoken)
    translate_stages(spoken)
    act_as(None, _("Sample company"))
    with no_collection():
        story = Story(found, now or timezone.now(), company().currency, scale)
        for write in CHAPTERS:
            write(story)
        story.store()
    score_leads()
    open_sign_ins()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Summary({slug: len(records) for slug, records in story.records.items()}, time.monotonic() - began)


def score_leads() -> None:
    """Give the leads the scores that they have come to by all that has happened."""
    scorer = in_force()
    if scorer is not None:
        sweep(scorer, Lead.objects.live(), VERSION)


def _language() -> str:
    ours = Company.objects.filter(set_up_at__isnull=False).first()
    return ours.language if ours else env.language


def _settle_company(found: Words, language: str) -> None:
    """Give a company that nobody has set up yet the sample's name, place and money; one's own stays as it is."""
    if Company.objects.filter(set_up_at__isnull=False).exists():
        change_company(sample_at=timezone.now())
        return
    same = {name: getattr(found, name) for name in ("country", "currency", "time_zone")}
    change_company(name=found.company, language=language, sample_at=timezone.now(), **same)
