"""What is done with versions of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renmai.kernel.actions.action import action
from renmai.kernel.actions.making import make_of
from renmai.kernel.records.store import change
from renmai.sales.scoring.model import ModelState, ScoringModel
from renmai.sales.scoring.scoring import score_all

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

THRESHOLDS = ("name", "a_from", "b_from", "c_from", "good_from")


@action(_("Publish"), icon="rocket", when=ScoringModel.is_draft, refusal=_("This version was published already."), fact="published")
def publish(model: ScoringModel, *, by: User) -> None:
    """Let a draft count from now on: the version before it becomes a former one, and every lead is scored anew."""
    for former in ScoringModel.objects.select_for_update(of=("self",)).filter(state=ModelState.PUBLISHED):
        change(former, by=by, state=ModelState.FORMER)
    last = ScoringModel._base_manager.aggregate(last=Max("number"))["last"] or 0
    change(model, by=by, state=ModelState.PUBLISHED, number=last + 1, published_at=timezone.now(), published_by=by)
    score_all(model, by)


@action(_("Make a draft of it"), icon="copy", fact="copied")
def copy(model: ScoringModel, *, by: User) -> None:
    """Take a version, of whatever age, as the beginning of a new one."""
    make_of(model, ScoringModel, THRESHOLDS, by=by, lines=[line.told() for line in model.rows("lines")])


@action(
    _("Score all leads again"), icon="refresh", when=ScoringModel.is_published, refusal=_("Only the published version scores."), fact=""
)
def rescore(model: ScoringModel, *, by: User) -> None:
    """Look at every lead again, which happens by itself at night where time or other records can have changed something."""
    score_all(model, by)
