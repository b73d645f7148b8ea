// SPDX-License-Identifier: Apache-2.0

/// Puts an SVG document together, element by element. Coordinates are rounded to 0.01.
struct SVGWriter {
  enum Anchor: String {
    case start, middle, end
  }

  private(set) var text: String

  /// Begins a figure of a size in pixels, shown at `scale`. `name` is what programs that read aloud say.
  init(width: Double, height: Double, scale: Double = 1, style: FigureStyle = .screen, name: String) {
    let size = "\(NumberText.fixed(width)) \(NumberText.fixed(height))"
    let root = SVGStyle.root(style)
    text = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"\(root)\" viewBox=\"0 0 \(size)\""
    text += " width=\"\(NumberText.fixed(width * scale))\" height=\"\(NumberText.fixed(height * scale))\""
    text += " role=\"img\">\n"
    if !name.isEmpty { text += "<title>\(Self.escaped(name))</title>\n" }
    text += "<style>\n\(SVGStyle.sheet(style))</style>\n"
    rectangle(Box(x: 0, y: 0, width: width, height: height), style: "page")
  }

  /// The whole document.
  func finished() -> String { text + "</svg>\n" }

  /// A rectangle of a class, or of a colour of its own.
  mutating func rectangle(_ box: Box, style: String = "", fill: String = "", radius: Double = 0) {
    text += "<rect " + (fill.isEmpty ? "class=\"\(style)\"" : "fill=\"\(fill)\"")
    text += " x=\"\(NumberText.fixed(box.x))\" y=\"\(NumberText.fixed(box.y))\""
    text += " width=\"\(NumberText.fixed(box.width))\" height=\"\(NumberText.fixed(box.height))\""
    if radius > 0 { text += " rx=\"\(NumberText.fixed(radius))\"" }
    text += "/>\n"
  }

  /// A path of the given commands; nothing without them.
  mutating func path(_ data: String, style: String, dash: String = "") {
    guard !data.isEmpty else { return }
    text += "<path class=\"\(style)\""
    if !dash.isEmpty { text += " stroke-dasharray=\"\(dash)\"" }
    text += " d=\"\(data)\"/>\n"
  }

  mutating func disc(x: Double, y: Double, radius: Double, style: String) {
    text += "<circle class=\"\(style)\" cx=\"\(NumberText.fixed(x))\" cy=\"\(NumberText.fixed(y))\""
    text += " r=\"\(NumberText.fixed(radius))\"/>\n"
  }

  /// A line of text; `turned` reads upwards.
  mutating func label(
    _ plain: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "", turned: Bool = false
  ) {
    label(plain, x: x, y: y, anchor: anchor, style: style, turned: turned ? 90 : 0)
  }

  /// A line of text that rises by an angle, in degrees.
  mutating func label(
    _ plain: String, x: Double, y: Double, anchor: Anchor, style: String = "", turned: Int
  ) {
    label(markup: Self.escaped(plain), x: x, y: y, anchor: anchor, style: style, turned: turned)
  }

  /// The label of a tick, an exponent set above the line.
  mutating func label(_ tick: Ticks.Label, x: Double, y: Double, anchor: Anchor) {
    switch tick {
    case .plain(let plain): label(markup: Self.escaped(Self.minus(plain)), x: x, y: y, anchor: anchor)
    case .power(let mantissa, let exponent):
      let base = mantissa.isEmpty ? "10" : "\(Self.minus(mantissa))×10"
      let raised =
        "<tspan class=\"raised\" dy=\"-4.5\">\(Self.minus(String(exponent)))</tspan>"
      label(markup: base + raised, x: x, y: y, anchor: anchor)
    }
  }

  private mutating func label(
    markup: String, x: Double, y: Double, anchor: Anchor, style: String = "", turned: Int = 0
  ) {
    text += "<text x=\"\(NumberText.fixed(x))\" y=\"\(NumberText.fixed(y))\""
    if anchor != .start { text += " text-anchor=\"\(anchor.rawValue)\"" }
    if !style.isEmpty { text += " class=\"\(style)\"" }
    if turned != 0 {
      text += " transform=\"rotate(-\(turned) \(NumberText.fixed(x)) \(NumberText.fixed(y)))\""
    }
    text += ">\(markup)</text>\n"
  }

  /// Text with a proper minus sign in place of the hyphen.
  private static func minus(_ number: String) -> String {
    number.utf8.first == UInt8(ascii: "-") ? "−" + number.dropFirst() : number
  }

  /// Text for XML in one line: nothing in it is markup.
  static func escaped(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { ["\t", "\n", "\r"].contains($0) ? " " : $0 }
    return HTML.escaped(String(String.UnicodeScalarView(scalars)))
  }

  /// About how many pixels wide a text is; rather more than less.
  static func width(_ text: String, fontSize: Double = 12) -> Double {
    Double(TerminalText.width(text)) * fontSize * 0.6
  }

  /// About how many pixels wide the label of a tick is.
  static func width(_ label: Ticks.Label) -> Double {
    switch label {
    case .plain(let plain): width(plain)
    case .power(let mantissa, let exponent):
      width(mantissa.isEmpty ? "10" : mantissa + "×10") + width(String(exponent), fontSize: 9)
    }
  }
}
