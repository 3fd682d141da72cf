"""Facts become notifications."""

from __future__ import annotations

from renmai.kernel.facts.say import hears_each
from renmai.kernel.notify import letters, push  # noqa: F401 - the worker has to know what they register
from renmai.kernel.notify.making import ask_for

hears_each(ask_for)
