# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_git_kitty_global_optspecs
    string join \n C= format= q/quiet v/verbose color= actor= h/help V/version
end

function __fish_git_kitty_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_git_kitty_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_git_kitty_using_subcommand
    set -l cmd (__fish_git_kitty_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c git-kitty -n "__fish_git_kitty_needs_command" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_needs_command" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_needs_command" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_needs_command" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "init" -d 'Set a repository up: hooks, exclusions'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "install" -d 'Install, inspect or remove the hooks'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "scope" -d 'Say what a branch without a mission may touch'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "mission" -d 'Make, list, show, plan and close missions'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "wp" -d 'Claim, move, list and show work packages'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "lane" -d 'List, open, sync, repair and close lanes'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "review" -d 'Open, verify, show and decide reviews'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "status" -d 'Show how missions, lanes and work packages stand'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "ready" -d 'Show what can be started now, and what keeps the rest'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "log" -d 'Show the events of a mission, and follow them'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "forecast" -d 'Show what a merge would come to now'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "merge" -d 'Bring finished lanes together, and land the mission'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "verify-landing" -d 'Prove from commits alone how a mission landed'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "undo" -d 'Take the last merge back'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "why" -d 'Tell who owns a path, and what would be refused'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "guard" -d 'Judge a change, or the commits of a range'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "override" -d 'Let a branch take for a while what is refused, on record'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "commit" -d 'Commit just some paths to a branch that is named'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "outbox" -d 'Show and retry what waits for systems outside'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "doctor" -d 'Find what is wrong, and mend what is safe to mend'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "event" -d 'Reduce, check and append events (plumbing)'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "merge-driver" -d 'Merge a log or a snapshot for git (plumbing)'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand init" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l agent -d 'The tools to tell that they must ask before they edit files, or with --uninstall to tell no longer: claude, codex, cursor; the hooks stay as they are' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l doors -d 'The hooks to install, separated by commas (default: those of kitty.doors, else all)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l uninstall -d 'Take the hooks away, and restore what was there before'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l status -d 'Show how the hooks stand, and change nothing'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l server -d 'Install the hook of a server instead, in a bare repository that others push to'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -l branch -d 'The branch (default: the one that is checked out)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -f -a "add" -d 'Add globs: the branch may touch what one of them matches'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -f -a "list" -d 'Show the globs'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and not __fish_seen_subcommand_from add list clear" -f -a "clear" -d 'Remove all globs: the branch is free again'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -l branch -d 'The branch (default: the one that is checked out)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -l branch -d 'The branch (default: the one that is checked out)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -l branch -d 'The branch (default: the one that is checked out)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand scope; and __fish_seen_subcommand_from clear" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "create" -d 'Make a mission: id, coordination branch and first files; no checkout is touched'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "finalize" -d 'Make a plan hold: check it, compute its lanes, begin its log'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "adopt" -d 'Give an older mission a coordination branch'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "close" -d 'Remove the worktrees and branches of a mission that has landed'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "list" -d 'List the missions that are neither complete nor given up'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "show" -d 'Show a mission: identity, branches, lanes, work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from create finalize adopt close list show worktree" -f -a "worktree" -d 'Find or make the coordination worktree, a view of the mission\'s branch, or remove it'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -l target -d 'The branch it lands on (default: the one that is checked out)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -l title -d 'Its title (default: the words of its name)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -l from -d 'Take planning files from this directory only (default: the primary checkout and the coordination worktree)' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -l dry-run -d 'Check and tell everything, and write nothing'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from finalize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -l discard -d 'Give it up: delete also branches that were never merged'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -l keep-branches -d 'Remove the worktrees only'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l all -d 'List these too'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -l remove -d 'Remove it, if nobody\'s work is in it'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from worktree" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -f -a "list" -d 'List the work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -f -a "move" -d 'Move a work package to another status'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -f -a "claim" -d 'Claim a planned work package: from now on it is the actor\'s, in the worktree of its lane'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list move claim show" -f -a "show" -d 'Show a work package: its status, what it owns, what it waits for'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l to -d 'Where to: planned, claimed, in_progress (or doing), for_review, in_review, approved, done, blocked, canceled' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l reason -d 'Why' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l review-ref -d 'The review that this answers' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l reviewer -d 'Who reviewed' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l verdict -d 'What the reviewer says' -r -f -a "approved\t''
changes_requested\t''"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l reference -d 'Where the reviewer says it' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l evidence -d 'What there is to review' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l workspace -d 'Where the work happens (default: the lane)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l force -d 'Past edges and guards; needs --reason'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -l subtasks-complete -d 'All subtasks are done'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -l reason -d 'Why it is taken over' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -l takeover -d 'Take it over from whoever has it: their commits are refused from then on'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from claim" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -f -a "list" -d 'List the lanes, and how their branches and worktrees stand'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -f -a "open" -d 'Give a lane its branch and its worktree, or finish what was begun'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -f -a "sync" -d 'Bring the coordination branch into a lane'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -f -a "repair" -d 'Put a lane\'s worktree and sparse checkout right'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and not __fish_seen_subcommand_from list open sync repair close" -f -a "close" -d 'Remove a lane\'s worktree, then its branch, if nothing is lost by that'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from repair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand lane; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -f -a "open" -d 'Write a prompt for the review of a work package that is in review'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -f -a "verify" -d 'Compare a prompt with the repository: does it belong here?'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -f -a "diff" -d 'Show what a work package changed, between the commits that its review is of'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and not __fish_seen_subcommand_from open verify diff verdict" -f -a "verdict" -d 'Give the verdict of a review: approved, or back to work'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -l reviewer -d 'Who reviews (default: the actor)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -l wp -d 'The work package that it must be of' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l verdict -d 'What the reviewer says' -r -f -a "approved\t''
changes_requested\t''"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l reference -d 'Where the reviewer says it' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l reviewer -d 'Who reviewed (default: the actor)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand review; and __fish_seen_subcommand_from verdict" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -l watch -d 'Show it again whenever it changes'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -l watch -d 'Show it again whenever it changes'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand ready" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l wp -d 'Only events of this work package' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l since -d 'Only events at this time or later: RFC 3339, or how long ago (10m, 2h, 3d)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l kind -d 'Only events of this kind: lane, annotation, foreign, or the type of a foreign one' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -s n -d 'Only the last N events' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l follow -d 'Wait for more events, and print them as they come'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -l accept -d 'Take the log as it is now, although it lost or changed lines since it was last seen'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand log" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -l watch -d 'Show it again whenever it changes'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand forecast" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l strategy -d 'How the mission lands (default: `merge.strategy` of the policy, else ff, and merge where the target has moved on)' -r -f -a "ff\t''
merge\t''
squash\t''
rebase\t''"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l note -d 'Why the review does not count; goes on record' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l dry-run -d 'Tell what would be done, and do nothing of it'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l lanes-only -d 'Bring the finished lanes to the coordination branch, and no further'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l pr -d 'Land on a branch for a pull request, and leave the target as it is'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l resolve -d 'Open a worktree with the conflict at which the merge stops'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l continue -d 'Take what was resolved there, and go on'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l abort -d 'Give the resolution up; the merge has changed nothing'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -l skip-review-check -d 'Merge although the latest review of a work package asks for changes'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -l mission -d 'The mission, as the argument' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand verify-landing" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -l dry-run -d 'Tell what would be taken back, and do nothing'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand undo" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -l branch -d 'Ask for this branch instead of the one that is checked out' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand why" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'
github\t'Workflow commands of GitHub Actions'
sarif\t'A SARIF 2.1.0 log'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l range -d 'Judge each commit that B has and A has not, by itself' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l paths -d 'Judge paths as if each were changed; they need not exist' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l branch -d 'Judge for this branch instead of the one that is checked out, or that the range ends with' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l agent-hook -d 'Answer this tool, whose event is read from standard input, before it edits a file: claude, codex, cursor' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l staged -d 'Judge the staged change (the default)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l explain -d 'Show for each path the rule that decided'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l ref -d 'The branch that may take what is refused' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l reason -d 'Why: it is written down' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l for -d 'For how long, as in 90s, 10m, 2h; a day at most' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l revoke -d 'End the one with this id, those of --ref, or all' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -l list -d 'Show what is in force'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand override" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -l to-branch -d 'The branch, which must be the one that is checked out' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -s m -l message -d 'The message; each further one is a paragraph of its own' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand commit" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -l drop -d 'Give a delivery up' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -l retry -d 'Try to deliver all that waits, now'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand outbox" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -l fix -d 'Mend what is safe to mend; nobody\'s work is touched'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -l canary -d 'Prove in each worktree that hooks run, by moves that must be refused and are never made'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -f -a "reduce" -d 'Print the snapshot of an event log: the bytes of its status.json'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -f -a "check" -d 'Say whether a transition would be allowed, and if not what is missing'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce check append" -f -a "append" -d 'Append events from standard input, a JSON object a line; answers each with a receipt'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -l meta -d 'The mission\'s meta.json, for number and type (default: the one beside FILE)' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from reduce" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l to -d 'Where to: planned, claimed, in_progress (or doing), for_review, in_review, approved, done, blocked, canceled' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l reason -d 'Why' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l review-ref -d 'The review that this answers' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l reviewer -d 'Who reviewed' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l verdict -d 'What the reviewer says' -r -f -a "approved\t''
changes_requested\t''"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l reference -d 'Where the reviewer says it' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l evidence -d 'What there is to review' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l workspace -d 'Where the work happens (default: the lane)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l mission -d 'The mission: ULID, mid8, slug or directory' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l force -d 'Past edges and guards; needs --reason'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -l subtasks-complete -d 'All subtasks are done'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -l mission -d 'The mission: ULID, mid8, slug or directory' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -l batch -d 'All lines as one commit, or none of them'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and __fish_seen_subcommand_from append" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand merge-driver" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "init" -d 'Set a repository up: hooks, exclusions'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "install" -d 'Install, inspect or remove the hooks'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "scope" -d 'Say what a branch without a mission may touch'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "mission" -d 'Make, list, show, plan and close missions'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "wp" -d 'Claim, move, list and show work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "lane" -d 'List, open, sync, repair and close lanes'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "review" -d 'Open, verify, show and decide reviews'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "status" -d 'Show how missions, lanes and work packages stand'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "ready" -d 'Show what can be started now, and what keeps the rest'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "log" -d 'Show the events of a mission, and follow them'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "forecast" -d 'Show what a merge would come to now'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "merge" -d 'Bring finished lanes together, and land the mission'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "verify-landing" -d 'Prove from commits alone how a mission landed'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "undo" -d 'Take the last merge back'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "why" -d 'Tell who owns a path, and what would be refused'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "guard" -d 'Judge a change, or the commits of a range'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "override" -d 'Let a branch take for a while what is refused, on record'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "commit" -d 'Commit just some paths to a branch that is named'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "outbox" -d 'Show and retry what waits for systems outside'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "doctor" -d 'Find what is wrong, and mend what is safe to mend'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "event" -d 'Reduce, check and append events (plumbing)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "merge-driver" -d 'Merge a log or a snapshot for git (plumbing)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp lane review status ready log forecast merge verify-landing undo why guard override commit outbox doctor event merge-driver help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from scope" -f -a "add" -d 'Add globs: the branch may touch what one of them matches'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from scope" -f -a "list" -d 'Show the globs'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from scope" -f -a "clear" -d 'Remove all globs: the branch is free again'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "create" -d 'Make a mission: id, coordination branch and first files; no checkout is touched'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "finalize" -d 'Make a plan hold: check it, compute its lanes, begin its log'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "adopt" -d 'Give an older mission a coordination branch'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "close" -d 'Remove the worktrees and branches of a mission that has landed'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "list" -d 'List the missions that are neither complete nor given up'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "show" -d 'Show a mission: identity, branches, lanes, work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "worktree" -d 'Find or make the coordination worktree, a view of the mission\'s branch, or remove it'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from wp" -f -a "list" -d 'List the work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from wp" -f -a "move" -d 'Move a work package to another status'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from wp" -f -a "claim" -d 'Claim a planned work package: from now on it is the actor\'s, in the worktree of its lane'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from wp" -f -a "show" -d 'Show a work package: its status, what it owns, what it waits for'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from lane" -f -a "list" -d 'List the lanes, and how their branches and worktrees stand'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from lane" -f -a "open" -d 'Give a lane its branch and its worktree, or finish what was begun'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from lane" -f -a "sync" -d 'Bring the coordination branch into a lane'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from lane" -f -a "repair" -d 'Put a lane\'s worktree and sparse checkout right'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from lane" -f -a "close" -d 'Remove a lane\'s worktree, then its branch, if nothing is lost by that'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from review" -f -a "open" -d 'Write a prompt for the review of a work package that is in review'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from review" -f -a "verify" -d 'Compare a prompt with the repository: does it belong here?'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from review" -f -a "diff" -d 'Show what a work package changed, between the commits that its review is of'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from review" -f -a "verdict" -d 'Give the verdict of a review: approved, or back to work'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "reduce" -d 'Print the snapshot of an event log: the bytes of its status.json'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "check" -d 'Say whether a transition would be allowed, and if not what is missing'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "append" -d 'Append events from standard input, a JSON object a line; answers each with a receipt'
