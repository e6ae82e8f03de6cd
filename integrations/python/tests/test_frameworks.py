"""The callbacks with the real frameworks, where they are installed."""

import importlib.util
import subprocess
import sys
import unittest

from .fake_engine import FakeEngine, program

_net = "import torch\nnet = torch.nn.Linear(4, 1)\nx = torch.randn(24, 4); y = x.sum(1, keepdim=True)\n"

_huggingface = (
    _net
    + """
from transformers import Trainer, TrainingArguments
from wattrun.huggingface import WattrunCallback
class Model(torch.nn.Module):
    def __init__(self): super().__init__(); self.net = net
    def forward(self, x=None, labels=None):
        out = self.net(x); return {"loss": ((out - labels) ** 2).mean(), "logits": out}
data = [{"x": a, "labels": b} for a, b in zip(x, y)]
args = TrainingArguments(output_dir=HOME + "/out", num_train_epochs=3, per_device_train_batch_size=8, report_to=[], logging_steps=3,
    eval_strategy="epoch", save_strategy="no", use_cpu=True, disable_tqdm=True)
trainer = Trainer(model=Model(), args=args, train_dataset=data, eval_dataset=data, callbacks=[WattrunCallback("hf")])
trainer.train()
print("steps", trainer.state.global_step)
"""
)

_lightning = (
    _net
    + """
from lightning.pytorch import LightningModule, Trainer
from wattrun.lightning import WattrunCallback
class Module(LightningModule):
    def __init__(self): super().__init__(); self.net = net
    def training_step(self, batch, _): a, b = batch; loss = ((self.net(a) - b) ** 2).mean(); self.log("train_loss", loss); return loss
    def validation_step(self, batch, _): a, b = batch; self.log("val_loss", ((self.net(a) - b) ** 2).mean())
    def configure_optimizers(self): return torch.optim.SGD(self.parameters(), 0.01)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8)
trainer = Trainer(max_epochs=3, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
    enable_model_summary=False, default_root_dir=HOME, log_every_n_steps=1, callbacks=[WattrunCallback("pl")])
trainer.fit(Module(), loader, loader)
print("steps", trainer.global_step)
"""
)

_keras = """
import numpy, keras
from wattrun.keras import WattrunCallback
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]); model.compile("sgd", "mse")
x = numpy.random.rand(24, 4); y = x.sum(1)
model.fit(x, y, batch_size=8, epochs=3, verbose=0, validation_data=(x, y), callbacks=[WattrunCallback("k")])
print("steps", 9)
"""

_torch_worker = (
    _net
    + """
import wattrun
with wattrun.run("loader"):
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8, num_workers=2)
    for epoch in range(1, 4):
        for step, (a, b) in enumerate(loader, 1):
            loss = ((net(a) - b) ** 2).mean(); loss.backward()
            wattrun.mark(step=(epoch - 1) * 3 + step, loss=loss)
        wattrun.mark(epoch=epoch)
print("steps", 9)
"""
)

_tensorboard = """
import wattrun, torch
from torch.utils.tensorboard import SummaryWriter
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
writer = SummaryWriter(HOME + "/tb")
with wattrun.run("tb", log_to=[writer, "tensorboard"]): pass
writer.close()
for folder in (HOME + "/tb", HOME + "/own/" + __import__("os").listdir(HOME + "/own")[0]):
    events = EventAccumulator(folder); events.Reload()
    print(events.Scalars("wattrun/energy_joules")[-1].value)
"""

_wandb = """
import wandb, wattrun
own = wandb.init(mode="offline", dir=HOME, project="p")
with wattrun.run("named", log_to="wandb"):
    for loss in (3, 2): wandb.log({"loss": loss})
print(own.summary["wattrun/energy_joules"], own.summary["loss"], own.step)
own.finish()
given = wandb.init(mode="offline", dir=HOME, project="p")
with wattrun.run("given", log_to=given): pass
print(given.summary["wattrun/energy_low_joules"])
given.finish()
with wattrun.run("none", log_to="wandb"): pass
"""

_mlflow = """
import mlflow, wattrun
mlflow.set_tracking_uri("sqlite:///" + HOME + "/mlflow.db")
with mlflow.start_run() as active:
    with wattrun.run("named", log_to="mlflow"): mlflow.log_metric("loss", 2)
metrics = mlflow.tracking.MlflowClient().get_run(active.info.run_id).data.metrics
print(metrics["wattrun/energy_joules"], metrics["wattrun/energy_high_joules"], metrics["loss"])
with wattrun.run("none", log_to="mlflow"): pass
"""

_notebook = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "wattrun")
shell.run_cell("%%wattrun my cell\\nanswer = 6 * 7\\nimport wattrun; wattrun.mark(step=1)")
assert shell.user_ns["answer"] == 42
for cell in ("1 / 0", "def (:", "raise KeyboardInterrupt", "%%wattrun inner\\n1 / 0"):
    plain, magic = shell.run_cell(cell), shell.run_cell("%%wattrun broken\\n" + cell)
    assert type(magic.error_in_exec) is type(plain.error_in_exec or plain.error_before_exec), magic
"""


def needs(*modules):
    """Skips where a framework is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"not installed here: {', '.join(missing)}")


def loads(module):
    """Skips where a library is not installed, or does not load for want of another."""
    if importlib.util.find_spec(module) is None:
        return unittest.skip(f"not installed here: {module}")
    ended = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True)
    lines = ended.stderr.strip().splitlines()
    return unittest.skipIf(ended.returncode != 0, f"{module} does not load here: {lines[-1] if lines else ended.returncode}")


class Frameworks(unittest.TestCase):
    def setUp(self):
        self.engine = FakeEngine(self).start()

    def train(self, code, **environment):
        ended = program(f"HOME = {self.engine.home!r}\n" + code, self.engine.home, timeout=240, CUDA_VISIBLE_DEVICES="", **environment)
        self.assertEqual(ended.returncode, 0, ended.stderr[-2000:])
        return ended

    def steps_and_epochs(self):
        steps = [mark["value"] for mark in self.engine.all_marks("step")]
        return steps, [mark["value"] for mark in self.engine.all_marks("epoch")]

    def resumed(self):
        """Step, samples and epochs before the second run, and its epochs with their steps."""
        marks = list(self.engine.marks[list(self.engine.runs)[-1]].values())
        first = {kind: next((mark["value"] for mark in marks if mark["kind"] == kind), None) for kind in ("step", "samples", "epoch")}
        return first["step"], first["samples"], int(first["epoch"]), self.epochs_at(marks)

    def epochs_at(self, marks):
        return [(mark["value"], mark["step"]) for mark in marks if mark["kind"] == "epoch"]

    def windows(self):
        return [mark["label"] for mark in self.engine.all_marks("window-end")]

    @needs("torch", "transformers", "accelerate")
    def test_hugging_face(self):
        # 24 samples in batches of 8, three times: 9 steps.
        ended = self.train(_huggingface)
        self.assertIn("steps 9", ended.stdout)
        self.assertEqual(self.steps_and_epochs(), (list(range(10)), [1, 2, 3]))
        self.assertEqual(self.epochs_at(self.engine.all_marks()), [(1, 3), (2, 6), (3, 9)])
        self.assertEqual([mark["value"] for mark in self.engine.all_marks("samples")][-1], 72)
        self.assertEqual([mark["step"] for mark in self.engine.all_marks("loss")], [3, 6, 9])
        self.assertEqual(self.windows(), ["eval"] * 3)
        self.assertEqual(self.engine.stops[0][1]["status"], "finished")

    @needs("torch", "lightning")
    def test_lightning(self):
        ended = self.train(_lightning)
        self.assertIn("steps 9", ended.stdout)
        self.assertEqual(self.steps_and_epochs(), (list(range(10)), [1, 2, 3]))
        self.assertEqual(self.epochs_at(self.engine.all_marks()), [(1, 3), (2, 6), (3, 9)])
        self.assertEqual(self.windows(), ["sanity check", "validation", "validation", "validation"])
        self.assertEqual(len(self.engine.all_marks("val_loss")) > 0, True)
        self.assertEqual(self.engine.stops[0][1]["status"], "finished")

    @needs("torch", "keras")
    def test_keras(self):
        self.train(_keras, KERAS_BACKEND="torch")
        self.assertEqual(self.steps_and_epochs(), (list(range(10)), [1, 2, 3]))
        self.assertEqual(self.epochs_at(self.engine.all_marks()), [(1, 3), (2, 6), (3, 9)])
        self.assertEqual(self.windows(), ["eval"] * 3)
        self.assertEqual(len(self.engine.all_marks("val_loss")), 3)

    @needs("torch", "transformers", "accelerate")
    def test_hugging_face_that_resumes(self):
        code = _huggingface.replace('save_strategy="no"', 'save_strategy="epoch"').replace("num_train_epochs=3", "num_train_epochs=EPOCHS")
        self.train("EPOCHS = 2\n" + code)
        self.train("EPOCHS = 4\n" + code.replace("trainer.train()", "trainer.train(resume_from_checkpoint=True)"))
        # Two epochs of three steps and 24 samples are done; two more follow.
        self.assertEqual(self.resumed(), (6, 48, 2, [(2, 0), (3, 9), (4, 12)]))

    @needs("torch", "lightning")
    def test_lightning_that_resumes(self):
        code = _lightning.replace("max_epochs=3", "max_epochs=EPOCHS")
        self.train("EPOCHS = 5\n" + code + 'trainer.save_checkpoint(HOME + "/last.ckpt")')
        self.train("EPOCHS = 7\n" + code.replace("loader, loader)\nprint", 'loader, loader, ckpt_path=HOME + "/last.ckpt")\nprint'))
        self.assertEqual(self.resumed(), (15, None, 5, [(5, 0), (6, 18), (7, 21)]))

    @needs("torch", "keras")
    def test_keras_that_resumes(self):
        self.train(_keras.replace("epochs=3", "epochs=7, initial_epoch=5"), KERAS_BACKEND="torch")
        # Its steps are counted from where it was resumed.
        self.assertEqual(self.resumed(), (0, None, 5, [(5, 0), (6, 3), (7, 6)]))

    @needs("torch")
    def test_pytorch_with_forked_loader_workers_and_a_loss_that_is_a_tensor(self):
        ended = self.train(_torch_worker)
        self.assertEqual(ended.stderr.count("wattrun"), 0)
        self.assertEqual(self.steps_and_epochs(), (list(range(1, 10)), [1, 2, 3]))
        self.assertEqual(len(self.engine.all_marks("loss")), 9)
        self.assertEqual((len(self.engine.runs), len(self.engine.stops)), (1, 1))

    @needs("torch", "tensorboard")
    def test_tensorboard(self):
        ended = self.train(_tensorboard, TENSORBOARD_LOGDIR=self.engine.home + "/own")
        self.assertEqual(ended.stdout, "12.5\n12.5\n")

    @loads("wandb")
    def test_weights_and_biases(self):
        ended = self.train(_wandb, WANDB_SILENT="true")
        # Two steps of the training, and the last sum.
        self.assertEqual(ended.stdout, "12.5 2 3\n10\n")
        self.assertEqual(ended.stderr.count("wandb.init() before"), 1)

    @loads("mlflow")
    def test_mlflow(self):
        ended = self.train(_mlflow)
        self.assertEqual(ended.stdout.splitlines()[-1], "12.5 15.0 2.0")
        self.assertEqual(ended.stderr.count("mlflow.start_run() before"), 1)

    @needs("IPython")
    def test_notebook_cells(self):
        ended = self.train(_notebook, IPYTHONDIR=self.engine.home)
        self.assertIn("my cell: 12.5 J (10 J to 15 J), ", ended.stdout)
        self.assertEqual(
            [run["name"] for run in self.engine.runs.values()], ["my cell", "broken", "broken", "broken", "inner", "broken", "inner"]
        )
        self.assertEqual(
            [body["status"] for _, body in self.engine.stops], ["finished", "failed", "failed", "stopped", "failed", "failed", "failed"]
        )
        # Each is shown once: by itself, and below the magic.
        self.assertEqual(ended.stdout.count(": division by zero"), 4)
