# The loop of karpathy/nanoGPT's train.py, its print lines word for word.
import time, torch
net = torch.nn.Linear(16, 16); optimizer = torch.optim.AdamW(net.parameters()); iter_num, max_iters, t0, running_mfu = 0, 60, time.time(), -1.0
while True:
    if iter_num % 30 == 0:
        losses = {"train": torch.tensor(4.2), "val": torch.tensor(4.3)}
        print(f"step {iter_num}: train loss {losses['train']:.4f}, val loss {losses['val']:.4f}")
    x = torch.randn(64, 16); loss = (net(x) - x).pow(2).mean(); loss.backward(); optimizer.step(); optimizer.zero_grad(set_to_none=True)
    dt = time.time() - t0; t0 = time.time()
    if iter_num % 10 == 0:
        print(f"iter {iter_num}: loss {loss.item():.4f}, time {dt*1000:.2f}ms, mfu {running_mfu*100:.2f}%", flush=True)
    iter_num += 1
    if iter_num > max_iters: break
