import Base

extension Fields {
  /// A metric, by any of its names.
  mutating func metric(_ key: String) throws(Failure) -> Metric {
    let name = try string(key)
    guard let metric = Metric(named: name) else {
      throw wrong(key, "is no metric: \"\(name)\"", remedy: Metric.remedy(for: name))
    }
    return metric
  }

  /// A score, which a correlation may have below 0.
  mutating func score(_ key: String) throws(Failure) -> Double {
    try double(key, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
  }

  /// The examples in a list.
  mutating func examples(_ key: String) throws(Failure) -> [Example] {
    try each(key) { fields throws(Failure) in
      Example(input: try fields.string("input"), output: try fields.string("output"))
    }
  }
}
