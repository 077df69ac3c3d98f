"""Times independent implementations on request.

Reads one JSON object a line: task, library, file (doubles, row by row), dimensions, reference, calls. Writes one back:
seconds a call, and the answer, so that the other side can compare.
"""

import json
import sys
import time

import moocore
import numpy as np
import paretoset

tasks = {
    ("front", "moocore"): lambda points, _: moocore.is_nondominated(points, keep_weakly=True),
    ("front", "paretoset"): lambda points, _: paretoset.paretoset(points, distinct=False, use_numba=True),
    ("ranks", "moocore"): lambda points, _: moocore.pareto_rank(points),
    ("hypervolume", "moocore"): lambda points, reference: moocore.hypervolume(points, ref=reference),
}

for line in sys.stdin:
    request = json.loads(line)
    run = tasks[request["task"], request["library"]]
    points = np.fromfile(request["file"]).reshape(-1, request["dimensions"])
    run(points[:100], request["reference"])
    start = time.perf_counter()
    for _ in range(request["calls"]):
        answer = run(points, request["reference"])
    seconds = (time.perf_counter() - start) / request["calls"]
    # A front is where the flags are set, as indices.
    answer = np.flatnonzero(answer) if request["task"] == "front" else np.asarray(answer)
    answer.astype(np.float64).tofile(request["file"] + ".answer")
    print(json.dumps({"seconds": seconds}), flush=True)
