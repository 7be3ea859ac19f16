"""`python -m jobs` is the same command as `press-brief`."""

from jobs.cli import main

if __name__ == "__main__":
    main()
