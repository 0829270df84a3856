/// Curves of braille dots over an x axis that the caller has cut into columns.
///
/// The caller gives, for each dot column, the least and the greatest value that falls into it, so no
/// spike is ever lost and drawing costs columns, not points. Curves are drawn in order, later ones on
/// top; a cell holds dots of several curves but one colour, so a curve may carry a letter at its end.
public struct LineChart: Sendable {
  /// What falls into one dot column.
  public struct Column: Sendable, Equatable {
    public var minimum, maximum: Double
    /// Points that are NaN or infinite; a column with nothing else breaks the curve.
    public var nonFinite: Int

    public init(minimum: Double, maximum: Double, nonFinite: Int = 0) {
      self.minimum = minimum
      self.maximum = maximum
      self.nonFinite = nonFinite
    }

    var isFinite: Bool { minimum.isFinite && maximum.isFinite }
  }

  /// One curve.
  public struct Series: Sendable {
    /// Dot columns from the left; `nil` where no point falls, which the curve bridges.
    public var columns: [Column?]
    public var style: Style
    /// A letter at the right end, so that colour is not the only way to tell curves apart.
    public var letter: String
    /// Points that a resume or rollback replaced: drawn dim and below the others.
    public var isSuperseded: Bool

    public init(
      columns: [Column?], style: Style = .plain, letter: String = "", isSuperseded: Bool = false
    ) {
      self.columns = columns
      self.style = style
      self.letter = letter
      self.isSuperseded = isSuperseded
    }
  }

  /// A sign above the curves: a spike, a checkpoint.
  public struct Mark: Sendable, Equatable {
    /// The dot column.
    public var column: Int
    /// One column wide.
    public var sign: String
    /// Written after the sign if there is room.
    public var label: String
    public var role: Role

    public init(column: Int, sign: String, label: String = "", role: Role = "chart.mark") {
      self.column = column
      self.sign = sign
      self.label = label
      self.role = role
    }
  }

  /// Text below the x axis.
  public struct Label: Sendable, Equatable {
    public var column: Int
    public var text: String

    public init(column: Int, text: String) {
      self.column = column
      self.text = text
    }
  }

  public enum Scale: Sendable, Equatable {
    case linear
    /// Logarithmic; values not above zero are left out.
    case log
  }

  public var series: [Series]
  public var marks: [Mark]
  public var labels: [Label]
  public var scale: Scale
  /// The values at the bottom and the top; those of the curves unless given.
  public var range: ClosedRange<Double>?
  /// The dot column of a cross-hair.
  public var cursor: Int?

  public init(
    series: [Series], marks: [Mark] = [], labels: [Label] = [], scale: Scale = .linear,
    range: ClosedRange<Double>? = nil, cursor: Int? = nil
  ) {
    self.series = series
    self.marks = marks
    self.labels = labels
    self.scale = scale
    self.range = range
    self.cursor = cursor
  }

  /// Columns of the screen left of the curves: the values and the axis.
  public static let gutter = 8

  /// How many dot columns a chart `width` columns wide has.
  public static func dotColumns(width: Int) -> Int { max(0, width - gutter) * 2 }

  /// Draws the chart into `rect`: marks in the first row, labels in the last.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      let (marksRow, below) = surface.bounds.split(top: 1)
      let (body, labelsRow) = below.split(bottom: 1)
      let plot = body.split(left: LineChart.gutter).rest
      guard !plot.isEmpty else { return }
      let axis = ValueAxis(of: self, dotRows: plot.height * 4)
      axis.draw(in: body, on: &surface)
      drawCursor(in: plot, on: &surface)
      drawCurves(axis, in: plot, on: &surface)
      surface.inside(marksRow.split(left: LineChart.gutter).rest) { drawMarks(on: &$0) }
      surface.inside(labelsRow.split(left: LineChart.gutter).rest) { drawLabels(on: &$0) }
    }
  }

  private func drawCursor(in plot: Rect, on surface: inout Surface) {
    guard let cursor, cursor >= 0, cursor / 2 < plot.width else { return }
    for y in plot.y..<plot.bottom {
      surface.put(":", at: Point(x: plot.x + cursor / 2, y: y), role: "chart.cursor")
    }
  }

  private func drawCurves(_ axis: ValueAxis, in plot: Rect, on surface: inout Surface) {
    var dots = Braille(columns: plot.width, rows: plot.height)
    for curve in series.filter(\.isSuperseded) + series.filter({ !$0.isSuperseded }) {
      let style = curve.isSuperseded ? surface.theme["chart.superseded"] : curve.style
      var own = Braille(columns: plot.width, rows: plot.height)
      let end = CurveTracer(axis: axis).trace(curve.columns, into: &own, and: &dots)
      for y in 0..<plot.height {
        for x in 0..<plot.width where own.pattern(column: x, row: y) != nil {
          guard let pattern = dots.pattern(column: x, row: y) else { continue }
          surface.put(
            String(Braille.character(pattern)), at: Point(x: plot.x + x, y: plot.y + y),
            style: style)
        }
      }
      if let end, !curve.letter.isEmpty {
        let x = min(end.x / 2 + 1, plot.width - 1)
        surface.put(
          curve.letter, at: Point(x: plot.x + x, y: plot.y + end.y / 4), style: style, columns: 1)
      }
      for (x, column) in curve.columns.enumerated() where column.map(axis.isAbove) == true {
        surface.put(
          surface.theme.glyph("chart.clipped", else: "^"), at: Point(x: plot.x + x / 2, y: plot.y),
          role: "chart.clipped")
      }
    }
  }

  private func drawMarks(on surface: inout Surface) {
    for curve in series {
      for (x, column) in curve.columns.enumerated() where (column?.nonFinite ?? 0) > 0 {
        let sign = surface.theme.glyph("chart.nan", else: "N")
        surface.put(sign, at: Point(x: x / 2, y: 0), role: "chart.nan", columns: 1)
      }
    }
    var free = 0
    let ordered = marks.sorted { $0.column < $1.column }
    for (index, mark) in ordered.enumerated() where mark.column >= 0 {
      let x = mark.column / 2
      surface.put(mark.sign, at: Point(x: x, y: 0), role: mark.role, columns: 1)
      guard x >= free else { continue }
      // A label gives way to the next sign: where something is matters more than what.
      let next = index + 1 < ordered.count ? ordered[index + 1].column / 2 : surface.size.width
      let columns = TextWidth.columns(of: mark.label)
      if !mark.label.isEmpty, x + 1 + columns < next || index + 1 == ordered.count {
        surface.put(mark.label, at: Point(x: x + 1, y: 0), role: mark.role)
        free = x + 2 + columns
      }
    }
  }

  private func drawLabels(on surface: inout Surface) {
    var free = 0
    for label in labels.sorted(by: { $0.column < $1.column }) {
      let columns = TextWidth.columns(of: label.text)
      let x = min(max(0, label.column / 2 - columns / 2), surface.size.width - columns)
      guard x >= free else { continue }
      surface.put(label.text, at: Point(x: x, y: 0), role: "chart.axis")
      free = x + columns + 1
    }
  }
}
