"""The service looks after itself: doctor and proof, simulation, backups, health."""
