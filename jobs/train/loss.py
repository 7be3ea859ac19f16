"""Losses: label-smoothed cross entropy over the tied output layer, and the guidance of attention by word links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

# Rows whose logits are held at once: 256 x 12,000 float32 is 12 MB, which stays in a CPU's cache.
_CHUNK = 256
_FLOOR = 1e-4  # a link that attention ignores costs at most -ln of this


class OutputLoss(torch.autograd.Function):  # type: ignore[misc]  # torch is not type-checked
    """Mean label-smoothed loss and mean negative log likelihood of `labels` under softmax(states @ weight.T + bias).

    The gradients are made in the forward pass, a chunk of rows at a time, so the logits of a batch never exist.
    """

    @staticmethod
    def forward(
        ctx: Any, states: Tensor, weight: Tensor, bias: Tensor, labels: Tensor, smoothing: float
    ) -> Any:
        """Take [n, size], [vocabulary, size], [vocabulary], [n]; return two scalars, the second without gradient."""
        count, size = states.shape[0], weight.shape[0]
        to_states = torch.empty_like(states)
        to_weight = torch.zeros_like(weight, dtype=torch.float32)
        to_bias = torch.zeros(size, device=states.device)
        smoothed = torch.zeros((), device=states.device)
        likelihood = torch.zeros((), device=states.device)
        for begin in range(0, count, _CHUNK):
            part, wanted = states[begin : begin + _CHUNK], labels[begin : begin + _CHUNK, None]
            logs = torch.log_softmax((part @ weight.t()).float() + bias.float(), dim=-1)
            picked = logs.gather(1, wanted).sum()
            likelihood -= picked
            smoothed -= (1 - smoothing) * picked + smoothing * logs.mean(-1).sum()
            # d loss / d logits = softmax - smoothed target
            slope = logs.exp_().sub_(smoothing / size)
            slope.scatter_add_(1, wanted, slope.new_full(wanted.shape, smoothing - 1))
            to_bias += slope.sum(0)
            low = slope.to(states.dtype)
            to_states[begin : begin + _CHUNK] = low @ weight
            to_weight += low.t() @ part
        ctx.save_for_backward(to_states, to_weight.to(weight.dtype), to_bias.to(bias.dtype))
        ctx.count = count
        likelihood /= count
        ctx.mark_non_differentiable(likelihood)
        return smoothed / count, likelihood

    @staticmethod
    def backward(ctx: Any, *slopes: Any) -> Any:
        """Scale the gradients that the forward pass made."""
        share = slopes[0] / ctx.count
        to_states, to_weight, to_bias = (part * share.to(part.dtype) for part in ctx.saved_tensors)
        return to_states, to_weight, to_bias, None, None


def guidance(given: Sequence[Tensor], linked: Tensor) -> Tensor:
    """Return -ln of the attention that the heads' mean gives to the linked places, mean over links and layers.

    Chen et al. 2016 guide with soft alignments; one link a word and a floor do here.
    """
    losses = [-(part[linked] + _FLOOR).log().mean() for part in given]
    return torch.stack(losses).mean()
