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
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "mission" -d 'List and show missions'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "wp" -d 'List and show work packages'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "status" -d 'Show how missions, lanes and work packages stand'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "why" -d 'Tell who owns a path, and what would be refused'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "guard" -d 'Judge a change by hand'
complete -c git-kitty -n "__fish_git_kitty_needs_command" -f -a "event" -d 'Reduce event logs (plumbing)'
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
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l doors -d 'The hooks to install, separated by commas (default: all)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l uninstall -d 'Take the hooks away, and restore what was there before'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand install" -l status -d 'Show how the hooks stand, and change nothing'
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
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List the missions that are not complete'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Show a mission: identity, branches, lanes, work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand mission; and __fish_seen_subcommand_from list" -l all -d 'List complete ones too'
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
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -l mission -d 'The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List the work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand wp; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Show a work package: its status, what it owns, what it waits for'
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
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand status" -s V -l version -d 'Print version'
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
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l paths -d 'Judge paths, from the top of the repository, as if each were changed' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l branch -d 'Judge for this branch instead of the one that is checked out' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l staged -d 'Judge the staged change (the default)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -l explain -d 'Show for each path the rule that decided'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand guard" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -s C -d 'Work as if started in PATH; several are taken one after another' -r -F
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -l format -d 'Form of the answer' -r -f -a "human\t'Text for people'
json\t'One JSON document'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -l actor -d 'Who acts (default: GIT_KITTY_ACTOR, then git\'s identity)' -r
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -s q -l quiet -d 'Leave out warnings'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -s v -l verbose -d 'Say more'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -s V -l version -d 'Print version'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand event; and not __fish_seen_subcommand_from reduce" -f -a "reduce" -d 'Print the snapshot of an event log: the bytes of its status.json'
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
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "init" -d 'Set a repository up: hooks, exclusions'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "install" -d 'Install, inspect or remove the hooks'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "scope" -d 'Say what a branch without a mission may touch'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "mission" -d 'List and show missions'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "wp" -d 'List and show work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "status" -d 'Show how missions, lanes and work packages stand'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "why" -d 'Tell who owns a path, and what would be refused'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "guard" -d 'Judge a change by hand'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "event" -d 'Reduce event logs (plumbing)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and not __fish_seen_subcommand_from init install scope mission wp status why guard event help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from scope" -f -a "add" -d 'Add globs: the branch may touch what one of them matches'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from scope" -f -a "list" -d 'Show the globs'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from scope" -f -a "clear" -d 'Remove all globs: the branch is free again'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "list" -d 'List the missions that are not complete'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from mission" -f -a "show" -d 'Show a mission: identity, branches, lanes, work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from wp" -f -a "list" -d 'List the work packages'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from wp" -f -a "show" -d 'Show a work package: its status, what it owns, what it waits for'
complete -c git-kitty -n "__fish_git_kitty_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "reduce" -d 'Print the snapshot of an event log: the bytes of its status.json'
