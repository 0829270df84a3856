public import Base

extension PairedBootstrap {
  /// Compares two models by the samples of their evaluations.
  ///
  /// Tasks that one of them was not asked are left out, as are those without a score a sample. Each
  /// category counts the same, and in it each task, so that over whole evaluations the difference is
  /// that of the two averages.
  ///
  /// - Throws: `Failure` if the two were not asked the same, or nothing is left to compare.
  public init(
    _ first: [SampleRow], _ second: [SampleRow], resamples: Int = 10_000, seed: UInt64 = 42
  ) throws(Failure) {
    let ours = Dictionary(
      grouping: first.filter { $0.category != nil && $0.score != nil }, by: \.task)
    let theirs = Dictionary(grouping: second.filter { $0.score != nil }, by: \.task)
    let tasks = ours.keys.filter { theirs[$0] != nil }.sorted()
    var tasksIn: [Category: Int] = [:]
    for task in tasks {
      if let category = ours[task]?.first?.category { tasksIn[category, default: 0] += 1 }
    }
    var groups: [Group] = []
    for task in tasks {
      let a = (ours[task] ?? []).sorted { $0.index < $1.index }
      let b = (theirs[task] ?? []).sorted { $0.index < $1.index }
      guard let category = a.first?.category, let sharing = tasksIn[category],
        a.elementsEqual(b, by: { $0.index == $1.index && $0.expected == $1.expected })
      else {
        throw Failure(
          "the two models were not asked the same samples of \(task)",
          remedy: "Evaluate both with the same tasks and options.")
      }
      groups.append(
        Group(
          first: a.map { $0.score ?? 0 }, second: b.map { $0.score ?? 0 },
          weight: 1 / Double(sharing * tasksIn.count)))
    }
    guard !groups.isEmpty else {
      throw Failure(
        "the two models have no task in common", remedy: "Evaluate both with the same tasks.")
    }
    self.init(groups, resamples: resamples, seed: seed)
  }
}
