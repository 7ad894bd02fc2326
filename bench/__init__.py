"""Benchmarks: each measures one promise and writes bench/results/<name>.json."""
