import torch, lightning as L, time
from torch import nn
class N(L.LightningModule):
    def __init__(s): super().__init__(); s.l=nn.Linear(8,1)
    def training_step(s,b,i): time.sleep(0.01); x,y=b; l=((s.l(x)[:,0]-y)**2).mean(); s.log('train_loss',l,prog_bar=True); return l
    def configure_optimizers(s): return torch.optim.SGD(s.parameters(),1e-3)
x=torch.randn(400,8); dl=torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x,x.sum(1)),batch_size=4)
L.Trainer(max_epochs=5,accelerator='cpu',logger=False,enable_checkpointing=False).fit(N(),dl)
