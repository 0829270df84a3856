public import Base

/// A metric in five numbers.
public struct MetricSummary: Equatable, Sendable {
  /// The newest value, which may be NaN; `nil` without points.
  public let last: Double?
  /// The least and greatest finite values.
  public let minimum: Double?
  public let maximum: Double?
  /// Points, each step once, those that are not finite included.
  public let count: Int
  public let nonFinite: Int

  /// The shape that `runs show --json` fixes.
  public var json: JSON {
    func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
    return .object([
      ("last", number(last)), ("min", number(minimum)), ("max", number(maximum)),
      ("count", JSON(count)), ("non_finite", JSON(nonFinite)),
    ])
  }

  init(last: Double?, minimum: Double?, maximum: Double?, count: Int, nonFinite: Int) {
    self.last = last
    self.minimum = minimum
    self.maximum = maximum
    self.count = count
    self.nonFinite = nonFinite
  }

  /// Reads ``json`` back; a last value of null with points is a NaN.
  init?(_ json: JSON) {
    guard let count = json["count"]?.int, let nonFinite = json["non_finite"]?.int else {
      return nil
    }
    self.init(
      last: json["last"]?.double ?? (count > 0 ? .nan : nil), minimum: json["min"]?.double,
      maximum: json["max"]?.double, count: count, nonFinite: nonFinite)
  }
}
