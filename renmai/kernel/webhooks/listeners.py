"""Facts become deliveries."""

from __future__ import annotations

from renmai.kernel.facts.say import hears_each
from renmai.kernel.webhooks.hearing import ask_for

hears_each(ask_for)
