# SPDX-License-Identifier: BSD-3-Clause
"""Searches that are signalled and killed: nothing unreadable, nothing lost beyond the points under way, the same table.

SOAPSTONE_KILLS: how many runs are killed (6).
"""
import os
import random
import shutil
import signal
import time

from program import main, need

need("numpy")
from searches import POINTS, SearchTest  # noqa: E402

KILLS = int(os.environ.get("SOAPSTONE_KILLS", "6"))


class Signals(SearchTest):
    def stop_and_go_on(self, number, ranks, to_ranks, ranks_after):
        self.search(output=self.path("whole.csv"))
        run = self.start(ranks)
        self.assertTrue(self.wait_for(lambda: run.shown() >= 2, run))
        for pid in [run.process.pid] if not to_ranks else run.ranks()[-1:]:
            os.kill(pid, number)
        ended = run.wait()
        self.assertEqual(ended.code, 75, str(ended))
        self.assertIn("run the same command again", ended.err)
        self.assertIn(signal.Signals(number).name, ended.err)
        self.assertFalse(self.path("search.csv").exists())
        status, points = self.inspected()
        self.assertEqual(status, "stopped")
        self.assertGreaterEqual(points, run.shown())
        self.assertLess(points, POINTS)
        again = self.search(ranks_after)
        self.assertIn(f"finished points in the checkpoint: {points}", again.err)
        self.assertEqual(self.inspected(), ("finished", POINTS))
        self.expect_same_tables("whole.csv")

    def test_usr1_to_the_launcher(self):
        self.stop_and_go_on(signal.SIGUSR1, 2, False, 3)

    def test_usr2_to_one_rank_only(self):
        self.stop_and_go_on(signal.SIGUSR2, 3, True, 1)

    def test_term_without_a_launcher(self):
        self.stop_and_go_on(signal.SIGTERM, 1, False, 2)


class Kills(SearchTest):
    def being_written(self):
        """Returns whether a file of the checkpoint has a temporary name now."""
        for folder in (self.folder, self.path("search.checkpoint.h5.parts")):
            try:
                if any(name.startswith(".") and name.endswith(".tmp") for name in os.listdir(folder)):
                    return True
            except FileNotFoundError:
                pass
        return False

    def kill_at_some_time(self, run, rng, duration):
        """Kills a rank at any time, or in the midst of writing a file; false if the run was faster."""
        if rng.random() < 0.5:
            time.sleep(rng.uniform(0.1, duration))
        else:
            moment = time.monotonic() + rng.uniform(0.1, duration)
            while run.running() and not (time.monotonic() > moment and self.being_written()):
                pass
        ranks = run.ranks()
        if not ranks:
            return False
        os.kill(rng.choice(ranks), signal.SIGKILL)
        return True

    def test_random_ranks_at_random_times(self):
        start = time.monotonic()
        self.search(3, output=self.path("whole.csv"))
        duration = time.monotonic() - start
        rng = random.Random(int(os.environ.get("SOAPSTONE_KILL_SEED", "1")))
        killed = finished = known = 0
        while killed < KILLS or finished == 0:
            run = self.start(rng.choice((1, 2, 3)))
            was_killed = killed < KILLS and self.kill_at_some_time(run, rng, duration)
            ended = run.wait()
            if was_killed and ended.code != 0:
                killed += 1
            else:
                self.assertEqual(ended.code, 0, str(ended))
            if not self.path("search.checkpoint.h5").exists():
                self.assertEqual(run.shown(), 0)
                continue  # killed before it began
            status, points = self.inspected()
            self.assertGreaterEqual(points, known + run.shown(), str(ended))
            known = points
            if ended.code == 0:
                self.assertEqual((status, points), ("finished", POINTS))
                print(f"{killed} kills, {finished + 1} searches finished", flush=True)
                self.expect_same_tables("whole.csv")
                finished, known = finished + 1, 0
                for path in self.folder.glob("search.*"):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                self.assertEqual(sorted(path.name for path in self.folder.glob(".*")), [])


if __name__ == "__main__":
    main()
