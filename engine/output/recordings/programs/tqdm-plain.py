import time
from tqdm import tqdm
for epoch in range(2):
    bar = tqdm(range(50))
    for i in bar:
        time.sleep(0.01); bar.set_postfix(loss=1 / (i + 1))
