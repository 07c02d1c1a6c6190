"""OCOP workflow: a dated plan and the products' states go in, letters come out."""

__version__ = "0.1.0"
