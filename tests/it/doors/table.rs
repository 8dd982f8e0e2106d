//! The ways to move a branch.

use super::ground::{Ground, Kind};

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

/// A way, as one would type it; `$LANE` is checked out, `$X` has one more commit, of `$FILE`.
pub(super) struct Way {
    pub(super) name: &'static str,
    pub(super) script: &'static str,
    pub(super) seen: Seen,
    /// The first git that has it.
    since: (u32, u32),
    /// Whether it needs refs as files.
    files_only: bool,
    /// Whether git throws away what hooks say.
    pub(super) is_mute: bool,
}

impl Way {
    /// Whether this git and this repository know it.
    pub(super) fn is_known(&self, ground: &Ground) -> bool {
        let (major, minor, _) = ground.git_version();
        (major, minor) >= self.since && !(self.files_only && ground.kind == Kind::ReftableSha256)
    }
}

const fn way(name: &'static str, script: &'static str, seen: Seen) -> Way {
    Way { name, script, seen, since: (2, 38), files_only: false, is_mute: false }
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
    refused("commit", "mkdir -p src/a; echo n >$FILE; git add $FILE; git commit -qm w"),
    refused("commit -n", "mkdir -p src/a; echo n >$FILE; git add $FILE; git commit -nqm w"),
    refused("commit -a -n", "echo n >$FILE; git add -N $FILE; git commit -naqm w"),
    refused("commit -n -- PATH", "echo n >$FILE; git add -N $FILE; git commit -nqm w -- $FILE"),
    refused(
        "commit -n --amend",
        "git commit -q --allow-empty -m e; echo n >$FILE; git add $FILE; git commit -nq --amend -m w",
    ),
    refused(
        "commit through a symbolic branch",
        "git symbolic-ref refs/heads/alias refs/heads/$LANE; git symbolic-ref HEAD refs/heads/alias; echo n >$FILE; git add $FILE; git commit -nqm w",
    ),
    refused(
        "commit of a conflict's end",
        "git switch -q --detach; git commit -q --allow-empty -m e; git switch -q $LANE; git merge -q --no-commit --no-ff HEAD@{1}; echo n >$FILE; git add $FILE; git commit -nqm w",
    ),
    refused(
        "commit-tree, update-ref",
        "git update-ref refs/heads/$LANE $(git commit-tree -p $LANE -m w $X^{tree})",
    ),
    refused("merge, fast-forward", "git merge -q --ff-only $X"),
    refused("merge --no-ff", "git merge -q --no-ff -m m $X"),
    refused("merge --no-ff --no-verify", "git merge -q --no-ff --no-verify -m m $X"),
    refused("merge --squash", "git merge -q --squash $X; git commit -nqm m"),
    refused(
        "merge of several",
        "git branch third $BASE; git switch -q third; git commit -q --allow-empty -m t; git switch -q $LANE; git merge -q -m m $X third",
    ),
    refused(
        "merge that hides a change",
        "git switch -q -c side $BASE; git commit -q --allow-empty -m s; git switch -q $LANE; git merge -q --no-commit --no-ff side; mkdir -p src/a; echo n >$FILE; git add $FILE; git commit -nqm m",
    ),
    refused(
        "merge --continue",
        "git switch -q -c side; git commit -q --allow-empty -m s; git switch -q $LANE; git merge -q --no-commit --no-ff side; echo n >$FILE; git add $FILE; git -c core.editor=true merge --continue",
    ),
    refused(
        "pull from a remote",
        "git init -q --bare ../up $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git remote add up ../up; git push -q --no-verify up $X:refs/heads/w; git pull -q up w",
    ),
    refused(
        "pull --rebase",
        "git init -q --bare ../up $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git remote add up ../up; git push -q --no-verify up $X:refs/heads/w; git commit -q --allow-empty -m e; git pull -q --rebase up w",
    ),
    refused("cherry-pick", "git cherry-pick $X"),
    refused(
        "cherry-pick of several",
        "git switch -q -c more $X; git commit -q --allow-empty -m e; git switch -q $LANE; git cherry-pick --allow-empty $BASE..more",
    ),
    refused("cherry-pick -n", "git cherry-pick -n $X; git commit -nqm w"),
    refused(
        "revert of a removal",
        "git switch -q --detach $X; git rm -q $FILE; git commit -qm r; R=$(git rev-parse HEAD); git switch -q $LANE; git revert --no-edit $R || { git add -A; git commit -nqm r; }",
    ),
    refused("rebase onto", "git commit -q --allow-empty -m e; git rebase -q $X"),
    refused("rebase, fast-forward", "git rebase -q $X"),
    refused(
        "rebase -i with exec",
        "git commit -q --allow-empty -m e; mkdir -p src/a; GIT_SEQUENCE_EDITOR=true git rebase -q -i --keep-empty --exec \"echo n >$FILE; git add $FILE; git commit -nqm w\" HEAD~",
    ),
    refused(
        "rebase -i with edit",
        "git commit -q --allow-empty -m e; GIT_SEQUENCE_EDITOR='sed -i s/^pick/edit/' git rebase -q -i --keep-empty HEAD~; mkdir -p src/a; echo n >$FILE; git add $FILE; git commit -nqm w; git -c core.editor=true rebase --continue",
    ),
    refused(
        "rebase --apply",
        "echo e >src/b/e; git add src/b/e; git commit -qm e; git rebase -q --apply $X",
    ),
    refused("rebase --autostash", "echo dirty >>src/b/two.rs; git rebase -q --autostash $X"),
    refused("rebase of another branch", "git switch -q --detach; git rebase -q $X $LANE"),
    refused("am", "git format-patch -q --stdout $BASE..$X | git am -q"),
    refused("am --3way", "git format-patch -q --stdout $BASE..$X | git am -q -3"),
    refused("apply --index", "git diff --binary $BASE $X | git apply --index; git commit -nqm w"),
    refused(
        "stash apply",
        "mkdir -p src/a; echo n >$FILE; git add $FILE; git stash -q; git stash apply -q --index; git commit -nqm w",
    ),
    refused("checkout of the tree", "git checkout -q $X -- .; git commit -nqm w"),
    refused("read-tree", "git read-tree -m -u HEAD $X; git commit -nqm w"),
    refused("reset --hard", "git reset -q --hard $X"),
    refused("reset --soft", "git reset -q --soft $X"),
    refused("reset --mixed", "git reset -q $X"),
    refused("reset --keep", "git reset -q --keep $X"),
    refused("checkout -B, on it", "git checkout -q -B $LANE $X"),
    refused("checkout -B, elsewhere", "git switch -q --detach; git checkout -q -B $LANE $X"),
    refused("switch -C", "git switch -q --detach; git switch -q -C $LANE $X"),
    refused("branch -f", "git switch -q --detach; git branch -f $LANE $X"),
    refused(
        "branch, after -D",
        "git switch -q --detach; git branch -D $LANE || true; git branch -f $LANE $X",
    ),
    refused("worktree add -B", "git switch -q --detach; git worktree add -q -B $LANE ../tree $X"),
    refused("update-ref", "git update-ref refs/heads/$LANE $X"),
    refused("update-ref HEAD", "git update-ref HEAD $X"),
    refused("update-ref with old value", "git update-ref refs/heads/$LANE $X $BASE"),
    refused(
        "update-ref --stdin",
        "printf 'start\\nupdate refs/heads/other %s\\nupdate refs/heads/%s %s\\nprepare\\ncommit\\n' $(git rev-parse $X) $LANE $(git rev-parse $X) | git update-ref --stdin",
    ),
    refused(
        "update-ref through an alias",
        "git symbolic-ref refs/heads/alias refs/heads/$LANE; git update-ref refs/heads/alias $X",
    ),
    refused("fetch into it", "git switch -q --detach; git fetch -q . $X:$LANE"),
    refused("fetch +into it", "git switch -q --detach; git fetch -q . +$X:$LANE"),
    refused(
        "fetch from a bundle",
        "git switch -q --detach; git bundle create -q ../b $X; git fetch -q ../b $X:$LANE",
    ),
    refused(
        "push to oneself",
        "git switch -q --detach; git push -q --no-verify . $X:refs/heads/$LANE",
    ),
    refused(
        "push from a clone",
        "git switch -q --detach; git clone -q . ../clone; cd ../clone; git push -q --no-verify origin origin/$X:refs/heads/$LANE",
    ),
    refused(
        "push onto a checkout",
        "git config receive.denyCurrentBranch updateInstead; git clone -q . ../clone; cd ../clone; git push -q --no-verify origin origin/$X:refs/heads/$LANE",
    ),
    refused(
        "fast-import",
        "git switch -q --detach; { echo reset refs/heads/$LANE; echo from $(git rev-parse $X); } | git fast-import --quiet --force",
    ),
    Way {
        is_mute: true,
        ..refused(
            "filter-branch",
            "echo e >src/b/e; git add src/b/e; git commit -qm e; FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --tree-filter \"mkdir -p src/a; echo n >$FILE\" HEAD~..HEAD",
        )
    },
    Way {
        since: (2, 44),
        ..refused(
            "replay",
            "git switch -q --detach; git replay --onto $X $BASE..$LANE | git update-ref --stdin; git commit -q --allow-empty -m e; git replay --advance $LANE $BASE..$X | git update-ref --stdin",
        )
    },
    refused(
        "GIT_DIR from elsewhere",
        "top=$(pwd); cd /; GIT_DIR=$top/.git git update-ref refs/heads/$LANE $X",
    ),
    refused(
        "a replaced object",
        "R=$(git commit-tree -p $BASE -m w $X^{tree}); I=$(git commit-tree -p $BASE -m w $BASE^{tree}); git replace $R $I; git update-ref refs/heads/$LANE $R; git replace -d $R",
    ),
    refused(
        "in an environment of another index",
        "GIT_INDEX_FILE=/dev/null git update-ref refs/heads/$LANE $X",
    ),
    refused(
        "a commit below one that takes it back",
        "git switch -q --detach; mkdir -p src/a; echo n >$FILE; git add $FILE; git commit -qm one; git update-ref refs/heads/$LANE HEAD",
    ),
    unseen("branch -M", "git switch -q --detach; git branch -M $X $LANE"),
    unseen("branch -C", "git switch -q --detach; git branch -C $X $LANE"),
    unseen("no hooks by -c", "git -c core.hooksPath=/dev/null update-ref refs/heads/$LANE $X"),
    unseen(
        "no hooks by the environment",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null git update-ref refs/heads/$LANE $X",
    ),
    Way { files_only: true, ..unseen("a file in .git", "git rev-parse $X >.git/refs/heads/$LANE") },
    harmless("gc", "git gc -q --prune=now"),
    harmless("pack-refs, twice", "git pack-refs --all --prune; git pack-refs --all --prune"),
    harmless("maintenance", "git maintenance run --task=gc --task=loose-objects"),
    harmless("prune", "git prune --expire=now"),
    harmless("stash push and pop", "echo dirty >>src/b/two.rs; git stash -q; git stash pop -q"),
    harmless(
        "stash branch",
        "echo dirty >>src/b/two.rs; git stash -q; git stash branch -q sb || git stash branch sb",
    ),
    harmless("stash clear", "echo dirty >>src/b/two.rs; git stash -q; git stash clear"),
    harmless("tag, -f, -d", "git tag t $X; git tag -f t $BASE; git tag -d t"),
    harmless("notes", "git notes add -m n $X; git notes remove $X"),
    harmless("replace", "git replace $X $BASE; git replace -d $(git rev-parse $X)"),
    harmless(
        "bisect",
        "git bisect start; git bisect bad; git bisect good HEAD~2; git bisect reset",
    ),
    harmless(
        "branch of one's own",
        "git branch mine $X; git branch -f mine $BASE; git branch -m mine yours; git branch -c yours copy; git branch -D yours copy",
    ),
    harmless(
        "checkout and back",
        "git switch -q --detach $X; git checkout -q $LANE; git checkout -q -b new; git checkout -q --orphan o; git checkout -qf $LANE",
    ),
    harmless(
        "worktrees",
        "git switch -q --detach; git worktree add -q ../one $LANE; git worktree add -q -b two ../two $X; git worktree move ../two ../three; git worktree remove ../three; git worktree remove ../one; git worktree prune",
    ),
    harmless(
        "symbolic-ref",
        "git symbolic-ref refs/heads/alias refs/heads/$X; git symbolic-ref -d refs/heads/alias",
    ),
    harmless(
        "reset --hard to itself",
        "git reset -q --hard; git reset -q --hard HEAD; git update-ref refs/heads/$LANE $BASE",
    ),
    harmless(
        "reset to an older commit",
        "git reset -q --hard HEAD~; git reset -q --hard ORIG_HEAD",
    ),
    harmless(
        "merge --abort",
        "git switch -q --detach; echo other >src/b/two.rs; git commit -qam o; git switch -q $LANE; echo mine >src/b/two.rs; git commit -qam m; git merge -q HEAD@{2} || git merge --abort",
    ),
    harmless(
        "cherry-pick --abort",
        "git cherry-pick -n $X; git cherry-pick --abort || git reset -q --hard",
    ),
    harmless(
        "rebase --abort",
        "git switch -q --detach; echo other >src/b/two.rs; git commit -qam o; O=$(git rev-parse HEAD); git switch -q $LANE; echo mine >src/b/two.rs; git commit -qam m; git rebase -q $O || git rebase --abort",
    ),
    harmless(
        "am --abort",
        "git format-patch -q --stdout $BASE..$X >../p; echo garbage | git am -q || git am --abort",
    ),
    harmless(
        "fetch, with tags and prune",
        "git clone -q --bare . ../up; git remote add up ../up; git fetch -q --tags up; git -C ../up branch -D $X; git fetch -q --prune up; git remote rename up down; git remote remove down",
    ),
    harmless(
        "push of tags and branches",
        "git init -q --bare ../up $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git remote add up ../up; git tag t; git push -q --no-verify up t $X; git push -q --no-verify up :$X",
    ),
    harmless(
        "clone",
        "git clone -q . ../clone; git clone -q --bare . ../bare; git clone -q --mirror . ../mirror",
    ),
    harmless("sparse-checkout", "git sparse-checkout set src; git sparse-checkout disable"),
    harmless("reflog expire", "git reflog expire --expire=now --all"),
    harmless(
        "a submodule",
        "git switch -q -c mine; git init -q ../sub $(git rev-parse --show-object-format | sed 's/^/--object-format=/'); git -C ../sub commit -q --allow-empty -m s; git -c protocol.file.allow=always submodule add -q ../sub src/b/sub; git commit -qm s",
    ),
    Way {
        since: (2, 46),
        files_only: true,
        ..harmless(
            "refs migrate",
            "git reflog expire --expire=all --all; rm -rf .git/logs; git refs migrate --ref-format=reftable",
        )
    },
    harmless("merge of the coordination branch", "C=${LANE%-lane-b}; git merge -q --no-ff -m m $C"),
    harmless("merge of main", "git merge -q --no-ff -m m main"),
];
