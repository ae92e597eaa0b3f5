"""The sealed column of draws, for the rotation of keys."""

from yinling.inspections.models import Draw
from yinling.kernel.rotation import Sealed

TABLES = (Sealed(Draw, {"seed_sealed": lambda draw: draw.seed_where}),)
