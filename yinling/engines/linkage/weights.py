"""The weights of the model: data, trained off line, passed in as a value.

`bits` of a level = log2(m / u): how much likelier two records of one person agree like this (m) than two strangers'
records do (u). The file also holds the thresholds, because a weight means nothing without them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from math import log2
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from yinling.engines.linkage.comparing import FIELDS

Bits = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Bits per field and level, and the thresholds.

    - `auto_bits`: posterior evidence from which a pair is merged without asking (13.3 bits are odds of 10,000 to 1);
    - `review_bits`: from which a clerk is asked;
    - `home_cap_bits`: most that place, dwelling and phone together may say, because a whole family shares them;
    - `rival_bits`: by how much a record must be closer to one ID holder than to the next to join the first;
    - `duplicates_per_record`: pairs of one person expected per record of a file, the prior before any comparison;
    - `usual_share`: the share of strangers whose names sound the same, on average; a name's own share replaces it.
    """

    trained: str
    auto_bits: float
    review_bits: float
    home_cap_bits: float
    rival_bits: float
    duplicates_per_record: float
    bits: Mapping[str, Bits]
    usual_share: float

    def prior_bits(self, records: int) -> float:
        """Log odds that two records drawn from `records` are one person's (small files count as 100,000)."""
        return log2(2 * self.duplicates_per_record / max(records, 100_000))


def parse_weights(text: str) -> Weights:
    """Weights from YAML text. Raises KeyError or ValueError where a field, a level or a number is missing."""
    data: dict[str, Any] = yaml.safe_load(text)
    names = data["fields"]["name"]
    return Weights(
        trained=data["trained"],
        **{key: float(data[key]) for key in _NUMBERS},
        bits={field: _bits(data["fields"][field], field) for field in FIELDS},
        usual_share=float(names["exact"]["u"]) + float(names["sound"]["u"]),
    )


def shipped_weights() -> Weights:
    """The weights that come with the engine; a city may train its own and keep them in its pack."""
    return parse_weights(resources.files(__package__).joinpath("weights.yaml").read_text(encoding="utf-8"))


_NUMBERS = ("auto_bits", "review_bits", "home_cap_bits", "rival_bits", "duplicates_per_record")


def _bits(levels: Mapping[str, Mapping[str, float]], field: str) -> Bits:
    bits = [0.0]
    for level in list(FIELDS[field])[1:]:
        m, u = float(levels[level.name.lower()]["m"]), float(levels[level.name.lower()]["u"])
        if not (0 < m <= 1 and 0 < u <= 1):
            raise ValueError(f"{field}/{level.name.lower()}: m and u must lie in (0, 1], not {m} and {u}")
        bits.append(log2(m / u))
    return np.array(bits)
