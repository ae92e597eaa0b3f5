"""Records as columns: cleaned, and turned into numbers that compare fast.

Input is a Polars frame with the columns of `SCHEMA`; unknown values are null. Names should come as their comparison
key (variant characters folded) with their toneless pinyin; everything else may come as people write it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yinling.engines.linkage import lunar
from yinling.engines.linkage.documents import Documents, encode_documents

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]

SCHEMA: dict[str, type[pl.DataType]] = {
    "record_id": pl.Int64,
    "name": pl.String,
    "pinyin": pl.String,  # without tones, as one word or in syllables
    "sex": pl.String,  # GB/T 2261.1: 1 male, 2 female; anything else is unknown
    "birth_year": pl.Int64,
    "birth_month": pl.Int64,
    "birth_day": pl.Int64,
    "birth_is_doubtful": pl.Boolean,  # said to be lunar or uncertain
    "document": pl.String,  # resident ID, 15 or 18 characters
    "phone": pl.String,
    "village_key": pl.Int64,  # 12 digits
    "township_key": pl.Int64,  # 12 digits; taken from the village where null
    "address": pl.String,
    "household_key": pl.String,
    "spouse_record_id": pl.Int64,
}
NAME_LENGTH = 6
UNREADABLE = ord("?")
_COMPOUND_SURNAMES = [
    *("欧阳", "司马", "上官", "诸葛", "皇甫", "夏侯", "尉迟", "令狐"),
    *("慕容", "宇文", "长孙", "司徒", "公孙", "端木", "东方", "南宫"),
]
_UNITS = dict(zip("一二三四五六七八九", "123456789", strict=True))
# "十二" is 12, "三十" 30, "三十二" 32: enough for the numbers of groups and doors.
_CHINESE_NUMBERS = {
    **{f"{ten}十{one}": ten_digit + digit for ten, ten_digit in _UNITS.items() for one, digit in _UNITS.items()},
    **{f"{ten}十": f"{digit}0" for ten, digit in _UNITS.items()},
    **{f"十{one}": f"1{digit}" for one, digit in _UNITS.items()},
    "十": "10",
    **_UNITS,
}


@dataclass(frozen=True)
class Births:
    """Dates as YYYYMMDD integers, unknown parts 0; `lunar` is the lunar date of `solar` where that is complete."""

    solar: Ints
    lunar: Ints


@dataclass(frozen=True)
class Encoded:
    """Columns of numbers, all of one length. 0 (or an all-zero row) means unknown, except where said otherwise."""

    record_id: Ints
    name: NDArray[np.uint32]  # (n, NAME_LENGTH) code points
    surname_length: Ints
    name_hash: Hashes
    sound: Hashes
    dialect: Hashes
    sex: Ints
    birth: Births
    birth_is_doubtful: Flags
    birth_in_document: Births
    documents: Documents
    phone: Ints
    village: Ints
    township: Ints
    address: Hashes
    household: Hashes
    spouse: Ints  # record id

    def __len__(self) -> int:
        return len(self.record_id)


def encode(frame: pl.DataFrame) -> Encoded:
    """Numbers for the records of `frame`; columns missing from it count as unknown. Raises if a type cannot be cast."""
    columns = frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in SCHEMA.items()
    )
    names = clean_names(columns["name"])
    sound = columns["pinyin"].str.to_lowercase().str.replace_all(r"[^a-z?]", "")
    documents = encode_documents(columns["document"])
    village = _ints(columns["village_key"])
    return Encoded(
        record_id=_ints(columns["record_id"]),
        name=_code_points(names),
        surname_length=np.where(names.str.slice(0, 2).is_in(_COMPOUND_SURNAMES).fill_null(False).to_numpy(), 2, 1),
        name_hash=hashes(names),
        sound=hashes(sound),
        dialect=hashes(dialect_sounds(sound)),
        sex=_sexes(columns["sex"]),
        birth=_births(*(_ints(columns[f"birth_{part}"]) for part in ("year", "month", "day"))),
        birth_is_doubtful=columns["birth_is_doubtful"].fill_null(False).to_numpy(),
        birth_in_document=_births(documents.born // 10_000, documents.born // 100 % 100, documents.born % 100),
        documents=documents,
        phone=_phones(columns["phone"]),
        village=village,
        township=np.where(village > 0, village // 1000 * 1000, _ints(columns["township_key"])),
        address=_addresses(columns["address"]),
        household=hashes(columns["household_key"].str.strip_chars()),
        spouse=_ints(columns["spouse_record_id"]),
    )


def clean_names(names: pl.Series) -> pl.Series:
    """Without spaces, dots, remarks in brackets and forms of address; unreadable characters become `?`; "" is null."""
    clean = (
        names.str.normalize("NFKC")
        .str.replace_all(r"[(\[【].*?([)\]】]|$)", "")
        .str.replace_all(r"[\s·•.,、'’]", "")
        .str.replace_all(r"(同志|老人|先生|女士)$", "")
        .str.replace_all(r"[*?□○×]", "?")
        .str.replace_all(r"(\p{Han})[xX]{1,2}", "$1?")
    )
    return clean.set(clean == "", None)


def dialect_sounds(sounds: pl.Series) -> pl.Series:
    """Pinyin as south-western ears merge it: n/l, h/f, flat and curled s, -n/-ng; 王 wang and 黄 huang."""
    return (
        sounds.str.replace_all("zh", "z")
        .str.replace_all("ch", "c")
        .str.replace_all("sh", "s")
        .str.replace_all("ng", "n")
        .str.replace_all("hu", "f")
        .str.replace_all("fu", "f")
        .str.replace_all("fan", "wan")
        .str.replace_all("l", "n")
    )


def hashes(texts: pl.Series) -> Hashes:
    """A 64-bit number per text, 0 for null and for nothing. Comparable within one process only."""
    known = (texts.is_not_null() & (texts != "")).fill_null(False).to_numpy()
    return np.where(known, texts.hash(seed=20).to_numpy() | np.uint64(1), np.uint64(0))


def _ints(series: pl.Series) -> Ints:
    return series.fill_null(0).to_numpy().astype(np.int64)


def _sexes(codes: pl.Series) -> Ints:
    return _ints(codes.replace_strict({"1": 1, "2": 2}, default=0, return_dtype=pl.Int64))


def _code_points(names: pl.Series) -> NDArray[np.uint32]:
    texts = np.array(names.fill_null("").to_list(), dtype=f"<U{NAME_LENGTH}")
    return texts.view(np.uint32).reshape(len(texts), NAME_LENGTH)


def _births(year: Ints, month: Ints, day: Ints) -> Births:
    """Parts out of range count as unknown."""
    year = np.where((year >= 1850) & (year < 2100), year, 0)
    month = np.where((year > 0) & (month >= 1) & (month <= 12), month, 0)
    day = np.where((month > 0) & (day >= 1) & (day <= 31), day, 0)
    complete = day > 0
    # A 30 February of the lunar calendar is no solar date; the shift into March then finds nothing, which is harmless.
    months = (np.where(complete, year, 1970) - 1970) * 12 + np.where(complete, month, 1) - 1
    days = months.astype("M8[M]").astype("M8[D]").astype(np.int64) + np.where(complete, day, 1) - 1
    lunar_year, lunar_month, lunar_day = lunar.lunar_dates(days)
    as_lunar = lunar_year * 10_000 + lunar_month * 100 + lunar_day
    return Births(year * 10_000 + month * 100 + day, np.where(complete, as_lunar, 0))


def _phones(phones: pl.Series) -> Ints:
    """Digits only, without the country code; shorter than 7 digits counts as unknown."""
    digits = phones.str.replace_all(r"\D", "").str.replace(r"^(00)?86(1\d{10})$", "$2")
    return _ints(
        digits.set((digits.str.len_chars() < 7) | (digits.str.len_chars() > 12), None).cast(pl.Int64, strict=False)
    )


def _addresses(addresses: pl.Series) -> Hashes:
    """What tells doors apart: the numbers, Chinese ones too ("三组12号" and "第3组 12号" agree); else the bare text."""
    text = addresses.str.normalize("NFKC").str.replace_many(_CHINESE_NUMBERS, leftmost=True)
    numbers = text.str.extract_all(r"\d+").list.tail(2).list.join("-")
    bare = text.str.replace_all(r"\s", "")
    return hashes(numbers.set(numbers == "", None).fill_null(bare))
