"""Solves an instance of matching-bench with OR-Tools' SimpleMinCostFlow and prints one line of figures.

The same question, put as that solver wants it: source -> offer -> need -> sink, minima as a first arc with a
reward so large that it comes before every value. Only solve() is timed. Asked for several rounds, each builds and solves
the network anew, and has a line of its own.
"""
import resource
import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow


def main(path, rounds):
    raw = np.fromfile(path, dtype="<i8")
    offers, needs, pairs = (int(v) for v in raw[:3])
    at = 3
    capacity = raw[at:at + offers]
    at += offers
    low, high, priority = raw[at:at + 3 * needs].reshape(needs, 3).T
    at += 3 * needs
    offer, need, value, units = raw[at:].reshape(pairs, 4).T
    weight = 2 * int(np.abs(value).max(initial=0)) * (min(offers, needs) + 1) + 1
    source, sink = offers + needs, offers + needs + 1
    i32, i64 = np.int32, np.int64
    for _ in range(rounds):
        flow = min_cost_flow.SimpleMinCostFlow()

        def arcs(tails, heads, caps, costs):
            return flow.add_arcs_with_capacity_and_unit_cost(
                tails.astype(i32), heads.astype(i32), caps.astype(i64), costs.astype(i64))

        start = time.perf_counter()
        all_offers, all_needs = np.arange(offers), np.arange(needs) + offers
        pair_arcs = arcs(offer, need + offers, units, -value)
        arcs(np.full(offers, source), all_offers, capacity, np.zeros(offers))
        minima = arcs(all_needs, np.full(needs, sink), low, -priority * weight)
        arcs(all_needs, np.full(needs, sink), high - low, np.zeros(needs))
        total = int(capacity.sum())
        arcs(np.array([source]), np.array([sink]), np.array([total]), np.array([0]))
        flow.set_node_supply(source, total)
        flow.set_node_supply(sink, -total)
        built = time.perf_counter()
        status = flow.solve()
        done = time.perf_counter()
        assert status == flow.OPTIMAL, status
        objective = int((flow.flows(pair_arcs) * value).sum())
        unmet = int(((low - flow.flows(minima)) * priority).sum())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(f"{done - built:.6f} {built - start:.6f} {objective} {unmet} {peak}")


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
