"""The benefit system (TCS): dossiers, levels, payment lists, short-term turns, lump sums, unemployment awards."""

from __future__ import annotations

from demo.sources.nation.benefit_levels import make_levels
from demo.sources.nation.dossiers import make_dossiers
from demo.sources.nation.out_of_work import make_awards, make_lump_sums
from demo.sources.nation.payouts import make_grants
from demo.sources.nation.seeds import stream
from demo.sources.nation.turns import make_turns
from demo.sources.nation.world import World
from demo.sources.planting import Notebook
from demo.sources.tcs_awards import write_awards, write_lump_sums, write_turns
from demo.sources.tcs_dossiers import write_dossiers
from demo.sources.tcs_history import write_deaths, write_levels, write_moves
from demo.sources.tcs_payments import Paid, write_payments
from demo.sources.tcs_plan import plan_defects
from demo.sources.writer import Database


def write_benefits_system(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the eight tables of the benefit system."""
    dossiers, plan = plan_defects(world, make_dossiers(world), count)
    levels = make_levels(dossiers, world.seed)
    grants = make_grants(dossiers, levels, stream(world.seed, "benefit grants"))
    paid = Paid(dossiers, levels, plan, grants, make_turns(world), make_lump_sums(world), make_awards(world))
    write_dossiers(world, db, (dossiers, levels, plan), notes)
    write_levels(db, (dossiers, levels, plan), notes)
    write_payments(world, db, paid, notes)
    write_turns(world, db, paid.turns)
    write_lump_sums(world, db, paid.lumps)
    write_deaths(db, world.people, dossiers, grants)
    write_awards(world, db, paid.awards)
    write_moves(db, dossiers)
