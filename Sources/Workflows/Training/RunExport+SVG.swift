import Base
import Lab

extension RunExport {
  /// The curves as a picture: a chart for each metric, with the run's spikes and other marks.
  ///
  /// Each pixel column shows the least and the greatest value of its steps, so that no spike is lost.
  static func svg(_ reader: RunReader, title: String) -> String {
    let last = max(1, reader.lastStep ?? 1)
    // Events of steps that were superseded and never came again would lie outside.
    let events = reader.events.filter { $0.step <= last }
    let metrics = reader.metrics.filter { $0 != "tokens" }
    let height = Chart.top + metrics.count * (Chart.height + Chart.gap)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Chart.width + 2 * Chart.margin)" \
      height="\(height)" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(Chart.margin)" y="20" font-size="14">\(escaped(title))</text>

      """
    for (place, name) in metrics.enumerated() {
      guard let series = reader[name] else { continue }
      let chart = Chart(
        y: Chart.top + place * (Chart.height + Chart.gap), last: last,
        columns: series.columns(0..<last + 1, count: Chart.width))
      text += chart.svg(name: name, events: events)
    }
    return text + "</svg>\n"
  }

  fileprivate static func escaped(_ text: String) -> String {
    Sanitiser.visible(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }
}

/// One curve in its frame.
private struct Chart {
  static let width = 720, height = 160, margin = 70, gap = 40, top = 40

  let y: Int
  let last: Int
  let columns: [Bin]

  func svg(name: String, events: [RunEvent]) -> String {
    let finite = columns.filter { $0.minimum <= $0.maximum }
    let low = finite.map(\.minimum).min() ?? 0
    // A curve that stays where it is has a height too, whatever its size.
    let high = max(finite.map(\.maximum).max() ?? 1, low + max(1e-12, abs(low) * 1e-9))
    func place(_ value: Double) -> String {
      // Halves, because the distance of two numbers may be none.
      let share = (value / 2 - low / 2) / (high / 2 - low / 2)
      return Format.fixed(Double(y + Self.height) - share * Double(Self.height), 1)
    }
    let path = columns.enumerated().filter { $0.element.minimum <= $0.element.maximum }
      .map { x, bin in
        // Half a pixel each way, so that a point alone is seen.
        let x = "\(Self.margin + x).5"
        return "M\(x) \(place(bin.minimum))v0.5L\(x) \(place(bin.maximum))v-0.5"
      }.joined()
    let strays = columns.reduce(0) { $0 + $1.nonFinite }
    return """
      <rect x="\(Self.margin)" y="\(y)" width="\(Self.width)" height="\(Self.height)" \
      fill="none" stroke="#999"/>
      <text x="\(Self.margin)" y="\(y - 4)">\(RunExport.escaped(name))\
      \(strays > 0 ? ", \(strays) not finite" : "")</text>
      <text x="\(Self.margin - 4)" y="\(y + 10)" text-anchor="end">\
      \(Format.significant(high, 3))</text>
      <text x="\(Self.margin - 4)" y="\(y + Self.height)" text-anchor="end">\
      \(Format.significant(low, 3))</text>
      <text x="\(Self.margin + Self.width)" y="\(y + Self.height + 14)" text-anchor="end">\
      step \(last)</text>
      <path d="\(path)" stroke="#0072b2" fill="none"/>

      """ + events.compactMap(mark).joined()
  }

  private func mark(_ event: RunEvent) -> String? {
    let colour: String
    switch event.kind {
    case .spike: colour = "#d55e00"
    case .skip, .rollback, .lr, .error: colour = "#e69f00"
    case .checkpoint, .resume: colour = "#bbb"
    default: return nil
    }
    let x = Self.margin + event.step * Self.width / (last + 1)
    let text = "\(event.kind.rawValue) \(event.step): \(event.text)"
    return """
      <path d="M\(x).5 \(y)v\(Self.height)" stroke="\(colour)" \
      stroke-dasharray="\(event.isSuperseded ? "1 5" : "3 3")"><title>\
      \(RunExport.escaped(text))</title></path>

      """
  }
}
