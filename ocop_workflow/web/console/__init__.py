"""The console: pages for people, over the same use cases and views as the API and with no rule of its own."""
