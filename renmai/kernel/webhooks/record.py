"""How webhooks look among the records, and what is done with them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renmai.kernel.actions.action import action
from renmai.kernel.actions.errors import Invalid, Refused
from renmai.kernel.actions.run import note
from renmai.kernel.outgoing import is_outside
from renmai.kernel.records.fields import Moment
from renmai.kernel.records.types import RecordType, register
from renmai.kernel.webhooks.model import Webhook
from renmai.kernel.webhooks.sending import ask_for_test, failed_since, replay

if TYPE_CHECKING:
    from renmai.kernel.access.user import User

OFF = gettext_lazy("This webhook is not in use. Switch it on first.")


def _in_use(webhook: Webhook) -> bool:
    return bool(webhook.active)


@action(gettext_lazy("Send a test"), icon="send", may="edit", when=_in_use, refusal=OFF, fact="")
def send_test(webhook: Webhook, *, by: User) -> None:
    """Send a message that tells of nothing."""
    ask_for_test(webhook)


@action(
    gettext_lazy("Send again what failed"),
    icon="rotate",
    may="edit",
    when=_in_use,
    refusal=OFF,
    fact="replayed",
    asks={"since": Moment(gettext_lazy("Since"), blank=True, help_text=gettext_lazy("Empty: all that stands in the log."))},
)
def replay_failed(webhook: Webhook, *, by: User, since: dt.datetime | None = None) -> None:
    """Send again what did not arrive.

    Raises:
        Refused: nothing has failed since.
    """
    count = replay(webhook, failed_since(webhook, since))
    if not count:
        raise Refused(_("Nothing has failed since."))
    note(count=count)


@register
class WebhookType(RecordType):
    model = Webhook
    icon, rank = "webhook", 96
    columns = ["name", "address", "active", "switched_off_at", "updated_at"]
    layout = {gettext_lazy("Webhook"): ["name", "address", "reader", "active", "switched_off_at"]}
    search = ["name", "address"]
    rail, ownerless, governs = False, True, True
    actions = [send_test, replay_failed]
    hint = gettext_lazy("Tell other programs at once what happens here")
    happenings = {"switched_off": gettext_lazy("switched off, because nothing arrived")}
    phrases = {
        "replayed": gettext_lazy("%(by)s sent again %(count)s that had not reached %(title)s"),
        "switched_off": gettext_lazy("%(title)s was switched off: nothing has arrived there for days"),
    }

    def require_allowed(self, values: dict[str, Any], by: User) -> None:
        """It leads out of the house, and not into a network that is nobody's business."""
        if values.get("address") and not is_outside(values["address"]):
            raise Invalid({"address": [_("Renmai may not send there. An address of the open internet by https:// is expected.")]})
