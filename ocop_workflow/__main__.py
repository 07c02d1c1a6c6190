"""`python -m ocop_workflow` is `ocop`."""

from ocop_workflow.cli import main

if __name__ == "__main__":
    main()
