// SPDX-License-Identifier: Apache-2.0

/// Scripts with which shells complete the program's arguments, made of the table of options.
enum ShellCompletions {
  /// The shells that there are scripts for.
  enum Form: String { case bash, zsh, fish }

  static func script(_ form: Form) -> String {
    switch form {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  private static var options: [CommandLineOption] { CommandLineOption.all }

  /// Options, the words that they take, and else files.
  private static var bash: String {
    let words = options.filter { !$0.words.isEmpty }.map {
      "    \($0.name)) words=\"\($0.words.joined(separator: " "))\" ;;"
    }
    let others = options.filter { $0.value != nil && $0.words.isEmpty }.map(\.name)
    return """
      # Completions of straggler for bash.
      _straggler() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=
        COMPREPLY=()
        case $before in
      \(words.joined(separator: "\n"))
          \(others.joined(separator: " | "))) return ;;
        esac
        if [[ -z $words && $word == -* ]]; then
          words="\(options.map(\.name).joined(separator: " "))"
        fi
        if [[ -n $words ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$word"))
        else
          compopt -o filenames 2>/dev/null
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -F _straggler straggler

      """
  }

  private static var zsh: String {
    let lines = options.map { option in
      let value =
        option.value.map {
          ":\($0):" + (option.words.isEmpty ? "" : "(\(option.words.joined(separator: " ")))")
        }
        ?? ""
      return "  '\(option.name)[\(escaped(option.summary[0], "[]:"))]\(value)'"
    }
    return """
      #compdef straggler
      _arguments \\
      \(lines.joined(separator: " \\\n")) \\
        '*:file:_files'

      """
  }

  private static var fish: String {
    options.map { option in
      let name =
        option.name.hasPrefix("--") ? "-l \(option.name.dropFirst(2))" : "-s \(option.name.dropFirst())"
      let value =
        option.value == nil
        ? "" : " -x" + (option.words.isEmpty ? "" : " -a '\(option.words.joined(separator: " "))'")
      return "complete -c straggler \(name)\(value) -d '\(escaped(option.summary[0], ""))'\n"
    }.joined()
  }

  /// `text` between single quotes, with a backslash before `special` characters.
  private static func escaped(_ text: String, _ special: String) -> String {
    text.map { character in
      character == "'" ? "'\\''" : special.contains(character) ? "\\\(character)" : String(character)
    }.joined()
  }
}
