"""The fence around every file that people bring: a child process opens it first, under limits."""
