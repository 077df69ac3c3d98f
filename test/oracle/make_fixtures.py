"""Asks independent implementations what analysis/ should answer, and writes it down for the tests.

    test/oracle/python test/oracle/make_fixtures.py test/analysis/fixtures

Where two implementations answer the same question they must agree, or nothing is written.
"""

import json
import math
import sys
from importlib.metadata import version
from pathlib import Path

import moocore
import numpy as np
import paretoset
from pymoo.indicators.hv import HV
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

random = np.random.default_rng(20_260_105)


def inputs():
    for dimensions in range(1, 6):
        yield "random", random.random((40, dimensions))
        yield "duplicates", random.integers(0, 4, (40, dimensions)).astype(float)
        yield "correlated", random.random((40, 1)) + 0.2 * random.random((40, dimensions))
        yield "collinear, each dominates the next", np.linspace(0, 1, 12)[:, None].repeat(dimensions, axis=1)
        descending = np.linspace(0, 1, 12)[:, None].repeat(dimensions, axis=1)
        descending[:, 0] = descending[::-1, 0]
        yield "collinear, none dominates", descending
        yield "one point", random.random((1, dimensions))
        yield "one point three times", random.random((1, dimensions)).repeat(3, axis=0)
        with_nan = random.random((40, dimensions))
        with_nan[random.random(with_nan.shape) < 0.1] = np.nan
        yield "NaN", with_nan
        yield "only NaN", np.full((3, dimensions), np.nan)
        yield "negative and large", random.normal(size=(30, dimensions)) * 1e6
        on_sphere = np.abs(random.normal(size=(40, dimensions)))
        yield "on a sphere", 1 - on_sphere / np.linalg.norm(on_sphere, axis=1, keepdims=True)
        infinite = random.random((20, dimensions))
        infinite[:4, 0] = np.inf
        infinite[4:6] = np.inf
        yield "infinite", infinite


def answer(name, points):
    dimensions = points.shape[1]
    maximise = random.random(dimensions) < 0.5
    complete = ~np.isnan(points).any(axis=1)
    known = points[complete]
    minimised = np.where(maximise, -known, known)
    ranks = np.full(len(points), -1)
    if len(known):
        ranks[complete] = ranks_of(minimised)
    case = {
        "name": f"{name}, {dimensions}",
        "points": [[number(value) for value in point] for point in points],
        "better": ["higher" if flag else "lower" for flag in maximise],
        "ranks": [None if rank < 0 else int(rank) for rank in ranks],
    }
    if dimensions <= 4 and len(known) and np.isfinite(known).all():
        worst = minimised.max(axis=0)
        spread = np.maximum(worst - minimised.min(axis=0), 1)
        # The second one leaves some points outside.
        case["hypervolumes"] = [volume(minimised, maximise, worst + 0.1 * spread), volume(minimised, maximise, worst - 0.3 * spread)]
    return case


def ranks_of(minimised):
    ranks = ranks_by_definition(minimised)
    # moocore 0.3.2 has an infinite sentinel in three dimensions, and paretoset sorts by sums: infinities spoil both.
    if np.isfinite(minimised).all():
        if minimised.shape[1] > 1:
            agree("ranks of moocore", ranks, moocore.pareto_rank(minimised))
        agree("front of moocore", ranks == 0, moocore.is_nondominated(minimised, keep_weakly=True))
        agree("front of paretoset", ranks == 0, paretoset.paretoset(minimised, distinct=False))
    agree("ranks of pymoo", ranks, NonDominatedSorting().do(minimised, return_rank=True)[1])
    return ranks


def ranks_by_definition(minimised):
    """Peels off what nothing left dominates."""
    left, right = minimised[:, None, :], minimised[None, :, :]
    dominates = (left <= right).all(axis=2) & (left < right).any(axis=2)
    ranks = np.full(len(minimised), -1)
    for rank in range(len(minimised)):
        remaining = ranks < 0
        ranks[remaining & ~dominates[remaining].any(axis=0)] = rank
    return ranks


def volume(minimised, maximise, reference):
    own = moocore.hypervolume(minimised, ref=reference)
    by_pymoo = HV(ref_point=reference)(minimised)
    if not math.isclose(own, by_pymoo, rel_tol=1e-9, abs_tol=1e-12):
        sys.exit(f"moocore and pymoo disagree on a hypervolume: {own}, {by_pymoo}")
    return {"reference": np.where(maximise, -reference, reference).tolist(), "hypervolume": float(own)}


def agree(what, left, right):
    if not np.array_equal(left, right):
        sys.exit(f"{what}: implementations disagree: {left}, {right}")


def number(value):
    """JSON has no NaN and no infinities."""
    return float(value) if np.isfinite(value) else str(value)


def write(file, made_with, content):
    versions = {name: version(name) for name in made_with}
    file.write_text(json.dumps({"versions": versions, **content}, separators=(",", ":")) + "\n")


folder = Path(sys.argv[1])
write(folder / "pareto.json", ["moocore", "paretoset", "pymoo", "numpy"], {"cases": [answer(*given) for given in inputs()]})
