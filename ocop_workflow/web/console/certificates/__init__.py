"""Pages of certificates: the register, one of them, and what everybody may look up."""
