"""The entrance over HTTP: who asks, one transaction a request, an answer in the asker's language."""
