"""Waiting for what a GPU still has to do, so that a window's edge is where the work ends and not where it was ordered."""

from __future__ import annotations

import sys


def synchronize_gpu() -> None:
    """Waits for every GPU that PyTorch works on in this process.

    Does nothing unless PyTorch is loaded and has begun to use a GPU: it neither imports nor initialises anything.
    Never raises; during a CUDA graph's capture, where nothing may wait, it does not.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return
    try:
        cuda = torch.cuda
        if cuda.is_initialized():
            if not cuda.is_current_stream_capturing():
                for index in range(cuda.device_count()):
                    if _has_context(cuda, index):
                        cuda.synchronize(index)
            return
        xpu = getattr(torch, "xpu", None)
        if xpu is not None and xpu.is_initialized():
            xpu.synchronize()
            return
        # Memory in use there is the sign that this process has begun to use it.
        if sys.platform == "darwin" and torch.backends.mps.is_available() and torch.mps.current_allocated_memory() > 0:
            torch.mps.synchronize()
    except Exception:  # noqa: S110 - an edge that is not waited for is a less sharp edge, not an error of the training
        pass


def _has_context(cuda: object, index: int) -> bool:
    """True where PyTorch holds memory on the GPU: to synchronise another would make a context on it, 300 MiB for nothing."""
    return bool(cuda.memory_reserved(index) > 0)  # type: ignore[attr-defined]
