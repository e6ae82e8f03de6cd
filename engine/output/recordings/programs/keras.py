import os; os.environ["KERAS_BACKEND"] = "torch"
import sys, numpy as np, keras
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
model.compile("sgd", "mse")
x, y = np.random.rand(320, 8), np.random.rand(320, 1)
model.fit(x, y, epochs=3, batch_size=10, validation_split=0.1, verbose=int(sys.argv[1]))
model.evaluate(x, y, verbose=int(sys.argv[1]))
