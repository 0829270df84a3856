import Base

/// What the charts of the Runs pane have along the bottom.
struct HorizontalAxis: Sendable, Equatable {
  enum Quantity: String, CaseIterable, Sendable {
    case step, tokens
    /// Since the run began, as its clock had it.
    case time
  }

  var quantity = Quantity.step
  var isLogarithmic = false

  /// For the title; nothing for plain steps.
  var title: String? {
    switch (quantity, isLogarithmic) {
    case (.step, false): nil
    case (.step, true): "log steps"
    case (let quantity, let isLogarithmic): "by \(isLogarithmic ? "log " : "")\(quantity.rawValue)"
    }
  }

  /// A place on the axis in words.
  func text(_ value: Double) -> String {
    switch quantity {
    case .step: Format.count(Int(value.rounded()))
    case .tokens: Format.short(value.rounded())
    case .time: Format.duration(max(0, value))
    }
  }
}

/// How curves are smoothed; the values themselves stay as a band under them.
enum Smoothing: String, CaseIterable, Sendable {
  case none = ""
  case weak = "ema .9"
  case medium = "ema .98"
  case strong = "ema .995"
  case median = "median 31"

  /// What is kept of the mean at each value; `nil`: it is no exponential mean.
  var decay: Double? {
    switch self {
    case .weak: 0.9
    case .medium: 0.98
    case .strong: 0.995
    case .none, .median: nil
    }
  }

  /// Values of the running median.
  static let medianWidth = 31
}
