"""Side-by-side measurements: `python -m benchmarks --help` lists them.

Each module of `questions` measures koprep and others in turn, round by round in one run, so that
a noisy machine disturbs all alike; what counts is the ratio of the medians. `record` is what is
kept of a run, `pictures` draws it.
"""
