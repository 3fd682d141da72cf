"""``/mcp/``: the protocol by HTTP, stateless, each request with its token."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from renmai.kernel.access.reading import read_as
from renmai.kernel.access.sign_in.required import lacks_second_step
from renmai.kernel.access.token import Token
from renmai.kernel.api.http import bearer, problem
from renmai.kernel.api.rates import show, standing


@csrf_exempt
@login_not_required
def mcp(request: HttpRequest) -> HttpResponseBase:
    """One message of the protocol."""
    token = Token.found(bearer(request))
    if token is None:
        response = problem(401, _("Send a token: Authorization: Bearer TOKEN."))
        response["WWW-Authenticate"] = "Bearer"
        return response
    read_as(token.user)
    if lacks_second_step(token.user):
        return problem(403, _("Your role asks for a second step to sign in. Set it up on your settings page first."))
    if request.method != "POST":
        response = problem(405, _("Methods here: %(methods)s.") % {"methods": "POST"})
        response["Allow"] = "POST"
        return response
    found = standing(token.digest)
    if found is not None and found.is_over:
        return show(problem(429, _("Too many requests this minute. The next ones are answered after it.")), found)
    # The SDK is loaded by who speaks with it: every other process would begin a second later.
    from renmai.kernel.agents.spoken import spoken

    return show(async_to_sync(spoken)(request, token), found)
