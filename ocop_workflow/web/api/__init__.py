"""The admin API, version 1: one router a noun."""
