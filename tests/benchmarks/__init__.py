"""The figures that the product promises, measured on a large installation: `python -m tests.benchmarks`."""
