"""Side-by-side measurements: `python -m benchmarks` lists them, with names it runs them.

Each module asks one question and measures two sides in turn, round by round in one run, so that
a noisy machine disturbs both alike; what counts is the ratio of the medians.
"""
