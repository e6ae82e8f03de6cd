import torch
from torch import nn
from transformers import Trainer, TrainingArguments
class Net(nn.Module):
    def __init__(self):
        super().__init__(); self.layer = nn.Linear(8, 1)
    def forward(self, x, labels):
        out = self.layer(x).squeeze(-1); return {"loss": nn.functional.mse_loss(out, labels), "logits": out}
data = [{"x": torch.randn(8), "labels": torch.randn(())} for _ in range(64)]
arguments = TrainingArguments(output_dir="hf-out", num_train_epochs=3, per_device_train_batch_size=4, logging_steps=5, eval_strategy="epoch", save_strategy="epoch", report_to=__import__("os").environ.get("REPORT", "none").split(","), use_cpu=True)
Trainer(Net(), arguments, train_dataset=data, eval_dataset=data[:16]).train()
