"""Train the weights of the linkage engine with Splink, off line; writes yinling/engines/linkage/weights.yaml.

Needs the optional group `train` (splink 5 or later, with DuckDB), best in an environment of its own:

    python benchmarks/linkage/train.py --rows 400000 --seed 7 --out yinling/engines/linkage/weights.yaml

Unsupervised: nothing here reads the truth. u (how often strangers agree) comes from random pairs, m (how often one
person's records agree) from expectation maximisation on pairs with the same ID number, and on pairs with the same name
and village, or name and birth date, where an ID is missing: the case the weights are for. Birth dates are learnt from
the latter only: a roster with an ID copies the date from it, so pairs with IDs would promise too much.
Thresholds are kept from the existing file: they are judgements, not estimates.
"""

import argparse
from pathlib import Path

import polars as pl
import yaml
from splink import DuckDBAPI, Linker, __version__, block_on

from yinling.benches.error_model import a_file
from yinling.benches.linkage import with_pinyin
from yinling.engines.linkage.records import encode

YEARS = "abs(birth_l // 10000 - birth_r // 10000)"
MONTH_L, MONTH_R = "birth_l // 100 % 100", "birth_r // 100 % 100"
COMPLETE = "birth_l % 100 > 0 and birth_r % 100 > 0"
IS_LUNAR = (
    "({a} % 10000 = lunar_{s} % 10000 and ({a} // 10000 = lunar_{s} // 10000 or {a} // 10000 = birth_{s} // 10000))"
)
# The levels of engines/linkage/comparing.py in SQL; birth as told only, a slip in an ID as edit distance 1.
LEVELS: dict[str, list[tuple[str, str]]] = {
    "document": [
        ("unknown", "document_l is null or document_r is null"),
        ("same", "number_l = number_r"),
        ("slip", "(number_l is null or number_r is null) and damerau_levenshtein(document_l, document_r) <= 1"),
        ("different", "number_l is null or number_r is null"),
        ("conflict", "ELSE"),
    ],
    "name": [
        ("unknown", "name_l is null or name_r is null"),
        ("exact", "name_l = name_r"),
        ("sound", "sound_l = sound_r"),
        ("dialect", "dialect_l = dialect_r"),
        ("part", "surname_l = surname_r and (given1_l in (given1_r, given2_r) or given2_l in (given1_r, given2_r))"),
        ("surname", "surname_l = surname_r"),
        ("given", "given1_l = given1_r and given2_l is not distinct from given2_r"),
        ("different", "ELSE"),
    ],
    "birth": [
        ("unknown", "birth_l is null or birth_r is null"),
        ("exact", f"birth_l = birth_r and {COMPLETE}"),
        ("lunar", f"{COMPLETE} and ({IS_LUNAR.format(a='birth_l', s='r')} or {IS_LUNAR.format(a='birth_r', s='l')})"),
        ("swapped", f"{COMPLETE} and {YEARS} = 0 and {MONTH_L} = birth_r % 100 and {MONTH_R} = birth_l % 100"),
        ("one_part", f"{COMPLETE} and {YEARS} = 0 and (birth_l % 100 = birth_r % 100 or {MONTH_L} = {MONTH_R})"),
        ("other_year", f"{COMPLETE} and birth_l % 10000 = birth_r % 10000 and ({YEARS} <= 3 or {YEARS} = 10)"),
        ("year_only", f"{YEARS} = 0 and not ({COMPLETE})"),
        ("same_year", f"{YEARS} = 0"),
        ("near_year", f"{YEARS} <= 1"),
        ("different", "ELSE"),
    ],
    "sex": [("unknown", "sex_l is null or sex_r is null"), ("same", "sex_l = sex_r"), ("different", "ELSE")],
    "place": [
        ("unknown", "township_l is null or township_r is null"),
        ("village", "village_l = village_r"),
        ("township", "township_l = township_r"),
        ("county", "township_l // 1000000 = township_r // 1000000"),
        ("elsewhere", "ELSE"),
    ],
    "dwelling": [
        ("unknown", "(household_l is null or household_r is null) and (address_l is null or address_r is null)"),
        ("household", "household_l = household_r"),
        ("address", "address_l = address_r and village_l = village_r"),
        ("different", "ELSE"),
    ],
    "phone": [
        ("unknown", "phone_l is null or phone_r is null"),
        ("same", "phone_l = phone_r"),
        ("slip", "damerau_levenshtein(phone_l, phone_r) <= 1"),
        ("different", "ELSE"),
    ],
}  # fmt: skip
TRAINING_BLOCKS = [
    block_on("number", "birth"),
    "l.sound = r.sound and l.village = r.village and (l.number is null or r.number is null)",
    "l.sound = r.sound and l.birth = r.birth and l.birth % 100 > 0 and (l.number is null or r.number is null)",
    block_on("sound", "birth", "village"),  # what IDs look like between records of one person
]


def main() -> None:
    """Train on a generated file and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    frame = training_frame(options.rows, options.seed)
    learnt = train(frame, options.seed)
    old = options.out.read_text(encoding="utf-8")
    kept = yaml.safe_load(old)
    kept["trained"] = f"Splink {__version__}, {options.rows} generated records, seed {options.seed}"
    kept["fields"] = learnt
    comments = "".join(line + "\n" for line in old.splitlines() if line.startswith("#"))
    options.out.write_text(comments + yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), encoding="utf-8")


def training_frame(rows: int, seed: int) -> pl.DataFrame:
    """The engine's own view of a generated file, as columns that SQL can compare."""
    records = encode(with_pinyin(a_file(rows, seed).records))
    name = ["".join(map(chr, row)).rstrip("\0") for row in records.name]
    documents = [bytes(row).rstrip(b"\0").decode() for row in records.documents.text]
    columns = {
        "unique_id": records.record_id,
        "name": name,
        "surname": [n[:k] for n, k in zip(name, records.surname_length, strict=True)],
        "given1": [n[k : k + 1] for n, k in zip(name, records.surname_length, strict=True)],
        "given2": [n[k + 1 :] for n, k in zip(name, records.surname_length, strict=True)],
        "sound": records.sound.view("i8"),
        "dialect": records.dialect.view("i8"),
        "sex": records.sex,
        "birth": records.birth.solar,
        "lunar": records.birth.lunar,
        "number": records.documents.number,
        "document": documents,
        "phone": [str(p) if p else "" for p in records.phone.tolist()],
        "village": records.village,
        "township": records.township,
        "address": records.address.view("i8"),
        "household": records.household.view("i8"),
    }
    frame = pl.DataFrame(columns)
    return frame.with_columns(
        pl.when(pl.col(c) == (0 if frame[c].dtype.is_numeric() else "")).then(None).otherwise(pl.col(c)).alias(c)
        for c in frame.columns
    )


def train(frame: pl.DataFrame, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """m and u of every level but `unknown`."""
    api = DuckDBAPI()
    linker = Linker(api.register(frame.to_arrow()), _settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=3e7, seed=seed)
    for block in TRAINING_BLOCKS:
        linker.training.estimate_parameters_using_expectation_maximisation(block, fix_u_probabilities=True)
    model = linker.misc.save_model_to_json()
    return {c["output_column_name"]: _levels(c) for c in model["comparisons"]}


def _settings() -> dict[str, object]:
    return {
        "link_type": "dedupe_only",
        "blocking_rules_to_generate_predictions": TRAINING_BLOCKS,
        "probability_two_random_records_match": 4e-7,
        "comparisons": [
            {
                "output_column_name": field,
                "comparison_levels": [
                    {"sql_condition": sql, "label_for_charts": level, "is_null_level": level == "unknown"}
                    for level, sql in levels
                ],
            }
            for field, levels in LEVELS.items()
        ],
    }


def _levels(comparison: dict[str, list[dict[str, object]]]) -> dict[str, dict[str, float]]:
    return {
        str(level["label_for_charts"]): {
            side: float(f"{float(level.get(f'{side}_probability') or 1e-7):.4g}") for side in "mu"
        }
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }


if __name__ == "__main__":
    main()
