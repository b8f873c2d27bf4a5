import type { Shell } from '../../core/tab-completion/shell-lines.ts';

// Each script calls the `orx` of the PATH, never the word on the command line, which may be a file in someone else's folder. No
// script evaluates the output. Its first line is `words`, `files` or `folders`, the other lines are candidates:
// core/tab-completion/shell-lines.ts.

const BASH = `# orx completion for bash
_orx_completion() {
  local line kind=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(command orx --complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" "$COMP_TYPE" 2>/dev/null </dev/null)
  case $kind in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
    words) compopt -o nosort 2>/dev/null ;;
  esac
}
if type compopt >/dev/null 2>&1; then
  complete -F _orx_completion orx
else
  complete -o default -F _orx_completion orx
fi
`;

const ZSH = `#compdef orx
# orx completion for zsh
_orx() {
  local -a lines values abouts shown how
  local kind line
  local -i width=0 at
  lines=("\${(@f)$(command orx --complete zsh "\${(@Q)words[1,CURRENT-1]}" "=\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  kind=$lines[1]
  case $kind in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    [[ -n $line ]] || continue
    values+=("\${line%%$'\\t'*}")
    abouts+=("\${line#*$'\\t'}")
    (( $#values[-1] > width )) && width=$#values[-1]
  done
  for (( at = 1; at <= $#values; at++ )); do
    if [[ -n $abouts[at] ]]; then shown+=("\${(r:width:)values[at]}  $abouts[at]"); else shown+=("$values[at]"); fi
  done
  (( $#values )) || return 1
  if [[ $values[1] != "\${(Q)PREFIX}"* ]]; then
    # Words that are meant to take the place of what was typed: of several, none does before it is chosen.
    how=(-U)
    (( $#values > 1 )) && compstate[insert]= compstate[list]='list force'
  fi
  compadd $how -l -V orx -d shown -a -- values
}
if [[ $funcstack[1] == _orx ]]; then
  _orx "$@"
else
  compdef _orx orx
fi
`;

const FISH = `# orx completion for fish
function __orx_completion
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l plain (string unescape -- $current)
    or set plain $current
    set -l lines (command orx --complete fish $words "=$plain" 2>/dev/null </dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path $plain
        case folders
            __fish_complete_directories $plain
        case words
            printf '%s\\n' $lines[2..-1]
    end
end
complete -c orx -f -k -a '(__orx_completion)'
`;

const POWERSHELL = `# orx completion for PowerShell
Register-ArgumentCompleter -Native -CommandName orx -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $program = Get-Command orx -CommandType Application, ExternalScript -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $program) { return }
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $current = "=" + $wordToComplete.Trim("'", '"')
    $lines = @(& $program --complete powershell @words $current 2>$null)
    # Files are what PowerShell offers where nothing else is.
    if ($lines.Count -lt 2 -or $lines[0] -ne 'words') { return }
    foreach ($line in $lines[1..($lines.Count - 1)]) {
        $value, $about = $line -split "\`t", 2
        if (-not $about) { $about = $value }
        $text = if ($value -match '^[A-Za-z0-9_./:=-]+$') { $value } else { "'" + $value.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
    }
}
`;

/** The scripts that shells source to complete the command lines of orx. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
