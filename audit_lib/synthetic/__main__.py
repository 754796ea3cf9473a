"""`python -m audit_lib.synthetic --out DIR --lines N --seed S`: write a sample of any size."""

import argparse
from pathlib import Path

from audit_lib.synthetic.writing import SAMPLE_SEED, write_sample


def main() -> None:
    """Read the options and write the sample."""
    parser = argparse.ArgumentParser(prog="python -m audit_lib.synthetic", description="Write synthetic claim lines.")
    parser.add_argument("--out", type=Path, required=True, help="folder for claims, truth and clean claims")
    parser.add_argument(
        "--lines", type=int, default=20_000, help="claim lines in claims.csv, or as many as the planted breaches take"
    )
    parser.add_argument("--seed", type=int, default=SAMPLE_SEED, help="same seed, same files")
    options = parser.parse_args()
    write_sample(options.out, options.lines, options.seed)


if __name__ == "__main__":
    main()
