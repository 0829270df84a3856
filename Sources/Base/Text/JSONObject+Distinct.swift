extension JSONObject {
  /// An object out of members whose keys the caller knows to differ.
  ///
  /// - Complexity: O(*n* log *n*), while the general initialiser makes room for each key in turn.
  public init(distinct members: [(key: String, value: JSON)]) {
    switch Self.unique(members) {
    case .object(let object): self = object
    case .duplicate(let key): preconditionFailure("the key \(key) occurs twice")
    }
  }
}
