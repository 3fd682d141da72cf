"""Whose turn it is: pure arithmetic over a small state that is kept between two choices.

Smooth weighted round-robin, as in the web server nginx (``ngx_http_upstream_round_robin.c``, I. Sysoev 2012): at each choice everybody who
can be chosen gains their weight, the one with the most is chosen and pays the sum of the weights of all. Over any whole round everybody
has exactly their share, and the choices of one are spread over it: 2:1:1 gives a b c a. Whoever cannot be chosen for a while neither
gains nor pays, so that nobody who comes back from leave is drowned in what the others had meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

State = dict[str, int]


def take(state: State, weights: Mapping[str, int]) -> str:
    """Choose one, and note it.

    Args:
        state: what each has gained and not paid; changed in its place.
        weights: of those who can be chosen now, in the order in which ties are decided; whole numbers from 1.

    Returns:
        The key of the chosen one.
    """
    for key, weight in weights.items():
        state[key] = state.get(key, 0) + weight
    chosen = max(weights, key=lambda key: state[key])
    state[chosen] -= sum(weights.values())
    return chosen
