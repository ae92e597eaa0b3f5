"""How far a position lies beyond a fence, in metres on the plane touching the earth at the fence."""

import math

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.conditions import Fence

Floats = NDArray[np.float64]
METRES_PER_DEGREE = 111_320.0


def east_m_per_degree(latitude: Floats) -> Floats:
    """Metres in a degree of longitude, by latitude."""
    return METRES_PER_DEGREE * np.cos(np.radians(latitude))


def beyond_circle(
    latitude: Floats, longitude: Floats, centre: tuple[Floats, Floats], east_m: Floats, radius_m: Floats
) -> Floats:
    """Metres beyond circles, one per row; negative inside, NaN where a centre is unknown."""
    north = (latitude - centre[0]) * METRES_PER_DEGREE
    east = (longitude - centre[1]) * east_m
    return np.sqrt(north * north + east * east) - radius_m


def beyond_polygon(latitude: Floats, longitude: Floats, fence: Fence) -> Floats:
    """Metres beyond the nearest edge; negative inside."""
    corners = np.array(fence.corners)
    scale = METRES_PER_DEGREE * math.cos(math.radians(fence.corners[0][0]))
    x, y = longitude * scale, latitude * METRES_PER_DEGREE
    xs, ys = corners[:, 1] * scale, corners[:, 0] * METRES_PER_DEGREE
    nearest = np.full(latitude.shape, np.inf)
    inside = np.zeros(latitude.shape, dtype=bool)
    for i in range(len(corners)):
        ax, ay, bx, by = xs[i - 1], ys[i - 1], xs[i], ys[i]
        dx, dy = bx - ax, by - ay
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
        away_x, away_y = x - (ax + along * dx), y - (ay + along * dy)
        nearest = np.minimum(nearest, np.sqrt(away_x * away_x + away_y * away_y))
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < dx * (y - ay) / dy + ax)
    return np.where(inside, -nearest, nearest)
