/// A measured number. Unlike bare numbers, two that are no number are equal, so that nothing seems to change
/// where nothing does.
struct Measure: Sendable, Equatable {
  var value: Double

  init(_ value: Double) { self.value = value }

  static func == (a: Measure, b: Measure) -> Bool {
    a.value == b.value || a.value.isNaN && b.value.isNaN
  }
}
