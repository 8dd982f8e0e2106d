//! A train under way: predicted step by step, and proven by git.

use anyhow::{Context, Result};

use super::ahead::Ahead;
use super::{AtConflict, Outcome, Request, Step, Train, Wagon};
use crate::domain::change::Change;
use crate::domain::oid::Oid;
use crate::git::graph::Graph;
use crate::git::joining::Joining;
use crate::git::merge::{AutoMerge, Footprint, Kept, Pair, merge_all, predict};
use crate::git::repo::Repo;
use crate::git::write::Writer;

/// The state between two steps.
pub(super) struct Run<'a> {
    writer: &'a Writer<'a>,
    request: &'a Request<'a>,
    wagons: &'a [Wagon],
    kept: Kept<'a>,
    graph: Graph,
    train: Train,
    /// The tree of the train's tip.
    tree: Oid,
    ahead: Option<Ahead>,
    unproven: Vec<Claim>,
}

/// A merge that was predicted.
struct Claim {
    /// Its step's place.
    step: usize,
    pair: Pair,
    tree: Oid,
}

impl<'a> Run<'a> {
    pub(super) fn begin(
        writer: &'a Writer<'a>,
        wagons: &'a [Wagon],
        request: &'a Request<'a>,
    ) -> Result<Self> {
        let start = request.start;
        let tree = writer.repo.tree_of_commit(start)?;
        let tips: Vec<Oid> = wagons.iter().map(|wagon| wagon.tip).chain([start]).collect();
        Ok(Self {
            writer,
            request,
            wagons,
            kept: Kept { tree, paths: request.kept, but: request.but },
            graph: Graph::of(writer.repo, &tips)?,
            train: Train { steps: Vec::new(), tip: start },
            tree,
            ahead: None,
            unproven: Vec::new(),
        })
    }

    pub(super) fn into_train(self) -> Train {
        self.train
    }

    /// Goes on until all is done and proven.
    pub(super) fn go(&mut self) -> Result<()> {
        loop {
            match self.wagons.get(self.train.steps.len()).filter(|_| !self.is_stopped()) {
                Some(wagon) => self.step(wagon)?,
                None => match self.prove(None)? {
                    Proof::Holds(_) => return Ok(()),
                    Proof::Fails => {}
                },
            }
        }
    }

    fn is_stopped(&self) -> bool {
        let last = self.train.steps.last().map(|step| &step.outcome);
        self.request.at_conflict == AtConflict::Stop && matches!(last, Some(Outcome::Conflict(_)))
    }

    fn step(&mut self, wagon: &Wagon) -> Result<()> {
        if self.has(wagon.tip)? {
            self.train.steps.push(Step { wagon: wagon.clone(), outcome: Outcome::Contained });
            return Ok(());
        }
        let pair = Pair { ours: self.train.tip, theirs: wagon.tip };
        if let Some((tree, changes)) = self.predict(wagon)? {
            self.unproven.push(Claim { step: self.train.steps.len(), pair, tree });
            self.take(wagon, AutoMerge::of_tree(tree))?;
            match &mut self.ahead {
                Some(ahead) if self.tree == tree => {
                    ahead.absorb(self.writer.repo, tree, &changes)?
                }
                Some(_) | None => self.ahead = None,
            }
            return Ok(());
        }
        match self.prove(Some(pair))? {
            Proof::Holds(merge) => {
                self.take_from_git(wagon, merge.context("git left the last merge out")?)
            }
            Proof::Fails => Ok(()),
        }
    }

    /// Whether the train has this commit.
    fn has(&self, commit: Oid) -> Result<bool> {
        match self.graph.contains(&self.taken(), commit) {
            Some(known) => Ok(known),
            None => self.repo().is_ancestor(commit, self.train.tip),
        }
    }

    /// The tree of the merge, if that is sure, and what the wagon changed.
    fn predict(&mut self, wagon: &Wagon) -> Result<Option<(Oid, Vec<Change>)>> {
        let Some(base) = self.graph.base(&self.taken(), wagon.tip) else { return Ok(None) };
        let (repo, tip) = (self.repo(), self.tree);
        let [before, after] = [base, wagon.tip].map(|commit| repo.tree_of_commit(commit));
        let (before, after) = (before?, after?);
        let changes = repo.diff(Some(before), Some(after))?;
        let footprint = Footprint::of_changes(repo, after, &changes)?;
        let ahead = match self.ahead.take() {
            Some(ahead) => ahead,
            None => Ahead::of(repo, base, tip)?,
        };
        let is_apart = self.ahead.insert(ahead).is_apart(repo, (base, tip), &footprint)?;
        if !is_apart {
            return Ok(None);
        }
        Ok(Some((predict(self.writer, tip, &changes)?, changes)))
    }

    fn take_from_git(&mut self, wagon: &Wagon, merge: AutoMerge) -> Result<()> {
        self.ahead = None;
        self.writer.adopt_tree(self.tree, merge.tree)?;
        self.take(wagon, merge)
    }

    /// Makes a merge the next step.
    fn take(&mut self, wagon: &Wagon, merge: AutoMerge) -> Result<()> {
        let (ours, theirs) = (self.train.tip, wagon.tip);
        let merge = merge.keeping(self.writer, &self.kept)?;
        let merge = (self.request.settle)(self.writer, merge, ours, theirs)?;
        let tree = merge.tree;
        let message = &(self.request.message)(wagon);
        let signed = self.request.signed;
        let joining = Joining { ours, theirs, kept: self.kept, signed, message };
        let outcome = match joining.finish(self.writer, merge)? {
            Ok(commit) => {
                (self.train.tip, self.tree) = (commit, tree);
                Outcome::Merged { commit }
            }
            Err(merge) => Outcome::Conflict(merge),
        };
        self.train.steps.push(Step { wagon: wagon.clone(), outcome });
        Ok(())
    }

    /// Asks git for all that was predicted, and for one more pair. If it says otherwise, the train
    /// is back at the first such step, which is as git says.
    fn prove(&mut self, more: Option<Pair>) -> Result<Proof> {
        let claims = std::mem::take(&mut self.unproven);
        let pairs: Vec<Pair> = claims.iter().map(|claim| claim.pair).chain(more).collect();
        let mut answers = merge_all(self.repo(), &pairs)?.into_iter();
        for claim in claims {
            let answer = answers.next().context("git left a merge out")?;
            if !answer.clean || answer.tree != claim.tree {
                self.go_back(claim.step)?;
                let wagon = self.wagons.get(claim.step).context("a step without a wagon")?;
                self.take_from_git(wagon, answer)?;
                return Ok(Proof::Fails);
            }
        }
        Ok(Proof::Holds(answers.next()))
    }

    fn go_back(&mut self, steps: usize) -> Result<()> {
        self.train.steps.truncate(steps);
        self.train.tip = self.merged().last().map_or(self.request.start, |(_, commit)| commit);
        self.tree = self.repo().tree_of_commit(self.train.tip)?;
        Ok(())
    }

    /// The tips that the train has, and its merge commits.
    fn merged(&self) -> impl Iterator<Item = (Oid, Oid)> {
        self.train.steps.iter().filter_map(|step| match &step.outcome {
            Outcome::Merged { commit } => Some((step.wagon.tip, *commit)),
            Outcome::Contained | Outcome::Conflict(_) => None,
        })
    }

    fn taken(&self) -> Vec<Oid> {
        self.merged().map(|(tip, _)| tip).chain([self.request.start]).collect()
    }

    fn repo(&self) -> &'a Repo {
        self.writer.repo
    }
}

/// What git says of what was predicted.
enum Proof {
    /// It is so; and the answer about one more pair.
    Holds(Option<AutoMerge>),
    /// One step is otherwise, and those after it are gone.
    Fails,
}
