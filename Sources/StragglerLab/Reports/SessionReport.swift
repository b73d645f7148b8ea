// SPDX-License-Identifier: Apache-2.0

/// What a session has shown: every table, figure and result with the command that made it, under the
/// configuration that it was made with. As one page for a browser.
public struct SessionReport: Sendable {
  /// Something that a command has shown.
  public enum Exhibit: Sendable {
    /// Lines as they are in the terminal.
    case text(String)
    /// A table, with what is below it.
    case table(TextTable, note: String)
    /// Plots, which the page draws as SVG.
    case plot(Figure)
    /// A Gantt chart, which the page draws as SVG; the title may be empty.
    case gantt(GanttChart, title: String)
    /// A finished SVG document of this library.
    case figure(svg: String)
    /// Whether what was expected holds.
    case claim(holds: Bool)
  }

  private struct Entry {
    let command: String
    /// Which of the configurations.
    let configuration: Int
    let exhibit: Exhibit
  }

  /// How many lines, and how many other parts, are kept: a session can go on forever.
  private static let limit = 1000

  private var entries: [Entry] = []
  private var configurations: [[String]] = []
  private var lineCount = 0
  private var otherCount = 0

  /// A report without exhibits.
  public init() {}

  /// The commands whose results are kept, in order.
  public var commands: [String] { entries.map(\.command) }

  /// Keeps what `command` has shown. `configuration` are the commands that recreate the configuration.
  public mutating func add(
    _ exhibit: Exhibit, command: String, configuration: @autoclosure () -> [String]
  ) {
    if case .text = exhibit { lineCount += 1 } else { otherCount += 1 }
    guard entries.count < 2 * Self.limit else { return }
    if case .text = exhibit {
      guard lineCount <= Self.limit else { return }
    } else {
      guard otherCount <= Self.limit else { return }
    }
    let configuration = configuration()
    if configurations.last != configuration { configurations.append(configuration) }
    entries.append(
      Entry(command: command, configuration: configurations.count - 1, exhibit: exhibit))
  }

  /// The page. `configuration` is the one in force, shown where nothing was made with it.
  public func html(title: String, configuration: [String]) -> String {
    var body = "<h1>\(HTML.escaped(title))</h1>\n"
    body += "<p class=\"note\">\(HTML.escaped(summary))</p>\n"
    var shown: Int?
    for entry in entries {
      if entry.configuration != shown {
        body += Self.heading(entry.configuration, configurations[entry.configuration])
        shown = entry.configuration
      }
      body += "<pre class=\"command\">\(HTML.escaped(entry.command))</pre>\n" + Self.html(entry.exhibit)
    }
    if configurations.last != configuration {
      body += Self.heading(configurations.count, configuration)
    }
    let missing = lineCount + otherCount - entries.count
    if missing > 0 {
      body += "<p class=\"note\">\(NumberText.grouped(missing)) later results are not shown.</p>\n"
    }
    return HTML.page(title: title, body: body)
  }

  /// A one-line summary.
  private var summary: String {
    var (tables, figures, held, failed) = (0, 0, 0, 0)
    for entry in entries {
      switch entry.exhibit {
      case .text: break
      case .table: tables += 1
      case .plot, .gantt, .figure: figures += 1
      case .claim(true): held += 1
      case .claim(false): failed += 1
      }
    }
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    var parts = [counted(configurations.count, "configuration")]
    if tables > 0 { parts.append(counted(tables, "table")) }
    if figures > 0 { parts.append(counted(figures, "figure")) }
    if held + failed > 0 { parts.append("\(held) of \(counted(held + failed, "expectation")) held") }
    return parts.joined(separator: " · ")
  }

  private static func heading(_ index: Int, _ commands: [String]) -> String {
    "<h2>Configuration \(index + 1)</h2>\n<pre>\(HTML.escaped(commands.joined(separator: "\n")))</pre>\n"
  }

  private static func html(_ exhibit: Exhibit) -> String {
    switch exhibit {
    case .text(let text): "<pre>\(HTML.escaped(text))</pre>\n"
    case .table(let table, let note):
      HTML.table(table) + (note.isEmpty ? "" : "<p class=\"note\">\(HTML.escaped(note))</p>\n")
    case .plot(let figure): "<figure>\n\(SVGPlot().text(figure))</figure>\n"
    case .gantt(let chart, let title): "<figure>\n\(GanttSVG().text(chart, title: title))</figure>\n"
    case .figure(let svg): "<figure>\n\(svg)</figure>\n"
    case .claim(true): "<p class=\"good\">✓ holds</p>\n"
    case .claim(false): "<p class=\"bad\">✗ does not hold</p>\n"
    }
  }
}
