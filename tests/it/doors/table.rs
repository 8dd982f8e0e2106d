//! The ways to move a branch.

use super::ground::{Ground, Guarded};

/// Whether a foreign file on that way is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is refused, and the lane stays as it was.
    Refused,
    /// Git tells no hook: a later door, or the doctor, finds it.
    NowhereAtOnce,
    /// It moves no branch that anybody guards, and must go through.
    Harmless,
}

/// What a way does with the branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// It brings commits that are there already.
    Moves,
    /// It makes commits on it, which no protected branch takes.
    Commits,
    /// It makes commits of code on it, or takes some away: that is for lanes.
    Codes,
}

/// A way, as one would type it; `$BRANCH` is checked out, `$X` has one more commit, of `$FILE`;
/// `$MINE` is a file that whoever works there may change, and `$NEW` one that he may add.
pub(super) struct Way {
    pub(super) name: &'static str,
    pub(super) script: &'static str,
    pub(super) seen: Seen,
    does: Does,
    /// The first git that has it.
    pub(super) since: (u32, u32),
    /// Whether it needs refs as files.
    pub(super) files_only: bool,
    /// Whether git throws away what hooks say.
    pub(super) is_mute: bool,
}

impl Way {
    /// Whether this git and this repository know it.
    pub(super) fn is_known(&self, ground: &Ground) -> bool {
        let (major, minor, _) = ground.git_version();
        (major, minor) >= self.since && !(self.files_only && ground.has_reftable)
    }

    /// Whether it can be honest work on such a branch.
    pub(super) fn is_honest_on(&self, guarded: Guarded) -> bool {
        match guarded {
            Guarded::Lane => true,
            Guarded::Coordination => self.does != Does::Codes,
            Guarded::Protected => self.does == Does::Moves,
        }
    }

    const fn moves(self) -> Self {
        Self { does: Does::Moves, ..self }
    }

    const fn codes(self) -> Self {
        Self { does: Does::Codes, ..self }
    }
}

const fn way(name: &'static str, script: &'static str, seen: Seen) -> Way {
    let (does, since) = (Does::Commits, (2, 38));
    Way { name, script, seen, does, since, files_only: false, is_mute: false }
}

const fn refused(name: &'static str, script: &'static str) -> Way {
    way(name, script, Seen::Refused)
}

const fn harmless(name: &'static str, script: &'static str) -> Way {
    way(name, script, Seen::Harmless)
}

const fn unseen(name: &'static str, script: &'static str) -> Way {
    way(name, script, Seen::NowhereAtOnce)
}

/// All of them.
pub(super) const WAYS: &[Way] = &[
    refused("commit", "mkdir -p $(dirname $FILE); echo n >$FILE; git add $FILE; git commit -qm w"),
    refused("commit -n", "mkdir -p $(dirname $FILE); echo n >$FILE; git add $FILE; git commit -nqm w"),
    refused("commit -a -n", "echo n >$FILE; git add -N $FILE; git commit -naqm w"),
    refused("commit -n -- PATH", "echo n >$FILE; git add -N $FILE; git commit -nqm w -- $FILE"),
    refused(
        "commit -n --amend",
        "git commit -q --allow-empty -m e; echo n >$FILE; git add $FILE; git commit -nq --amend -m w",
    ),
    refused(
        "commit through a symbolic branch",
        "git symbolic-ref refs/heads/alias refs/heads/$BRANCH; git symbolic-ref HEAD refs/heads/alias; echo n >$FILE; git add $FILE; git commit -nqm w",
    ),
    refused(
        "commit of a conflict's end",
        "git switch -q --detach; git commit -q --allow-empty -m e; git switch -q $BRANCH; git merge -q --no-commit --no-ff HEAD@{1}; echo n >$FILE; git add $FILE; git commit -nqm w",
    ),
    refused(
        "commit-tree, update-ref",
        "git update-ref refs/heads/$BRANCH $(git commit-tree -p $BRANCH -m w $X^{tree})",
    ),
    refused("merge, fast-forward", "git merge -q --ff-only $X").moves(),
    refused("merge --no-ff", "git merge -q --no-ff -m m $X"),
    refused("merge --no-ff --no-verify", "git merge -q --no-ff --no-verify -m m $X"),
    refused("merge --squash", "git merge -q --squash $X; git commit -nqm m"),
    refused(
        "merge of several",
        "git branch third $BASE; git switch -q third; git commit -q --allow-empty -m t; git switch -q $BRANCH; git merge -q -m m $X third",
    ),
    refused(
        "merge that hides a change",
        "git switch -q -c side $BASE; git commit -q --allow-empty -m s; git switch -q $BRANCH; git merge -q --no-commit --no-ff side; mkdir -p $(dirname $FILE); echo n >$FILE; git add $FILE; git commit -nqm m",
    ),
    refused(
        "merge --continue",
        "git switch -q -c side; git commit -q --allow-empty -m s; git switch -q $BRANCH; git merge -q --no-commit --no-ff side; echo n >$FILE; git add $FILE; git -c core.editor=true merge --continue",
    ),
    refused(
        "pull from a remote",
        "git init -q --bare ../up $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git remote add up ../up; git push -q --no-verify up $X:refs/heads/w; git pull -q up w",
    ).moves(),
    refused(
        "pull --rebase",
        "git init -q --bare ../up $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git remote add up ../up; git push -q --no-verify up $X:refs/heads/w; git commit -q --allow-empty -m e; git pull -q --rebase up w",
    ),
    refused("cherry-pick", "git cherry-pick $X"),
    refused(
        "cherry-pick of several",
        "git switch -q -c more $X; git commit -q --allow-empty -m e; git switch -q $BRANCH; git cherry-pick --allow-empty $BASE..more",
    ),
    refused("cherry-pick -n", "git cherry-pick -n $X; git commit -nqm w"),
    refused(
        "revert of a removal",
        "git switch -q --detach $X; git rm -q $FILE; git commit -qm r; R=$(git rev-parse HEAD); git switch -q $BRANCH; git revert --no-edit $R || { git add -A; git commit -nqm r; }",
    ),
    refused("rebase onto", "git commit -q --allow-empty -m e; git rebase -q $X"),
    refused("rebase, fast-forward", "git rebase -q $X").moves(),
    refused(
        "rebase -i with exec",
        "git commit -q --allow-empty -m e; mkdir -p $(dirname $FILE); GIT_SEQUENCE_EDITOR=true git rebase -q -i --keep-empty --exec \"echo n >$FILE; git add $FILE; git commit -nqm w\" HEAD~",
    ),
    refused(
        "rebase -i with edit",
        "git commit -q --allow-empty -m e; GIT_SEQUENCE_EDITOR='sed -i s/^pick/edit/' git rebase -q -i --keep-empty HEAD~; mkdir -p $(dirname $FILE); echo n >$FILE; git add $FILE; git commit -nqm w; git -c core.editor=true rebase --continue",
    ),
    refused(
        "rebase --apply",
        "echo e >$NEW; git add $NEW; git commit -qm e; git rebase -q --apply $X",
    ),
    refused("rebase --autostash", "echo dirty >>$MINE; git rebase -q --autostash $X").moves(),
    refused("rebase of another branch", "git switch -q --detach; git rebase -q $X $BRANCH"),
    refused("am", "git format-patch -q --stdout $BASE..$X | git am -q"),
    refused("am --3way", "git format-patch -q --stdout $BASE..$X | git am -q -3"),
    refused("apply --index", "git diff --binary $BASE $X | git apply --index; git commit -nqm w"),
    refused(
        "stash apply",
        "mkdir -p $(dirname $FILE); echo n >$FILE; git add $FILE; git stash -q; git stash apply -q --index; git commit -nqm w",
    ),
    refused("checkout of the tree", "git checkout -q $X -- .; git commit -nqm w"),
    refused("read-tree", "git read-tree -m -u HEAD $X; git commit -nqm w"),
    refused("reset --hard", "git reset -q --hard $X").moves(),
    refused("reset --soft", "git reset -q --soft $X").moves(),
    refused("reset --mixed", "git reset -q $X").moves(),
    refused("reset --keep", "git reset -q --keep $X").moves(),
    refused("checkout -B, on it", "git checkout -q -B $BRANCH $X").moves(),
    refused("checkout -B, elsewhere", "git switch -q --detach; git checkout -q -B $BRANCH $X").moves(),
    refused("switch -C", "git switch -q --detach; git switch -q -C $BRANCH $X").moves(),
    refused("branch -f", "git switch -q --detach; git branch -f $BRANCH $X").moves(),
    refused(
        "branch, after -D",
        "git switch -q --detach; git branch -D $BRANCH || true; git branch -f $BRANCH $X",
    ).moves(),
    refused("worktree add -B", "git switch -q --detach; git worktree add -q -B $BRANCH ../tree $X").moves(),
    refused("update-ref", "git update-ref refs/heads/$BRANCH $X").moves(),
    refused("update-ref HEAD", "git update-ref HEAD $X").moves(),
    refused("update-ref with old value", "git update-ref refs/heads/$BRANCH $X $BASE").moves(),
    refused(
        "update-ref --stdin",
        "printf 'start\\nupdate refs/heads/other %s\\nupdate refs/heads/%s %s\\nprepare\\ncommit\\n' $(git rev-parse $X) $BRANCH $(git rev-parse $X) | git update-ref --stdin",
    ).moves(),
    refused(
        "update-ref through an alias",
        "git symbolic-ref refs/heads/alias refs/heads/$BRANCH; git update-ref refs/heads/alias $X",
    ).moves(),
    refused("fetch into it", "git switch -q --detach; git fetch -q . $X:$BRANCH").moves(),
    refused("fetch +into it", "git switch -q --detach; git fetch -q . +$X:$BRANCH").moves(),
    refused(
        "fetch from a bundle",
        "git switch -q --detach; git bundle create -q ../b $X; git fetch -q ../b $X:$BRANCH",
    ).moves(),
    refused(
        "push to oneself",
        "git switch -q --detach; git push -q --no-verify . $X:refs/heads/$BRANCH",
    ).moves(),
    refused(
        "push from a clone",
        "git switch -q --detach; git clone -q . ../clone; cd ../clone; git push -q --no-verify origin origin/$X:refs/heads/$BRANCH",
    ).moves(),
    refused(
        "push onto a checkout",
        "git config receive.denyCurrentBranch updateInstead; git clone -q . ../clone; cd ../clone; git push -q --no-verify origin origin/$X:refs/heads/$BRANCH",
    ).moves(),
    refused(
        "fast-import",
        "git switch -q --detach; { echo reset refs/heads/$BRANCH; echo from $(git rev-parse $X); } | git fast-import --quiet --force",
    ).moves(),
    Way {
        is_mute: true,
        ..refused(
            "filter-branch",
            "echo e >$NEW; git add $NEW; git commit -qm e; FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --tree-filter \"mkdir -p $(dirname $FILE); echo n >$FILE\" HEAD~..HEAD",
        )
    },
    Way {
        since: (2, 44),
        ..refused(
            "replay",
            "git switch -q --detach; git replay --onto $X $BASE..$BRANCH | git update-ref --stdin; git commit -q --allow-empty -m e; git replay --advance $BRANCH $BASE..$X | git update-ref --stdin",
        )
    },
    refused(
        "GIT_DIR from elsewhere",
        "top=$(pwd); cd /; GIT_DIR=$top/.git git update-ref refs/heads/$BRANCH $X",
    ).moves(),
    refused(
        "a replaced object",
        "R=$(git commit-tree -p $BASE -m w $X^{tree}); I=$(git commit-tree -p $BASE -m w $BASE^{tree}); git replace $R $I; git update-ref refs/heads/$BRANCH $R; git replace -d $R",
    ),
    refused(
        "in an environment of another index",
        "GIT_INDEX_FILE=/dev/null git update-ref refs/heads/$BRANCH $X",
    ).moves(),
    refused(
        "a commit below one that takes it back",
        "git switch -q --detach; mkdir -p $(dirname $FILE); echo n >$FILE; git add $FILE; git commit -qm one; git update-ref refs/heads/$BRANCH HEAD",
    ),
    unseen("branch -M", "git switch -q --detach; git branch -M $X $BRANCH").moves(),
    unseen("branch -C", "git switch -q --detach; git branch -C $X $BRANCH").moves(),
    unseen("no hooks by -c", "git -c core.hooksPath=/dev/null update-ref refs/heads/$BRANCH $X").moves(),
    unseen(
        "no hooks by the environment",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null git update-ref refs/heads/$BRANCH $X",
    ).moves(),
    Way { files_only: true, ..unseen("a file in .git", "git rev-parse $X >.git/refs/heads/$BRANCH").moves() },
    harmless("gc", "git gc -q --prune=now").moves(),
    harmless("pack-refs, twice", "git pack-refs --all --prune; git pack-refs --all --prune").moves(),
    harmless("maintenance", "git maintenance run --task=gc --task=loose-objects").moves(),
    harmless("prune", "git prune --expire=now").moves(),
    harmless("stash push and pop", "echo dirty >>$MINE; git stash -q; git stash pop -q").moves(),
    harmless(
        "stash branch",
        "echo dirty >>$MINE; git stash -q; git stash branch -q sb || git stash branch sb",
    ).moves(),
    harmless("stash clear", "echo dirty >>$MINE; git stash -q; git stash clear").moves(),
    harmless("tag, -f, -d", "git tag t $X; git tag -f t $BASE; git tag -d t").moves(),
    harmless("notes", "git notes add -m n $X; git notes remove $X").moves(),
    harmless("replace", "git replace $X $BASE; git replace -d $(git rev-parse $X)").moves(),
    harmless(
        "bisect",
        "git bisect start; git bisect bad; git bisect good HEAD~2; git bisect reset",
    ).moves(),
    harmless(
        "branch of one's own",
        "git branch mine $X; git branch -f mine $BASE; git branch -m mine yours; git branch -c yours copy; git branch -D yours copy",
    ).moves(),
    harmless(
        "checkout and back",
        "git switch -q --detach $X; git checkout -q $BRANCH; git checkout -q -b new; git checkout -q --orphan o; git checkout -qf $BRANCH",
    ).moves(),
    harmless(
        "worktrees",
        "git switch -q --detach; git worktree add -q ../one $BRANCH; git worktree add -q -b two ../two $X; git worktree move ../two ../three; git worktree remove ../three; git worktree remove ../one; git worktree prune",
    ).moves(),
    harmless(
        "symbolic-ref",
        "git symbolic-ref refs/heads/alias refs/heads/$X; git symbolic-ref -d refs/heads/alias",
    ).moves(),
    harmless(
        "reset --hard to itself",
        "git reset -q --hard; git reset -q --hard HEAD; git update-ref refs/heads/$BRANCH $BASE",
    ).moves(),
    harmless(
        "reset to an older commit",
        "git reset -q --hard HEAD~; git reset -q --hard ORIG_HEAD",
    ).codes(),
    harmless(
        "merge --abort",
        "git switch -q --detach; echo other >$MINE; git commit -qam o; git switch -q $BRANCH; echo mine >$MINE; git commit -qam m; git merge -q HEAD@{2} || git merge --abort",
    ),
    harmless(
        "cherry-pick --abort",
        "git cherry-pick -n $X; git cherry-pick --abort || git reset -q --hard",
    ).moves(),
    harmless(
        "rebase --abort",
        "git switch -q --detach; echo other >$MINE; git commit -qam o; O=$(git rev-parse HEAD); git switch -q $BRANCH; echo mine >$MINE; git commit -qam m; git rebase -q $O || git rebase --abort",
    ),
    harmless(
        "am --abort",
        "git format-patch -q --stdout $BASE..$X >../p; echo garbage | git am -q || git am --abort",
    ).moves(),
    harmless(
        "fetch, with tags and prune",
        "git clone -q --bare . ../up; git remote add up ../up; git fetch -q --tags up; git -C ../up branch -D $X; git fetch -q --prune up; git remote rename up down; git remote remove down",
    ).moves(),
    harmless(
        "push of tags and branches",
        "git init -q --bare ../up $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git remote add up ../up; git tag t; git push -q --no-verify up t $X; git push -q --no-verify up :$X",
    ).moves(),
    harmless(
        "clone",
        "git clone -q . ../clone; git clone -q --bare . ../bare; git clone -q --mirror . ../mirror",
    ).moves(),
    harmless("sparse-checkout", "git sparse-checkout set src; git sparse-checkout disable").moves(),
    harmless("reflog expire", "git reflog expire --expire=now --all").moves(),
    harmless(
        "a submodule",
        "git switch -q -c mine; git init -q ../sub $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git -C ../sub commit -q --allow-empty -m s; git -c protocol.file.allow=always submodule add -q ../sub src/b/sub; git commit -qm s",
    ).moves(),
    Way {
        since: (2, 46),
        files_only: true,
        ..harmless(
            "refs migrate",
            "git reflog expire --expire=all --all; rm -rf .git/logs; git refs migrate --ref-format=reftable",
        ).moves()
    },
    harmless("merge of the coordination branch", "C=${BRANCH%-lane-b}; git merge -q --no-ff -m m $C").codes(),
    harmless("merge of main", "git merge -q --no-ff -m m main").codes(),
];
