"""`yinling plan INSTANCE.json`: a plan for an instance of the published benchmark, judged before it is written."""

import argparse
import gzip
import sys
import time
from pathlib import Path

NAMES = ("travel", "late", "latest", "overtime", "liking", "skipped")


def plan(words: list[str]) -> int:
    """Plan and judge; exit code 1 for a file that cannot be read or a plan that cannot be carried out."""
    asked = _asked(words)
    from yinling.engines.planning.asking import Unplannable
    from yinling.engines.planning.checking import faults_of, parts_of
    from yinling.engines.planning.hhcrsp import UnreadableFile, plan_to_json, problem_from
    from yinling.engines.planning.solving import Params, Until, solve

    stop = Until(asked.moves, asked.seconds, time.process_time)
    if not asked.out.absolute().parent.is_dir():
        return _sorry(f"There is no folder {asked.out.absolute().parent}. Make it first.")
    try:
        problem = problem_from(_text(asked.instance))
        found = solve(problem, stop, asked.seed, Params(starts=asked.starts))
    except OSError as error:
        return _sorry(
            f"{asked.instance} cannot be read: {error.strerror or error}. Name an instance of the collection."
        )
    except (UnreadableFile, Unplannable) as error:
        return _sorry(f"{asked.instance}: {error}")
    asked.out.write_text(plan_to_json(found), encoding="utf-8")
    parts = parts_of(problem, found)
    print(f"{len(problem.visits)} visits, {len(problem.carers)} carers, {found.moves} moves; cost {parts.cost:.3f}")
    print("  " + ", ".join(f"{name} {getattr(parts, name):.2f}" for name in NAMES))
    faults = faults_of(problem, found)
    for fault in faults:
        print(f"  fault: {fault}", file=sys.stderr)
    print(f"written to {asked.out}" if not faults else f"written to {asked.out}, with {len(faults)} faults")
    return 1 if faults else 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="yinling plan")
    parser.add_argument("instance", type=Path, help="an instance of the collection, .json or .json.gz")
    parser.add_argument("--seconds", type=_positive, default=None, help="of this process (default 60)")
    parser.add_argument("--moves", type=int, default=None, help="instead of seconds: the same seed, the same plan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--starts", type=int, choices=range(1, 17), default=1, help="searches from nothing, best counts"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="where to write the plan, in the benchmark's own format"
    )
    asked = parser.parse_args(words)
    if asked.seconds is None and asked.moves is None:
        asked.seconds = 60.0
    return asked


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no time to search in; give more than 0 seconds")
    return value


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    except UnicodeDecodeError as error:
        raise OSError(f"it is not text ({error.reason})") from error


def _sorry(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
