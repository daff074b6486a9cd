# The same training step in eager PyTorch on one thread, as the named alternative of the benchmark beside it.
import json, math, sys, time
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
c = json.loads(sys.argv[1])
B, L, D, H, N, V = c["batch"], c["length"], c["dim"], c["heads"], c["batchNegatives"] + c["uniformNegatives"], c["items"]
table, m, v, count = torch.randn(V, D) / math.sqrt(D), torch.zeros(V, D), torch.zeros(V, D), torch.zeros(V)
unit = lambda x: x * torch.rsqrt((x * x).sum(-1, keepdim=True) + 1e-12)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        linear = torch.nn.Linear
        self.norm, self.mixed, self.final = (torch.nn.LayerNorm(D) for _ in range(3))
        self.uvqk, self.out = linear(D, 4 * D), linear(D, D)
        self.distance, self.pointed = torch.nn.Parameter(torch.zeros(H, L)), torch.nn.Parameter(torch.zeros(L))
        self.query, self.key, self.gate = linear(D, D, bias=False), linear(D, D, bias=False), linear(D, 1)
        ages = (torch.arange(L)[:, None] - torch.arange(L)[None]).clamp(0)
        self.register_buffer("ages", ages)

    def forward(self, rows, allowed):
        x0 = unit(rows) * math.sqrt(D)
        x = F.dropout(x0, c["inputDropout"])
        u, val, q, k = F.silu(self.uvqk(self.norm(x))).chunk(4, -1)
        heads = lambda t: t.view(B, L, H, D // H).transpose(1, 2)
        a = heads(q) @ heads(k).transpose(2, 3) / math.sqrt(D // H) + self.distance[:, self.ages]
        y = ((F.silu(a) * allowed[:, None] / 16) @ heads(val)).transpose(1, 2).reshape(B, L, D)
        h = self.final(x + F.dropout(self.out(self.mixed(y) * u), c["dropout"]))
        pointer = self.query(h) @ self.key(x0).transpose(1, 2) / math.sqrt(D) + self.pointed[self.ages] + self.gate(h)
        return unit(h), pointer.masked_fill(~allowed, -1e9)


model = Model()
optimiser = torch.optim.AdamW(model.parameters(), lr=c["learningRate"], betas=(0.9, 0.99), weight_decay=c["weightDecay"])


def step():
    item, target = (V * torch.rand(B, L) ** 2).long(), (V * torch.rand(B, L) ** 2).long()
    segment = (torch.arange(L) // 5).expand(B, L)
    allowed = (segment[:, :, None] == segment[:, None, :]) & (torch.arange(L)[:, None] >= torch.arange(L)[None])
    want = target.reshape(-1)
    negative = torch.cat([want[torch.randint(B * L, (c["batchNegatives"],))], torch.randint(V, (c["uniformNegatives"],))])
    unique, at = torch.unique(torch.cat([item.reshape(-1), want, negative]), return_inverse=True)
    rows = table[unique].requires_grad_()
    states, pointer = model(rows[at[: B * L]].view(B, L, D), allowed)
    h, candidates = states.reshape(B * L, D) * c["scale"], unit(rows)
    own = (h * candidates[at[B * L : 2 * B * L]]).sum(-1, keepdim=True)
    others = (h @ candidates[at[2 * B * L :]].t()).masked_fill(want[:, None] == negative[None], -1e9)
    hits = pointer.masked_fill(item[:, None, :] != target[:, :, None], -1e9)
    p, hit = pointer.reshape(B * L, L), hits.reshape(B * L, L)
    loss = (torch.logsumexp(torch.cat([own, others, p], 1), 1) - torch.logsumexp(torch.cat([own, hit], 1), 1)).mean()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), c["clipNorm"])
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    with torch.no_grad():
        g = rows.grad
        m[unique], v[unique] = m[unique].lerp(g, 0.1), v[unique].lerp(g * g, 0.001)
        count[unique] += 1
        t = count[unique][:, None]
        table[unique] -= c["rowLearningRate"] * (m[unique] / (1 - 0.9**t)) / ((v[unique] / (1 - 0.999**t)).sqrt() + 1e-8)


for _ in range(c["warm_up"]):
    step()
cpu, wall = time.process_time(), time.perf_counter()
for _ in range(c["steps"]):
    step()
per = 1000 / c["steps"]
print(json.dumps({"cpu": (time.process_time() - cpu) * per, "wall": (time.perf_counter() - wall) * per}))
