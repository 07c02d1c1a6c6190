"""PURE. Councils (hội đồng) and their sessions: the words of what happens, and what to look at again."""
