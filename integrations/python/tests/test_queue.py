"""What waits between a training and the engine."""

import gc
import importlib.util
import json
import unittest

from wattrun import Run, _queue, _tensor
from wattrun._encode import each_metric


class NoSender:
    """Is woken and does nothing."""

    def wake(self):
        pass


def queue_of(run):
    return _queue.RunQueue(run, NoSender(), "test")


def moment(step, **metrics):
    kept = None
    for name, value in metrics.items():
        kept = (name, value, kept)
    return (1000.0, None, step, None, None, None, None, kept)


def marks_of(requests):
    return [mark for request in requests for mark in json.loads(request.body())["marks"]]


class Queues(unittest.TestCase):
    def setUp(self):
        self.breaths = 0
        self.queue = queue_of(Run("r"))

    def breathe(self):
        self.breaths += 1

    def requests(self):
        return list(self.queue.requests(self.breathe))

    def test_what_waits_goes_in_requests_that_the_engine_takes_and_python_s_lock_is_let_go_of_between_slices(self):
        for step in range(1, 1201):
            self.queue.put(moment(step, loss=0.5))
        requests = self.requests()
        # A step and its loss: 2400 marks, 1000 at most in one request; 1200 moments in slices of 100.
        self.assertEqual([len(request.marks) for request in requests], [1000, 1000, 400])
        self.assertEqual(self.breaths, 11)
        marks = marks_of(requests)
        self.assertEqual([mark["value"] for mark in marks if mark["kind"] == "step"], list(range(1, 1201)))
        self.assertEqual(len({mark["id"] for mark in marks}), 2400)

    def test_marks_keep_their_order_with_windows_notes_and_epochs_among_them(self):
        self.queue.put(moment(1))
        self.queue.put((1000.0, "window-begin", 'e"val', "w1"))
        self.queue.put((1000.0, "here", None, None, None, None, None, None))
        self.queue.put((1000.0, None, None, 1, None, None, None, None))
        self.queue.put((1000.0, "window-end", 'e"val', "w1"))
        marks = marks_of(self.requests())
        self.assertEqual([mark["kind"] for mark in marks], ["step", "window-begin", "note", "epoch", "window-end"])
        self.assertEqual((marks[1]["label"], marks[1]["windowId"]), ('e"val', "w1"))

    def test_what_comes_while_a_round_is_sent_is_for_the_next(self):
        self.queue.put(moment(1))
        requests = self.queue.requests(self.breathe)
        first = next(requests)
        self.queue.put(moment(2))
        self.assertEqual((len(first.marks), list(requests)), (1, []))
        self.assertEqual([mark["value"] for mark in marks_of(self.requests())], [2])

    def test_what_there_is_no_place_for_is_counted(self):
        for step in range(_queue.most_waiting + 7):
            self.queue.put(moment(step))
        self.assertEqual((len(self.queue.entries), self.queue.dropped), (_queue.most_waiting, 7))

    def test_a_run_begins_before_its_marks_and_ends_after_them(self):
        self.queue.begin()
        self.queue.put(moment(1, loss=float("inf")))
        self.queue.end()
        self.assertEqual([request.kind for request in self.requests()], ["start", "marks", "stop"])
        self.assertTrue(self.queue.is_done)
        self.assertEqual(self.requests(), [])

    def test_what_cannot_be_encoded_takes_nothing_else_with_it(self):
        class Bad:
            def __str__(self):
                raise RuntimeError("no")

        self.queue.put((1000.0, Bad(), None, None, None, None, None, None))
        self.queue.put(moment(2)[:6] + (None, (Bad(), 1.0, None)))
        self.queue.put(moment(3))
        self.assertEqual([mark["value"] for mark in marks_of(self.requests())], [3])
        self.assertEqual(len(self.queue.take_unusable()), 2)

    def test_plain_marks_are_nothing_to_the_garbage_collector(self):
        run = Run("r")
        queue = queue_of(run)
        run._entries, run._is_silent = queue.entries, False
        for step in range(100):
            run.mark(step=step, loss=0.5)
            run.log({"eval/loss": 0.25}, step=step)
        # The youngest are looked at, then those that were left: what is still tracked after that counts towards a collection of everything.
        gc.collect(0)
        gc.collect(1)
        self.assertEqual(len(queue.entries), 200)
        self.assertFalse(any(gc.is_tracked(entry) for entry in queue.entries))


@unittest.skipIf(importlib.util.find_spec("torch") is None, "not installed here: torch")
class Tensors(unittest.TestCase):
    def test_one_in_memory_is_read_at_once_and_another_let_go_of_its_history(self):
        import torch

        weight = torch.tensor([2.0, 3.0], requires_grad=True)
        loss = weight.sum()
        self.assertEqual((_tensor.held(loss), type(_tensor.held(loss))), (5.0, float))
        self.assertFalse(_tensor.held(weight * 2).requires_grad)
        self.assertEqual(_tensor.held("text"), "text")

    def test_those_on_a_device_are_fetched_together_and_what_has_no_number_is_left(self):
        import torch

        _tensor.held(torch.tensor(0))
        several = torch.ones(2)
        moments = [
            moment(1, loss=torch.tensor(0.5), text="t"),
            moment(2, loss=torch.tensor([0.25]), count=torch.tensor(7)),
            moment(3, several=several, nowhere=torch.empty((), device="meta")),
            (1000.0, "window-begin", "eval", "w1"),
        ]
        _tensor.read_tensors(moments)
        read = [dict(each_metric(one[7])) for one in moments[:3]]
        self.assertEqual(read[:2], [{"loss": 0.5, "text": "t"}, {"loss": 0.25, "count": 7}])
        self.assertIs(read[2]["several"], several)
        self.assertEqual(str(read[2]["nowhere"].device), "meta")


if __name__ == "__main__":
    unittest.main()
