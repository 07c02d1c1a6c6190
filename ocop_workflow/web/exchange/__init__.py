"""One request and its answer: what may be sent, what goes back, in which language, how refusals look."""
