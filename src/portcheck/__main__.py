"""`python -m portcheck`."""

from portcheck.cli.main import run

if __name__ == "__main__":
    run()
