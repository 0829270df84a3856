extension JSONObject {
  /// An object out of members whose keys the caller has checked to differ.
  ///
  /// - Complexity: O(1), while the general initialiser looks each key up among those before it.
  public init(distinct members: [(key: String, value: JSON)]) { self.init(unique: members) }
}
