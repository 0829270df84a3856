public import Base

/// A key that two configurations have different values for.
public struct ConfigurationDifference: Equatable, Sendable {
  /// Dotted, as `optimizer.learning_rate`.
  public let key: String
  /// The two values; `nil`: it is not there.
  public let a: JSON?, b: JSON?

  /// The keys that differ, in the order of the first configuration, then of the second. Lists count as one value.
  public static func between(_ a: JSON, _ b: JSON) -> [ConfigurationDifference] {
    differences(a, b, "")
  }

  private static func differences(_ a: JSON?, _ b: JSON?, _ key: String)
    -> [ConfigurationDifference]
  {
    guard a != b else { return [] }
    guard a?.object != nil || b?.object != nil, a?.object != nil || a == nil || a?.isNull == true,
      b?.object != nil || b == nil || b?.isNull == true
    else { return [ConfigurationDifference(key: key, a: a, b: b)] }
    let (left, right) = (a?.object ?? JSONObject(), b?.object ?? JSONObject())
    let keys = left.map(\.0) + right.map(\.0).filter { left[$0] == nil }
    return keys.flatMap { name in
      differences(left[name], right[name], key.isEmpty ? name : "\(key).\(name)")
    }
  }
}
