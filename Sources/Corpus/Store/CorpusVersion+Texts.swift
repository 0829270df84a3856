public import Base

extension CorpusVersion {
  /// Calls `body` with each text that may be used for `purpose`, in order.
  ///
  /// - Parameter subset: the only subset to look at; all, if `nil`.
  /// - Returns: how many documents were withheld.
  /// - Throws: ``Failure`` if there is no such subset, with the nearest name; what `body` throws.
  @discardableResult
  public func forEachText(
    for purpose: Purpose, subset: String? = nil, _ body: (String) throws -> Void
  ) throws -> Int {
    let names = manifest.subsets.map(\.name)
    if let subset, !names.contains(subset) {
      let remedy =
        nearest(to: subset, among: names).map { "Did you mean \($0)?" }
        ?? "Choose one of \(Set(names).sorted().joined(separator: ", "))."
      throw Failure(
        "\(name) \(versionName(version)) has no subset \(Sanitiser.visible(subset))",
        remedy: remedy)
    }
    var given = 0
    try forEachDocument(in: { file in
      file.level.allows(purpose) && (subset == nil || file.subset == subset)
    }) { document in
      try body(document.text.text(for: purpose))
      given += 1
    }
    let asked = manifest.subsets.filter { subset == nil || $0.name == subset }
    return asked.reduce(0) { $0 + $1.documents } - given
  }

  /// All texts that may be used for `purpose`, in order.
  public func texts(for purpose: Purpose, subset: String? = nil) throws -> [String] {
    var texts: [String] = []
    try forEachText(for: purpose, subset: subset) { texts.append($0) }
    return texts
  }
}
