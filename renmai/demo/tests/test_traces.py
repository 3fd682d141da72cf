"""What people did with sample records goes with them."""

from __future__ import annotations

from django.db import connection

from renmai.demo.remove import remove
from renmai.kernel.access.user import User
from renmai.kernel.comments.doing import react, write
from renmai.kernel.comments.model import Comment
from renmai.kernel.facts.model import Fact
from renmai.kernel.following.marks import saw, star
from renmai.kernel.following.model import Favourite, Seen
from renmai.kernel.notify.making import notify
from renmai.kernel.notify.model import Notification
from renmai.kernel.records.store import create
from renmai.kernel.records.types import registry

LEADS = registry["leads"]


def test_what_one_did_with_a_sample_record_goes_with_it(alice: User, dao: User) -> None:
    lead = create(LEADS, {"name": "Sample", "external_ids": {"sample": "lead 1"}}, alice)
    said = write(LEADS, lead.pk, "@Dao look", [str(dao.pk)], alice)
    notify(seq=Fact.objects.latest("seq").seq)
    react(LEADS, lead.pk, said.pk, "👍", dao)
    star(LEADS, lead, dao)
    saw(LEADS, lead, dao)
    assert Notification.objects.filter(user=dao).exists()
    remove()
    connection.check_constraints()
    assert not any(model.objects.exists() for model in (Comment, Notification, Favourite, Seen))
    assert not LEADS.model.objects.exists()
