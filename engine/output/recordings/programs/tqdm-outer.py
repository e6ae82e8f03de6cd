import time
from tqdm import tqdm
for epoch in tqdm(range(3)):
    for batch in tqdm(range(30), leave=False):
        time.sleep(0.01)
