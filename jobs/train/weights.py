"""The numbers that are learnt: one flat buffer each for weights, gradients, float32 masters and their average.

The network's parameters are views into the buffers, so a step is a handful of whole-buffer operations and a
checkpoint a handful of tensors. With bfloat16 weights the masters are a buffer of their own; with float32 they are
the weights themselves.
"""

from __future__ import annotations

import math
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from jobs.train.config import TrainingConfig


def precision(settings: TrainingConfig, device: torch.device) -> torch.dtype:
    """Return the weights' type: bfloat16 where the processor multiplies it natively, else float32.

    Without its instructions bfloat16 is far slower than float32 on a CPU.
    """
    if settings.precision != "auto":
        return torch.bfloat16 if settings.precision == "bfloat16" else torch.float32
    if device.type == "cuda":
        return torch.bfloat16
    return torch.bfloat16 if _native_bfloat16() else torch.float32


def _native_bfloat16() -> bool:
    if platform.system() != "Linux":
        return False
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def learning_rate(settings: TrainingConfig, step: int) -> float:
    """Return the rate of `step` (from 0): linear warm-up, then inverse square root, or stable with a cooldown."""
    done = step + 1
    if done < settings.warmup:
        return settings.rate * done / settings.warmup
    if settings.schedule == "inverse_sqrt":
        return settings.rate * math.sqrt(max(1, settings.warmup) / done)
    falling = max(1, round(settings.cooldown * settings.steps))
    # 1 - sqrt: the form of the cooldown that does best in Hägele et al. 2024.
    into = max(0, done - (settings.steps - falling)) / falling
    return settings.rate * (1 - math.sqrt(min(1.0, into))) if settings.cooldown else settings.rate


class FlatWeights:
    """The flat buffers of a network and its AdamW."""

    def __init__(self, network: nn.Module, settings: TrainingConfig) -> None:
        self._settings = settings
        self.shapes = {name: values.shape for name, values in network.named_parameters()}
        parameters = list(network.parameters())
        self._low = torch.cat([values.detach().flatten() for values in parameters])
        self._gradient = torch.zeros_like(self._low)
        begin = 0
        for values in parameters:
            end = begin + values.numel()
            values.data = self._low[begin:end].view(values.shape)
            values.grad = self._gradient[begin:end].view(values.shape)
            begin = end
        shared = self._low.dtype == torch.float32
        self.master = self._low if shared else self._low.float()
        self.average = self.master.clone()
        self._handle = nn.Parameter(self.master)
        self._optimiser = torch.optim.AdamW(
            [self._handle],
            lr=settings.rate,
            betas=(0.9, 0.98),
            eps=1e-8,
            weight_decay=settings.weight_decay,
            fused=True,
        )

    def step(self, step: int) -> float:
        """Apply and clear the gradients of `step`; return their norm before clipping."""
        with torch.no_grad():
            gradient = self._gradient.float()
            norm = float(torch.linalg.vector_norm(gradient))
            if not math.isfinite(norm):  # one overflowing batch must not end a long run
                self._gradient.zero_()
                return norm
            if norm > self._settings.clip:
                gradient.mul_(self._settings.clip / norm)
            self._handle.grad = gradient
            self._optimiser.param_groups[0]["lr"] = learning_rate(self._settings, step)
            self._optimiser.step()
            self._handle.grad = None
            if self._low is not self.master:
                self._low.copy_(self.master)
            self._gradient.zero_()
            # The average forgets the beginning fast and becomes long by and by.
            keep = min(self._settings.average, (1 + step) / (10 + step))
            self.average.lerp_(self.master, 1 - keep)
            return norm

    def named(self, flat: Tensor) -> dict[str, Tensor]:
        """Return the tensors of a flat buffer by name."""
        parts = flat.split([shape.numel() for shape in self.shapes.values()])
        return {
            name: part.view(shape) for (name, shape), part in zip(self.shapes.items(), parts, strict=True)
        }

    def tensors(self) -> dict[str, Tensor]:
        """Return everything that a later step depends on."""
        state = self._optimiser.state.get(self._handle, {})
        moments = {key: state.get(key, torch.zeros_like(self.master)) for key in ("exp_avg", "exp_avg_sq")}
        done = state.get("step", torch.zeros(()))
        return {"master": self.master, "average": self.average, "steps": done.reshape(1), **moments}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Take back what `tensors` returned."""
        with torch.no_grad():
            self.master.copy_(tensors["master"])
            self._low.copy_(self.master)
            self.average.copy_(tensors["average"])
            moments = {key: tensors[key].to(self.master.device).clone() for key in ("exp_avg", "exp_avg_sq")}
            state = {"step": tensors["steps"].reshape(()).clone(), **moments}
            groups = self._optimiser.state_dict()["param_groups"]
            self._optimiser.load_state_dict({"state": {0: state}, "param_groups": groups})
