"""Write sample_data anew: the same bytes every time, because every draw has a seed.

Run it as `.venv/bin/python tools/make_sample_data.py [FOLDER]`.
"""

import sys
from pathlib import Path

from sample.everything import write


def main(arguments: list[str]) -> None:
    """Write the files into the folder named, or into sample_data, and print their figures."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[1] / "sample_data"
    folder.mkdir(parents=True, exist_ok=True)
    for line in write(folder):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
