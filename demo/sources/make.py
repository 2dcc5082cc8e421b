"""Makes the demonstration's source systems: `python -m demo.sources.make HOME [SCALE [SEED]]`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from demo.ledger import Ledger, Planted
from demo.sources.accounting_system import write_accounting_system
from demo.sources.benefits_system import write_benefits_system
from demo.sources.claims_system import write_claims_system
from demo.sources.efiling_system import write_efiling
from demo.sources.identities import write_identities
from demo.sources.nation.activity import make_activity
from demo.sources.nation.employers import make_employers
from demo.sources.nation.people import make_people
from demo.sources.nation.world import make_world
from demo.sources.planting import Notebook, how_many
from demo.sources.registration_system import write_registration
from demo.sources.schema import FILES
from demo.sources.staff import make_staff, write_personnel
from demo.sources.tst_cards import write_cards
from demo.sources.tst_contributions import write_contributions
from demo.sources.tst_employers import write_employers
from demo.sources.tst_people import write_books, write_people
from demo.sources.writer import Database
from dwh.kernel.progress import Progress, Silent

SCALE, SEED, PROCESSES = 0.001, 2026, 2
FOLDER = "sources"
Job = Callable[[Path, float, int], list[Planted]]


def make_sources(
    home: Path, *, scale: float = SCALE, seed: int = SEED, progress: Progress | None = None
) -> Ledger:
    """Write the source databases and the ledger of planted defects under `home`; return the ledger."""
    watch = progress or Silent()
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    watch.step("Tạo hệ thống nguồn mô phỏng", total=len(JOBS), unit="hệ thống")
    rows: list[Planted] = []
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(job, folder, scale, seed) for job in JOBS]
        for done, future in enumerate(as_completed(running), start=1):
            rows += future.result()
            watch.advance(done, planted=len(rows))
            watch.check()
    ledger = Ledger(scale, seed, tuple(sorted(rows)))
    ledger.save(home)
    return ledger


def make_collection(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the collection system (TST)."""
    world, count = make_world(scale, seed), how_many(scale)
    notes = Notebook("TST")
    db = Database("TST", folder / FILES["TST"])
    write_contributions(world, db, notes, count)
    write_people(world, db, notes, count)
    write_books(world, db)
    write_employers(world, db, notes, count)
    write_cards(world, db, notes, count)
    db.close()
    return notes.rows


def make_benefits(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the benefit system (TCS)."""
    notes = Notebook("TCS")
    db = Database("TCS", folder / FILES["TCS"])
    write_benefits_system(make_world(scale, seed), db, notes, how_many(scale))
    db.close()
    return notes.rows


def make_claims(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the claim system (GIAMDINH)."""
    notes = Notebook("GIAMDINH")
    db = Database("GIAMDINH", folder / FILES["GIAMDINH"])
    write_claims_system(make_world(scale, seed), db, notes, how_many(scale))
    db.close()
    return notes.rows


def make_accounting(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the accounting system (KTTT); its receipts are the payments of the collection system."""
    notes = Notebook("KTTT")
    db = Database("KTTT", folder / FILES["KTTT"])
    write_accounting_system(make_world(scale, seed), db, notes, how_many(scale))
    db.close()
    return notes.rows


def make_people_systems(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the personnel system (QLNS) and the identity system (IAM)."""
    count = how_many(scale)
    staff = make_staff(scale, seed, count)
    personnel, identities = Notebook("QLNS"), Notebook("IAM")
    db = Database("QLNS", folder / FILES["QLNS"])
    write_personnel(staff, db, personnel, seed, count)
    db.close()
    db = Database("IAM", folder / FILES["IAM"])
    write_identities(staff, db, identities, seed)
    db.close()
    return personnel.rows + identities.rows


def make_registration(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the system of numbers and households (HGD)."""
    notes = Notebook("HGD")
    db = Database("HGD", folder / FILES["HGD"])
    write_registration(make_world(scale, seed), db, notes, how_many(scale))
    db.close()
    return notes.rows


def make_efiling(folder: Path, scale: float, seed: int) -> list[Planted]:
    """Write the e-filing system (GDDT)."""
    people = make_people(scale, seed)
    members = make_activity(people, scale, seed).compulsory.members
    employers, _ = make_employers(people, members, seed)
    notes = Notebook("GDDT")
    db = Database("GDDT", folder / FILES["GDDT"])
    write_efiling((people, employers), db, notes, (scale, seed, how_many(scale)))
    db.close()
    return notes.rows


JOBS: tuple[Job, ...] = (  # the longest first
    make_claims, make_collection, make_registration, make_accounting, make_benefits, make_efiling,
    make_people_systems,
)  # fmt: skip


def main(arguments: list[str]) -> None:
    """Read HOME, SCALE and SEED from the command line and make the sources."""
    home = Path(arguments[0])
    scale = float(arguments[1]) if len(arguments) > 1 else SCALE
    seed = int(arguments[2]) if len(arguments) > 2 else SEED
    home.mkdir(parents=True, exist_ok=True)
    make_sources(home, scale=scale, seed=seed)


if __name__ == "__main__":
    main(sys.argv[1:])
