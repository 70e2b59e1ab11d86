"""Hold every rule of the table against torch: each formula must give autograd's own Jacobian."""

from __future__ import annotations

import pytest

from vizgraph import engine, language
from vizgraph.calculus import derive
from vizgraph.calculus.rules import PICKS, RULES
from vizgraph.model import Derivation, Run

VALUES = {
    "a": 0.7, "b": -1.3, "c": 2.5,
    "u": [0.3, 0.8], "v": [1.2, -0.4], "w": [0.5, 0.25],
    "p": [1.1, -0.6, 0.4], "q": [0.2, 0.9, -1.7],
    "A": [[1.5, -0.5], [0.25, 2.0]], "B": [[0.3, 0.6], [-0.9, 0.1]],
    "M": [[1.0, -2.0, 0.5], [0.3, 0.7, -1.1]],
}  # fmt: skip
IMPORTS = "import torch\nimport torch.nn.functional as F\n"
HEADER = IMPORTS + "".join(f"{name} = torch.tensor({value}, requires_grad=True)\n" for name, value in VALUES.items())

PROGRAMS = """
u + a; u.add(v, alpha=2); 3 + u
u - v; torch.sub(u, v, alpha=0.5); 1 - u
u * v; a * A
u / v; torch.div(c, u)
torch.div(M, 0.37, rounding_mode="floor") * M; torch.div(M, 0.37, rounding_mode="trunc") * M
M % 0.37; v % u
torch.fmod(M, 0.37)
-u
u.reciprocal(); u.square()
u ** 3; 2 ** u; u ** v; c ** a; (u ** 0.5); u ** -1.5; u.float_power(2).float()
torch.lerp(u, v, 0.3); torch.lerp(u, v, w)
torch.addcmul(u, v, w, value=0.5); torch.addcdiv(u, v, w, value=2)
torch.hypot(u, v)
u.sqrt(); u.rsqrt()
u.exp(); u.exp2(); u.expm1(); M.exp().sum(1)
u.log(); u.log2(); u.log10(); u.log1p()
torch.xlogy(v, u); torch.logaddexp(u, v)
u.sin(); u.cos(); u.tan(); u.sinc()
u.asin(); u.acos(); u.atan(); torch.atan2(u, v)
u.sinh(); u.cosh(); u.tanh()
u.asinh(); (u + 1).acosh(); u.atanh()
u.deg2rad(); u.rad2deg()
u.erf(); u.erfc()
u.sigmoid(); u.logit(); u.logit(eps=0.1); F.logsigmoid(v)
F.softplus(v); F.softplus(v, beta=2); F.softsign(v); F.silu(v); F.mish(v)
F.gelu(v); F.gelu(v, approximate="tanh"); F.glu(torch.cat([u, v]))
v.relu(); F.relu(M).sum(0); F.relu6(7 * v); F.leaky_relu(v); F.leaky_relu(v, 0.2)
F.elu(v); F.elu(v, 0.5); F.celu(v, alpha=0.7); F.selu(v); F.prelu(v, a.reshape(1))
F.hardtanh(v); F.hardsigmoid(v); F.hardswish(v); F.tanhshrink(v)
M.abs().sum(1); v.sign() * v
v.floor() * v; v.ceil() * v; v.round() * v; v.trunc() * v; v.frac()
torch.maximum(u, v); torch.minimum(u, v)
v.clamp(-0.2, 0.9); v.clamp(min=0.1); v.clamp(max=0.1); v.clamp_min(0.0); v.clamp_max(0.0); torch.clamp(u, v, w)
torch.where(v > 0, u, w); u.where(v > 0, w); v.masked_fill(v < 0, 2.0)
M.sum(); M.sum(0); M.sum(dim=1, keepdim=True) * M; M.sum((0, 1)); M.nansum(); M.sum(axis=1)
M.mean(); M.mean(1); M.mean(-1, keepdim=True)
u.prod(); M.prod(1)
M.max(); M.max(1)[0]; M.max(dim=0)[0]; torch.max(u, v); M.amax(1); M.amax((0, 1))
M.min(); M.min(1)[0]; torch.min(u, other=v); M.amin(0)
M.var(); M.var(1); M.var(1, unbiased=False); M.var(dim=0, correction=0); p.std(); M.std(1, keepdim=True)
u.norm(); M.norm(); M.norm(dim=1, p="fro"); p.norm(1); p.norm(p=float("inf")); p.norm(3)
torch.linalg.norm(p); torch.linalg.vector_norm(M, ord=3); torch.linalg.matrix_norm(M)
M.logsumexp(1); torch.logsumexp(u, 0)
p.cumsum(0); M.cumsum(1).sum(0); p.cumprod(0); p.logcumsumexp(0)
p.diff(); p.diff(n=2); M.diff(dim=0)
u.softmax(0); M.softmax(dim=1)[0]; F.softmax(p, dim=-1); p.log_softmax(0); F.softmin(p, dim=0)
F.layer_norm(p, (3,)); F.layer_norm(M, (3,), p, q)[0]; F.normalize(p, dim=0); F.normalize(M)
u @ v; A @ u; u @ A; A @ B; torch.dot(u, v); torch.mv(A, u); torch.mm(A, M); torch.bmm(A[None], M[None])
u.vdot(v); torch.inner(A, B); torch.inner(u, v); torch.outer(u, p)
F.linear(u, A); F.linear(A, B, u); torch.addmm(M, A, M, beta=0.5, alpha=2); torch.addmv(u, A, v)
torch.baddbmm(A[None], A[None], B[None])
torch.einsum("i,i->", u, v); torch.einsum("ij,j->i", A, u); torch.einsum("ij,jk", A, B); torch.einsum("ij->ji", M)
A.inverse(); torch.linalg.inv(A); torch.linalg.solve(A, u); torch.linalg.det(A); A.det(); torch.logdet(A)
A.matrix_power(3); torch.linalg.multi_dot([A, B, u]); torch.kron(u, v); torch.kron(A, u[None])
torch.cross(p, q, dim=0); torch.linalg.cross(p, q); A.trace()
F.cosine_similarity(p, q, dim=0); F.pairwise_distance(p, q)
F.mse_loss(u, v); F.mse_loss(u, v, reduction="sum"); F.mse_loss(u, v, reduction="none")
F.l1_loss(u, v); F.huber_loss(p, q); F.huber_loss(p, q, delta=0.5); F.smooth_l1_loss(p, q, beta=0.7)
F.binary_cross_entropy(u, w); F.binary_cross_entropy_with_logits(v, w)
F.kl_div(p.log_softmax(0), w.repeat(2)[:3], reduction="sum"); F.kl_div(u, w)
F.kl_div(M, M, log_target=True, reduction="batchmean")
F.nll_loss(M, torch.tensor([2, 0])); F.nll_loss(p, torch.tensor(1))
F.cross_entropy(M, torch.tensor([2, 0])); F.cross_entropy(p, torch.tensor(1)); F.cross_entropy(p, q.softmax(0))
p[1]; p[-1]; M[0]; M[:, 1]; M[1, 1:]; M[..., 0]; M[None, 0]; p[::2]; p[torch.tensor([2, 0, 0])]; p[p > 0]; M[M > 0]
torch.gather(M, 1, torch.tensor([[2], [0]])); torch.take_along_dim(M, torch.tensor([[2], [0]]), 1)
M.masked_select(M > 0); F.embedding(torch.tensor([1, 0]), M); M.take(torch.tensor([5, 0]))
M.index_select(1, torch.tensor([0, 2])); M.narrow(1, 1, 2); M.select(0, 1)
M.reshape(3, 2); M.reshape((6,)); M.view(-1); M.reshape(-1, 2) @ u; M.view_as(M.reshape(3, 2).reshape(2, 3)) * M
A.reshape_as(A) * B; M.flatten(); M[None].flatten(1); a.flatten()
M[None].squeeze(); M[:, :1].squeeze(1); u.unsqueeze(0); u.unsqueeze(-1)
M.t(); M.T; M.mT; M.transpose(0, 1); M[None].transpose(1, 2); M.permute(1, 0); M.permute((1, 0)); M.movedim(0, 1)
M.unflatten(1, (3, 1)); u.expand(3, 2); u.unsqueeze(1).expand(-1, 3); u.broadcast_to((2, 2)); u.expand_as(A)
u.repeat(2); u.repeat(2, 1); u.tile(2); u.repeat_interleave(2); M.repeat_interleave(2, dim=0)[1]
M.flip(0); M.flip((0, 1)); p.roll(1); M.roll(1, 0); M.roll((1, 1), (0, 1))
u.diag(); A.diag(); M.diag(1); M.diagonal(); torch.diag_embed(u); M.tril(); M.triu(1)
torch.stack([u, v]); torch.stack((u, v), dim=1); torch.cat([u, p]); torch.cat([M, u[:, None]], dim=1)
torch.hstack([u, v]); torch.vstack([u, v]); torch.column_stack([u, v])
M.unbind()[1]; M.split(2, dim=1)[0]; p.split([1, 2])[1]; M.chunk(2, 1)[1]
p.sort()[0]; p.sort(descending=True)[0]; p.topk(2)[0]; M.median(1)[0]; M.cummax(1)[0]
u.clone(); M.T.contiguous(); u.to(torch.float64); u.type_as(v.double()); u.double().float(); (u * v).half()
"""
LINES = [line.strip() for row in PROGRAMS.strip().splitlines() for line in row.split("; ")]
WRITES = {
    "y = torch.zeros(2)\ny[0] = a * b\ny[1] = c": "write",
    "y = torch.zeros(2, 2)\ny[0] = u\ny[:, 1] = a": "write",
    "y = torch.zeros(3)\ny[torch.tensor([True, False, True])] = u": "write",
    "y = u * 2\ny *= v\ny += 1": "mul",
    "y = u * 2\ny.fill_(3.0)\ny[0] = a": "fill",
    "y = u * v\ny.copy_(w)\ny = y * u": "copy",
    "y = u * v\ny.zero_()\ny = y + u": "zero",
    "y = u * v\ny.sigmoid_()": "sigmoid",
}


def run_of(source: str) -> Run:
    result = engine.run(language.parse(HEADER + source))
    assert result.error is None
    return result


def derived(source: str) -> Derivation:
    result = derive(run_of(source))
    assert result is not None
    return result


def disagreements(derivation: Derivation) -> list[object]:
    return [derivation.note] * bool(derivation.note) + [check for check in derivation.checks if not check.agrees]


@pytest.mark.parametrize("expression", LINES)
def test_formula_gives_autograds_jacobian(expression: str) -> None:
    result = derived(f"y = {expression}")
    assert disagreements(result) == []
    assert len(result.checks) == len(result.rows) * len(result.columns) > 0


@pytest.mark.parametrize("source", WRITES)
def test_rewritten_tensors_are_functions_like_others(source: str) -> None:
    assert disagreements(derived(source)) == []


def test_every_rule_is_tried_here() -> None:
    used = {call.operation for line in LINES for call in run_of(f"y = {line}").calls}
    used |= {call.operation for source in WRITES for call in run_of(source).calls}
    assert set(RULES) | set(PICKS) <= used


@pytest.mark.parametrize(
    "expression",
    [
        "torch.linalg.norm(A, 2)", "torch.linalg.norm(A, ord=1)", "p.norm(0)", "A.matrix_power(9)",
        "torch.einsum('ii->i', A)", "torch.det(torch.outer(u.repeat(3)[:5], u.repeat(3)[1:]) + torch.eye(5))",
        "torch.kron(A, u)", "M[None].mT", "u ** 1000", "torch.lgamma(u)", "torch.sqrt(-(a ** 2))", "F.dropout(u, 0.5)",
        "(u[:, None] * torch.ones(300)).sum(1)", "p.median()",
    ],
)  # fmt: skip
def test_what_has_no_formula_is_said_and_not_invented(expression: str) -> None:
    result = derived(f"y = {expression}")
    assert {text for row in result.symbolic for text in row} <= {"", "0"}
    assert {check.agrees for check in result.checks} <= {None, True}
    assert all(check.reason for check in result.checks if check.agrees is None)


def test_a_picked_entry_is_the_one_that_was_picked() -> None:
    assert derived("y = p.sort()[0]").symbolic == (("0", "1", "0"), ("0", "0", "1"), ("1", "0", "0"))
