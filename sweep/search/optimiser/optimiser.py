"""Optuna behind lines of JSON: one request a line on standard input, one reply a line on standard output.

{"begin": {"parameters": [...], "method": "tpe", "objectives": 2, "seed": 1}} -> {"done": true}
{"ask": 4}                            -> {"trials": [{"number": 0, "values": {"a.b": 3}}, ...]}
{"tell": {"number", "values", "objectives", "excess"}}                         -> {"done": true}
"""

import json
import sys
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")

EXCESS = "excess"


def distribution(own):
    if "values" in own:
        return CategoricalDistribution(own["values"])
    is_log = own["scale"] == "log"
    if own["integer"]:
        return IntDistribution(int(own["from"]), int(own["to"]), log=is_log)
    return FloatDistribution(own["from"], own["to"], log=is_log)


class Search:
    def __init__(self, parameters, method, objectives, seed):
        self.parameters = parameters
        self.distributions = {own["path"]: distribution(own) for own in parameters}
        self.objectives = objectives
        self.method, self.seed = method, seed
        self.open = {}
        self.next = 0
        self.study = optuna.create_study(directions=["minimize"] * objectives, sampler=self.sampler(seed))

    def sampler(self, seed):
        def excess(trial):
            return trial.user_attrs.get(EXCESS, [])

        if self.method == "nsga2":
            return optuna.samplers.NSGAIISampler(seed=seed, population_size=20, constraints_func=excess)
        return optuna.samplers.TPESampler(
            seed=seed, multivariate=True, group=True, n_startup_trials=12, constant_liar=True, constraints_func=excess
        )

    def is_active(self, own, values):
        return all(values.get(path) in (wanted if isinstance(wanted, list) else [wanted]) for path, wanted in own.get("when", {}).items())

    def suggest(self):
        trial = self.study.ask()
        values = {}
        for own in self.parameters:
            if self.is_active(own, values):
                path = own["path"]
                found = self.distributions[path]
                if isinstance(found, CategoricalDistribution):
                    values[path] = trial.suggest_categorical(path, found.choices)
                elif isinstance(found, IntDistribution):
                    values[path] = trial.suggest_int(path, found.low, found.high, log=found.log)
                else:
                    values[path] = trial.suggest_float(path, found.low, found.high, log=found.log)
        number = self.next
        self.next += 1
        self.open[number] = trial
        return {"number": number, "values": values}

    def ask(self, count):
        return {"trials": [self.suggest() for _ in range(count)]}

    def add(self, told):
        """What an earlier process asked for. Numbers go on behind it, and the sampler does not draw again what it drew then."""
        self.next = max(self.next, told["number"] + 1)
        self.study.sampler = self.sampler(self.seed + self.next)
        objectives = told["objectives"]
        state = TrialState.FAIL if objectives is None else TrialState.COMPLETE
        values = told["values"]
        self.study.add_trial(
            create_trial(
                state=state,
                params=values,
                distributions={path: self.distributions[path] for path in values},
                values=objectives,
                user_attrs={EXCESS: told["excess"]},
            )
        )

    def tell(self, told):
        trial = self.open.pop(told["number"], None)
        if trial is None:
            self.add(told)
            return {"done": True}
        trial.set_user_attr(EXCESS, told["excess"])
        if told["objectives"] is None:
            self.study.tell(trial, state=TrialState.FAIL)
        else:
            self.study.tell(trial, told["objectives"])
        return {"done": True}


def main():
    search = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "begin" in request:
                search, reply = Search(**request["begin"]), {"done": True}
            else:
                [(verb, given)] = request.items()
                reply = {"ask": search.ask, "tell": search.tell}[verb](given)
        except Exception as problem:  # the caller must hear of it, whatever it is
            reply = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(reply), flush=True)


main()
