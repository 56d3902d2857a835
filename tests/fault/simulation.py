"""Nights from a seed, through kills, power cuts, full disks and faulty upstreams.

``python -m tests.fault.simulation --seeds 50 --nights 10`` (``make simulate``). What happens
is drawn from the seed alone (``simulated_script``); each try of a night is a fork of this
process, which has imported and warmed everything; after each try the oracle looks at the
state folder (``simulated_oracle``). The first thing that is not as it must be ends the seed,
and is printed with all that happened and the command that replays it. ``--plant`` lets the
nights run with one of the bugs of ``simulated_bugs``; exits with 1 where something was found.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fault.simulated_bugs import PLANTS
from tests.fault.simulated_seed import Found, Simulation
from tests.fault.simulated_world import World, quiet_library, world
from yanbao.releases.release_files import remove_folder

COMMAND = "python -m tests.fault.simulation"


def simulate(
    world: World, seed: int, count: int, folder: Path, plant: str = ""
) -> tuple[Found | None, int]:
    """One seed: what was found, if anything, and how many tries its nights took."""
    simulation = Simulation(world, folder / f"seed-{seed}" / "home", seed, plant)
    simulation.home.parent.mkdir()
    found = None
    try:
        simulation.run(count)
    except Found as error:
        found = error
    remove_folder(simulation.home.parent)
    return found, simulation.tries


def told(found: Found, count: int, plant: str) -> str:
    """All about something that was found."""
    more = f" --plant {plant}" if plant else ""
    return "\n".join(
        [
            f"{found}",
            *(f"  {rule}: {text}" for rule, text in found.violations),
            *found.events,
            f"replay: {COMMAND} --seed {found.seed} --nights {count}{more}",
        ]
    )


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--seeds", type=int, default=50, help="how many seeds, from --first on")
    words.add_argument("--first", type=int, default=1)
    words.add_argument("--seed", type=int, help="this seed alone")
    words.add_argument("--nights", type=int, default=10)
    words.add_argument("--plant", choices=("", *PLANTS), default="", help="a bug to be found")
    given = words.parse_args()
    seeds = [given.seed] if given.seed else range(given.first, given.first + given.seeds)
    library = quiet_library()
    bad = tries = 0
    with TemporaryDirectory() as name, world(library, Path(name)) as shared:
        before = sum(os.times()[:4])
        for seed in seeds:
            found, tried = simulate(shared, seed, given.nights, Path(name), given.plant)
            tries += tried
            spent = sum(os.times()[:4]) - before
            state = "found something" if found else "nothing found"
            print(f"seed {seed}: {state}; {spent / max(tries, 1):.1f} CPU s a try", flush=True)
            if found:
                bad += 1
                print(told(found, given.nights, given.plant), flush=True)
                if given.plant:
                    break
    print(f"seeds to {seed}, {given.nights} nights each, {tries} tries: {bad} found something")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
