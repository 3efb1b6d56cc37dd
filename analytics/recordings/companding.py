"""A-law and µ-law as tables of the 256 values, -1 to 1 (ITU-T G.711)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_OCTETS = np.arange(256, dtype=np.int32)


def _alaw() -> NDArray[np.float32]:
    code = _OCTETS ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return (np.where(code & 0x80, value, -value) / 32768).astype(np.float32)


def _ulaw() -> NDArray[np.float32]:
    code = ~_OCTETS & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return (np.where(code & 0x80, -value, value) / 32768).astype(np.float32)


ALAW = _alaw()
ULAW = _ulaw()
