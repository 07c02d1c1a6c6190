"""The files of papers: taken in within bounds, kept by their SHA-256 in a store opened by its address."""

from __future__ import annotations

from ocop_workflow.files.keeping import FileStore
from ocop_workflow.files.kinds import FileKind
from ocop_workflow.files.uploads import KeptFile, Upload

__all__ = ["FileKind", "FileStore", "KeptFile", "Upload"]
