import torch, lightning as L
from torch import nn
class Net(L.LightningModule):
    def __init__(self):
        super().__init__(); self.layer = nn.Linear(8, 1)
    def training_step(self, batch, _):
        x, y = batch; loss = nn.functional.mse_loss(self.layer(x), y); self.log("train_loss", loss, prog_bar=True); return loss
    def validation_step(self, batch, _):
        x, y = batch; self.log("val_loss", nn.functional.mse_loss(self.layer(x), y))
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.01)
data = torch.utils.data.TensorDataset(torch.randn(128, 8), torch.randn(128, 1))
loader = torch.utils.data.DataLoader(data, batch_size=4)
from lightning.pytorch.callbacks import TQDMProgressBar
import os
logger = L.pytorch.loggers.TensorBoardLogger("lit-out") if os.environ.get("TB") else False
L.Trainer(max_epochs=3, accelerator="cpu", logger=logger, log_every_n_steps=1, enable_checkpointing=False, callbacks=[TQDMProgressBar(refresh_rate=1)]).fit(Net(), loader, torch.utils.data.DataLoader(data, batch_size=16))
