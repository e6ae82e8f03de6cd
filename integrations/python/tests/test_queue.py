"""What waits between a training and the engine."""

import gc
import importlib.util
import json
import unittest
from fractions import Fraction

from wattrun import Run, _queue, _tensor
from wattrun._moment import each_metric

from .fake_engine import marks_told


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
    return [mark for request in requests for mark in marks_told(json.loads(request.body()))]


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
            self.queue.entries.put(moment(step, loss=0.5))
        requests = self.requests()
        # A step and its loss: 2400 marks, 1000 at most in one request; 1200 moments in slices of 100.
        self.assertEqual([request.count for request in requests], [1000, 1000, 400])
        self.assertEqual(self.breaths, 11)
        marks = marks_of(requests)
        self.assertEqual([mark["value"] for mark in marks if mark["kind"] == "step"], list(range(1, 1201)))
        self.assertEqual(len({mark["id"] for mark in marks}), 2400)

    def test_moments_that_tell_the_same_go_in_columns_whatever_lies_between_them(self):
        for step in range(1, 7):
            self.queue.entries.put((1000.0 + step, None, step, None, None, 512 * step, None, ("loss", 0.5, None)))
            self.queue.entries.put((1000.5 + step, None, None, None, None, None, step, ("grad norm", -2, ("step", 1e300, None))))
        (request,) = self.requests()
        columns = json.loads(request.body())["columns"]
        self.assertEqual(
            [[kind["kind"] for kind in group["kinds"]] for group in columns], [["step", "tokens", "loss"], ["log/step", "grad norm"]]
        )
        self.assertEqual((columns[0]["atMs"][:2], columns[1]["atMs"][:2]), ([1001000, 1002000], [1001500, 1002500]))
        self.assertEqual([group["step"] for group in columns], [[1, 2, 3, 4, 5, 6]] * 2)
        self.assertEqual([kind["values"][-1] for group in columns for kind in group["kinds"]], [6, 3072, 0.5, 1e300, -2])
        self.assertEqual(([group["firstId"] for group in columns], request.count), ([1, 19], 30))

    def test_marks_by_themselves_keep_their_order(self):
        self.queue.entries.put((1000.0, "window-begin", 'e"val', "w1"))
        self.queue.entries.put((1000.0, "here", None, None, None, None, None, None))
        self.queue.entries.put((1000.0, None, None, 1, None, None, None, None))
        self.queue.entries.put((1000.0, "window-end", 'e"val', "w1"))
        marks = marks_of(self.requests())
        self.assertEqual([mark["kind"] for mark in marks], ["window-begin", "note", "epoch", "window-end"])
        self.assertEqual((marks[0]["label"], marks[0]["windowId"]), ('e"val', "w1"))

    def test_an_epoch_that_is_told_with_its_steps_is_done_at_the_last_of_them(self):
        for step in range(1, 8):
            self.queue.entries.put((1000.0 + step, None, step, (step - 1) // 3 + 1, None, None, None, None))
        self.queue.end()
        (request, _) = self.requests()
        body = json.loads(request.body())
        self.assertEqual(body["columns"][0]["epoch"], [1, 1, 1, 2, 2, 2, 3])
        self.assertEqual(
            [(mark["value"], mark["step"], mark["atMs"]) for mark in body["marks"]], [(1, 3, 1003000), (2, 6, 1006000), (3, 7, 1007000)]
        )

    def test_an_epoch_that_is_done_with_a_step_that_is_not_counted_carries_it(self):
        self.queue.entries.put(moment(3))
        self.queue.entries.put((1003.0, None, None, 1, None, None, 3, None))
        self.queue.entries.put((1004.0, None, None, 2, None, None, 6, ("val_loss", 0.5, None)))
        marks = marks_of(self.requests())
        self.assertEqual([(mark["value"], mark["step"]) for mark in marks if mark["kind"] == "epoch"], [(1, 3), (2, 6)])
        self.assertEqual([mark["value"] for mark in marks if mark["kind"] == "step"], [3])

    def test_what_was_done_before_a_training_began_is_told_as_done_before_its_first_step(self):
        for done in (1, 2, 3, 4, 50):
            queue = queue_of(Run("r"))
            run = Run("r")
            run._entries, run._is_silent = queue.entries, False
            run.mark_begin(step=done * 9, epoch=done, samples=done * 72)
            run.log({}, step=(done + 1) * 9, epoch=done + 1)
            marks = marks_of(queue.requests(self.breathe))
            # The engine takes an epoch at step 0 for the run's base: engine/progress/count-series.ts, `baseOf`.
            epochs = [(mark["value"], mark["step"]) for mark in marks if mark["kind"] == "epoch"]
            self.assertEqual(epochs, [(done, 0), (done + 1, (done + 1) * 9)])
            self.assertEqual([mark["value"] for mark in marks if mark["kind"] == "step"], [done * 9])
            self.assertEqual([mark["value"] for mark in marks if mark["kind"] == "samples"], [done * 72])

    def test_a_begin_that_is_told_in_numbers_of_another_kind_is_one_and_what_is_none_takes_nothing_with_it(self):
        run = Run("r")
        run._entries, run._is_silent = self.queue.entries, False
        run.mark_begin(step=Fraction(90), epoch=Fraction(9))
        run.mark_begin(step=90, epoch="none")
        marks = marks_of(self.requests())
        self.assertEqual([(mark["kind"], mark["value"], mark["step"]) for mark in marks if mark["kind"] == "epoch"], [("epoch", 9, 0)])
        self.assertEqual(self.queue.take_unusable(), ["epoch"])

    def test_what_json_has_no_number_for_is_told_by_itself(self):
        odd = [float("nan"), float("inf"), 2**60, True, 0.5]
        for step, value in enumerate(odd):
            self.queue.entries.put(moment(step, loss=value))
        self.queue.entries.put(moment(2**53))
        self.queue.entries.put(moment(-1))
        self.queue.entries.put(moment(1.5))
        (request,) = self.requests()
        body = json.loads(request.body())
        self.assertEqual([kind["values"] for group in body["columns"] for kind in group["kinds"]], [[4], [0.5]])
        self.assertEqual(
            [mark.get("label", mark.get("value")) for mark in body["marks"] if mark["kind"] == "loss"], ["nan", "inf", float(2**60), 1.0]
        )
        self.assertEqual(self.queue.take_unusable(), ["step", "step"])

    def test_more_metrics_than_one_request_holds_go_in_several(self):
        names = [f"m{i}" for i in range(90)]
        for step in range(40):
            self.queue.entries.put(moment(step, **dict.fromkeys(names, step)))
        requests = self.requests()
        self.assertEqual(sum(request.count for request in requests), 40 * 91)
        self.assertTrue(all(request.count <= 1000 for request in requests))
        marks = marks_of(requests)
        self.assertEqual([mark["step"] for mark in marks if mark["kind"] == "m89"], list(range(40)))
        self.assertEqual(len({mark["id"] for mark in marks}), 40 * 91)

    def test_what_comes_while_a_round_is_sent_is_for_the_next(self):
        self.queue.entries.put(moment(1))
        requests = self.queue.requests(self.breathe)
        first = next(requests)
        self.queue.entries.put(moment(2))
        self.assertEqual((first.count, list(requests)), (1, []))
        self.assertEqual([mark["value"] for mark in marks_of(self.requests())], [2])

    def test_what_there_is_no_place_for_is_counted(self):
        for step in range(_queue.most_waiting + 7):
            self.queue.entries.put(moment(step))
        self.assertEqual((len(self.queue.entries), self.queue.entries.dropped), (_queue.most_waiting, 7))

    def test_a_run_begins_before_its_marks_and_ends_after_them(self):
        self.queue.begin()
        self.queue.entries.put(moment(1, loss=float("inf")))
        self.queue.end()
        self.assertEqual([request.kind for request in self.requests()], ["start", "marks", "stop"])
        self.assertTrue(self.queue.is_done)
        self.assertEqual(self.requests(), [])

    def test_what_cannot_be_encoded_takes_nothing_else_with_it(self):
        class Bad:
            def __str__(self):
                raise RuntimeError("no")

        class Exits:
            def __float__(self):
                raise SystemExit(3)

            __str__ = __float__

        self.queue.entries.put((1000.0, Bad(), None, None, None, None, None, None))
        self.queue.entries.put(moment(2)[:6] + (None, (Bad(), 1.0, None)))
        self.queue.entries.put(moment(Exits()))
        self.queue.entries.put(moment(3, loss=Exits()))
        self.queue.entries.put((1000.0, Exits(), None, None, None, None, None, None))
        self.assertEqual([mark["value"] for mark in marks_of(self.requests())], [3])
        self.assertEqual(len(self.queue.take_unusable()), 5)

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
