public import Base

extension SpikeDetector.Excess {
  /// In words.
  public var text: String {
    "\(signal.rawValue) \(Format.significant(peak, 4)), expected \(Format.significant(expected, 4)) "
      + "(\(Format.fixed(min(deviations, 9999), 0)) deviations)"
      + (end > start ? " until step \(end)" : "")
  }

  /// The same for programs.
  public var data: JSON {
    [
      "signal": JSON(signal.rawValue), "start": JSON(start), "end": JSON(end),
      "expected": .number(expected), "peak": .number(peak), "deviations": .number(deviations),
    ]
  }
}
