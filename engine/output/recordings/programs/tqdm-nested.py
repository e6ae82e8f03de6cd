import time
from tqdm import tqdm
for epoch in range(3):
    for batch in tqdm(range(40), desc=f"Epoch {epoch + 1}/3"):
        time.sleep(0.01)
    for batch in tqdm(range(8), desc="Validation"):
        time.sleep(0.01)
