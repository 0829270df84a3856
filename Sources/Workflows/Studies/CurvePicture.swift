import Base

/// Several curves over the same steps in one SVG, each with a colour, a dash and its name.
struct CurvePicture {
  let title: String
  /// Values at steps from 1.
  let lines: [(name: String, values: [Double])]

  private static let width = 760.0, height = 400.0, left = 70.0, top = 40.0
  /// Blue, vermilion, green, orange, sky, purple, grey, black (Okabe and Ito): told apart by most eyes.
  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#e69f00", "#56b4e9", "#cc79a7", "#666666", "#000000",
  ]
  private static let dashes = ["", "8 3", "2 3", "8 3 2 3", "12 4", "4 4"]

  var svg: String {
    let count = lines.map(\.values.count).max() ?? 0
    // The first steps are far above all that follows.
    let shown = lines.flatMap { $0.values.dropFirst($0.values.count / 50) }.filter(\.isFinite)
    let low = shown.min() ?? 0
    let high = max(shown.max() ?? 1, low + max(1e-9, abs(low) * 1e-6))
    func x(_ step: Int) -> Double {
      Self.left + Self.width * Double(step - 1) / Double(max(1, count - 1))
    }
    func y(_ value: Double) -> Double {
      Self.top + Self.height * (1 - min(1, max(0, (value - low) / (high - low))))
    }
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="1040" height="490" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(Self.left)" y="22" font-size="14">\(title)</text>
      <rect x="\(Self.left)" y="\(Self.top)" width="\(Self.width)" height="\(Self.height)" fill="none" stroke="#999"/>

      """
    for part in 0...4 {
      let value = low + (high - low) * Double(part) / 4
      let step = 1 + (max(1, count) - 1) * part / 4
      text += """
        <text x="\(Self.left - 6)" y="\(Format.fixed(y(value) + 4, 1))" text-anchor="end">\(Format.significant(value, 3))</text>
        <text x="\(Format.fixed(x(step), 1))" y="\(Self.top + Self.height + 18)" text-anchor="middle">\(step)</text>

        """
    }
    for (place, line) in lines.enumerated() {
      let colour = Self.colours[place % Self.colours.count]
      let dash = Self.dashes[place % Self.dashes.count]
      let points = line.values.enumerated().filter { $0.element.isFinite }.map {
        "\(Format.fixed(x($0.offset + 1), 1)),\(Format.fixed(y($0.element), 1))"
      }
      let row = Self.top + 20 + 20 * Double(place)
      let legend = Self.left + Self.width + 16
      text += """
        <polyline points="\(points.joined(separator: " "))" fill="none" stroke="\(colour)" stroke-dasharray="\(dash)"/>
        <path d="M\(legend) \(row)h30" stroke="\(colour)" stroke-width="2" stroke-dasharray="\(dash)"/>
        <text x="\(legend + 38)" y="\(row + 4)">\(line.name)</text>

        """
    }
    return text + "</svg>\n"
  }
}
