"""Reads [{"want": any, "yaml": "text"}] from standard input and reports every text that PyYAML, in Python or in C, does
not read as wanted."""

import json
import sys

import yaml

READERS = [yaml.SafeLoader, yaml.CSafeLoader]


def equal(want, got):
    """Python's `==`, except that True is not 1 here; 1.0 is 1."""
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(equal(value, got[key]) for key, value in want.items())
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(map(equal, want, got))
    return want == got


def read(text, reader):
    try:
        return yaml.load(text, Loader=reader)
    except (yaml.YAMLError, ValueError) as problem:  # ValueError: dates such as 2024-13-45
        return problem


samples = json.load(sys.stdin)
mismatches = 0
for sample in samples:
    for reader in READERS:
        got = read(sample["yaml"], reader)
        if not equal(sample["want"], got):
            mismatches += 1
            print(f"PyYAML {reader.__name__}: {sample['yaml']!r}\n  want {sample['want']!r}\n  got  {got!r}")
print(f"Python: {len(samples)} samples, {mismatches} mismatches")
sys.exit(1 if mismatches or not samples else 0)
