"""Letters on their way: digests and the outbox, the journal of what was sent, delivery."""
