"""Measurements. Each pits Quell against a contender in the same run and prints the ratio; none asserts on time."""
