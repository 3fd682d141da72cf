"""How far apart two places on the earth are."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

RADIUS = 6_371_008.8  # metres; mean radius of the earth (IUGG)


def metres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The distance between two places in degrees (WGS 84), in metres, by the haversine formula: off by half a percent at most."""
    north, other_north = radians(latitude), radians(to_latitude)
    across = sin(radians(to_longitude - longitude) / 2) ** 2
    chord = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * across
    return 2 * RADIUS * asin(sqrt(min(1.0, chord)))
