import wandb, time
run = wandb.init(mode="offline", project="p")
for step in range(20):
    time.sleep(0.02); run.log({"loss": 1 / (step + 1), "epoch": step / 10})
run.finish()
