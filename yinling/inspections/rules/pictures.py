"""Are these two photos the same picture? A difference hash, compared by the bits that differ. Pure.

dHash (N. Krawetz, 2013): the picture in grey, 9 by 8 points; each of 64 bits says whether a point is brighter than
its right neighbour. Survives another size, another compression, another brightness; not a crop or a turn.
Stored in four bands of 16 bits: two hashes that differ in at most three bits have a band in common, so every such pair
is found through an index, and most pairs up to the limit are.
"""

from collections.abc import Sequence

WIDTH, HEIGHT = 9, 8
BAND_BITS, BANDS = 16, 4
MOST_DIFFERING_BITS = 6  # of 64. Measured on re-saved photos: 0 to 4; two photos of one room differ in 15 and more


def difference_hash(grey: Sequence[int]) -> int:
    """64 bits from 9 by 8 brightnesses, row by row. Raises ValueError for another number of points."""
    if len(grey) != WIDTH * HEIGHT:
        raise ValueError(f"{len(grey)} points; {WIDTH} by {HEIGHT} are needed")
    bits = 0
    for row in range(HEIGHT):
        for column in range(WIDTH - 1):
            at = row * WIDTH + column
            bits = bits << 1 | (grey[at] > grey[at + 1])
    return bits


def bands(bits: int) -> tuple[int, ...]:
    """The four bands of a hash."""
    return tuple(bits >> (BAND_BITS * place) & 0xFFFF for place in range(BANDS))


def from_bands(parts: Sequence[int]) -> int:
    """The hash again."""
    return sum(part << (BAND_BITS * place) for place, part in enumerate(parts))


def differing_bits(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return (one ^ other).bit_count()


def is_flat(bits: int) -> bool:
    """Whether a picture is so even (a covered lens, a blank sheet) that its hash says nothing."""
    return bits.bit_count() < 4 or bits.bit_count() > 60


def is_same_picture(one: int, other: int) -> bool:
    """Whether two photos are the same picture."""
    return not is_flat(one) and differing_bits(one, other) <= MOST_DIFFERING_BITS
