import sys, torch
from torch import nn
from transformers import Trainer, TrainingArguments, PretrainedConfig, PreTrainedModel
class C(PretrainedConfig): model_type='toy'
class M(PreTrainedModel):
    config_class=C
    def __init__(s,c): super().__init__(c); s.l=nn.Linear(8,1); s.post_init()
    def forward(s,x=None,labels=None): o=s.l(x)[:,0]; return {'loss':((o-labels)**2).mean(),'logits':o}
class D(torch.utils.data.Dataset):
    def __len__(s): return 400
    def __getitem__(s,i): g=torch.Generator().manual_seed(i); x=torch.randn(8,generator=g); return {'x':x,'labels':x.sum()}
out='out'
kw=dict(output_dir=out,per_device_train_batch_size=4,logging_steps=10,save_steps=100,report_to=[],use_cpu=True,disable_tqdm=False)
if sys.argv[1]=='first':
    Trainer(M(C()),TrainingArguments(num_train_epochs=2,**kw),train_dataset=D()).train()
else:
    Trainer(M(C()),TrainingArguments(num_train_epochs=4,**kw),train_dataset=D()).train(resume_from_checkpoint=True)
