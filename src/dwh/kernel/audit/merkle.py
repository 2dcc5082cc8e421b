"""The Merkle tree of RFC 6962, kept as its frontier: the roots of the perfect subtrees, left to right."""

from __future__ import annotations

import hashlib

HASH = 32


class Frontier:
    """A tree that only grows. `root()` costs log n, `append` two hashes on average, and no history is kept."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        if len(peaks) != HASH * size.bit_count():
            raise ValueError("the peaks do not fit the size")
        self.size = size
        self.peaks = [peaks[i : i + HASH] for i in range(0, len(peaks), HASH)]

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right."""
        node, size, peaks = leaf, self.size, self.peaks
        while size & 1:
            node = hashlib.sha256(b"\x01" + peaks.pop() + node).digest()
            size >>= 1
        peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the Merkle tree hash; of no leaves, SHA-256 of nothing."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = hashlib.sha256(b"\x01" + peak + node).digest()
        return node

    def packed(self) -> bytes:
        """Return the peaks as one value, to be stored with the size."""
        return b"".join(self.peaks)
