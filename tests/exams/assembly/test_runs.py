"""Runs: asked for, solved, watched, stopped, resumed, frozen."""

import datetime
import subprocess
import threading
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from config.embedded.processes import wait_until
from exams.assembly.actions import assemble, cancel_run, freeze_run, start_run
from exams.assembly.actions.runs import Watch, resume_runs, run_assembly
from exams.assembly.engine.linear import Progress
from exams.assembly.equals import faults_of
from exams.assembly.errors import BankChanged, NoPaper, RunRefused
from exams.assembly.models import AssemblyRun, Blueprint, Paper, PaperReader
from exams.assembly.outcomes import why_not
from exams.assembly.queries import placed_items
from exams.bank.models import Item
from tests.exams.assembly.conftest import AT
from tests.factories.assembly import AssemblyRunFactory, BlueprintFactory, PaperFactory
from tests.factories.bank import ItemVersionFactory
from tests.factories.people import item_manager

pytestmark = pytest.mark.django_db


def solved(blueprint: Blueprint, **options: Any) -> AssemblyRun:
    """Return a run that has been solved."""
    run = start_run(blueprint=blueprint, seed=options.pop("seed", 7), by=item_manager(), at=AT, **options)
    run_assembly(pk=run.pk)
    run.refresh_from_db()
    return run


def test_run_is_solved_once_it_is_committed(
    blueprint: Blueprint, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    by = item_manager()
    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(blueprint=blueprint, forms=2, seed=7, by=by, at=AT)
        assert (run.state, run.requested_by, run.started_at) == ("waiting", by, None)
    run.refresh_from_db()
    assert (run.state, run.result["status"], len(run.result["forms"])) == ("done", "optimal", 2)
    assert run.started_at <= run.finished_at
    assert run.solver.startswith("HiGHS")
    assert len(run.bank_sha256) == 64
    assert not Paper.objects.exists()


def test_run_gives_what_assembling_gives(blueprint: Blueprint) -> None:
    run, solution = solved(blueprint, forms=2), assemble(blueprint=blueprint, seed=7, forms=2)
    assert [form["sha256"] for form in run.result["forms"]] == [form.sha256 for form in solution.forms]
    assert run.bank_sha256 == solution.bank_sha256


def test_frozen_forms_are_those_of_the_run(blueprint: Blueprint) -> None:
    run, by = solved(blueprint, forms=2), item_manager()
    papers = freeze_run(run=run, by=by, at=AT)
    assert [paper.sha256 for paper in papers] == [form["sha256"] for form in run.result["forms"]]
    assert [(paper.form, paper.state, paper.run) for paper in papers] == [
        ("A", "draft", run),
        ("B", "draft", run),
    ]
    assert {(paper.bank_sha256, paper.solver) for paper in papers} == {(run.bank_sha256, run.solver)}
    items = [{one.version.item_id for one in placed_items(paper)} for paper in papers]
    assert items[0].isdisjoint(items[1])
    assert set(PaperReader.objects.values_list("paper", "person")) == {(one.pk, by.pk) for one in papers}
    assert freeze_run(run=run, by=item_manager(), at=AT) == papers
    assert Paper.objects.count() == 2


def test_forms_share_what_was_asked_for(blueprint: Blueprint) -> None:
    forms = solved(blueprint, forms=3, overlap=4).result["forms"]
    items = [{one["code"] for one in form["items"]} for form in forms]
    assert [len(one & other) for one, other in ((items[0], items[1]), (items[1], items[2]))] == [4, 4]
    assert len(set.intersection(*items)) == 4


@pytest.mark.parametrize("change", ["new version", "suspended", "blueprint", "used up"])
def test_run_is_not_frozen_when_its_bank_changed(blueprint: Blueprint, change: str) -> None:
    blueprint.exposure_cap = 3
    blueprint.save()
    run = solved(blueprint)
    item = Item.objects.get(code=run.result["forms"][0]["items"][0]["code"])
    if change == "new version":
        assert item.current is not None
        ItemVersionFactory(item=item, number=2, knowledge=item.current.knowledge)
    elif change == "suspended":
        Item.objects.filter(pk=item.pk).update(state="suspended")
    elif change == "used up":
        Item.objects.filter(pk=item.pk).update(used_count=3)
    else:
        Blueprint.objects.update(checksum="1" * 64)
    with pytest.raises(BankChanged):
        freeze_run(run=run, by=item_manager(), at=AT)
    assert not Paper.objects.exists()


def test_run_without_forms_says_why_and_freezes_nothing(blueprint: Blueprint) -> None:
    Item.objects.filter(current__knowledge__code__startswith="B").update(state="draft")
    run = solved(blueprint)
    assert (run.state, run.result["status"], run.result["forms"]) == ("done", "infeasible", [])
    why = why_not(run.result)
    assert "缺少单项选择题 1 题" in why.missing[0]
    assert why.heading.endswith("：")
    assert any("相关基础知识" in text for text in why.conflict)
    with pytest.raises(NoPaper, match="缺少单项选择题"):
        freeze_run(run=run, by=item_manager(), at=AT)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"forms": 0}, "1 到 8"),
        ({"forms": 9}, "1 到 8"),
        ({"overlap": 1}, "没有共同题"),
        ({"forms": 2, "overlap": 20}, "0 到 19"),
    ],
)
def test_senseless_requests_are_refused(blueprint: Blueprint, asked: dict[str, int], words: str) -> None:
    with pytest.raises(RunRefused, match=words):
        start_run(blueprint=blueprint, seed=1, by=item_manager(), at=AT, **asked)  # type: ignore[arg-type]
    assert not AssemblyRun.objects.exists()


def test_retired_blueprint_is_refused(blueprint: Blueprint) -> None:
    blueprint.retired_at = AT
    with pytest.raises(RunRefused, match="停用"):
        start_run(blueprint=blueprint, seed=1, by=item_manager(), at=AT)


def test_waiting_run_is_cancelled_at_once_and_never_solved(blueprint: Blueprint) -> None:
    run = start_run(blueprint=blueprint, seed=7, by=item_manager(), at=AT)
    assert cancel_run(run=run, at=AT).state == "cancelled"
    run_assembly(pk=run.pk)
    run.refresh_from_db()
    assert (run.state, run.result, run.started_at) == ("cancelled", {}, None)


def test_done_run_stays_done(blueprint: Blueprint) -> None:
    run = solved(blueprint)
    assert cancel_run(run=run, at=AT).state == "done"
    assert not cancel_run(run=run, at=AT).is_cancelled


def test_watch_notes_progress_and_hears_that_the_run_is_stopped() -> None:
    run = AssemblyRunFactory(state="running", progress={"tries": 1})
    watch = Watch(run)
    assert watch(2, Progress(1.0, 30.0, 20.0, 0.5))
    run.refresh_from_db()
    assert {key: run.progress[key] for key in ("form", "value", "bound", "gap", "tries")} == {
        "form": 2,
        "value": 30.0,
        "bound": 20.0,
        "gap": 0.5,
        "tries": 1,
    }
    assert watch(3, Progress(1.1, 30.0, 20.0, 0.5))  # too soon: nothing is written
    cancel_run(run=run, at=AT)
    watch.noted = None
    assert not watch(3, Progress(2.0, 30.0, 20.0, 0.5))
    assert not watch(3, Progress(2.1, 30.0, 20.0, 0.5))
    run.refresh_from_db()
    assert (watch.is_stopped, run.progress["form"], run.state) == (True, 2, "running")


def test_run_of_an_unusable_blueprint_fails_in_words(blueprint: Blueprint) -> None:
    Blueprint.objects.update(vector="nothing")
    blueprint.refresh_from_db()
    run = solved(blueprint)
    assert run.state == "failed"
    assert "nothing" in run.result["refused"]


def test_what_a_dead_worker_left_is_taken_up(blueprint: Blueprint) -> None:
    run = AssemblyRunFactory(blueprint=blueprint, state="running", progress={"tries": 1, "form": 1})
    resume_runs()
    run.refresh_from_db()
    assert (run.state, run.progress) == ("waiting", {"tries": 1})
    run_assembly(pk=run.pk)
    run.refresh_from_db()
    assert (run.state, run.progress["tries"]) == ("done", 2)
    assert len(freeze_run(run=run, by=item_manager(), at=AT)) == 1


def test_run_that_kills_its_worker_three_times_is_given_up(blueprint: Blueprint) -> None:
    deadly = AssemblyRunFactory(blueprint=blueprint, state="running", progress={"tries": 3})
    stopped = AssemblyRunFactory(blueprint=blueprint, state="running", is_cancelled=True)
    assert resume_runs() == 0
    for run, state in ((deadly, "failed"), (stopped, "cancelled")):
        run.refresh_from_db()
        assert run.state == state
        assert run.finished_at is not None


def test_next_run_is_called_when_one_ends(
    blueprint: Blueprint, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first, second = (
        AssemblyRunFactory(blueprint=blueprint, requested_at=AT + datetime.timedelta(seconds=number))
        for number in range(2)
    )
    with django_capture_on_commit_callbacks(execute=True):
        run_assembly(pk=first.pk)
    for run in (first, second):
        run.refresh_from_db()
        assert run.state == "done"


def test_run_repeats_no_paper_that_it_avoids(blueprint: Blueprint) -> None:
    first = freeze_run(run=solved(blueprint), by=item_manager(), at=AT)[0]
    again = freeze_run(run=solved(blueprint, seed=8, avoid=[first.pk]), by=item_manager(), at=AT)[0]
    items = [{one.version.item_id for one in placed_items(paper)} for paper in (first, again)]
    assert items[0].isdisjoint(items[1])


def test_practice_forms_are_sealed_at_once(blueprint: Blueprint) -> None:
    Item.objects.update(pool="practice")
    Blueprint.objects.update(pool="practice")
    blueprint.refresh_from_db()
    assert [one.state for one in freeze_run(run=solved(blueprint), by=item_manager(), at=AT)] == ["sealed"]
    assert not PaperReader.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_run_is_solved_at_a_time(blueprint: Blueprint) -> None:
    run = AssemblyRunFactory(blueprint=blueprint)
    orphan = AssemblyRunFactory(blueprint=BlueprintFactory(code="other"), state="running")
    taken, done = threading.Event(), threading.Event()

    def at_work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4301011)")
            taken.set()
            done.wait(30)
        connection.close()

    worker = threading.Thread(target=at_work)
    worker.start()
    assert taken.wait(30)
    run_assembly(pk=run.pk)
    assert resume_runs() == 0
    done.set()
    worker.join()
    run.refresh_from_db()
    orphan.refresh_from_db()
    assert (run.state, orphan.state) == ("waiting", "running")


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_worker_solves_a_run(blueprint: Blueprint, celery_worker: "subprocess.Popen[bytes]") -> None:
    run = start_run(blueprint=blueprint, forms=2, seed=7, by=item_manager(), at=AT)
    wait_until(lambda: AssemblyRun.objects.filter(pk=run.pk, state="done").exists(), 60)
    run.refresh_from_db()
    assert [form["letter"] for form in run.result["forms"]] == ["A", "B"]
    assert len(freeze_run(run=run, by=item_manager(), at=AT)) == 2


def test_avoided_papers_of_another_blueprint_do_not_matter(blueprint: Blueprint) -> None:
    assert solved(blueprint, avoid=[PaperFactory().pk]).result["status"] == "optimal"


@pytest.mark.usefixtures("real_bank")
def test_parallel_skill_papers_have_as_many_tasks_of_each_type() -> None:
    blueprint = Blueprint.objects.get(code="l3-skill-live")
    run = solved(blueprint, forms=2)
    first, second = run.result["forms"]
    assert first["counts"] == second["counts"]
    assert first["functions"] == second["functions"]
    assert not {one["code"] for one in first["items"]} & {one["code"] for one in second["items"]}
    papers = freeze_run(run=run, by=item_manager(), at=AT)
    assert [faults_of(paper) for paper in papers] == [[], []]
