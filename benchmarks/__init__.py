"""Each figure beside a floor: `make bench`."""
