// SPDX-License-Identifier: Apache-2.0

/// Parts of pages for a browser.
enum HTML {
  /// Text as it is between tags or in an attribute in double quotes: nothing in it is markup.
  ///
  /// Line feeds stay; other control characters become U+FFFD. Those that turn the direction of writing are
  /// kept within their element by the page's style.
  static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\n", "\t": escaped.append(scalar)
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// A table with all its columns; of more than `limit` rows the first ones, and how many are missing.
  static func table(_ table: TextTable, digits: Int = 6, limit: Int = 1000) -> String {
    let isNumeric = table.header.indices.map { column in
      !table.rows.isEmpty && table.rows.allSatisfy { column >= $0.count || $0[column].isNumeric }
    }
    func row(_ entries: [String], tag: String) -> String {
      let cells = zip(entries, isNumeric).map { entry, isNumeric in
        "<\(tag)\(isNumeric ? " class=\"n\"" : "")>\(escaped(entry))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    var text = "<div class=\"wide\"><table>\n<thead>\n" + row(table.header, tag: "th") + "</thead>\n<tbody>\n"
    for cells in table.rows.prefix(limit) {
      let entries = table.header.indices.map { column in
        (column < cells.count ? cells[column] : .missing).brief(digits: digits)
      }
      text += row(entries, tag: "td")
    }
    text += "</tbody>\n</table></div>\n"
    let missing = table.rows.count - limit
    return missing > 0 ? text + "<p class=\"note\">\(NumberText.grouped(missing)) more rows</p>\n" : text
  }

  /// A page that needs nothing from elsewhere, and may not fetch anything.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="straggler \(Provenance.version)">
    <title>\(escaped(title))</title>
    <style>
    \(sheet)</style>
    </head>
    <body>
    <main>
    \(body)</main>
    </body>
    </html>

    """
  }

  private static let sheet = """
    :root{--page:#FFFFFF;--ink:#222222;--soft:#5A5A5A;--rule:#DADADA;\
    --panel:#F5F6F7;--good:#00714F;--bad:#B33A00}
    @media (prefers-color-scheme: dark){:root{--page:#15181C;--ink:#E8E8E8;--soft:#A9AEB4;--rule:#3A4047;\
    --panel:#1E2329;--good:#1FC495;--bad:#F5813A}}
    body{margin:0;background:var(--page);color:var(--ink);\
    font:16px/1.5 Helvetica,Arial,'DejaVu Sans',sans-serif}
    main{max-width:72rem;margin:0 auto;padding:1.5rem}
    h1{font-size:1.6rem;margin:0 0 .5rem}
    h2{font-size:1.2rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--rule)}
    pre{background:var(--panel);padding:.6rem .8rem;border-radius:4px;overflow-x:auto;font-size:.85rem;\
    line-height:1.4;margin:.5rem 0;unicode-bidi:isolate;white-space:pre-wrap;overflow-wrap:anywhere}
    pre.command{background:none;border-left:3px solid var(--rule);border-radius:0;margin-top:1.5rem}
    pre.command::before{content:"> ";color:var(--soft)}
    .note{color:var(--soft);font-size:.9rem}
    .good{color:var(--good);font-weight:bold}
    .bad{color:var(--bad);font-weight:bold}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;margin:.5rem 0}
    th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--rule);white-space:nowrap}
    th.n,td.n{text-align:right}
    figure{margin:.5rem 0}
    figure svg{max-width:100%;height:auto}
    @media print{.wide{overflow:visible}table{font-size:.6rem}figure{break-inside:avoid}}

    """
}
