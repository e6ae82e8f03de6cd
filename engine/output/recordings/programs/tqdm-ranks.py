import time, torch, torch.distributed as dist
from tqdm import tqdm
dist.init_process_group('gloo')
for epoch in range(4):
    for i in tqdm(range(50)):
        time.sleep(0.02); dist.all_reduce(torch.ones(1))
