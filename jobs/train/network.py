"""The Marian transformer in torch: source and target ids in, decoder states out; tensors named as Hugging Face does.

Post-norm, ReLU, sinusoidal positions (all sines, then all cosines), one embedding for both sides and the output,
scaled by the root of its width, an output bias; `<pad>` is the last id, a zero vector, and starts the decoder
(Junczys-Dowmunt et al. 2018). What is exported from here is a `MarianMTModel` without any conversion.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from jobs.train.config import ModelConfig

MAX_POSITIONS = 512
_POOL = 1 << 22


class MaskPool:
    """Dropout masks cut from one random pool: a CPU draws random numbers far more slowly than it multiplies.

    Where a mask is cut is drawn from torch's generator, so a step that seeds it is repeated exactly.
    """

    def __init__(self, rate: float, dtype: torch.dtype, device: torch.device, seed: int) -> None:
        self._rate = rate
        if rate > 0:
            draw = torch.rand(_POOL, generator=torch.Generator().manual_seed(seed))
            self._pool = (draw.ge(rate).to(torch.float32) / (1 - rate)).to(device, dtype)

    def __call__(self, values: Tensor) -> Tensor:
        """Return `values` with a share of them dropped and the others scaled up."""
        if self._rate == 0 or not torch.is_grad_enabled():
            return values
        count = values.numel()
        if count >= _POOL:
            return functional.dropout(values, self._rate)
        start = int(torch.randint(0, _POOL - count, (1,)))
        return values * self._pool[start : start + count].view_as(values)


def sinusoids(count: int, size: int) -> Tensor:
    """Return Marian's positions [count, size]: the sines of all rates, then their cosines."""
    rates = torch.pow(torch.tensor(10000.0, dtype=torch.float64), torch.arange(0, size, 2) / size)
    angles = torch.arange(count, dtype=torch.float64)[:, None] / rates
    return torch.cat([angles.sin(), angles.cos()], dim=1).float()


class Attention(nn.Module):  # type: ignore[misc]  # torch is not type-checked
    """Multi-head attention; keeps the weights of the linked source places when it is guided."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(size, size)
        self.k_proj = nn.Linear(size, size)
        self.v_proj = nn.Linear(size, size)
        self.out_proj = nn.Linear(size, size)

    def _split(self, values: Tensor) -> Tensor:
        return values.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(
        self, queries: Tensor, memory: Tensor, mask: Tensor | None, links: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Return [batch, query, size], and with `links` [batch, query] what the heads' mean gives to them."""
        query, key, value = (
            self._split(self.q_proj(queries)),
            self._split(self.k_proj(memory)),
            self._split(self.v_proj(memory)),
        )
        # Plain products: on CPU the fused attention's backward pass is slow for sentences.
        scores = torch.matmul(query * query.shape[-1] ** -0.5, key.transpose(2, 3))
        weights = torch.softmax(scores if mask is None else scores + mask, dim=-1)
        mixed = torch.matmul(weights, value).transpose(1, 2).flatten(2)
        guided = None
        if links is not None:
            places = links[:, None, :, None].expand(-1, self.heads, -1, -1)
            guided = weights.gather(3, places).squeeze(3).float().mean(1)
        return self.out_proj(mixed), guided


class Layer(nn.Module):  # type: ignore[misc]  # torch is not type-checked
    """An encoder layer, or with `cross` a decoder layer: attention, feed-forward, each added and then normed."""

    def __init__(self, shape: ModelConfig, drop: MaskPool, *, cross: bool) -> None:
        super().__init__()
        size = shape.d_model
        self._drop = drop
        self.self_attn = Attention(size, shape.heads)
        self.self_attn_layer_norm = nn.LayerNorm(size)
        if cross:
            self.encoder_attn = Attention(size, shape.heads)
            self.encoder_attn_layer_norm = nn.LayerNorm(size)
        self.fc1 = nn.Linear(size, shape.ffn)
        self.fc2 = nn.Linear(shape.ffn, size)
        self.final_layer_norm = nn.LayerNorm(size)

    def forward(
        self,
        states: Tensor,
        mask: Tensor | None,
        memory: Tensor | None = None,
        memory_mask: Tensor | None = None,
        links: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Return the new states and, when guided, the attention given to the links."""
        guided = None
        own, _ = self.self_attn(states, states, mask)
        states = self.self_attn_layer_norm(states + self._drop(own))
        if memory is not None:
            other, guided = self.encoder_attn(states, memory, memory_mask, links)
            states = self.encoder_attn_layer_norm(states + self._drop(other))
        inner = self.fc2(functional.relu(self.fc1(states)))
        return self.final_layer_norm(states + self._drop(inner)), guided


class Side(nn.Module):  # type: ignore[misc]  # torch is not type-checked
    """The layers of the encoder or the decoder."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)


class Network(nn.Module):  # type: ignore[misc]  # torch is not type-checked
    """The whole transformer. `vocabulary` counts `<pad>`, whose id is the last."""

    def __init__(
        self, shape: ModelConfig, vocabulary: int, *, seed: int, dtype: torch.dtype, device: torch.device
    ) -> None:
        super().__init__()
        self.pad = vocabulary - 1
        self._scale = math.sqrt(shape.d_model)
        self._drop = MaskPool(shape.dropout, dtype, device, seed)
        self.shared = nn.Embedding(vocabulary, shape.d_model)
        self.encoder = Side([Layer(shape, self._drop, cross=False) for _ in range(shape.encoder_layers)])
        self.decoder = Side([Layer(shape, self._drop, cross=True) for _ in range(shape.decoder_layers)])
        self.output_bias = nn.Parameter(torch.zeros(self.pad))
        self._initialise(seed)
        self.to(device, dtype)
        self.positions = sinusoids(MAX_POSITIONS, shape.d_model).to(device, dtype)
        blocked = torch.full((MAX_POSITIONS, MAX_POSITIONS), -math.inf)
        self._future = blocked.triu_(1).to(device, dtype)

    def _initialise(self, seed: int) -> None:
        with torch.no_grad():
            draw = torch.Generator().manual_seed(seed)
            for name, values in self.named_parameters():
                if values.dim() > 1:
                    nn.init.xavier_uniform_(values, generator=draw)
                elif name.endswith("bias"):
                    values.zero_()
            self.shared.weight.normal_(0, self.shared.embedding_dim**-0.5, generator=draw)
            self.shared.weight[self.pad] = 0

    def warm(self, embeddings: Tensor, bias: Tensor) -> None:
        """Start as a word-for-word translator.

        Bilingual embeddings; cross-attention that matches equal vectors and hands the source vector on; quiet
        other sublayers, so that the vectors come through.
        """
        with torch.no_grad():
            self.shared.weight.copy_(embeddings)
            self.output_bias.copy_(bias[: self.pad])
            for layer in [*self.encoder.layers, *self.decoder.layers]:
                layer.self_attn.out_proj.weight.mul_(0.4)
                layer.fc2.weight.mul_(0.4)
            same = torch.eye(self.shared.embedding_dim)
            for layer in self.decoder.layers:
                cross = layer.encoder_attn
                for part, noise, gain in (
                    (cross.q_proj, 0.5, 1.0),
                    (cross.k_proj, 0.5, 1.0),
                    (cross.v_proj, 0.2, 1.0),
                    (cross.out_proj, 0.2, 2.0),
                ):
                    part.weight.mul_(noise).add_(same.to(part.weight) * gain)

    def _embed(self, ids: Tensor) -> Tensor:
        found = functional.embedding(ids, self.shared.weight, padding_idx=self.pad) * self._scale
        return self._drop(found + self.positions[: ids.shape[1]])

    def forward(
        self, source: Tensor, target: Tensor, links: Tensor | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """Return decoder states [batch, target, size] for shifted `target` ids, and each layer's guided weights."""
        mask = torch.zeros(source.shape, dtype=self.shared.weight.dtype, device=source.device)
        mask = mask.masked_fill_(source == self.pad, -math.inf)[:, None, None, :]
        memory = self._embed(source)
        for layer in self.encoder.layers:
            memory, _ = layer(memory, mask)
        length = target.shape[1]
        states, guided = self._embed(target), []
        for layer in self.decoder.layers:
            states, given = layer(states, self._future[:length, :length], memory, mask, links)
            if given is not None:
                guided.append(given)
        return states, guided
