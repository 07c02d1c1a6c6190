"""What is typed by whoever keeps the service: backups, doctor, proof, simulation, demonstration."""
