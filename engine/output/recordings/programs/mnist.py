# The print lines of pytorch/examples/mnist/main.py.
import time
for epoch in range(1, 3):
    for batch_idx in range(0, 50):
        time.sleep(0.004)
        if batch_idx % 10 == 0:
            print('Train Epoch: {} [{}/{} ({:.0f}%)]\tLoss: {:.6f}'.format(epoch, batch_idx * 64, 3200, 100. * batch_idx / 50, 1 / (batch_idx + 1)), flush=True)
    print('\nTest set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)\n'.format(0.1, 90, 100, 90), flush=True)
